"""Which format a source has: its content first, its name second."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter

from feedback_nlp.collectors import archives, encodings
from feedback_nlp.collectors.formats.base import Opening
from feedback_nlp.errors import FormatError, InputError

HEAD = 1 << 16

_BINARIES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"BM", "a bitmap image"),
    (b"RIFF", "a sound or image file"),
    (b"%PDF", "a PDF"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"ORC", "an ORC file"),
    (b"Obj\x01", "an Avro file"),
    (b"\x80\x04\x95", "a Python pickle"),
)
READ = "Read are CSV, TSV, XLSX, XLS, JSON, JSON Lines, Parquet, text and HTML tables."

_TABLE_TAG = re.compile(r"<(table|tr|td|row|worksheet)\b", re.IGNORECASE)
_OBJECT = re.compile(r'\{\s*("|\}|$)')
_ARRAY = re.compile(r'\[\s*(\{|\[|"|\]|$)')
# A call or an assignment around JSON: callback([…]), window.YTD.tweets.part0 = […]
_JSONP = re.compile(r"[\w$.]{1,60}(?:\(|\s*=)\s*[\[{]")
_CONTROL = re.compile(r"[\x02-\x08\x0b\x0c\x0e-\x1e\x7f]")


def format_of(opening: Opening) -> str:
    """Name of the source's format, a key of FORMATS; for text the encoding is found and written into the entry.

    Raises:
        InputError: the source is empty.
        FormatError: it is no table at all.
    """
    source = opening.source
    if source.frame is not None:
        return "frame"
    with source.open() as stream:
        head = stream.read(HEAD)
    if not head.strip(b"\x00\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise InputError(f"{source.name} is empty. Export the dump again.")
    kind = _binary_format(opening, head)
    if kind:
        return kind
    entry = opening.entry
    entry.encoding = encodings.codec(opening.encoding) if opening.encoding else encodings.detect(source.open)
    return _text_format(opening)


def _binary_format(opening: Opening, head: bytes) -> str | None:
    name = opening.source.name
    if head.startswith(archives.OLE):
        return "xls"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((archives.ZIP, archives.EMPTY_ZIP)):
        return _zip_format(opening)
    for magic, what in _BINARIES:
        # Short signatures can begin a text, so the bytes after them must not be one.
        if head.startswith(magic) and (len(magic) > 3 or b"\0" in head[:64]):
            raise FormatError(f"{name} is {what}, not a table. {READ}")
    return None


def _zip_format(opening: Opening) -> str:
    name = opening.source.name
    with opening.source.open() as stream:
        packed = stream.read()
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            names = set(archive.namelist())
    except archives.BROKEN as error:
        raise FormatError(
            f"{name} starts like a zip or xlsx but cannot be opened ({error}). Export it again."
        ) from None
    if archives.is_workbook(names):
        return "xlsx"
    if any(member.startswith("word/") for member in names):
        raise FormatError(f"{name} is a Word document, not a table. {READ}")
    raise InputError(f"{name} is a zip inside a packed file. Unpack it once, then read it.")


def _text_format(opening: Opening) -> str:
    source, encoding = opening.source, opening.entry.encoding
    text = ""
    with source.open() as stream:
        for piece in encodings.blocks(io.BytesIO(stream.read(HEAD * 4)), encoding, Counter()):
            text += piece
            if len(text) >= HEAD:
                break
    text = text[:HEAD]
    start = text.lstrip("\ufeff\0 \t\r\n")
    _check_text(text, source.name)
    if start.startswith("<") and _TABLE_TAG.search(start):
        return "html"
    suffix = source.suffix
    if suffix in (".jsonl", ".ndjson") and start[:1] in ("{", "["):
        return "jsonl"
    if _looks_json(start, suffix):
        return "jsonl" if _is_lines(start) else "json"
    return "delimited"


def _check_text(text: str, name: str) -> None:
    odd = len(_CONTROL.findall(text)) + text.count(encodings.REPLACEMENT) // 2
    if odd > 0.08 * len(text) or text.count("\0") > 0.4 * len(text):
        raise FormatError(f"{name} is not text: its bytes read as no known encoding. {READ}")


def _looks_json(start: str, suffix: str) -> bool:
    if _OBJECT.match(start) or _ARRAY.match(start) or _JSONP.match(start):
        return True
    return suffix == ".json" and (start[:1] in ("{", "[") or '{"' in start[:400])


def _is_lines(start: str) -> bool:
    """Whether records stand one a line: the first two lines are whole objects, or begin like ones."""
    lines = [line.strip() for line in start.split("\n", 20)[:20] if line.strip()]
    if len(lines) < 2:
        return False
    whole = sum(_is_object(line) for line in lines[:-1])
    return whole >= 1 and whole >= 0.5 * (len(lines) - 1)


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False
