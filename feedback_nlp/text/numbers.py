"""Numbers that identify a person: ID cards, bank cards, telephones, orders. Each is told by form, check digit or the words before it."""

from __future__ import annotations

import re
from datetime import date

from feedback_nlp.text.identities import mask_identities

_ID_CARD = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5} ?(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]) ?\d{3}[\dXx](?![0-9A-Za-z])"
)
_ID_WORD = re.compile(r"(身份证(?:号码|号)?\s?[:：是为]?\s?)(\d{15}|\d{17}[\dXx])(?!\d)")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_CARD = re.compile(
    r"(?<![\d.])[3-6]\d{3}(?:[ \-]?\d{4}){3}(?:[ \-]?\d{1,3})?(?![\d])|(?<![\d.])3[47]\d{2}[ \-]?\d{6}[ \-]?\d{5}(?!\d)"
)

_MOBILE = re.compile(r"(?<![\dA-Za-z.])(?:\+?(?:00)?86[ \-]?)?1[3-9]\d[ \-.]?\d{4}[ \-.]?\d{4}(?!\d)")
# Written to slip through: 1 3 8 …, 一三八…
_SPELLED = re.compile(
    r"(?<!\d)(?<!\d )1(?: [3-9])(?: \d){9}(?! ?\d)|(?<![〇零一二三四五六七八九十])[一幺][三四五六七八九][〇零一二三四五六七八九幺]{9}(?![〇零一二三四五六七八九十])"
)
_STARRED = re.compile(r"(?<!\d)1[3-9]\d[*xX]{3,4}\d{4}(?!\d)")
_AREA = re.compile(
    r"(?<![\d.])(?:\(0\d{2,3}\)|（0\d{2,3}）|0\d{2,3})[ \-－—]?[2-9]\d{2,3}[ \-]?\d{4}(?:(?:\s?转\s?|-)\d{1,5})?(?!\d)"
)
_LEADING_ZERO = re.compile(r"(?<![\d.,])0[1-9](?:[ \-]?\d){8,9}(?![\d.])")
_INTERNATIONAL = re.compile(r"(?:\+|(?<![\d+])00)[1-9]\d{0,2}(?:[ .\-]?\(?\d{1,5}\)?){2,5}(?!\d)")
_AMERICAN = re.compile(
    r"(?<![\d.$#])(?:1[-. ])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[-. ])[2-9]\d{2}[-. ]\d{4}(?!\d)"
)
_FREE_LINE = re.compile(r"\D*(?:1\D?)?(?:400|800|888|877|866|855|844|833)\D")
_CALLED = re.compile(
    r"(?i)((?:电话|電話|手机号?|手機|座机|致电|联系方式|联系|拨打|热线|whatsapp|phone|tel|cell|mobile|call(?: me)?(?: at| on)?|contact|text me(?: at)?|number)"
    r"(?: ?(?:号码|号|number|no\.?|is))?\s?[:：是为]?\s?)(\d{7,11})(?![\d元块年])"
)
_ZH_CALLED_SERVICE = re.compile(r"(?:400|800)\d{7}|(?:1?800|1?888)\d{7}")

_CODE = r"(?=[A-Za-z0-9\-]*\d[A-Za-z\-]*\d[A-Za-z\-]*\d[A-Za-z\-]*\d)[A-Za-z0-9][A-Za-z0-9\-]{5,29}"
_ORDER_WORD = re.compile(
    rf"((?:订单|訂單|快递|物流|运|運|货运|退款|退货|投诉|工|受理|流水|交易|保|会员卡|卡)(?:编|編)?(?:单|單)?(?:号码|号|號|编号)\s?[:：#是为]?\s?|单号\s?[:：#是为]?\s?|订单\s?[:：#]?\s?)({_CODE})(?![A-Za-z0-9])"
)
_EN_ORDER_WORD = re.compile(
    r"(?i)(\b(?:order|tracking|case|claim|ticket|invoice|booking|reservation|confirmation|reference|ref|policy|account|acct|member(?:ship)?|loan|transaction|serial|complaint)"
    rf"(?: (?:number|num|no\.?|id|code|ref(?:erence)?|#))?\s?(?:is|was|:|#|-)?\s?#?\s?)({_CODE})(?![A-Za-z0-9])"
)
_RECORD_LOCATOR = re.compile(
    r"((?i:\b(?:pnr|confirmation(?: (?:number|code|no\.?|#))?|record locator|booking (?:ref(?:erence)?|code))\s?(?:is|:|#)?\s?))((?=[A-Z]*\d|[A-Z]{6}\b)[A-Z0-9]{6})(?![A-Za-z0-9])"
)
_PREFIXED = re.compile(
    r"(?<![A-Za-z0-9])(?:SF|sf|YT|yt|JDVB|JDVA|JDV[A-Z]?|JD|JT|DPK|ZTO|STO|YD|EMS|LP)\d{10,15}(?!\d)|(?<!\d)9[2-5]\d{2}(?: \d{4}){4} \d{2}(?!\d)|(?<![A-Za-z0-9])1Z[0-9A-Z]{16}(?![A-Za-z0-9])|(?<![A-Za-z0-9])[A-Z]{2}\d{9}[A-Z]{2}(?![A-Za-z0-9])"
)
_LONG_RUN = re.compile(r"(?<![\d.A-Za-z/])\d{12,32}(?![\d]|\.\d)")
_AMAZON = re.compile(r"(?<![\d\-])\d{3}-\d{7}-\d{7}(?![\d\-])")
_TIMESTAMP = re.compile(
    r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?"
)
_BAR_CODE = re.compile(r"(?:978|979|69\d)\d{10}")

_SEVEN_DIGITS = re.compile(
    r"(?:\d[ \-()（）*.]{0,4}){6}\d|[A-Za-z] ?\d{2} ?\d|\d[A-Za-z]|[#号號]\D{0,2}\d{5}|[三四五六七八九][〇零一二三四五六七八九幺]{9}"
)


def mask_numbers(text: str) -> str:
    """`text` with ID cards, bank cards, orders and telephones masked; the surest form of number is tried first."""
    if not _SEVEN_DIGITS.search(text):
        return text
    text = mask_identities(text)
    text = _ID_CARD.sub(_id_card, text)
    text = _ID_WORD.sub(r"\1[id_card]", text)
    text = _CARD.sub(_bank_card, text)
    text = _AMAZON.sub("[order]", text)
    text = _PREFIXED.sub("[order]", text)
    text = _ORDER_WORD.sub(_order, text)
    text = _EN_ORDER_WORD.sub(_order, text)
    text = _RECORD_LOCATOR.sub(r"\1[order]", text)
    text = _INTERNATIONAL.sub(_international, text)
    text = _MOBILE.sub("[phone]", text)
    text = _SPELLED.sub("[phone]", text)
    text = _LONG_RUN.sub(_long_run, text)
    return _mask_local_telephones(text)


def _mask_local_telephones(text: str) -> str:
    text = _STARRED.sub("[phone]", text)
    text = _AREA.sub("[phone]", text)
    text = _LEADING_ZERO.sub("[phone]", text)
    text = _AMERICAN.sub(_american, text)
    return _CALLED.sub(_called, text)


def is_id_card(number: str) -> bool:
    """Whether 18 characters are a Chinese ID card number: a real date of birth and the right check digit (GB 11643)."""
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11] == number[17].upper()


def passes_luhn(number: str) -> bool:
    """Whether the digits of `number` satisfy the Luhn check that bank cards carry."""
    digits = [int(character) for character in reversed(number) if character.isdigit()]
    doubled = (2 * digit - 9 if digit > 4 else 2 * digit for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _id_card(found: re.Match[str]) -> str:
    return "[id_card]" if is_id_card(found.group().replace(" ", "")) else found.group()


def _bank_card(found: re.Match[str]) -> str:
    number = found.group()
    return "[bank_card]" if passes_luhn(number) and len(set(number) - {" ", "-"}) > 1 else number


def _order(found: re.Match[str]) -> str:
    before, code = found.groups()
    if re.fullmatch(r"(?:19|20)\d{2}-?\d{1,2}-?\d{1,2}", code):
        return found.group()
    return f"{before}[order]"


def _long_run(found: re.Match[str]) -> str:
    """A bare run of 12 digits or more is an order, a card or a shipment, unless it is a time, a bar code or laughter (2333…)."""
    run = found.group()
    if _TIMESTAMP.fullmatch(run) or _BAR_CODE.fullmatch(run) or len(set(run)) <= 3:
        return run
    return "[order]"


def _international(found: re.Match[str]) -> str:
    return "[phone]" if 9 <= sum(map(str.isdigit, found.group())) <= 15 else found.group()


def _american(found: re.Match[str]) -> str:
    return found.group() if _FREE_LINE.match(found.group()) else "[phone]"


def _called(found: re.Match[str]) -> str:
    before, number = found.groups()
    return (
        found.group() if _ZH_CALLED_SERVICE.fullmatch(number) or len(set(number)) == 1 else f"{before}[phone]"
    )
