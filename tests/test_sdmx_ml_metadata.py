"""Metadata messages in SDMX-ML 3.0 and 3.1: reports come back as they were, or what is lost is named."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from lxml import etree

from adapters.sdmx.jsonshape.ways import NO_VALUE, Loss
from adapters.sdmx.reading.markupmetadata import markup_metadata_sets
from adapters.sdmx.writing.markupmetadata import held, markup_metadata
from registry.errors import Invalid
from registry.model import MetadataSet
from registry.ref import Kind, Ref
from tests.drawn_sayable import drawn
from tests.lost import without
from tests.test_information_model import SCHEMAS
from tests.test_sdmx_json_metadata import REPORT
from tests.test_sdmx_json_structures import HEADER

VERSIONS = {"3.0": "sdmx30", "3.1": "sdmx31"}


@cache
def schema(version: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMAS / VERSIONS[version] / "SDMXMessage.xsd"))


def written(version: str, *sets: MetadataSet) -> bytes:
    message = "".join(markup_metadata(version, HEADER, sets)).encode()
    schema(version).assertValid(etree.fromstring(message))
    return message


@pytest.mark.parametrize("version", VERSIONS)
def test_a_quality_report_comes_back(version: str) -> None:
    assert held(version, REPORT)[1] == []
    assert markup_metadata_sets(written(version, REPORT)) == ((REPORT,), ())


@pytest.mark.parametrize("version", VERSIONS)
def test_any_report_comes_back_or_what_is_lost_is_named(version: str) -> None:
    @settings(max_examples=25, deadline=None)
    @given(drawn(MetadataSet))
    def journey(made: MetadataSet) -> None:
        left = without(made, held(version, made)[1])
        if left is None:
            assert held(version, made)[0] is None
        else:
            assert markup_metadata_sets(written(version, made)) == ((left,), ())

    journey()


def test_an_agreement_has_no_place_beside_the_flow_and_none_in_the_header() -> None:
    agreed = replace(REPORT, provision=Ref(Kind.METADATA_PROVISION_AGREEMENT, "SEN", "MPA"))
    kept, lost = held("3.1", agreed)
    assert kept == REPORT and [one.place for one in lost] == ["provision"]
    assert held("3.1", replace(agreed, metadataflow=None)) == (None, [Loss("", NO_VALUE)])


def test_markup_in_a_text_stays_text() -> None:
    told = written("3.1", REPORT).replace(b'<com:Text xml:lang="vi">', b'<com:StructuredText xml:lang="vi">')
    told = told.replace("Tốt</com:Text>".encode(), b"<p>T</p></com:StructuredText>")
    ((report,), faults) = markup_metadata_sets(told)
    assert report.attributes[1].texts["vi"] == "<p>T</p>" and not faults


def test_a_wrong_report_does_not_hide_the_others() -> None:
    told = written("3.1", REPORT, replace(REPORT, id="KHAC")).replace(b'id="BAO_CAO"', b'id=""')
    read, faults = markup_metadata_sets(told)
    assert [one.id for one in read] == ["KHAC"] and [one.place for one in faults] == ["MetadataSet[0]"]
    with pytest.raises(Invalid):
        markup_metadata_sets(b"<!DOCTYPE x><x/>")
