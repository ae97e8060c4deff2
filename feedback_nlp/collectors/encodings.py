"""Bytes to text: find the encoding over the whole source in bounded memory, then decode it as a stream.

Order: byte order mark, UTF-16 by the place of its NULs, UTF-8, then whichever of GB18030, Big5 and Windows-1252
reads best on a sample. Bytes that do not fit are replaced by U+FFFD and counted, line by line, so that one bad
byte costs one character; a line wholly in another encoding is read in that one and counted.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from feedback_nlp.collectors.characters import COMMON, common_share
from feedback_nlp.errors import UsageError

CHUNK = 1 << 18
MAX_LINE_BYTES = 32 << 20
SAMPLE_CHUNKS = 12
SAMPLE_BYTES = 1 << 15
REPLACEMENT = "\ufffd"
_SURE_CHARACTERS = 4

UTF8, UTF8_BOM, GB18030, BIG5, WESTERN = "utf-8", "utf-8-sig", "gb18030", "big5hkscs", "cp1252"
WIDE = ("utf-16-le", "utf-16-be", "utf-16", "utf-32", "utf-32-le", "utf-32-be")

BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, UTF8_BOM),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH_BYTES = re.compile(rb"[\x80-\xff]+")


@dataclass(slots=True)
class _Survey:
    """What one pass over the bytes shows."""

    size: int = 0
    nuls: int = 0
    valid_utf8: bool = True
    head: bytes = b""
    sample: list[bytes] = field(default_factory=list)


def detect(open_stream: Callable[[], BinaryIO]) -> str:
    """The encoding of a stream, as a Python codec name; reads it once to the end, holding under 1 MiB."""
    with open_stream() as stream:
        survey = _survey(stream)
    for mark, name in BOMS:
        if survey.head.startswith(mark):
            return name
    wide = _wide(survey)
    if wide:
        return wide
    return UTF8 if survey.valid_utf8 else guess(b"\n".join(survey.sample))


def codec(name: str) -> str:
    """The codec's own name for an encoding the caller gave.

    Raises:
        UsageError: there is no such text encoding.
    """
    try:
        info = codecs.lookup(name)
        "".encode(info.name)
    except (LookupError, ValueError):
        raise UsageError(
            f"unknown encoding {name!r}. Use a name such as utf-8, gb18030, big5, utf-16 or cp1252; "
            "leave it out to have it found."
        ) from None
    return info.name


def guess(sample: bytes) -> str:
    """The likeliest encoding of bytes that are not valid UTF-8."""
    high = sum(len(run) for run in _HIGH_BYTES.findall(sample))
    if not high:
        return UTF8
    sequences = [len(found) for found in _UTF8_SEQUENCE.findall(sample)]
    # Pairs alone may be GB18030 by chance ("很好很好"), so there its reading must be the poorer one.
    sure = sum(size > 2 for size in sequences) > 0.3 * len(sequences) or _chinese(sample, GB18030) < 0.5
    if (sum(sequences) >= 0.8 * high and sure) or _lines_in_utf8(sample) >= 0.3:
        return UTF8
    # The second byte of Big5 is as often as not an ASCII letter, which looks like accents between letters.
    if _surely_big5(sample):
        return BIG5
    runs = _HIGH_BYTES.findall(sample)
    if sum(len(run) == 1 for run in runs) > 0.5 * len(runs) and len(runs) > 0.4 * high:
        return _western(sample)
    name, score = max(((name, _chinese(sample, name)) for name in (GB18030, BIG5)), key=lambda pair: pair[1])
    return name if score >= 0.15 else _western(sample)


def blocks(stream: BinaryIO, encoding: str, repairs: Counter[str]) -> Iterator[str]:
    """The text of a stream in pieces that end at line ends where there are any, bounded by 32 MiB; a byte order mark is dropped."""
    name = UTF8 if encoding == UTF8_BOM else encoding
    pieces = _wide_blocks(stream, name, repairs) if name in WIDE else _blocks(stream, name, repairs)
    first = True
    for piece in pieces:
        yield piece.removeprefix("\ufeff") if first else piece
        first = False


def _survey(stream: BinaryIO) -> _Survey:
    survey = _Survey()
    decoder = codecs.getincrementaldecoder(UTF8)()
    while chunk := stream.read(CHUNK):
        survey.head = survey.head or chunk[: CHUNK // 4]
        survey.size += len(chunk)
        survey.nuls += chunk.count(0)
        if survey.valid_utf8 and not _decodes(decoder, chunk):
            survey.valid_utf8 = False
        high = _HIGH_BYTES.search(chunk) if len(survey.sample) < SAMPLE_CHUNKS else None
        if high:
            survey.sample.append(chunk[high.start() : high.start() + SAMPLE_BYTES])
    return survey


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes) -> bool:
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True


def _wide(survey: _Survey) -> str | None:
    """UTF-16 without a mark: full of NULs, and everyday characters when read with the right end first."""
    if survey.nuls < max(2, survey.size // 1000):
        return None
    scored = [(_everyday(survey.head, name), name) for name in ("utf-16-le", "utf-16-be")]
    share, name = max(scored)
    return name if share >= 0.5 and share > 1.5 * min(scored)[0] else None


def _everyday(sample: bytes, name: str) -> float:
    text = sample.decode(name, "replace")
    return sum(" " <= char <= "~" or char in "\t\r\n" or char in COMMON for char in text) / max(1, len(text))


def _lines_in_utf8(sample: bytes) -> float:
    """Share, among lines with high bytes, of those that are UTF-8 of three bytes and more: chance seldom makes one."""
    lines = [line for line in sample.split(b"\n") if not line.isascii()]
    return sum(_is_utf8(line) for line in lines) / len(lines)


def _is_utf8(line: bytes) -> bool:
    try:
        return any(char > "\u07ff" for char in line.decode(UTF8))
    except UnicodeDecodeError:
        return False


def _chinese(sample: bytes, name: str) -> float:
    text = sample.decode(name, "replace")
    return common_share(text)


def _surely_big5(sample: bytes) -> bool:
    """Whether bytes read as everyday characters in Big5, and clearly better than in GB18030."""
    text = sample.decode(BIG5, "replace")
    share = common_share(text)
    enough = sum(char in COMMON for char in text) >= _SURE_CHARACTERS
    return enough and share >= 0.5 and share > 1.5 * _chinese(sample, GB18030)


def _western(sample: bytes) -> str:
    try:
        sample.decode(WESTERN)
    except UnicodeDecodeError:
        return "latin-1"
    return WESTERN


def _wide_blocks(stream: BinaryIO, encoding: str, repairs: Counter[str]) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    while chunk := stream.read(CHUNK):
        yield _counted(decoder.decode(chunk), repairs)
    yield _counted(decoder.decode(b"", True), repairs)


def _counted(text: str, repairs: Counter[str]) -> str:
    if REPLACEMENT in text:
        repairs["undecodable_bytes"] += text.count(REPLACEMENT)
    return text


def _blocks(stream: BinaryIO, encoding: str, repairs: Counter[str]) -> Iterator[str]:
    rest = b""
    while chunk := stream.read(CHUNK):
        end = _last_end(chunk, b"\n\r") or _last_end(chunk, b', "')
        if not end and len(rest) < MAX_LINE_BYTES:
            rest += chunk
            continue
        yield _text(rest + chunk[:end], encoding, repairs)
        rest = chunk[end:]
    if rest:
        yield _text(rest, encoding, repairs)


def _last_end(chunk: bytes, marks: bytes) -> int:
    """Place after the last of the marks, which like all bytes under 0x30 are part of no longer character; 0: none."""
    return max(chunk.rfind(mark) for mark in marks) + 1


def _text(raw: bytes, encoding: str, repairs: Counter[str]) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        lines = raw.splitlines(keepends=True)
        return "".join(_line(line, encoding, repairs) for line in lines)


def _line(raw: bytes, encoding: str, repairs: Counter[str]) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        other = guess(raw)
    # In a file of another encoding only a UTF-8 line is beyond doubt.
    if other != encoding and UTF8 in (other, encoding):
        try:
            text = raw.decode(other)
        except UnicodeDecodeError:
            pass
        else:
            repairs["lines_in_other_encoding"] += 1
            return text
    text = raw.decode(encoding, "replace")
    literal = raw.count(REPLACEMENT.encode()) if encoding == UTF8 else 0
    repairs["undecodable_bytes"] += max(1, text.count(REPLACEMENT) - literal)
    return text
