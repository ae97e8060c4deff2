"""Phonetic glosses: pinyin in brackets that a document converter left after a character, as in "忠誠(chéng)度"."""

from __future__ import annotations

import re
import unicodedata

# The syllables of standard Mandarin: initial → finals it takes, ü written v.
_FINALS = {
    "": "a ai an ang ao e ei en eng er o ou",
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "f": "a an ang ei en eng o ou u",
    "d": "a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo",
    "t": "a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan uo v ve",
    "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu o ong ou u uan un uo v ve",
    "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "k": "a ai an ang ao e en eng ong ou u ua uai uan uang ui un uo",
    "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "zh": "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "r": "an ang ao e en eng i ong ou u uan ui un uo",
    "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "c": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "y": "a an ang ao e i in ing o ong ou u uan ue un",
    "w": "a ai an ang ei en eng o u",
}
SYLLABLES = frozenset(initial + final for initial, finals in _FINALS.items() for final in finals.split())

# Syllables that people also write in brackets as words of their own.
_ENGLISH_SYLLABLES = (
    "a an ban bang bin can chance die fan fang gun hang he lei long mac man me men mi min nan pan pen pi ping pin "
    "post ran rang run sang she shun song sun tai tan ten tie tong wan wang we win you zen"
)
_ALSO_WORDS = frozenset(_ENGLISH_SYLLABLES.split())
_TONES = {"\u0300", "\u0301", "\u0304", "\u030c"}
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_BRACKETED = re.compile(
    rf"(?<=[{_HAN}])[(（]\s?([a-zA-Zü\u00c0-\u01dc\u0300-\u030c]{{1,8}}(?:\s[a-zü\u00e0-\u01dc\u0300-\u030c]{{1,8}}){{0,3}})\s?[)）](.?)"
)


def drop_glosses(text: str) -> str:
    """`text` without bracketed pinyin after a Han character: "忠誠(chéng)度" → "忠誠度"; "苹果(apple)" stays.

    With tone marks every bracketed syllable must be one of Mandarin's; without them only a single syllable between
    two Han characters counts, and only one that is no English word ("尺码(men)" stays).
    """
    if text.isascii() or ("(" not in text and "（" not in text):
        return text
    return _BRACKETED.sub(_without_gloss, text)


def _without_gloss(found: re.Match[str]) -> str:
    inside, after = found.group(1), found.group(2)
    syllables = [_plain(word) for word in inside.split()]
    if any(plain not in SYLLABLES for plain, _ in syllables):
        return found.group()
    toned = all(has_tone for _, has_tone in syllables)
    in_word = len(syllables) == 1 and inside.islower() and syllables[0][0] not in _ALSO_WORDS
    return after if toned or (in_word and _is_han(after)) else found.group()


def _plain(word: str) -> tuple[str, bool]:
    """A syllable without its tone mark, and whether it had one."""
    letters = unicodedata.normalize("NFD", word.casefold())
    bare = "".join(letter for letter in letters if letter not in _TONES)
    return unicodedata.normalize("NFC", bare).replace("ü", "v"), bare != letters


def _is_han(character: str) -> bool:
    return bool(character) and re.match(f"[{_HAN}]", character) is not None
