"""Terms and phrases of a comment, for counting: jieba cuts Chinese, one rule cuts English; both in folded form.

English is cut by a regular expression, so that the numbers are the same on every machine. `english="spacy"` uses spaCy's
blank English tokenizer instead (the `spacy` extra): it splits contractions ("do", "n't") and currency. It is never chosen
just because it happens to be installed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any, Literal

from feedback_nlp.errors import MissingExtra, UsageError
from feedback_nlp.text.fold import fold
from feedback_nlp.text.stopwords import STOP_WORDS

English = Literal["rules", "spacy"]

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# A piece is a run of Han, a word (also don't, wi-fi, 5g, 3.5), a mask or emote in brackets, or an emoji.
_PIECE = re.compile(
    rf"\[[^\[\]\s]{{1,12}}\]|[{_HAN}]+|[^\W_{_HAN}]+(?:['’.\-][^\W_{_HAN}]+)*|[\u2600-\u27bf\U0001f300-\U0001faff]|\S"
)
_IS_HAN = re.compile(f"[{_HAN}]")
_NO_TERM = re.compile(
    r"\[[a-z_]+\]|@user|user|https?|www.*|\d+(?:[.\-]\d+)*|[^\w\u2600-\u27bf\U0001f300-\U0001faff]"
)
_BORDER = ""


def terms(text: str, lang: str = "mixed", *, english: English = "rules") -> list[str]:
    """Terms of `text` in order: words of both languages, folded, without stop words, numbers, masks and punctuation.

    Raises:
        MissingExtra: `english="spacy"` and spaCy is not installed.
    """
    return [token for token in _tokens(text, lang, english) if _is_term(token)]


def phrases(text: str, lang: str = "mixed", *, longest: int = 3, english: English = "rules") -> list[str]:
    """Runs of 2 to `longest` neighbouring tokens that start and end in a term and cross no punctuation.

    Chinese tokens are joined without, others with a space: "客服态度", "never came back".

    Raises:
        MissingExtra: `english="spacy"` and spaCy is not installed.
        UsageError: `longest` is below 2.
    """
    if longest < 2:
        raise UsageError(f"longest is {longest}; a phrase has at least 2 words.")
    tokens = list(_tokens(text, lang, english))
    found = []
    for start, first in enumerate(tokens):
        if not _is_term(first):
            continue
        for end in range(start + 1, min(start + longest, len(tokens))):
            if tokens[end] == _BORDER:
                break
            if _is_term(tokens[end]):
                found.append(_join(tokens[start : end + 1]))
    return found


def _tokens(text: str, lang: str, english: English) -> Iterator[str]:
    """Tokens in order; `_BORDER` where punctuation stands."""
    folded = fold(text)
    if english == "spacy" and lang == "en":
        yield from (token if re.match(r"\w", token) else _BORDER for token in _spacy_words(folded))
        return
    for piece in _PIECE.findall(folded):
        if _IS_HAN.match(piece):
            yield from _chinese_words(piece)
        else:
            yield _BORDER if len(piece) == 1 and re.match(r"[^\w\u2600-\U0001faff]", piece) else piece


def _is_term(token: str) -> bool:
    return token != _BORDER and token not in STOP_WORDS and _NO_TERM.fullmatch(token) is None


def _join(tokens: list[str]) -> str:
    joined = tokens[0]
    for before, token in pairwise(tokens):
        both_han = _IS_HAN.match(before[-1]) and _IS_HAN.match(token)
        joined += token if both_han else f" {token}"
    return joined


def _chinese_words(run: str) -> list[str]:
    return list(_jieba().lcut(run))


def _spacy_words(text: str) -> list[str]:
    return [token.text for token in _spacy()(text)]


@lru_cache(maxsize=1)
def _jieba() -> Any:
    """jieba's tokenizer with its dictionary read from the package: no cache file in a shared folder, nothing unmarshalled."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its source has invalid escapes, and it imports pkg_resources
        import jieba

    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer


@lru_cache(maxsize=1)
def _spacy() -> Any:
    """spaCy's English tokenizer alone, without a pipeline and whatever components other packages register for one."""
    try:
        from spacy.lang.en import EnglishDefaults
        from spacy.tokenizer import Tokenizer
        from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex
        from spacy.vocab import Vocab
    except ImportError:
        raise MissingExtra('terms(…, english="spacy")', extra="spacy") from None
    defaults: Any = EnglishDefaults
    return Tokenizer(
        Vocab(),
        rules=defaults.tokenizer_exceptions,
        prefix_search=compile_prefix_regex(defaults.prefixes).search,
        suffix_search=compile_suffix_regex(defaults.suffixes).search,
        infix_finditer=compile_infix_regex(defaults.infixes).finditer,
    )
