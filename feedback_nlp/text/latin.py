"""English or another language in Latin script, by the small words every sentence needs."""

from __future__ import annotations

from collections.abc import Sequence

# Frequent words of English comments. One that is as frequent elsewhere (me, no, die, man …) is left out here and below.
_FREQUENT = """the and is it was to of for in i my this that with you but not have are be on so as they very good great love
    just if at all when or an from we had has can your will what there been out get would no one their more were up
    about time don't didn't it's i'm can't doesn't isn't won't i've like really app well after back because did do does
    dont easy even ever every excellent first food friendly how its know last long make many money much need never new
    nice now off only other our over people place please product recommend service she should some still staff than
    thank thanks them then these thing think too two use used using want way which who why work works worst bad
    best better buy bought cool awesome amazing perfect super ok okay wow fine poor terrible horrible useless waste worth
    update fix slow fast price quality size order ordered delivery refund customer account bank hotel room phone flight
    hi hello yes yeah sorry help got go going me by could into also too any few here where while customers worked
    working phone battery screen sound music game fun happy nothing something everything always simple helpful useful
    clean comfortable beautiful lovely wonderful fantastic disappointed return returned money cheap expensive rude bit lot
    am us his her him he being before another again big small little right wrong same different though without"""
ENGLISH = frozenset(_FREQUENT.split())
# Frequent small words of the other languages that turn up in dumps of English comments; spelled as people type them.
OTHERS: dict[str, frozenset[str]] = {
    name: frozenset(words.split())
    for name, words in {
        "fr": "le la les un une des du et est pas je nous vous il elle que qui dans pour avec sur très tres bien mais "
        "c'est ne se ce cette mon ma mes nos vos sont était etait plus tout rien merci produit bon bonne j'ai ai été qualité",
        "de": "der das und ist nicht ich ein eine einen einem sehr mit für fur auf zu von dem den sich auch es wir sie "
        "aber gut war wie mir noch nur kann haben habe hat wird sind leider schlecht immer schnell alles nach",
        "es": "el la los las un una es y que de en por para con no muy pero lo se su mi me bueno buena producto servicio "
        "está esta todo gracias más mas como excelente nada tiene calidad fue yo son le al del",
        "pt": "o os as um uma é e que de em por para com não nao muito mas se seu meu bom boa produto está tudo mais "
        "como da do das dos na ótimo otimo foi eu são",
        "it": "il lo la gli un una è e che di per con non molto ma si mio buono prodotto tutto più piu come della del "
        "sono ottimo ho anche questo questa ottima nel alla",
        "nl": "de het een en is niet ik van met voor op zeer goed maar dat te zijn heel bij aan ook er wat geen snel",
        "id": "yang dan di ini itu tidak saya untuk dengan bagus sangat bisa ada sudah banget nya kurang juga barang "
        "tapi lagi mau gak ga nggak aku kami karena aplikasi terima kasih sekali pengiriman cepat baik semua jangan lebih "
        "mantap sesuai tolong kalau akan pada ke dari tak boleh lah",
        "tl": "ang ng mga sa ko na ay po naman kasi lang hindi pero maganda salamat ito niya yung ako nyo wala may",
        "tr": "bir ve bu çok cok için icin değil degil ama ile iyi gibi güzel guzel var yok ürün urun teşekkürler daha kadar",
        "pl": "i nie się sie jest na w z do to że ze bardzo ale dobry polecam jak tak super produkt",
        "sv": "och det är en som att jag inte på med för mycket bra men",
        "ro": "și si nu este foarte cu pentru un o din bun mai dar",
        "vi": "và là không khong rất rat tốt tot của cua này nay cho được duoc hàng hang mình sản phẩm đẹp giao nhanh",
        "sw": "na ya kwa ni sana nzuri wa hii asante lakini huduma kama yangu mimi hapana",
        "am": "betam tiru tru new nw arif gin enes ena yihe eyihe yehe nachew nachu selam malet ayseram aysram yiseral "
        "yisral ayseram bank banku aserar asfelagi yimechachu yetebeke wuchi yelem yelewum aletekem gobez konjo berta "
        "bertu leku lemin demo minm ahun ketay beza abet ayidelem enante tigist yastelal ketlubet",
        "om": "jira kan fi hin akka keessa garii baay'ee baayee gaarii galatoomaa ta'e dha jechuun isaa kana irratti",
    }.items()
}
_ENGLISH_ALONE = ENGLISH.difference(*OTHERS.values())
_OTHERS_ALONE = tuple(small - ENGLISH for small in OTHERS.values())
_FOREIGN_LETTERS = frozenset(
    "ßãõñçøåæœłşğıąęśźżćńőűřěůđơưăạảấầẩậắặẹẻếềểễệịỉọỏốồổộớờởợụủứừửữựỳỵýþð¿¡àâäèéêëìîïòôöùûüáíóú"
)

MIN_WORDS = 3
# Words that English borrowed with their accents.
_BORROWED = frozenset(
    [
        "café",
        "cafés",
        "naïve",
        "résumé",
        "fiancé",
        "fiancée",
        "décor",
        "entrée",
        "crème",
        "brûlée",
        "jalapeño",
        "piñata",
    ]
)


def is_english(words: Sequence[str]) -> bool:
    """Whether the words of a text in Latin script are English.

    Without a sign of another language they are ("ok", "nice", a name). Signs are letters that English lacks and small
    words of one other language that English does not share; a single such word is no sign, and English words outweigh
    as many signs.
    """
    lowered = [word.lower().replace("’", "'") for word in words]
    english = sum(word in _ENGLISH_ALONE for word in lowered)
    if english >= 3 and english > 0.3 * len(lowered):
        return True
    accented = sum(_is_accented(word) for word in lowered)
    other = max(sum(word in small for word in lowered) for small in _OTHERS_ALONE)
    signs = accented + (other if other > 1 else 0)
    return signs == 0 or (english >= signs and len(lowered) >= MIN_WORDS) or english > signs


def _is_accented(word: str) -> bool:
    return not word.isascii() and not _FOREIGN_LETTERS.isdisjoint(word) and word not in _BORROWED
