"""Papers and accounts of other countries: IBAN (check digits), US social security, UK national insurance, passports."""

from __future__ import annotations

import re

_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
_SOCIAL_SECURITY = re.compile(r"(?<![\d\-])(?!000|666|9)\d{3}-\d{2}-\d{4}(?![\d\-])")
_SOCIAL_SECURITY_WORD = re.compile(
    r"(?i)(\b(?:ssn|social security(?: (?:number|no\.?))?)\s?(?:is|:|#)?\s?)\d{3} ?\d{2} ?\d{4}(?!\d)"
)
_INSURANCE = re.compile(
    r"(?i)(\b(?:nino|ni (?:number|no\.?)|national insurance(?: (?:number|no\.?))?)\s?(?:is|:|#)?\s?)"
    r"[a-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[a-d](?![a-z0-9])"
)
_PASSPORT = re.compile(
    r"(?i)((?:护照|護照|\bpassport)\s?(?:号码|號碼|号|號|number|no\.?)?\s?(?:[:：是为#]|is)?\s?)[a-z]{0,2}\d{7,9}(?!\d)"
)


def mask_identities(text: str) -> str:
    """`text` with these as `[bank_card]` and `[id_card]`."""
    text = _IBAN.sub(lambda found: "[bank_card]" if is_iban(found.group()) else found.group(), text)
    text = _SOCIAL_SECURITY.sub("[id_card]", text)
    for pattern in (_SOCIAL_SECURITY_WORD, _INSURANCE, _PASSPORT):
        text = pattern.sub(r"\1[id_card]", text)
    return text


def is_iban(number: str) -> bool:
    """Whether an international account number has the right check digits (ISO 13616: 97 leaves 1)."""
    plain = number.replace(" ", "")
    if not 15 <= len(plain) <= 34:
        return False
    turned = plain[4:] + plain[:4]
    return int("".join(str(int(char, 36)) for char in turned)) % 97 == 1
