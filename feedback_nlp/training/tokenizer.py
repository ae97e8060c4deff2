"""Train the tokenizer: one Unigram vocabulary of words and pieces for Chinese and English."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from feedback_nlp.training.normalizer import compile_rules, rules

PAD, UNKNOWN, START, END, MASK = SPECIALS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
PLACES = ("<url>", "<user>")  # what a web address and an account name become

_URL = r"(https?://|www\.)[a-z0-9./?=&%_~#:;+,!-]+"
_USER = r"@[\p{L}\p{N}_-]{1,24}"
_FACE = r"\[[^\[\]\s]{1,8}\]"  # [微博表情]
_CHUNKS = (
    rf"{_FACE}|<url>|<user>|\p{{Han}}+|[\p{{Latin}}\p{{M}}]+(?:['’][\p{{Latin}}]+)?|[0-9]+|[!?.~,]+"
    r"|[^\s\p{Han}\p{Latin}0-9!?.~,]"
)
_LONG_CHINESE = re.compile(r"[\u3400-\u9fff]{5,}")  # phrases, not words
_SCORE_OF_WHOLE = -6.0  # faces and places always win over their parts


def build_tokenizer(pieces: list[tuple[str, float]]) -> Any:
    """A `tokenizers.Tokenizer` over `pieces` (piece, log probability), the specials first."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    vocabulary = [(special, 0.0) for special in SPECIALS] + pieces
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=SPECIALS.index(UNKNOWN), byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Precompiled(compile_rules(rules())),
            normalizers.Replace(Regex(_URL), " <url> "),
            normalizers.Replace(Regex(_USER), " <user> "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Split(Regex(_CHUNKS), behavior="isolated"),
        ]
    )
    tokenizer.add_special_tokens([*SPECIALS])
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{START} $A {END}",
        pair=f"{START} $A {END} $B {END}",
        special_tokens=[(token, SPECIALS.index(token)) for token in (START, END)],
    )
    return tokenizer


def train_tokenizer(texts: Iterable[str], *, vocabulary: int, rare: int = 4) -> Any:
    """A tokenizer of about `vocabulary` pieces; characters seen fewer than `rare` times are unknown to it."""
    chunks = count_chunks(texts)
    faces = Counter({c: n for c, n in chunks.items() if re.fullmatch(_FACE, c) and n >= rare * 5})
    wholes = [face for face, _ in faces.most_common(400)] + [*PLACES]
    words = Counter({c: n for c, n in chunks.items() if c not in faces and c not in PLACES})
    # A third more than needed, since long Chinese phrases are taken out again.
    pieces = _unigram(words, size=int(vocabulary * 4 / 3))
    characters = Counter[str]()
    for chunk, count in chunks.items():
        for character in chunk:
            characters[character] += count
    return build_tokenizer(_chosen(pieces, characters, wholes, vocabulary=vocabulary, rare=rare))


def count_chunks(texts: Iterable[str]) -> Counter[str]:
    """How often each chunk (a word, a run of Chinese, a mark) occurs in `texts` once they are folded."""
    bare = build_tokenizer([("a", -1.0)])
    counts = Counter[str]()
    for text in texts:
        folded = bare.normalizer.normalize_str(text)
        counts.update(chunk for chunk, _ in bare.pre_tokenizer.pre_tokenize_str(folded))
    return counts


def _unigram(words: Counter[str], *, size: int) -> list[tuple[str, float]]:
    import sentencepiece
    from sentencepiece import sentencepiece_model_pb2

    proto: Any = sentencepiece_model_pb2

    with tempfile.TemporaryDirectory() as folder:
        table, prefix = Path(folder) / "words.tsv", str(Path(folder) / "unigram")
        lines = (f"{w}\t{n}" for w, n in words.items() if n > 1 and "\t" not in w)
        table.write_text("\n".join(lines) + "\n", encoding="utf-8")
        sentencepiece.SentencePieceTrainer.train(
            input=str(table),
            input_format="tsv",
            model_prefix=prefix,
            model_type="unigram",
            vocab_size=size,
            hard_vocab_limit=False,
            character_coverage=0.9999,
            normalization_rule_name="identity",
            add_dummy_prefix=False,
            max_sentencepiece_length=16,
            seed_sentencepiece_size=400_000,
            split_digits=True,
            num_threads=2,
            minloglevel=1,
        )
        model = proto.ModelProto()
        model.ParseFromString(Path(prefix + ".model").read_bytes())
    return [(p.piece, p.score) for p in model.pieces if p.type == p.NORMAL]


def _chosen(
    pieces: list[tuple[str, float]],
    characters: Counter[str],
    wholes: list[str],
    *,
    vocabulary: int,
    rare: int,
) -> list[tuple[str, float]]:
    floor = min(score for _, score in pieces) - 2
    chosen = dict.fromkeys(wholes, _SCORE_OF_WHOLE)
    scores = dict(pieces)
    for character, count in characters.items():
        if count >= rare:
            chosen.setdefault(character, scores.get(character, floor))
    for piece, score in pieces:  # likeliest first
        if len(chosen) >= vocabulary - len(SPECIALS):
            break
        if "▁" not in piece and not _LONG_CHINESE.fullmatch(piece):
            chosen.setdefault(piece, score)
    return sorted(chosen.items(), key=lambda item: -item[1])
