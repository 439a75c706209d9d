"""Metadata messages in SDMX-JSON: reports come back as they were, or what is lost is named."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.sdmx.reading.jsonmetadata import json_metadata_sets
from adapters.sdmx.writing.jsonmetadata import json_metadata, json_metadata_unheld
from registry.model import MetadataSet, ReportedAttribute
from registry.ref import Kind, Ref
from tests.drawn_sayable import drawn
from tests.lost import without
from tests.test_sdmx_json_structures import FOLDERS, HEADER, SCHEMAS

FLOW = Ref(Kind.METADATAFLOW, "SEN", "CHAT_LUONG")
TARGET = Ref(Kind.DATAFLOW, "SEN", "MUA").urn
REPORT = MetadataSet(
    agency="SEN",
    id="BAO_CAO",
    version="1.0.0",
    names={"vi": "Báo cáo chất lượng", "en": "Quality report"},
    metadataflow=FLOW,
    targets=(TARGET,),
    publication_year="2025",
    attributes=(
        ReportedAttribute(
            id="CONTACT",
            children=(ReportedAttribute(id="EMAIL", value="so-lieu@sen.example"),),
        ),
        ReportedAttribute(id="ACCURACY", texts={"vi": "Tốt", "en": "Good"}),
    ),
)


@cache
def schema(version: str) -> Any:
    found = json.loads((SCHEMAS / FOLDERS[version] / "sdmx-json-metadata-schema.json").read_text("utf-8"))
    kind = jsonschema.validators.validator_for(found, default=jsonschema.Draft7Validator)
    return kind(found, format_checker=jsonschema.FormatChecker())


def written(version: str, *sets: MetadataSet) -> bytes:
    message = b"".join(json_metadata(version, HEADER, sets))
    problem = jsonschema.exceptions.best_match(schema(version).iter_errors(json.loads(message)))
    assert problem is None, f"{problem.json_path}: {problem.message[:300]}"
    return message


@pytest.mark.parametrize("version", ["2.0.0", "2.1.0"])
def test_a_quality_report_comes_back(version: str) -> None:
    assert json_metadata_unheld(version, REPORT) == []
    assert json_metadata_sets(written(version, REPORT)) == ((REPORT,), ())


@pytest.mark.parametrize("version", ["2.0.0", "2.1.0"])
def test_any_report_comes_back_or_what_is_lost_is_named(version: str) -> None:
    agreements = st.none() | st.just(Ref(Kind.METADATA_PROVISION_AGREEMENT, "SEN", "MPA"))

    @settings(max_examples=25, deadline=None)
    @given(drawn(MetadataSet), agreements)
    def journey(made: MetadataSet, agreement: Ref | None) -> None:
        report = replace(made, provision=agreement)
        left = without(report, json_metadata_unheld(version, report))
        assert json_metadata_sets(written(version, report)) == (() if left is None else (left,), ())

    journey()


def test_numbers_and_truth_are_read_as_their_texts() -> None:
    message = json.loads(written("2.1.0", REPORT))
    told = message["data"]["metadataSets"][0]["attributes"]
    told[0]["value"], told[1]["value"] = 12.5, True
    read, faults = json_metadata_sets(json.dumps(message).encode())
    assert [one.value for one in read[0].attributes] == ["12.5", "true"] and not faults


def test_a_wrong_report_does_not_hide_the_others() -> None:
    message = json.loads(written("2.1.0", REPORT, replace(REPORT, id="KHAC")))
    message["data"]["metadataSets"][0]["targets"] = "none"
    read, faults = json_metadata_sets(json.dumps(message).encode())
    assert [one.id for one in read] == ["KHAC"]
    assert faults[0].place == "data.metadataSets[0]" and "targets" in faults[0].error.detail()
