"""Structure messages in SDMX-JSON: whatever the model can say comes back, or is named as what the format cannot hold.

The official schemas come with the test requirements.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any

import pytest
from hypothesis import given, settings

from adapters.sdmx.reading.jsonstructures import json_structures
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.jsonheader import json_error_message
from adapters.sdmx.writing.jsonstructures import JSON_STRUCTURES
from adapters.sdmx.writing.shown import Form, Lost, Shown
from registry.errors import Invalid
from registry.model import Artefact, Category, CategoryScheme, Code, Codelist, ValueItem, ValueList
from registry.ref import STRUCTURES, Kind, Ref
from tests.drawn_artefacts import artefacts
from tests.drawn_sayable import sayable
from tests.official import assert_valid, is_back, json_schema, timed
from tests.world import ARTEFACTS, DSD, PROVINCE

HEADER = Header("SEN", datetime(2025, 7, 1, tzinfo=UTC))
VERSIONS = list(JSON_STRUCTURES)


def written(version: str, *shown: Shown) -> bytes:
    """The message, which the official schema allows."""
    message = b"".join(JSON_STRUCTURES[version].write(HEADER, shown))
    assert_valid(JSON_STRUCTURES[version], message)
    return message


def back(version: str, made: Artefact) -> None:
    """What is written is read again, less what is lost."""
    message = json_structures(written(version, Shown(made)))
    assert message.faults == ()
    assert is_back(JSON_STRUCTURES[version], Shown(made), next(iter(message.artefacts), None))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", STRUCTURES)
def test_what_people_make_comes_back_or_is_named_as_lost(kind: Kind, version: str) -> None:
    @settings(max_examples=8, deadline=None)
    @given(sayable(kind))
    def journey(made: Artefact) -> None:
        back(version, made)

    journey()


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", STRUCTURES)
def test_anything_comes_back_or_is_named_as_lost(kind: Kind, version: str) -> None:
    @settings(max_examples=4, deadline=None)
    @given(artefacts(kind))
    def journey(made: Artefact) -> None:
        back(version, made)

    journey()


# What a message looks like


def data(version: str, *shown: Shown) -> Any:
    return json.loads(written(version, *shown))["data"]


def test_the_country_is_told_whole_in_every_version() -> None:
    """Only that a version of two numbers is final has no place in 2.x, where such versions never are."""
    shown = [Shown(one) for one in ARTEFACTS]
    for version in VERSIONS:
        lost = {one.place for one in chain.from_iterable(map(JSON_STRUCTURES[version].unheld, shown))}
        assert lost == (set() if version == "1.0.0" else {"is_final"})
        read = json_structures(written(version, *shown))
        assert {one.ref for one in read.artefacts} == {one.ref for one in ARTEFACTS} and read.version[:1] == version[:1]
        assert all(timed(one) in read.artefacts for one in ARTEFACTS) or version != "1.0.0"


def test_a_stub_says_who_it_is_and_where_the_whole_is() -> None:
    address = "https://sen.example/sdmx/codelist"
    (stub,) = data("2.1.0", Shown(PROVINCE, Form.STUB, address=address))["codelists"]
    assert stub == {
        "id": "CL_PROVINCE",
        "agencyID": "SEN",
        "version": "1.0",
        "name": "Tỉnh",
        "names": {"vi": "Tỉnh", "en": "Province"},
        "isExternalReference": True,
        "links": [{"rel": "self", "urn": PROVINCE.ref.urn, "href": address}],
    }
    (read,) = json_structures(written("2.1.0", Shown(PROVINCE, Form.STUB, address=address))).artefacts
    assert read.is_external_reference and read.structure_url == address


def test_a_complete_stub_says_also_what_it_is() -> None:
    described = replace(PROVINCE, descriptions={"vi": "Từ 2025", "en": "Since 2025"}, valid_from=date(2025, 7, 1), source="NSO")
    (stub,) = data("2.0.0", Shown(described, Form.COMPLETE_STUB))["codelists"]
    assert stub["descriptions"]["en"] == "Since 2025" and stub["validFrom"] == "2025-07-01T00:00:00-00:00"
    assert stub["annotations"] == [{"type": "SOURCE", "title": "NSO"}] and "codes" not in stub


@pytest.mark.parametrize("kind", STRUCTURES)
@pytest.mark.parametrize("form", [Form.STUB, Form.COMPLETE_STUB])
def test_stubs_of_every_kind_are_valid(kind: Kind, form: Form) -> None:
    @settings(max_examples=2, deadline=None)
    @given(sayable(kind))
    def journey(made: Artefact) -> None:
        for version in VERSIONS:
            written(version, Shown(made, form, address="https://sen.example/whole"))

    journey()


def test_some_of_the_codes_are_a_partial_list() -> None:
    (shown,) = data("2.1.0", Shown(PROVINCE, items=frozenset({"01"})))["codelists"]
    assert shown["isPartial"] and [code["id"] for code in shown["codes"]] == ["01"]


def test_some_of_the_categories_come_with_those_above_them() -> None:
    topics = CategoryScheme(
        ref=Ref(Kind.CATEGORY_SCHEME, "SEN", "CHU_DE"),
        names={},
        items=(Category("A"), Category("A.B"), Category("A.C"), Category("D")),
    )
    (shown,) = data("2.1.0", Shown(topics, items=frozenset({"A.C"})))["categorySchemes"]
    assert [(one["id"], [below["id"] for below in one["categories"]]) for one in shown["categories"]] == [("A", ["C"])]


def test_what_a_version_has_not_is_named_and_left_out() -> None:
    values = ValueList(ref=Ref(Kind.VALUE_LIST, "SEN", "VL"), names={"en": "Values"}, items=(ValueItem("a b"),))
    assert JSON_STRUCTURES["1.0.0"].unheld(Shown(values)) == [Lost(values.ref, "", "STRUCTURE_LOST_NO_PLACE")]
    assert data("1.0.0", Shown(values)) == {}
    assert data("2.0.0", Shown(values))["valueLists"][0]["valueItems"] == [{"id": "a b"}]


def test_a_code_that_is_no_identifier_is_left_out_alone() -> None:
    odd = replace(PROVINCE, items=(*PROVINCE.items, Code("not an id")))
    assert Lost(odd.ref, "items[4]", "STRUCTURE_LOST_NO_VALUE") in JSON_STRUCTURES["2.1.0"].unheld(Shown(odd))
    assert len(data("2.1.0", Shown(odd))["codelists"][0]["codes"]) == 4


def test_a_structure_whose_dimension_cannot_be_said_is_not_said_at_all() -> None:
    bare = replace(DSD, dimensions=(replace(DSD.dimensions[0], concept_identity=None), *DSD.dimensions[1:]))
    assert [one.place for one in JSON_STRUCTURES["2.1.0"].unheld(Shown(bare))] == [""]


def test_a_long_list_is_written_in_pieces() -> None:
    many = replace(PROVINCE, items=tuple(Code(f"C{number}") for number in range(5000)))
    pieces = list(JSON_STRUCTURES["2.1.0"].write(HEADER, [Shown(many)]))
    assert len(pieces) > 4 and max(map(len, pieces)) < 250_000
    assert json_structures(b"".join(pieces)).artefacts[0] == replace(many, is_final=False)


# Messages of others


def message(**arrays: Any) -> bytes:
    meta = {"id": "M1", "prepared": "2025-07-01T00:00:00Z", "sender": {"id": "OTHER"}, "contentLanguages": ["fr", "en"]}
    return json.dumps({"meta": meta, "data": arrays}).encode()


LIST: Any = {"id": "CL", "agencyID": "SEN", "version": "1.0.0", "name": "Liste", "codes": [{"id": "A", "name": "Un"}]}


def test_a_name_without_language_is_in_the_main_language_of_the_message() -> None:
    read = json_structures(message(codelists=[LIST]))
    (made,) = read.artefacts
    assert made.names == {"fr": "Liste"} and isinstance(made, Codelist) and made.items[0].names == {"fr": "Un"}
    assert made.is_final and (read.id, read.sender) == ("M1", "OTHER")


def test_a_name_that_stands_twice_is_refused_wherever_it_does() -> None:
    """Of the two the last would count, and the other be gone without a word (RFC 8259, 4)."""
    whole = message(codelists=[LIST])
    for said, twice in ((b'"name": "Liste"', b'"name": "Liste", "name": "Danh"'), (b'"id": "A"', b'"id": "A", "id": "B"')):
        with pytest.raises(Invalid) as refused:
            json_structures(whole.replace(said, twice))
        assert refused.value.code == "JSON_BROKEN" and "twice" in refused.value.detail("en")
    assert json_structures(b"\xef\xbb\xbf" + whole).artefacts, "names of different objects are their own"


def test_one_wrong_artefact_does_not_hide_the_others() -> None:
    wrong = {**LIST, "codes": [{"id": "A", "name": "Un"}, {"id": 7, "name": "Deux"}]}
    nameless = {name: value for name, value in LIST.items() if name != "agencyID"}
    read = json_structures(message(codelists=[wrong, LIST, nameless, 5], dataflows={}))
    assert [one.ref.id for one in read.artefacts] == ["CL"]
    assert [one.place for one in read.faults] == [
        "data.dataflows",
        "data.codelists[0]",
        "data.codelists[2]",
        "data.codelists[3]",
    ]
    assert "codes[1].id" in read.faults[1].error.detail()


def test_a_reference_that_is_none_is_a_fault_of_its_artefact() -> None:
    flow = {
        "id": "MUA",
        "agencyID": "SEN",
        "name": "Mùa",
        "structure": "urn:sdmx:org.sdmx.infomodel.codelist.Codelist=SEN:CL(1.0)",
    }
    (fault,) = json_structures(message(dataflows=[flow])).faults
    assert "structure" in fault.error.detail()


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"data": 5}', b"\xff\xfe"])
def test_what_is_no_message_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid):
        json_structures(content)


def test_what_nests_too_deep_is_a_fault() -> None:
    code: Any = {"id": "A", "name": "A"}
    for _ in range(400):
        code = {"id": "A", "name": "A", "categories": [code]}
    deep = {"id": "CS", "agencyID": "SEN", "name": "Deep", "categories": [code]}
    read = json_structures(message(categorySchemes=[deep], codelists=[LIST]))
    assert len(read.artefacts) + len(read.faults) == 2 and LIST["id"] in {one.ref.id for one in read.artefacts}


def test_an_error_is_a_message_of_its_own() -> None:
    told = json_error_message(HEADER, 404, Invalid("JSON_BROKEN", place="data", reason="x"), ("en",))
    assert json_schema("2.1.0").is_valid(json.loads(told))
    (error,) = json.loads(told)["errors"]
    assert error["code"] == 404 and error["title"] == "The SDMX-JSON message is broken" and "vi" in error["details"]
