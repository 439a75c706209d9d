"""Structures in SDMX-ML 2.1, 3.0 and 3.1: every artefact comes back as it was, but for what the version is said not to hold.

The country is Sen, with the lists and structures of :mod:`tests.world`; the official schemas come with the test requirements.
"""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from adapters.sdmx.markup.artefacts import RECORDS
from adapters.sdmx.markup.grammar import VERSIONS as ELEMENTS
from adapters.sdmx.markup.grammar import Context, Out, Record, absent
from adapters.sdmx.markup.parts import record_of
from adapters.sdmx.presence import availability_constraint
from adapters.sdmx.reading.markup_structures import read_markup
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.markup_structures import ML_STRUCTURES
from adapters.sdmx.writing.shown import Form, Shown
from registry.answers import Availability
from registry.model import Artefact, Attachment, Category, CategoryScheme, Code, Maintainable
from registry.ref import STRUCTURES, Kind, Ref
from tests import world
from tests.drawn_artefacts import artefacts
from tests.drawn_sayable import sayable
from tests.official import assert_valid, is_back
from tests.proper import proper

HEADER = Header("SEN", datetime(2025, 7, 1, tzinfo=UTC))
VERSIONS = tuple(ML_STRUCTURES)


def written(version: str, *shown: Shown) -> bytes:
    """The message, which the official schema allows."""
    content = b"".join(ML_STRUCTURES[version].write(HEADER, shown))
    assert_valid(ML_STRUCTURES[version], content)
    return content


def back(version: str, one: Shown) -> Artefact | None:
    message = read_markup(io.BytesIO(written(version, one)))
    assert not message.faults, message.faults[0].error
    return next(iter(message.artefacts), None)


def comes_back(version: str, one: Shown) -> None:
    assert is_back(ML_STRUCTURES[version], one, back(version, one)), ML_STRUCTURES[version].unheld(one)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", STRUCTURES)
def test_every_artefact_comes_back_but_for_what_is_said_to_be_lost(kind: Kind, version: str) -> None:
    @settings(max_examples=10)
    @given(sayable(kind))
    def journey(made: Maintainable) -> None:
        comes_back(version, Shown(proper(made)))

    journey()


@pytest.mark.parametrize("version", VERSIONS)
@settings(max_examples=40)
@given(st.sampled_from(STRUCTURES).flatmap(artefacts))
def test_whatever_the_model_can_say_is_written_as_the_schema_wants(version: str, made: Maintainable) -> None:
    written(version, Shown(made))


# Stories


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("form", [Form.STUB, Form.COMPLETE_STUB])
def test_a_stub_comes_back_as_a_stub(form: Form, version: str) -> None:
    for made in world.ARTEFACTS:
        comes_back(version, Shown(made, form, address="https://sen.example/whole"))


def test_what_is_left_out_stands_in_the_footer_in_both_languages() -> None:
    root = etree.fromstring(written("3.0.0", Shown(world.PROVINCE)))
    texts = [text.text for text in root.iterfind(".//{*}Footer/{*}Message/{*}Text")]
    assert "Codelist SEN:CL_PROVINCE(1.0) items[1].parent: The value does not have the form that the schema wants" in texts
    assert any("lược đồ" in (text or "") for text in texts)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("tag", ["", "\0", "en_US", "tiếng Việt", "x" * 200])
def test_a_text_in_what_is_no_language_is_told_as_lost(version: str, tag: str) -> None:
    named = replace(world.PROVINCE.items[0], names={tag: "Sơn Tây", "vi": "Sơn Tây"})
    for made in (replace(world.PROVINCE, names={tag: "Tỉnh"}), replace(world.PROVINCE, items=(named,))):
        assert any("names" in one.place for one in ML_STRUCTURES[version].unheld(Shown(made)))
        written(version, Shown(made))


@pytest.mark.parametrize("version", ELEMENTS)
def test_a_part_that_need_not_be_asked_where_nothing_is_said_would_write_nothing(
    version: str,
) -> None:
    asked = 0
    for record in every_record(version):
        for part in (one for one in record.of(version).parts if one.quiet):
            silent = object.__new__(record.type)
            for name in part.fields:
                object.__setattr__(silent, name, absent(record.type, name))
            out = Out(Context(version, world.CROP.ref), "")
            part.write(silent, out)
            assert (out.attributes, "".join(out.pieces()), out.context.lost) == ([], "", []), (record.type, part)
            asked += 1
    assert asked > 100


def every_record(version: str) -> list[Record]:
    """All that are said of artefacts in a version, those inside others too."""
    found: list[Record] = []
    left = list(RECORDS.values())
    while left:
        record = left.pop()
        if all(record is not one for one in found):
            found.append(record)
            inside = (getattr(part, "form", getattr(part, "record", None)) for part in record.of(version).parts)
            left += [record_of(form) for form in inside if form is not None]
    return found


def test_a_long_list_is_written_as_it_is_asked_for() -> None:
    """The first piece is there before the last code is looked at."""
    seen: list[int] = []

    class Counted(tuple[Code, ...]):
        def __iter__(self) -> Any:
            for number, code in enumerate(super().__iter__()):
                seen.append(number)
                yield code

    codes = Counted(Code(f"C{number}", {"en": "x" * 50}) for number in range(50_000))
    pieces = ML_STRUCTURES["3.1.0"].write(HEADER, [Shown(replace(world.CROP, items=codes))])
    next(iter(pieces))
    assert 0 < len(seen) < 2_000


def test_an_artefact_with_a_fault_names_its_line_and_the_others_are_read() -> None:
    content = written("2.1", Shown(world.FREQ), Shown(world.DSD), Shown(world.DATAFLOW))
    broken = content.replace(b'position="1"', b'position="first"')
    message = read_markup(io.BytesIO(broken))
    assert {made.ref for made in message.artefacts} == {world.FREQ.ref, world.DATAFLOW.ref}
    (fault,) = message.faults
    assert fault.place == "DataStructure SEN:MUA(1.0)"
    assert fault.error.code == "STRUCTURE_BAD_PART" and fault.error.facts["found"] == "first"


def test_a_reference_that_2_1_has_no_words_for_is_a_urn() -> None:
    late = replace(world.DATAFLOW, structure=replace(world.DSD.ref, version="2+.0.0"))
    content = written("2.1", Shown(late))
    assert b"<URN>urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=SEN:MUA(2+.0.0)</URN>" in content
    comes_back("2.1", Shown(late))


def test_of_a_tree_the_parts_wanted_are_a_tree() -> None:
    ref = Ref(Kind.CATEGORY_SCHEME, "SEN", "CHU_DE")
    items = tuple(Category(id, {"vi": id}) for id in ("NONG", "NONG.LUA", "NONG.NGO", "CONG"))
    scheme = CategoryScheme(ref=ref, names={"vi": "Chủ đề"}, items=items)
    for version in VERSIONS:
        comes_back(version, Shown(scheme))
        comes_back(version, Shown(scheme, items=frozenset({"NONG", "NONG.NGO"})))


def test_what_is_there_is_no_data_constraint_in_3_1() -> None:
    found = Availability({"FREQ": ("Q",)}, {"FREQ": ("Q",)}, "2023-Q1", "2024-Q1", 2, 7)
    made = availability_constraint(world.DATAFLOW, found, {"FREQ": ("Q",)}, "TIME_PERIOD")
    root = etree.fromstring(written("3.1.0", Shown(made)))
    told = root.find(".//{*}AvailabilityConstraint")
    assert told is not None and (told.get("seriesCount"), told.get("obsCount")) == ("2", "7")
    assert root.find(".//{*}DataConstraint") is None
    assert etree.fromstring(written("3.0.0", Shown(made))).find(".//{*}DataConstraint") is not None


def test_what_is_there_is_passed_over_where_artefacts_are_read_and_said_only_of_one_thing() -> None:
    found = Availability({"FREQ": ("Q",)}, {"FREQ": ("Q",)}, "2023-Q1", "2024-Q1", 2, 7)
    made = availability_constraint(world.DATAFLOW, found, {"FREQ": ("Q",)}, "TIME_PERIOD")
    assert back("3.1.0", Shown(made)) is None
    for about in (Attachment(), Attachment(structures=(world.DATAFLOW.ref, world.DSD.ref))):
        assert b"AvailabilityConstraint" not in written("3.1.0", Shown(replace(made, attachment=about)))
