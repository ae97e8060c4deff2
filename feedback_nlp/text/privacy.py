"""Personal data: masked in texts, hashed in names. Rules, so it runs everywhere and one can read what it hides."""

from __future__ import annotations

import hashlib
import re

from feedback_nlp.errors import UsageError
from feedback_nlp.text.numbers import mask_numbers

_MASKED_URL_TAIL = re.compile(
    r"(?i)\b((?:https?://|www\.)[^\s?#<>\"'，。！？）】\u4e00-\u9fff]+)[?#][^\s<>\"'，。！？）】\u4e00-\u9fff]*"
)
_EMAIL = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}(?:@|\s?\(at\)\s?|\s?\[at\]\s?)[A-Za-z0-9](?:[A-Za-z0-9\-]{0,62}\.){1,4}[A-Za-z]{2,10}(?![A-Za-z])"
)
_SPELLED_EMAIL = re.compile(
    r"(?i)(?<![A-Za-z0-9.])[A-Za-z0-9._+\-]{2,40} ?(?:at|艾特|#) ?(?:gmail|qq|163|126|sina|foxmail|outlook|hotmail|yahoo|icloud) ?(?:dot|点|\.) ?(?:com|cn|net)\b"
)
_LATIN_HANDLE = re.compile(
    r"(?<!@)@(?!\d+(?:am|pm|st|nd|rd|th)?\b)([A-Za-z0-9_][A-Za-z0-9_]{0,29})(?![A-Za-z0-9_\u4e00-\u9fff\-])"
)
# Reposts and replies name a handle up to a colon, whatever a bad export made of its characters.
_REPOSTED = re.compile(r"(?:(?<=//)|(?<=回复)|(?<=回覆)|(?<=回復))@[^\s:：@/]{1,30}(?=\s?[:：])")
_HANDLE = re.compile(
    r"(?<!@)@(?!user(?![\w\-])|\d+(?:am|pm|st|nd|rd|th)?\b|\d+\s?[元块個个点點折])([\w\-\u00b7]{2,30})(?=([\s:：@/)）\]】]|$)?)"
)
# Weibo ends a handle at a space. Where the writer left none, the handle ends where a sentence plainly begins.
_SENTENCE_BEGINS = re.compile(
    "(?<=.{2})[你我他她它您咱这那怎请为是太不的了吗呢被把给跟和也都就还说来去快真好有没什能要会到]"
)
_ACCOUNT = re.compile(
    r"(?i)((?:微信|威信|薇信|徽信|卫星号|v信|wechat|weixin|(?<![a-z0-9/])(?:vx|wx)|(?:(?<![a-z0-9/])q\s?q|扣扣|企鹅)(?:群|号)?|(?<![a-z0-9/])[qv](?=[:：]))"
    r"\s?(?:号码|号|账号|id|群)?\s?(?:[:：是为=]|【|\[)?\s?)"
    r"([a-z][a-z_\-]{0,18}[0-9][a-z0-9_\-]{3,19}|[a-z_\-]{1,18}[0-9][a-z0-9_\-]{1,19}|[1-9][0-9]{5,11})(?![a-z0-9_\-]|元|块|万|年|\.[0-9])"
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Za-hj-np-z][·•.\s\-]?"
    r"(?=[A-Za-z0-9]*[0-9])(?:[A-HJ-NP-Z0-9]{5,6}|[a-hj-np-z0-9]{5})(?:[挂学警港澳])?(?![A-Za-z0-9])"
)
_PLATE_DIGITS = 2
_WORTH_A_LOOK = re.compile(
    r"\d\D?\d|[@?#]|\(at\)|\[at\]|[三四五六七八九][〇零一二三四五六七八九幺]{9}|艾特| at |\d[A-Z]|[A-Z]\d"
)


def mask(text: str) -> str:
    """`text` with personal data replaced by `[email] [phone] [id_card] [bank_card] [plate] [order] [account]` and `@user`.

    Prices, model names, dates, short service numbers (12315, 10086, 95588), public 400/800 lines, ISBNs and bar codes
    stay. Of a link the part after ? or # goes. Masking twice is masking once.
    """
    # What a mask leaves beside it can be a number of its own; every turn hides some, so this ends.
    while _WORTH_A_LOOK.search(text):
        masked = _mask_once(text)
        if masked == text:
            break
        text = masked
    return text


def _mask_once(text: str) -> str:
    if "//" in text or "www." in text:
        text = _MASKED_URL_TAIL.sub(r"\1", text)
    if "@" in text or "(at)" in text or "[at]" in text:
        text = _mask_names(text)
    text = _SPELLED_EMAIL.sub("[email]", text)
    if _PLATE.search(text):
        text = _PLATE.sub(_plate, text)
    text = _ACCOUNT.sub(r"\1[account]", text)
    return mask_numbers(text)


def _mask_names(text: str) -> str:
    text = _EMAIL.sub("[email]", text)
    text = _LATIN_HANDLE.sub("@user", text)
    return _HANDLE.sub(_handle, _REPOSTED.sub("@user", text))


def _handle(found: re.Match[str]) -> str:
    name, ended = found.group(1), found.group(2)
    if name.isdigit() or ended is not None or name.isascii():
        return found.group() if name.isdigit() else "@user"
    cut = _SENTENCE_BEGINS.search(name)
    if cut:
        return "@user" + name[cut.start() :]
    return "@user"


def _plate(found: re.Match[str]) -> str:
    return "[plate]" if sum(map(str.isdigit, found.group())) >= _PLATE_DIGITS else found.group()


def hash_author(author: str, *, key: bytes) -> str:
    """The author's name as 32 hexadecimal digits: keyed BLAKE2b, so equal names stay equal and cannot be looked up.

    Raises:
        UsageError: the key is empty or longer than 64 bytes.
    """
    if not 1 <= len(key) <= hashlib.blake2b.MAX_KEY_SIZE:
        raise UsageError(
            f"the key for author hashes has {len(key)} bytes; give 1 to {hashlib.blake2b.MAX_KEY_SIZE}."
        )
    name = author.strip().encode("utf-8", "surrogatepass")
    return hashlib.blake2b(name, key=key, digest_size=16).hexdigest()
