"""Metadata sets in the registry: stored with their past like every artefact, and only if they fit their structure.

The structure and the report are those of :mod:`tests.metadata`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from hub.wiring import Hub
from registry.actions import put, remove
from registry.errors import LANGUAGES, Conflict, Invalid, Unfit
from registry.model import Artefact, MetadataSet, ReportedAttribute
from registry.ref import Kind, Ref
from registry.store import Store
from registry.targets import allowed
from tests import world
from tests.metadata import AGREEMENT, FLOW, REPORT, STRUCTURE, STRUCTURES

FIRST, SECOND = (datetime(2025, 7, day, 9, tzinfo=UTC) for day in (1, 2))


def store(engine: Engine, given: Iterable[Artefact], at: datetime = FIRST) -> None:
    with engine.begin() as connection:
        put(connection, given, world.act(at))


@pytest.fixture
def country(empty_hub: Hub) -> Engine:
    """Lotus Country with a structure for reports."""
    store(empty_hub.engine, STRUCTURES)
    return empty_hub.engine


def with_field(id: str, **said: Any) -> MetadataSet:
    """The report with one field said otherwise, or left out."""
    rest = tuple(one for one in REPORT.attributes if one.id != id)
    return replace(REPORT, attributes=(*rest, *((ReportedAttribute(id=id, **said),) if said else ())))


def faults(engine: Engine, report: MetadataSet) -> list[tuple[str, str]]:
    """Place and code of what is wrong with a report."""
    try:
        store(engine, [report])
    except Unfit as error:
        assert all(part.detail(lang) for _, part in error.parts for lang in LANGUAGES)
        return [(place, part.code) for place, part in error.parts]
    return []


def test_a_report_is_stored_and_its_past_can_be_read(country: Engine) -> None:
    store(country, [REPORT])
    changed = with_field("TIMELINESS", value="60")
    store(country, [changed], SECOND)
    registry = Store(country)
    assert registry.get(REPORT.ref) == changed
    assert registry.as_of(FIRST).get(REPORT.ref) == REPORT
    assert [entry.outcome.value for entry in registry.history(REPORT.ref)] == ["added", "changed"]
    assert REPORT.ref in registry.parents(world.DATAFLOW.ref)
    assert registry.search(Kind.METADATA_SET, "bao cao chat luong") == [REPORT.ref]


def test_what_a_report_is_about_stays_as_long_as_the_report(country: Engine) -> None:
    store(country, [REPORT])
    with country.begin() as connection, pytest.raises(Conflict) as refused:
        remove(connection, [world.DATAFLOW.ref], world.act(SECOND))
    assert "BAO_CAO" in refused.value.detail()
    with country.begin() as connection:
        remove(connection, [REPORT.ref], world.act(SECOND))
    assert Store(country).find(Kind.METADATA_SET) == []


def test_a_report_of_an_agreement_is_held_against_the_structure_of_its_flow(country: Engine) -> None:
    agreed = replace(with_field("ACCURACY"), metadataflow=None, provision=AGREEMENT.ref)
    assert faults(country, agreed) == [("ACCURACY", "REPORT_FIELD_MISSING")]


def test_structure_and_report_may_come_together(empty_hub: Hub) -> None:
    store(empty_hub.engine, (REPORT, *STRUCTURES))
    assert empty_hub.catalogue.get(REPORT.ref) == REPORT


def test_a_structure_does_not_turn_under_its_reports(country: Engine) -> None:
    """Unless they come anew with it."""
    store(country, [REPORT])
    less = replace(STRUCTURE, attributes=tuple(one for one in STRUCTURE.attributes if one.id != "CROPS"))
    narrow = replace(FLOW, targets=("urn:sdmx:org.sdmx.infomodel.codelist.Codelist=SEN:*(*)",))
    for made, place in ((less, "CROPS"), (narrow, "targets[0]")):
        with pytest.raises(Conflict) as refused:
            store(country, [made], SECOND)
        assert (refused.value.code, refused.value.facts["place"]) == ("REPORTS_LEFT_BEHIND", place)
    store(country, [less, with_field("CROPS")], SECOND)
    more = replace(less, attributes=(*less.attributes, STRUCTURE.attributes[2]))
    store(country, [more], SECOND)
    assert Store(country).get(STRUCTURE.ref) == more


def test_every_fault_is_told_at_once_with_its_place(country: Engine) -> None:
    wrong = replace(
        REPORT,
        attributes=(
            ReportedAttribute(id="CONTACT", value="x", children=(ReportedAttribute(id="EMAIL"), ReportedAttribute(id="FAX"))),
            ReportedAttribute(id="CROPS", value="LUA"),
            ReportedAttribute(id="CROPS", value="LUB"),
            ReportedAttribute(id="TIMELINESS", value="-1"),
        ),
    )
    assert faults(country, wrong) == [
        ("CONTACT", "REPORT_FIELD_HEADING"),
        ("CONTACT.EMAIL", "REPORT_FIELD_EMPTY"),
        ("CONTACT.FAX", "REPORT_FIELD_UNKNOWN"),
        ("CROPS[1]", "REPORT_NO_SUCH_CODE"),
        ("TIMELINESS", "REPORT_BAD_RANGE"),
        ("ACCURACY", "REPORT_FIELD_MISSING"),
    ]


@pytest.mark.parametrize(
    ("report", "place", "code"),
    [
        (with_field("TIMELINESS", value="soon"), "TIMELINESS", "REPORT_BAD_TYPE"),
        (with_field("TIMELINESS", texts={"vi": "45"}), "TIMELINESS", "REPORT_FIELD_TEXTS"),
        (with_field("CROPS", texts={"vi": "Lúa"}), "CROPS", "REPORT_FIELD_TEXTS"),
        (with_field("ACCURACY", value="x", texts={"vi": "x"}), "ACCURACY", "REPORT_FIELD_TWICE"),
        (replace(REPORT, metadataflow=None), "metadataflow", "REPORT_NO_SUBJECT"),
        (replace(REPORT, targets=()), "targets", "REPORT_NO_TARGET"),
        (replace(REPORT, targets=(world.CROP.ref,)), "targets[0]", "REPORT_TARGET_ODD"),
    ],
)
def test_a_report_that_does_not_fit_is_refused(country: Engine, report: MetadataSet, place: str, code: str) -> None:
    assert (place, code) in faults(country, report)
    assert Store(country).find(Kind.METADATA_SET) == []


def test_a_part_that_is_not_there_cannot_be_spoken_of(country: Engine) -> None:
    store(country, [replace(FLOW, targets=())], SECOND)
    for id, expected in (("LUA", []), ("LUB", [("targets[0]", "REPORT_TARGET_MISSING")])):
        assert faults(country, replace(REPORT, targets=(world.CROP.ref.item(id),))) == expected


def test_an_artefact_that_is_not_there_cannot_be_spoken_of(country: Engine) -> None:
    with pytest.raises(Invalid) as missing:
        store(country, [replace(REPORT, targets=(Ref(Kind.DATAFLOW, "SEN", "KHONG", "1.0"),))])
    assert missing.value.code == "REFERENCE_MISSING"


PATTERNS = "urn:sdmx:org.sdmx.infomodel."


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("datastructure.Dataflow=SEN:MUA(1.0)", True),
        ("datastructure.Dataflow=SEN:*(*)", True),
        ("datastructure.Dataflow=*:MUA(1.0+.0)", True),
        ("datastructure.Any=SEN:*(*)", True),
        ("datastructure.DataStructure=SEN:*(*)", False),
        ("datastructure.Dataflow=IMF:*(*)", False),
        ("datastructure.Dataflow=SEN:MUA(2.0)", False),
        ("datastructure.Dimension=SEN:MUA(1.0).*", False),
        ("anything", False),
    ],
)
def test_patterns_mean_what_they_say(pattern: str, fits: bool) -> None:
    assert allowed(world.DATAFLOW.ref, [PATTERNS + pattern]) is fits


def test_a_pattern_may_mean_parts() -> None:
    code = world.CROP.ref.item("LUA")
    assert allowed(code, [f"{PATTERNS}codelist.Code=SEN:CL_CROP(1.0).*"])
    assert allowed(code, [f"{PATTERNS}codelist.Code=SEN:*(*).LUA"])
    assert not allowed(code, [f"{PATTERNS}codelist.Code=SEN:CL_CROP(1.0).NGO", f"{PATTERNS}codelist.Codelist=SEN:*(*)"])
