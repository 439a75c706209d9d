"""eTax XML: a file holds one or many HSoKhaiThue; each becomes a row of text.

Reading has two ways. A file that is XML is streamed. A file that is not (``&`` unescaped, a record cut off) is cut into its
records by their tags; each is repaired where only ``&`` is wrong, and a record that still is not XML is rejected alone. Nothing
is guessed: libxml2's recovery mode would drop what it cannot read, and an amount with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from lxml import etree

from adapters.base import FILE, PLACE
from adapters.reading import BOUNDS, CHUNK, Piece, escape_ampersands, refuse_forbidden, safe_xml, xml_records
from adapters.tax.page import MARK, XmlPage
from registry.errors import Invalid, TooLarge
from registry.ports import Reject

Row = dict[str, str | None]

MAIN, HEADER, ANNEXES = "CTieuTKhaiChinh", "TTinChung", "PLuc"
EXPLANATION, EXPLAINED = "PL01_1_KHBS", "ChiTiet"


def is_etax(head: bytes) -> bool:
    """Whether the first bytes are XML at all; which XML is known only after reading."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


@dataclass(frozen=True)
class EtaxReader:
    """Reads the pieces of one source page. ``amounts``: the ct fields of the main form."""

    page: XmlPage
    amounts: frozenset[str]

    def read(self, piece: Piece) -> Iterator[Row | Reject]:
        """Rows of text and rejects, in file order. Invalid TAX_NOT_ETAX when the file holds no declaration."""
        done = 0
        try:
            with piece.open() as stream:
                for element in xml_records(stream, self.page.root, self.page.record, piece.name):
                    done += 1
                    yield self._row(element, piece.name, done, "")
        except etree.XMLSyntaxError:
            for found in self._salvage(piece, done):
                done += 1
                yield found
        if not done:
            raise Invalid("TAX_NOT_ETAX", file=piece.name, record=self.page.record)

    def _row(self, record: etree._Element, file: str, number: int, repaired: str) -> Row | Reject:
        place = f"{self.page.record} {number}"
        row: Row = {FILE: file, PLACE: place, "giai_trinh": "0"}
        if twice := self._fill(record, row):
            return Reject(file, place, "TAX_LINE_TWICE", twice)
        if etree.QName(record).namespace != self.page.namespace:
            repaired = f"{repaired} namespace".strip()
        row["sua_loi"] = repaired or None
        return row

    def _fill(self, record: etree._Element, row: Row) -> str | None:
        """Fill the row from the three parts of a record; the name of a field that stands twice with two values, if any."""
        for part in record:
            name = _local(part)
            if name == HEADER:
                twice = self._header(part, row)
            elif name == MAIN:
                twice = self._main(part, row)
            else:
                twice = None
                if name == ANNEXES:
                    row["giai_trinh"] = str(_explained(part))
            if twice:
                return twice
        return None

    def _header(self, part: etree._Element, row: Row) -> str | None:
        names = self.page.header
        for leaf in part.iter():
            name = _local(leaf)
            if name in names:
                if _clash(row, names[name], leaf.text):
                    return names[name]
            elif name == "tenDVu" and MARK in (leaf.text or ""):
                row["tong_hop"] = "1"
        return None

    def _main(self, part: etree._Element, row: Row) -> str | None:
        activity = None
        for leaf in part.iter():
            name = _local(leaf)
            if name in self.amounts:
                if name in row:
                    return name
                if value := (leaf.text or "").strip():
                    row[name] = value
            elif name == self.page.main_activity:
                activity = (leaf.text or "").strip() or None
        if row.get("nganh_nghe") is None:
            row["nganh_nghe"] = activity
        return None

    def _salvage(self, piece: Piece, skip: int) -> Iterator[Row | Reject]:
        """The records of a file that is not XML as a whole, cut out by their tags; the first ``skip`` were read already."""
        with piece.open() as stream:
            for number, (root, text) in enumerate(_cut(stream, self.page, piece.name), 1):
                if number > skip:
                    yield self._salvaged(root, text, piece.name, number)

    def _salvaged(self, root: bytes, text: bytes, file: str, number: int) -> Row | Reject:
        repaired, count = escape_ampersands(text)
        end = b"</" + re.split(rb"[\s>]", root[1:], maxsplit=1)[0] + b">" if root else b""
        try:
            refuse_forbidden(root + text, file)
            tree = etree.fromstring(root + repaired + end, etree.XMLParser(**safe_xml()))
        except etree.XMLSyntaxError:
            return Reject(file, f"{self.page.record} {number}", "TAX_RECORD_BROKEN")
        record = tree[0] if root else tree
        return self._row(record, file, number, "ampersand" if count else "")


def _local(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _clash(row: Row, field: str, text: str | None) -> bool:
    """Set the field; whether it was there already with another value. Blank is absent."""
    value = (text or "").strip() or None
    before = row.get(field)
    if value is None or before == value:
        return False
    row[field] = value
    return before is not None


def _explained(annexes: etree._Element) -> int:
    """Lines of the annex that explains an amendment."""
    for annex in annexes:
        if _local(annex) == EXPLANATION:
            return sum(1 for leaf in annex.iter() if _local(leaf) == EXPLAINED)
    return 0


def _cut(stream: BinaryIO, page: XmlPage, name: str) -> Iterator[tuple[bytes, bytes]]:
    """Each record's bytes with the start tag of the root (it declares the prefixes); in bounded memory.

    A record whose end tag is missing ends where the next one begins.
    """
    start = re.compile(rb"<(?:[\w.-]+:)?" + page.record.encode() + rb"[\s>]")
    end = re.compile(rb"</(?:[\w.-]+:)?" + page.record.encode() + rb"\s*>")
    root_tag = re.compile(rb"<(?:[\w.-]+:)?" + page.root.encode() + rb"(?:\s[^>]*)?>")
    root, kept, last = b"", b"", False
    while not last:
        chunk = stream.read(CHUNK)
        last = not chunk
        kept += chunk
        if not root and (match := root_tag.search(kept)):
            root = match.group()
        while found := _next(kept, start, end, last):
            yield root, kept[found[0] : found[1]]
            kept = kept[found[1] :]
        if len(kept) > BOUNDS.record_bytes:
            raise TooLarge("XML_RECORD_TOO_LARGE", file=name, limit=f"{BOUNDS.record_bytes} bytes")


def _next(text: bytes, start: re.Pattern[bytes], end: re.Pattern[bytes], last: bool) -> tuple[int, int] | None:
    """Where the first whole record stands; with ``last`` what is left counts as whole."""
    begin = start.search(text)
    if begin is None:
        return None
    closing = end.search(text, begin.end())
    following = start.search(text, begin.end())
    if following and (closing is None or following.start() < closing.start()):
        return begin.start(), following.start()
    if closing:
        return begin.start(), closing.end()
    return (begin.start(), len(text)) if last else None
