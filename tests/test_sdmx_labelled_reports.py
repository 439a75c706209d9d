"""Tables of reports with names, in every form of ``labels``: they come in again as what they were, whatever things are called.

The report is that of :mod:`tests.metadata`; names have in them what a table puts between ids and names, and between values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.sdmx.reading import StructureMessage, structures_of
from adapters.sdmx.unlabelling import bare
from adapters.sdmx.writing.csvmetadata import CSV_METADATA, Called, labelled
from adapters.sdmx.writing.shown import Shown
from adapters.sdmx.writing.table import Labels
from registry.model import Artefact, Code, MetadataSet, ReportedAttribute, ValueItem, ValueList, coded
from registry.ref import ItemRef, Kind, Ref
from tests import metadata, world
from tests.metadata import REPORT
from tests.test_sdmx_json_structures import HEADER

UNNAMED = replace(REPORT, names={"en": "BAO_CAO"})
CODES = [code.id for code in world.CROP.items]
odd = st.text(alphabet='AB:; "\n,[].|é', max_size=8)
name = odd | st.sampled_from(["LUA: Rice", "Rice; paddy", 'The "good" one', "METADATASET_ID", "CROPS", "x: y: z", "A[]"])


def named(held: Mapping[Ref, Artefact]) -> Mapping[Ref, Artefact]:
    return {**{one.ref: one for one in (*metadata.STRUCTURES, world.CROP)}, **held}


def back(report: MetadataSet, called: Called, held: Mapping[Ref, Artefact]) -> StructureMessage:
    """What comes in of a table that went out."""
    known = named(held)
    table = b"".join(labelled("2.1.0", called)(HEADER, [Shown(report)]))
    return bare(structures_of(table), lambda ref: known.get(ref) if ref is not None else None)


@pytest.mark.parametrize("how", list(Labels))
@pytest.mark.parametrize("version", CSV_METADATA)
def test_whatever_things_are_called_a_table_comes_in_again(how: Labels, version: str) -> None:
    @settings(max_examples=150, deadline=None)
    @given(st.data())
    def journey(data: st.DataObject) -> None:
        crops = data.draw(st.lists(st.sampled_from(CODES), max_size=3))
        free = data.draw(st.lists(odd.filter(bool), max_size=2))
        fields = [ReportedAttribute(id="CROPS", value=code) for code in crops]
        mails = tuple(ReportedAttribute(id="EMAIL", value=text) for text in free)
        own = (ReportedAttribute(id="CONTACT", children=mails), REPORT.attributes[1], *fields)
        report = replace(UNNAMED, attributes=own if mails else own[1:])
        if CSV_METADATA[version].unheld(Shown(report)):
            return  # a table without names does not hold it either
        refs: dict[Ref | ItemRef, str] = {one: data.draw(name) for one in (REPORT.ref, metadata.FLOW.ref, world.DATAFLOW.ref)}
        paths = [("CONTACT",), ("CONTACT", "EMAIL"), ("ACCURACY",), ("CROPS",)]
        called = Called(
            how,
            refs,
            {path: data.draw(name) for path in paths},
            {(("CROPS",), code): data.draw(name) for code in CODES},
        )
        message = back(report, called, {})
        assert (message.artefacts, message.faults) == ((report,), ())

    journey()


# Values that are any text

ANY = ValueList(
    ref=Ref(Kind.VALUE_LIST, "SEN", "VL_ANY", "1.0"),
    names={"en": "Any"},
    items=(ValueItem("A", {"en": "B"}), ValueItem("A: B", {"en": "C"}), ValueItem("C: D")),
)
FIELDS = tuple(
    replace(one, representation=coded(ANY.ref)) if one.id == "CROPS" else one for one in metadata.STRUCTURE.attributes
)
STRUCTURE = replace(metadata.STRUCTURE, attributes=FIELDS)
LIST = {ANY.ref: ANY, STRUCTURE.ref: STRUCTURE}


def chosen(value: str) -> MetadataSet:
    return replace(UNNAMED, attributes=(REPORT.attributes[1], ReportedAttribute(id="CROPS", value=value)))


@pytest.mark.parametrize("item", ANY.items, ids=lambda item: item.id)
def test_values_that_look_like_one_with_a_name_are_told_apart_by_their_names(item: Code) -> None:
    report = chosen(item.id)
    called = Called(Labels.BOTH, fields={("CROPS",): "Crops"}, codes={(("CROPS",), item.id): item.names.get("en", "")})
    assert back(report, called, LIST).artefacts == (report,)


def test_where_they_cannot_be_told_apart_the_report_is_refused_with_the_reason() -> None:
    """``A: B`` may be A, whose name is B, or the value of this text without any name."""
    nameless = replace(ANY, items=(ValueItem("A", {"en": "B"}), ValueItem("A: B")))
    called = Called(Labels.BOTH, fields={("CROPS",): "Crops"})
    message = back(chosen("A: B"), called, {**LIST, ANY.ref: nameless})
    (fault,) = message.faults
    assert (message.artefacts, fault.ref) == ((), REPORT.ref)
    assert "labels=id" in fault.error.help()


def test_a_text_that_is_no_code_stays_what_it_was() -> None:
    called = Called(Labels.BOTH, fields={("CROPS",): "Crops"})
    assert back(chosen("X: Y"), called, {}).artefacts == (chosen("X: Y"),)
