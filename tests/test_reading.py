"""Files come in as people send them: packed, in old encodings, sometimes as an attack. Reading stays within its bounds."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from adapters.reading import CHUNK, Bounds, as_utf8, encoding, escape_ampersands, pieces, write_manifest, xml_records
from registry.errors import HubError, Invalid, TooLarge

SMALL = Bounds(ratio=10, members=3, piece_bytes=10_000, record_bytes=100_000, floor_bytes=1_000)


def contents(*files: Path) -> dict[str, bytes]:
    found = {}
    for piece in pieces(files):
        with piece.open() as stream:
            found[piece.name] = stream.read()
    return found


def zipped(path: Path, **members: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def packed(path: Path, text: bytes) -> Path:
    path.write_bytes(gzip.compress(text))
    return path


def test_folders_and_archives_unfold_into_named_pieces(tmp_path: Path) -> None:
    folder = tmp_path / "giao"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "a.csv").write_text("1")
    packed(folder / "b.csv.gz", b"2")
    zipped(folder / "c.zip", **{"x/d.csv": "3", "__MACOSX/x": "no"})
    (folder / ".DS_Store").write_text("no")
    write_manifest(folder, {"records": 3})
    assert contents(folder) == {"sub/a.csv": b"1", "b.csv": b"2", "c.zip/x/d.csv": b"3"}


def test_what_a_file_is_called_does_not_decide_what_it_is(tmp_path: Path) -> None:
    assert contents(packed(tmp_path / "plain.csv", b"gz inside")) == {"plain.csv": b"gz inside"}


def test_a_workbook_is_one_document_not_an_archive(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bang.xlsx", **{"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<w/>"})
    assert list(contents(path)) == ["bang.xlsx"]


def test_names_inside_an_archive_never_reach_the_disk(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", **{"../../escape.csv": "x", "/etc/absolute.csv": "y"})
    before = sorted(tmp_path.rglob("*"))
    assert len(contents(path)) == 2
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("make", "kind", "code"),
    [
        (lambda path: packed(path, b"0" * 100_000), TooLarge, "ARCHIVE_TOO_LARGE"),
        (lambda path: zipped(path, a="0" * 100_000), TooLarge, "ARCHIVE_TOO_LARGE"),
        (lambda path: zipped(path, a="", b="", c="", d=""), TooLarge, "ARCHIVE_TOO_LARGE"),
        (lambda path: packed(path, gzip.compress(b"1")), Invalid, "ARCHIVE_NESTED"),
        (lambda path: path.write_bytes(gzip.compress(bytes(range(256)) * 4)[:200]), Invalid, "ARCHIVE_BROKEN"),
        (lambda path: path.write_bytes(b"PK\x03\x04 no directory"), Invalid, "ARCHIVE_BROKEN"),
    ],
    ids=["gzip bomb", "zip bomb", "many members", "nested", "gzip cut off", "zip cut off"],
)
def test_archives_beyond_the_bounds_are_refused(
    tmp_path: Path, make: Callable[[Path], object], kind: type[HubError], code: str
) -> None:
    path = tmp_path / "x"
    make(path)
    with pytest.raises(kind) as refused:
        for piece in pieces([path], SMALL):
            with piece.open() as stream:
                stream.read()
    assert refused.value.code == code


def test_a_zip_that_lies_about_its_size_is_stopped_while_reading(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", a="0" * 50_000)
    honest = (50_000).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(honest, (10).to_bytes(4, "little")))
    with pytest.raises(Invalid) as refused:
        contents(path)
    assert refused.value.code == "ARCHIVE_BROKEN"


def test_a_locked_archive_is_named_as_such(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", a="secret")
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(Invalid) as refused:
        list(pieces([path]))
    assert refused.value.code == "ARCHIVE_ENCRYPTED"


def test_nothing_to_read_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        list(pieces([tmp_path]))
    assert refused.value.code == "DELIVERY_EMPTY"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
def test_texts_of_old_and_new_encodings_become_utf8(tmp_path: Path, codec: str) -> None:
    text = "Mã số thuế;Đà Nẵng\n" if codec != "cp1258" else "Đông Hà;ơ\n"
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(codec))
    (tmp_path / "spill").mkdir()
    (piece,) = pieces([path])
    assert as_utf8(piece, tmp_path / "spill").read_text(encoding="utf-8-sig") == text


@given(st.text(alphabet="aĐệ₫😀", min_size=1))
def test_a_character_cut_by_the_end_of_the_head_is_still_utf8(text: str) -> None:
    assert encoding((text * CHUNK).encode()[:CHUNK]) == "utf-8"


def records(text: str, bounds: Bounds = SMALL) -> list[str]:
    return [
        etree.QName(each).localname + (each.text or "")
        for each in xml_records(io.BytesIO(text.encode()), "r", "i", "f", bounds)
    ]


def test_records_are_found_in_any_namespace_and_at_any_depth() -> None:
    assert records('<r xmlns="urn:x"><a><i>1</i></a><i>2</i></r>') == ["i1", "i2"]
    assert records('<k:r xmlns:k="urn:y"><k:i>1</k:i></k:r>') == ["i1"]
    assert records("<i>1</i>") == ["i1"]


def test_a_long_file_is_read_record_by_record() -> None:
    many = "<r>" + "<i>1</i>" * 100_000 + "</r>"
    assert len(records(many)) == 100_000


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE r [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><r><i>&b;</i></r>',
        '<!DOCTYPE r SYSTEM "file:///etc/passwd"><r><i/></r>',
        "<!--" + "x" * 70_000 + "--><!DOCTYPE r [<!ENTITY a 'b'>]><r><i>&a;</i></r>",
    ],
    ids=["entities", "external", "behind a long comment"],
)
def test_doctypes_are_refused_wherever_they_stand(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        records(text)
    assert refused.value.code == "XML_FORBIDDEN"


def test_utf16_is_refused_because_it_hides_what_it_says() -> None:
    with pytest.raises(Invalid):
        list(xml_records(io.BytesIO("<r><i/></r>".encode("utf-16")), "r", "i", "f"))


def test_a_flood_without_a_record_is_stopped() -> None:
    with pytest.raises(TooLarge):
        records("<r>" + "<x>" * 10 + "y" * 300_000)


def test_only_bare_ampersands_are_escaped() -> None:
    assert escape_ampersands(b"A & B &amp; C &#38; &#x26; &nbsp; &") == (b"A &amp; B &amp; C &#38; &#x26; &amp;nbsp; &amp;", 3)


@given(st.text(alphabet="a&;#x1mplt "))
def test_after_escaping_any_text_is_xml_and_escaping_again_changes_nothing(text: str) -> None:
    once, _ = escape_ampersands(text.encode())
    assert escape_ampersands(once) == (once, 0)


def test_a_manifest_says_first_that_it_is_synthetic(tmp_path: Path) -> None:
    manifest = json.loads(write_manifest(tmp_path, {"records": 3}).read_text(encoding="utf-8"))
    assert next(iter(manifest)) == "synthetic"
    assert manifest["records"] == 3
