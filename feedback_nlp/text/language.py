"""Which language a comment is in: zh, en, mixed or other. Scripts are counted; for Latin script, words decide."""

from __future__ import annotations

import re

from feedback_nlp.text.latin import ENGLISH, is_english

ZH, EN, MIXED, OTHER = "zh", "en", "mixed", "other"

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]+")
# Kana that Chinese writers borrow as ornaments or for faces (の, ツ, ノ, っ …) say nothing.
_KANA = re.compile(
    "[\u3041-\u3062\u3064-\u306d\u306f-\u3096\u30a1-\u30b7\u30b9-\u30c3\u30c5-\u30cd\u30cf-\u30fa]+"
)
_HANGUL = re.compile("[\uac00-\ud7a3]+")
_FOREIGN = re.compile(
    "[\u0370-\u03ff\u0400-\u052f\u0530-\u05ff\u0600-\u06ff\u0700-\u0fff\u1000-\u109f\u10a0-\u10ff\u1200-\u139f\u1780-\u17ff\u1800-\u18af]+"
)
_LATIN_WORD = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+(?:['’][A-Za-z]+)?")
_CHINESE_MARK = re.compile("[\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f\u3010\u3011\u300a\u300b\u201c\u201d]")
# Handles, links, masks such as [phone] and emotes such as [doge] are in no language; the names of #topics# are.
_NO_LANGUAGE = re.compile(r"@[\w.\-?]+|https?://\S+|www\.\S+|\[[^\[\]\s]{1,12}\]")

# A Latin word weighs as much as 1.5 Han characters, which is the length of a Chinese word.
WORD_WEIGHT = 1.5
MOSTLY_HAN = 0.7
HARDLY_HAN = 0.12


def language(text: str) -> str:
    """`zh`, `en`, `mixed` or `other`.

    Cantonese and traditional Chinese are zh. Chinese with product names or single English words is zh; `mixed` needs
    running words of both. Latin script that gives no sign of another language is en. A text without letters is zh if
    its punctuation is Chinese, or an emote has a Chinese name; else `mixed`: "👍", "666" and "5/5" read the same in both.
    A blank text is `other`.
    """
    said = (
        _NO_LANGUAGE.sub(" ", text) if ("@" in text or "[" in text or "/" in text or "www" in text) else text
    )
    if said.isascii():
        words = _LATIN_WORD.findall(said)
        return (EN if is_english(words) else OTHER) if words else _without_letters(text)
    han = _count(_HAN, said)
    words = _LATIN_WORD.findall(said)
    if not words and han:
        return OTHER if _is_foreign(said, han, 0) else ZH
    if _is_foreign(said, han, len(words)):
        return OTHER
    if not han:
        return (EN if is_english(words) else OTHER) if words else _without_letters(text)
    return _of_both(han, words)


def _count(pattern: re.Pattern[str], text: str) -> int:
    return sum(map(len, pattern.findall(text)))


def _is_foreign(text: str, han: int, words: int) -> bool:
    """Whether another script carries the text: Japanese kana beside Han, or any other beside everything."""
    kana = _count(_KANA, text)
    if kana >= 2 and kana >= 0.2 * (han + kana) and kana > words:
        return True
    other = _count(_HANGUL, text) + _count(_FOREIGN, text)
    return other >= 3 and other > 0.5 * (han + 2 * words + other)


def _of_both(han: int, words: list[str]) -> str:
    share = han / (han + WORD_WEIGHT * len(words))
    if share < HARDLY_HAN:
        return EN if is_english(words) else OTHER
    if share >= MOSTLY_HAN or len(words) < 3:
        return ZH
    # Names and models (iPhone 15 Pro Max) are words in a row too; a sentence has small words that every text needs.
    lowered = [word.lower() for word in words]
    return MIXED if sum(word in ENGLISH for word in lowered) >= 2 else ZH


def _without_letters(text: str) -> str:
    if not text.strip():
        return OTHER
    return ZH if _CHINESE_MARK.search(text) or _HAN.search(text) else MIXED
