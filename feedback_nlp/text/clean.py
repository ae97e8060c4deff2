"""Cleaning: repairs what an export did to a text, and changes nothing the writer meant.

`STEPS` is the whole of it, in order; each is a small `str -> str` function that does nothing to a text it does not
concern. They are repeated until the text stays as it is, so cleaning twice is cleaning once. Emoji, `[微博表情]`,
#topics#, @handles and case are kept.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable

from feedback_nlp.text.glosses import drop_glosses

# Full-width letters, digits and signs have a half-width twin. Chinese punctuation (，。！？：；（）) is full-width
# on purpose and stays; so do ＜＞＆, which must not turn into tags and entities.
_TWINS = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_WIDTH = str.maketrans({c: t for c, t in _TWINS.items() if t.isalnum() or t in "@#%+-=_/\\*$\"'.^`|"})
_WIDE = re.compile("[" + "".join(map(chr, _WIDTH)) + "\U0001d400-\U0001d7ff]")
_ORNAMENTAL = re.compile("[\U0001d400-\U0001d7ff]+")

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BARE_ENTITY = re.compile(r"&(?:nbsp|quot|hellip|ldquo|rdquo|mdash|middot)(?![A-Za-z0-9=;])")
_NESTED_AMPERSAND = re.compile(r"&(?:(?:amp|#0*38|#[xX]0*26);)+", re.IGNORECASE)

_IMAGE_EMOTE = re.compile(r"<img\b[^<>]*?\balt\s*=\s*[\"']?(\[[^\[\]<>\"']{1,12}\])[^<>]*>", re.IGNORECASE)
_BREAK = re.compile(r"<(?:/?(?:br|hr)|/(?:p|div|li|tr|h[1-6]))\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(
    r"<!--.*?-->|</?(?:a|abbr|b|blockquote|body|center|cite|code|del|div|em|font|form|h[1-6]|head|html|i|iframe|img|"
    r"input|ins|label|li|link|mark|meta|ol|p|pre|s|script|small|span|strike|strong|style|sub|sup|svg|table|tbody|td|"
    r"th|thead|title|tr|u|ul|video)(?:\s[^<>]*|/)?>",
    re.IGNORECASE | re.DOTALL,
)

# U+200D joins emoji (family, flag) and is kept between them; elsewhere it is as invisible as the rest.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffd\ufffe\uffff]"
    "|(?<![\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])\u200d|\u200d(?![\u2190-\u2bff\U0001f000-\U0001faff])"
)

_SAME_CHARACTER = re.compile(r"([^\d\s])\1{3,}")
_SAME_UNIT = re.compile(r"([^\d\s]{2,4}?)\1{3,}")
_SAME_EMOTE = re.compile(r"(\[[^\[\]\s]{1,8}\])\1{3,}")

_SPACES = re.compile(r"[^\S\n]{2,}|[^\S\n ]")
_LINE_ENDS = re.compile(r" *\n[ \n]*")

MOST_PASSES = 8


def replace_entities(text: str) -> str:
    """HTML entities as the characters they stand for, also those that were escaped twice."""
    if "&" not in text:
        return text
    text = _NESTED_AMPERSAND.sub("&", text) if "&" in text else text
    text = _ENTITY.sub(lambda found: html.unescape(found.group()), text)
    return _BARE_ENTITY.sub(lambda found: html.unescape(found.group() + ";"), text)


def drop_tags(text: str) -> str:
    """HTML tags gone: line breaks become new lines, an emote drawn as an image becomes its `[name]`; "<3" stays."""
    if "<" not in text or ">" not in text:
        return text
    text = _IMAGE_EMOTE.sub(r"\1", text)
    text = _BREAK.sub("\n", text)
    return _TAG.sub("", text)


def drop_invisible(text: str) -> str:
    """Control, zero-width, NUL, U+FFFD and broken surrogate characters gone."""
    return text if text.isascii() and text.isprintable() else _INVISIBLE.sub("", text)


def narrow(text: str) -> str:
    """Full-width and ornamental (𝐛𝐨𝐥𝐝) Latin letters, digits and signs as plain ones; Chinese punctuation as it is."""
    if text.isascii() or not _WIDE.search(text):
        return text
    return _ORNAMENTAL.sub(lambda found: unicodedata.normalize("NFKC", found.group()), text.translate(_WIDTH))


def shorten_repeats(text: str) -> str:
    """Four or more of the same in a row become three, so that emphasis stays visible; digits and spaces are left."""
    text = _SAME_CHARACTER.sub(r"\1\1\1", text)
    text = _SAME_UNIT.sub(r"\1\1\1", text)
    return _SAME_EMOTE.sub(r"\1\1\1", text) if "[" in text else text


def squeeze_spaces(text: str) -> str:
    """One space between words, one new line between lines, none at the ends."""
    if "\r" in text or "\x85" in text or "\u2028" in text or "\u2029" in text:
        text = "\n".join(text.splitlines())
    text = _SPACES.sub(" ", text)
    return _LINE_ENDS.sub("\n", text).strip() if "\n" in text else text.strip()


STEPS: tuple[Callable[[str], str], ...] = (
    replace_entities,
    drop_tags,
    drop_invisible,
    narrow,
    drop_glosses,
    shorten_repeats,
    squeeze_spaces,
)


def clean(text: str) -> str:
    """`text` as its writer typed it: all `STEPS`, repeated until nothing changes; never raises.

    A text that has letters outside tags, entities and glosses keeps some.
    """
    for _ in range(MOST_PASSES):
        cleaned = _once(text)
        if cleaned == text:
            return text
        text = cleaned
    # Only a text built to nest deeper than any export does gets here; without markup it settles.
    return clean(re.sub("[<>&]", " ", text)) if re.search("[<>&]", text) else text


def _once(text: str) -> str:
    for step in STEPS:
        text = step(text)
    return text
