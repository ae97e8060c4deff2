"""One character map for the tokenizer: full width to half, capital to small, traditional to simplified.

The map is written as rules, one code point each, and compiled by sentencepiece into the trie that
`tokenizer.json` carries, so that every reader of that file folds text exactly as training did.
"""

from __future__ import annotations

import base64
import tempfile
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any

# Joiners, variation selectors, skin tones and byte order marks carry no attitude.
_DROPPED = (*range(0x200B, 0x2010), *range(0xFE00, 0xFE10), 0xFEFF, *range(0x1F3FB, 0x1F400))
_ALIKE = {"’": "'", "‘": "'", "“": '"', "”": '"', "`": "'", "…": "..."}
_LAST_CODE_POINT = 0x2FA20
_SURROGATES = range(0xD800, 0xE000)


def fold(character: str) -> str:
    """What one character becomes: NFKC, case folded, simplified; a space for control characters."""
    if ord(character) in _DROPPED:
        return ""
    if character in _ALIKE:
        return _ALIKE[character]
    if unicodedata.category(character) == "Cc":
        return " "
    return _simplifier().convert(unicodedata.normalize("NFKC", character).casefold())  # type: ignore[no-any-return]


@lru_cache(maxsize=1)
def _simplifier() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def rules() -> str:
    """The map as sentencepiece reads it: a line a rule, code points in hexadecimal, source tab target."""
    lines = []
    for point in range(1, _LAST_CODE_POINT):
        if point in _SURROGATES:
            continue
        folded = fold(chr(point))
        if folded != chr(point):
            lines.append(f"{point:X}\t{' '.join(f'{ord(c):X}' for c in folded)}")
    return "\n".join(lines) + "\n"


def compile_rules(text: str) -> bytes:
    """The rules as a compiled trie, for `tokenizers.normalizers.Precompiled`."""
    import sentencepiece
    from sentencepiece import sentencepiece_model_pb2

    proto: Any = sentencepiece_model_pb2

    with tempfile.TemporaryDirectory() as folder:
        table, prefix = Path(folder) / "rules.tsv", str(Path(folder) / "unused")
        table.write_text(text, encoding="utf-8")
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(["a b c d e f g"] * 20),
            model_prefix=prefix,
            model_type="char",
            vocab_size=12,
            hard_vocab_limit=False,
            normalization_rule_tsv=str(table),
            minloglevel=2,
        )
        model = proto.ModelProto()
        model.ParseFromString(Path(prefix + ".model").read_bytes())
    return bytes(model.normalizer_spec.precompiled_charsmap)


def as_text(charsmap: bytes) -> str:
    """The compiled map in base 64, as it stands in tokenizer.json."""
    return base64.b64encode(charsmap).decode("ascii")
