"""What every reader of files needs: archives, encodings and XML, with bounds, so that a small file cannot become a flood.

A delivery is walked as *pieces*: a plain file, the inside of a ``.gz``, each member of a ``.zip``. What a piece is called never
decides where or how anything is written; its first bytes decide what it is.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from lxml import etree

from registry.errors import Invalid, TooLarge

CHUNK = 1 << 16
MANIFEST = "manifest.json"
"""Written beside a synthetic delivery; says what was made up and is not part of the data."""


@dataclass(frozen=True)
class Bounds:
    """How far an archive may unfold: times its own size, members, bytes of one piece; bytes of one XML record."""

    ratio: int = 100
    members: int = 20_000
    piece_bytes: int = 16 << 30
    record_bytes: int = 8 << 20
    floor_bytes: int = 1 << 20


BOUNDS = Bounds()


@dataclass(frozen=True)
class Piece:
    """One file of a delivery. ``open`` works until the next piece is asked for; ``path`` is set where it is a plain file."""

    name: str
    open: Callable[[], BinaryIO]
    path: Path | None = None

    def head(self, size: int = CHUNK) -> bytes:
        """The first bytes, to tell what it is."""
        with self.open() as stream:
            return stream.read(size)


class _Bounded(io.RawIOBase):
    """A stream that refuses to give more than ``most`` bytes, and speaks of broken compression in our words."""

    def __init__(self, stream: BinaryIO, most: int, name: str) -> None:
        self._stream, self._left, self._most, self._name = stream, most, most, name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        data = self._read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise TooLarge("ARCHIVE_TOO_LARGE", file=self._name, limit=f"{self._most} bytes")
        buffer[: len(data)] = data
        return len(data)

    def _read(self, size: int) -> bytes:
        try:
            return self._stream.read(size)
        except (zlib.error, zipfile.BadZipFile, EOFError, gzip.BadGzipFile, NotImplementedError) as error:
            raise Invalid("ARCHIVE_BROKEN", file=self._name) from error

    def close(self) -> None:
        self._stream.close()
        super().close()


def pieces(files: Sequence[Path], bounds: Bounds = BOUNDS) -> Iterator[Piece]:
    """Every piece of a delivery: directories walked in name order, archives unfolded one level, hidden files left out.

    Raises Invalid DELIVERY_EMPTY, ARCHIVE_BROKEN, ARCHIVE_ENCRYPTED, ARCHIVE_NESTED; TooLarge ARCHIVE_TOO_LARGE.
    """
    found = False
    for top in files:
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            name = path.relative_to(top).as_posix() if top.is_dir() else path.name
            if path.is_file() and _wanted(name):
                for piece in _unfold(path, name, bounds):
                    found = True
                    yield piece
    if not found:
        raise Invalid("DELIVERY_EMPTY", files=", ".join(path.name for path in files)[:200] or "-")


def _wanted(name: str) -> bool:
    parts = name.split("/")
    return parts[-1] != MANIFEST and not any(part.startswith((".", "__MACOSX")) for part in parts if part not in (".", ".."))


def _unfold(path: Path, name: str, bounds: Bounds) -> Iterator[Piece]:
    with path.open("rb") as stream:
        magic = stream.read(4)
    most = min(bounds.piece_bytes, max(bounds.floor_bytes, path.stat().st_size * bounds.ratio))
    if magic[:2] == b"\x1f\x8b":
        yield _unnested(Piece(name.removesuffix(".gz"), lambda: _buffered(cast(BinaryIO, gzip.GzipFile(path)), most, name)))
    elif magic == b"PK\x03\x04" and not _is_workbook(path):
        yield from _members(path, name, most, bounds)
    else:
        yield Piece(name, lambda: path.open("rb"), path)


def _is_workbook(path: Path) -> bool:
    """An .xlsx is a zip too, but one document."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "[Content_Types].xml" in archive.namelist()
    except zipfile.BadZipFile:
        return False


def _members(path: Path, name: str, most: int, bounds: Bounds) -> Iterator[Piece]:
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise Invalid("ARCHIVE_BROKEN", file=name) from error
    with archive:
        infos = [info for info in archive.infolist() if not info.is_dir() and _wanted(info.filename)]
        _check_members(infos, name, most, bounds)
        for info in infos:
            yield _unnested(Piece(f"{name}/{info.filename}", _member(archive, info, name, most)))


def _check_members(infos: list[zipfile.ZipInfo], name: str, most: int, bounds: Bounds) -> None:
    if len(infos) > bounds.members:
        raise TooLarge("ARCHIVE_TOO_LARGE", file=name, limit=f"{bounds.members} files")
    if sum(info.file_size for info in infos) > most:
        raise TooLarge("ARCHIVE_TOO_LARGE", file=name, limit=f"{most} bytes")
    if any(info.flag_bits & 1 for info in infos):
        raise Invalid("ARCHIVE_ENCRYPTED", file=name)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, most: int) -> Callable[[], BinaryIO]:
    def opened() -> BinaryIO:
        try:
            return _buffered(cast(BinaryIO, archive.open(info)), most, name)
        except (zipfile.BadZipFile, NotImplementedError) as error:
            raise Invalid("ARCHIVE_BROKEN", file=name) from error

    return opened


def _buffered(stream: BinaryIO, most: int, name: str) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(cast(io.RawIOBase, _Bounded(stream, most, name)), CHUNK))


def _unnested(piece: Piece) -> Piece:
    if piece.head(4).startswith((b"\x1f\x8b", b"PK\x03\x04")):
        raise Invalid("ARCHIVE_NESTED", file=piece.name)
    return piece


def encoding(head: bytes) -> str:
    """The encoding of a text by its first bytes: marks of UTF-8 and UTF-16, then UTF-8, else the old Vietnamese page."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if head.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # A character cut in two by the end of the head is not a fault.
        return "utf-8" if error.start >= len(head) - 3 and len(head) >= CHUNK else "cp1258"
    return "utf-8"


def as_utf8(piece: Piece, spill: Path) -> Path:
    """The piece as a UTF-8 text file on disk: itself where it already is one, else a copy in ``spill``."""
    kind = encoding(piece.head())
    if piece.path is not None and kind.startswith("utf-8"):
        return piece.path
    target = spill / f"text-{len(list(spill.iterdir()))}"
    with piece.open() as source, target.open("wb") as out:
        if kind.startswith("utf-8"):
            while block := source.read(1 << 20):
                out.write(block)
        else:
            reader = io.TextIOWrapper(source, encoding=kind, errors="replace", newline="")
            while text := reader.read(1 << 20):
                out.write(text.encode())
    return target


def xml_records(stream: BinaryIO, root: str, record: str, name: str, bounds: Bounds = BOUNDS) -> Iterator[etree._Element]:
    """Each finished ``record`` element of an XML stream, in any namespace; freed when the next is asked for.

    No DTD, no entities, no network; at most ``record_bytes`` between two records, so memory stays bounded whatever is sent.
    Raises Invalid XML_FORBIDDEN, TooLarge XML_RECORD_TOO_LARGE, and lxml's XMLSyntaxError where the text is not XML.
    """
    tags = (f"{{*}}{root}", f"{{*}}{record}")
    parser = etree.XMLPullParser(events=("start", "end"), tag=tags, **safe_xml())
    since = 0
    checked = False
    while chunk := stream.read(CHUNK):
        if not checked:
            refuse_forbidden(chunk, name)
        parser.feed(chunk)
        since += len(chunk)
        for event, element in _events(parser):
            if not checked:
                refuse_doctype(element, name)
                checked = True
            if event == "end" and etree.QName(element).localname == record:
                yield element
                _free(element)
                since = 0
        if since > bounds.record_bytes:
            raise TooLarge("XML_RECORD_TOO_LARGE", file=name, limit=f"{bounds.record_bytes} bytes")
    parser.close()


def _events(parser: etree.XMLPullParser) -> Iterator[tuple[str, etree._Element]]:
    return cast(Iterator[tuple[str, etree._Element]], parser.read_events())


def safe_xml() -> dict[str, Any]:
    """Arguments for an lxml parser that expands nothing, fetches nothing and keeps libxml2's own limits on."""
    return {
        "resolve_entities": False,
        "no_network": True,
        "load_dtd": False,
        "huge_tree": False,
        "remove_comments": True,
        "remove_pis": True,
    }


def refuse_forbidden(head: bytes, name: str) -> None:
    """DOCTYPE opens the door to entities; UTF-16 hides it from a look at the bytes."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in head[:64]:
        raise Invalid("XML_FORBIDDEN", file=name, found="UTF-16")
    if b"<!DOCTYPE" in head:
        raise Invalid("XML_FORBIDDEN", file=name, found="DOCTYPE")


def refuse_doctype(element: etree._Element, name: str) -> None:
    """The same after parsing, for a DOCTYPE that stood behind the first bytes."""
    info: Any = element.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        raise Invalid("XML_FORBIDDEN", file=name, found="DOCTYPE")


def _free(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


_BARE_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9A-Fa-f]+);)")


def escape_ampersands(text: bytes) -> tuple[bytes, int]:
    """Escape every ``&`` that begins no entity; also how many there were."""
    return _BARE_AMPERSAND.subn(b"&amp;", text)


def write_manifest(folder: Path, facts: dict[str, object]) -> Path:
    """Write the manifest of a synthetic delivery; its first line says what it is."""
    notice = {"synthetic": True, "notice": "DỮ LIỆU GIẢ LẬP, không phải số liệu thật / SYNTHETIC DATA, nothing here is real"}
    path = folder / MANIFEST
    path.write_text(json.dumps(notice | facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path
