"""What holds for structures in every format alike: SDMX-ML 2.1, 3.0 and 3.1, SDMX-JSON 1.0, 2.0 and 2.1.

SDMX-CSV has no structures. Real files are tried in the same way by ``tests/interop/structure_files.py``.
"""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import Any

import pytest
import sdmx
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.sdmx.reading import structures_of
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.jsonstructures import JSON_STRUCTURES
from adapters.sdmx.writing.markup_structures import ML_STRUCTURES
from adapters.sdmx.writing.shown import Form, Shown, StructureFormat, room
from registry.document import from_document, to_document
from registry.model import (
    Artefact,
    Category,
    CategoryScheme,
    MetadataAttribute,
    MetadataStructure,
    MetadataTarget,
    ReportStructure,
    Representation,
    TargetObject,
    TargetType,
)
from registry.ref import STRUCTURES, Kind, Ref
from tests import world
from tests.drawn_artefacts import artefacts
from tests.every_kind import EVERY_OTHER
from tests.official import assert_valid, is_back
from tests.test_sdmx_structures import MORE

HEADER = Header("SEN", datetime(2025, 7, 1, tzinfo=UTC))
FORMATS = (*ML_STRUCTURES.values(), *JSON_STRUCTURES.values())
EVERY: tuple[Artefact, ...] = (*world.ARTEFACTS, *MORE, *EVERY_OTHER)
every_format = pytest.mark.parametrize("format", FORMATS, ids=lambda one: f"{one.kind} {one.version}")


def back(format: StructureFormat, made: Artefact) -> Artefact | None:
    """What the format gives back of an artefact."""
    content = b"".join(format.write(HEADER, [Shown(made)]))
    assert_valid(format, content)
    message = structures_of(content)
    assert message.faults == ()
    return next(iter(message.artefacts), None)


def topics(*ids: str) -> CategoryScheme:
    items = tuple(Category(id, {"vi": f"Chủ đề {id}"}) for id in ids)
    return CategoryScheme(ref=Ref(Kind.CATEGORY_SCHEME, "SEN", "CHU_DE"), names={"vi": "Chủ đề"}, items=items)


@every_format
def test_a_tree_that_is_not_told_branch_by_branch_comes_back_in_another_order_and_that_is_said(format: StructureFormat) -> None:
    scattered = topics("NONG", "CONG", "NONG.LUA")
    assert [(one.place, one.reason) for one in format.unheld(Shown(scattered))] == [("items", "STRUCTURE_LOST_ORDER")]
    assert back(format, scattered) == topics("NONG", "NONG.LUA", "CONG")
    assert format.unheld(Shown(topics("NONG", "NONG.LUA", "CONG"))) == []


@every_format
@settings(max_examples=50, deadline=None)
@given(st.lists(st.text("AB", min_size=1, max_size=3).map(".".join), unique=True))
def test_of_any_tree_all_comes_back_but_what_is_said_to_be_lost(format: StructureFormat, ids: list[str]) -> None:
    """Also where the one above is missing, or comes later."""
    one = Shown(topics(*ids))
    lost = format.unheld(one)
    found = back(format, one.artefact)
    if all(each.reason != "STRUCTURE_LOST_ORDER" for each in lost):
        assert is_back(format, one, found)
    else:
        gone = {int(each.place[6:-1]) for each in lost if each.place != "items"}
        assert isinstance(found, CategoryScheme)
        assert {each.id for each in found.items} == {id for place, id in enumerate(ids) if place not in gone}


@every_format
def test_stubs_of_every_sort_are_given_wherever_the_whole_is(format: StructureFormat) -> None:
    """But for hierarchies in SDMX-ML 3.x, whose schema wants a code."""
    stubless = {made.ref.kind for made in EVERY if is_whole(format, Form.FULL, made) and not is_whole(format, Form.STUB, made)}
    assert stubless == ({Kind.HIERARCHY} if (format.kind, format.version[0]) == ("sdmx-ml", "3") else set())


def is_whole(format: StructureFormat, form: Form, made: Artefact) -> bool:
    return all(one.place for one in format.unheld(Shown(made, form)))


@every_format
@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(STRUCTURES).flatmap(artefacts), max_size=3))
def test_what_is_written_before_it_is_sent_says_and_loses_the_same_also_in_the_next_answer(
    format: StructureFormat, made: list[Artefact]
) -> None:
    kept = room()
    streamed = [Shown(one) for one in made]
    for _ in range(2):
        at_once = [Shown(one, room=kept) for one in made]
        assert [format.unheld(one) for one in at_once] == [format.unheld(one) for one in streamed]
        assert said(format, at_once) == said(format, streamed)


@every_format
def test_for_what_there_is_no_room_is_written_again(format: StructureFormat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.sdmx.writing.shown.TEXTS", 1000)
    kept = room()
    at_once = [Shown(one, room=kept) for one in EVERY]
    assert [format.unheld(one) for one in at_once] == [format.unheld(Shown(one)) for one in EVERY]
    assert said(format, at_once) == said(format, [Shown(one) for one in EVERY])


def said(format: StructureFormat, shown: list[Shown]) -> bytes:
    """The message but for its own id, and for the footer, which names in another order what is lost."""
    return re.sub(b"MSG[0-9a-f]{32}|<foot:Footer.*", b"", b"".join(format.write(HEADER, shown)), flags=re.DOTALL)


def test_sdmx1_reads_what_is_not_whole() -> None:
    """It takes the code of a footer for a number."""
    content = b"".join(ML_STRUCTURES["2.1"].write(HEADER, [Shown(topics("NONG", "CONG", "NONG.LUA"))]))
    found: Any = sdmx.read_sdmx(io.BytesIO(content))
    assert found.footer.code == 1406 and len(found.category_scheme["CHU_DE"]) == 3


def test_what_reports_of_2_1_are_about_is_taken_from_any_item_scheme_and_is_there_again_when_it_was_stored() -> None:
    """A category scheme says no values of data, but it does say what a report may be about."""
    looks = Representation(enumeration=topics().ref)
    subject = TargetObject(id="CHU_DE", type=TargetType.IDENTIFIABLE_OBJECT, object_type="Category", representation=looks)
    field = MetadataAttribute(id="LIEN_HE", concept_identity=Ref(Kind.CONCEPT_SCHEME, "SEN", "C").item("LIEN_HE"))
    made = MetadataStructure(
        ref=Ref(Kind.METADATA_STRUCTURE, "SEN", "BAO_CAO"),
        names={"vi": "Báo cáo"},
        targets=(MetadataTarget(id="THEO_CHU_DE", objects=(subject,)),),
        reports=(ReportStructure(id="BAO_CAO", targets=("THEO_CHU_DE",), attributes=(field,)),),
    )
    assert back(ML_STRUCTURES["2.1"], made) == made
    assert from_document(to_document(made)) == made
