"""Packed dumps: gzip, Zstandard and zip to plain bytes, within a stated limit."""

from __future__ import annotations

import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, Literal, Protocol, cast

import zstandard

from feedback_nlp.errors import FormatError, InputError

GZIP = b"\x1f\x8b"
ZSTD = b"\x28\xb5\x2f\xfd"
ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# Text packs 3 to 20 times smaller, and seldom over 100 times. More than this, beyond the first 64 MiB, is a bomb.
MAX_RATIO = 400
FREE_BYTES = 64 << 20
MAX_LAYERS = 3

Kind = Literal["plain", "zip", "workbook"]
# What the unpackers raise on damaged bytes.
BROKEN = (
    *(zlib.error, zipfile.BadZipFile, zstandard.ZstdError, lzma.LZMAError, struct.error),
    *(EOFError, OSError, ValueError, RuntimeError, IndexError, OverflowError),
)


def kind_of(path: Path) -> Kind:
    """Whether a file holds several members (`zip`), sheets (`workbook`), or one stream (`plain`), by its content."""
    with path.open("rb") as stream:
        head = stream.read(8)
    if head == OLE:
        return "workbook"
    if not head.startswith((ZIP, EMPTY_ZIP)):
        return "plain"
    names = _infos(path)
    return "workbook" if is_workbook(set(names)) else "zip"


def is_workbook(names: set[str]) -> bool:
    """Whether a zip of these members is a spreadsheet (xlsx, xlsb, ods)."""
    return any(name.startswith("xl/") for name in names) or {"mimetype", "content.xml"} <= names


def members(path: Path) -> list[str]:
    """Names of the files in a zip, in order; names in a Chinese Windows code page are put right."""
    return [name for name in _infos(path) if not name.endswith("/")]


def check_ratio(infos: Iterable[zipfile.ZipInfo], packed: int, name: str) -> None:
    """Raise InputError when the members of a zip claim to unpack to more than the limit."""
    unpacked = sum(info.file_size for info in infos)
    if unpacked > max(FREE_BYTES, MAX_RATIO * packed):
        raise _bomb(name)


def unpacked(path: Path, *, member: str | None, name: str) -> BinaryIO:
    """The plain bytes of a file or of one member of a zip; gzip and Zstandard inside are unpacked too."""
    stream: BinaryIO = path.open("rb") if member is None else _member(path, member)
    for _ in range(MAX_LAYERS):
        buffered = io.BufferedReader(cast(io.RawIOBase, stream), 1 << 16)
        head = buffered.peek(4)[:4]
        plain = cast(BinaryIO, buffered)
        if head.startswith(GZIP):
            unzipped = cast(BinaryIO, gzip.GzipFile(fileobj=plain))
            stream = cast(BinaryIO, _Limited(unzipped, path, name, under=plain))
        elif head.startswith(ZSTD):
            reader = zstandard.ZstdDecompressor().stream_reader(plain, read_across_frames=True)
            stream = cast(BinaryIO, _Limited(cast(BinaryIO, reader), path, name, under=plain))
        else:
            return plain
    raise InputError(f"{name} is packed more than {MAX_LAYERS} times over. Unpack it first.")


def _infos(path: Path) -> dict[str, zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(path) as archive:
            return {_true_name(info): info for info in archive.infolist()}
    except BROKEN as error:
        raise FormatError(
            f"{path} starts like a zip or xlsx but cannot be opened ({error}): it is cut or damaged. "
            "Download or export it again."
        ) from None


def _true_name(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def _member(path: Path, member: str) -> BinaryIO:
    info = _infos(path).get(member)
    if info is None:
        raise InputError(f"no member {member!r} in {path}. It holds: {', '.join(members(path)[:8])}.")
    if info.flag_bits & 0x1:
        raise InputError(f"{path}!{member} is locked with a password. Unpack it first.")
    archive = zipfile.ZipFile(path)
    try:
        stream = cast(BinaryIO, archive.open(info))
    except BROKEN as error:
        archive.close()
        raise FormatError(f"{path}!{member} cannot be unpacked ({error}). Pack it again.") from None
    return cast(BinaryIO, _Limited(stream, path, f"{path}!{member}", under=archive))


def _bomb(name: str) -> InputError:
    return InputError(
        f"{name} unpacks to more than {MAX_RATIO} times its size: refused as a zip bomb. "
        "If the dump is real, unpack it yourself and read the plain file."
    )


class Closeable(Protocol):
    """Whatever lies under a stream and must be closed with it."""

    def close(self) -> None:
        """Release it."""
        ...


class _Limited(io.RawIOBase):
    """Unpacked bytes that stop at the ratio limit and turn damage into FormatError."""

    def __init__(self, stream: BinaryIO, path: Path, name: str, *, under: Closeable) -> None:
        super().__init__()
        self._stream = stream
        self._under = under
        self._name = name
        self._limit = max(FREE_BYTES, MAX_RATIO * path.stat().st_size)
        self._seen = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        try:
            chunk = self._stream.read(len(buffer))
        except BROKEN as error:
            raise FormatError(
                f"{self._name} is cut or damaged: it cannot be unpacked after {self._seen} bytes ({error}). "
                "Download it again."
            ) from None
        buffer[: len(chunk)] = chunk
        self._seen += len(chunk)
        if self._seen > self._limit:
            raise _bomb(self._name)
        return len(chunk)

    def close(self) -> None:
        self._stream.close()
        self._under.close()
        super().close()
