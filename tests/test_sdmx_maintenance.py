"""What the text on maintenance asks beyond the simple case: exact addresses, parts of nested schemes, versions that promise,
and an answer ``SubmitStructureResponse`` whenever an artefact can be told.

Source: SDMX REST 2.2, "Structural Metadata maintenance".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import orjson
import pytest
from lxml import etree

from hub.wiring import Hub
from registry.index import Index
from registry.model import Annotation, Category, CategoryScheme, Code, Codelist
from registry.ref import Kind, Ref
from tests.test_registry_damaged import damage
from tests.test_sdmx_submitting import SCHEMAS, SOIL, Office, json_message, message, told
from tests.work import at_most

HERE = "/sdmx/v2/structure"
THEMES = CategoryScheme(
    ref=Ref(Kind.CATEGORY_SCHEME, "SEN", "THEMES", "1.0"),
    names={"en": "Themes"},
    items=(
        Category("KT", {"en": "Economy"}),
        Category("KT.NN", {"en": "Farming"}, parent="KT"),
        Category("KT.CN", {"en": "Industry"}, parent="KT"),
        Category("XH", {"en": "Society"}),
    ),
)
CATTLE = Codelist(
    ref=Ref(Kind.CODELIST, "SEN", "CL_CATTLE", "1.0.0"),
    names={"en": "Cattle"},
    items=(Code("BO", {"en": "Cows"}), Code("TRAU", {"en": "Buffaloes"})),
)


@pytest.fixture
def office(empty_hub: Hub) -> Iterator[Office]:
    yield Office(empty_hub)


def as_version(version: str, *codes: Code) -> Codelist:
    return replace(CATTLE, ref=replace(CATTLE.ref, version=version), items=codes or CATTLE.items)


@pytest.mark.parametrize(
    "path", ["*/*/*/1.0", "codelist/*/CL_SOIL/1.0", "codelist/SEN/*/1.0", "codelist/SEN/CL_SOIL,CL_CROP/1.0"]
)
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_wildcard_names_nothing_that_could_be_replaced_or_deleted(office: Office, method: str, path: str) -> None:
    office.post(SOIL)
    revision = office.hub.catalogue.revision
    assert office.send(method, f"{HERE}/{path}", message(SOIL)).status_code == 400
    assert office.hub.catalogue.revision == revision


def test_a_part_of_a_scheme_says_the_rest_of_the_scheme_anew(office: Office) -> None:
    told_of = replace(SOIL, descriptions={"vi": "Cũ"}, annotations=(Annotation(id="A", title="old"),))
    office.post(told_of)
    part = replace(
        SOIL,
        names={"en": "Soils"},
        descriptions={"en": "New"},
        annotations=(Annotation(id="B", title="new"),),
        valid_from=datetime(2025, 7, 1),
        items=(Code("CAT", {"vi": "Cát mịn"}), Code("SET", {"en": "Clay"})),
        is_partial=True,
    )
    assert office.post(part) == (200, {"CL_SOIL": 200})
    now = office.hub.catalogue.get(SOIL.ref)
    assert isinstance(now, Codelist)
    assert now.names == {"vi": "Loại đất", "en": "Soils"} and now.descriptions == {"vi": "Cũ", "en": "New"}
    assert [one.id for one in now.annotations] == ["B"] and now.valid_from and not now.is_partial
    assert [item.id for item in now.items] == ["PHUSA", "CAT", "SET"]
    assert now.by_id["CAT"].names == {"vi": "Cát mịn"}, "an item that is given takes the place of the whole item"


def test_a_part_of_a_nested_scheme_brings_whole_trees(office: Office) -> None:
    office.post(THEMES)
    part = replace(THEMES, items=THEMES.items[:2], is_partial=True)
    assert office.post(part) == (200, {"THEMES": 200})
    assert office.codes(THEMES.ref) == ["KT", "KT.NN", "XH"], "the text: KT only has the categories that came with it"


def test_a_version_that_promises_less_than_changed_is_refused(office: Office) -> None:
    office.post(CATTLE)
    fewer, more = as_version("1.0.1", CATTLE.items[0]), as_version("1.0.1", *CATTLE.items, Code("NGUA"))
    assert office.post(fewer) == (409, {"CL_CATTLE": 409})
    assert office.post(as_version("1.1.0", CATTLE.items[0])) == (409, {"CL_CATTLE": 409})
    answer = office.send("POST", HERE, message(more))
    assert "1.1.0" in orjson.loads(answer.content)["data"]["results"][0]["messages"][0]["en"]
    assert office.post(as_version("1.1.0", *CATTLE.items, Code("NGUA"))) == (201, {"CL_CATTLE": 201})
    assert office.post(as_version("2.0.0", CATTLE.items[0])) == (201, {"CL_CATTLE": 201})


def test_drafts_old_numbers_and_parts_promise_nothing(office: Office) -> None:
    office.post(CATTLE, SOIL)
    draft = json_message(as_version("1.0.1-draft", Code("X", {"en": "Other"})))
    assert told(office.send("POST", HERE, draft)) == (201, {"CL_CATTLE": 201})
    assert office.post(replace(SOIL, ref=replace(SOIL.ref, version="1.1"), items=SOIL.items[:1])) == (201, {"CL_SOIL": 201})
    part = replace(as_version("1.0.2", CATTLE.items[0]), is_partial=True)
    assert office.post(part) == (201, {"CL_CATTLE": 201})


def test_what_cannot_be_compared_any_more_holds_no_new_version_back(office: Office) -> None:
    office.post(CATTLE)
    damage(office.hub, "CL_CATTLE", version="1.0.0", body="{")
    assert office.post(as_version("1.0.1", CATTLE.items[0])) == (201, {"CL_CATTLE": 201})


def test_what_is_created_alone_has_an_address(office: Office) -> None:
    home = office.hub.ports.links.path("")
    answer = office.send("POST", HERE, message(SOIL))
    assert answer.headers["location"] == f"{home}/sdmx/v2/structure/codelist/SEN/CL_SOIL/1.0"
    assert office.door.send("GET", answer.headers["location"].removeprefix(home)).status_code == 200
    assert "location" not in office.send("POST", HERE, message(SOIL)).headers
    dry = office.send("POST", "/sdmx/v1/structure?dryRun=true", message(CATTLE))
    assert "location" not in dry.headers, "a dry run makes nothing"
    at_one = office.send("POST", "/sdmx/v1/codelist", message(CATTLE))
    assert at_one.headers["location"] == f"{home}/sdmx/v1/codelist/SEN/CL_CATTLE/1.0.0"


def test_an_artefact_that_cannot_be_read_but_says_who_it_is_has_a_result(office: Office) -> None:
    broken = json_message(SOIL, CATTLE).replace('"codes":[{"id":"PHUSA"', '"codes":[{"code":"PHUSA"')
    assert told(office.send("POST", HERE, broken)) == (422, {"CL_SOIL": 422, "CL_CATTLE": 424})
    assert told(office.send("POST", f"{HERE}?partial=true", broken)) == (207, {"CL_SOIL": 422, "CL_CATTLE": 201})
    alone = json_message(SOIL).replace('"codes":[{"id":"PHUSA"', '"codes":[{"code":"PHUSA"')
    answer = office.send("POST", HERE, alone, Accept="application/xml")
    root = etree.fromstring(answer.content)
    SCHEMAS["3.1.0"].assertValid(root)
    assert answer.status_code == 422 and root.find(".//{*}SubmissionResult") is not None


def test_the_same_in_markup(office: Office) -> None:
    broken = message(SOIL, CATTLE).replace('Code id="CAT"', 'Code bez="CAT"')
    assert told(office.send("POST", HERE, broken)) == (422, {"CL_SOIL": 422, "CL_CATTLE": 424})


def test_an_agency_that_no_reference_can_name_is_the_fault_of_its_artefact(office: Office) -> None:
    strange = json_message(SOIL, CATTLE).replace('"id":"CL_CATTLE","agencyID":"SEN"', '"id":"CL_CATTLE","agencyID":"SEN..X"')
    answer = office.send("POST", f"{HERE}?partial=true", strange)
    assert told(answer) == (207, {"CL_SOIL": 201})
    assert len(orjson.loads(answer.content)["errors"]) == 1


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({}, "<a", 400),
        ({}, "", 400),
        ({"Content_Type": "image/png"}, "x", 415),
        ({"Content_Encoding": "gzip"}, "x", 415),
        ({"Content_Length": str(10**12)}, "x", 413),
        ({"Dry_Run": "yes"}, "x", 400),
        ({"Authorization": "Bearer ministry"}, "x", 403),
        ({"Authorization": "Bearer nobody"}, "x", 401),
    ],
)
def test_the_answer_speaks_of_the_artefact_that_the_address_names_whatever_is_wrong(
    office: Office, headers: dict[str, str], body: str, status: int
) -> None:
    here = f"{HERE}/codelist/SEN/CL_SOIL/1.0"
    answer = office.send("PUT", here, body, **{"Accept": "*/*", **headers})
    root = etree.fromstring(answer.content)
    SCHEMAS["3.1.0"].assertValid(root)
    assert answer.status_code == status
    assert root.findtext(".//{*}MaintainableObject") == SOIL.ref.urn
    assert {one.get("code") for one in root.iter("{*}MessageText")} == {str(status)}
    assert ("www-authenticate" in answer.headers) is (status == 401)


def test_one_artefact_is_found_without_a_look_at_all_others() -> None:
    many = [replace(CATTLE.ref, id=f"CL_{number}") for number in range(2000)]
    index = Index.of(dict.fromkeys(many, ""), {})
    with at_most(100):  # a message of thousands asks for each of them
        assert index.find(Kind.CODELIST, "SEN", "CL_7", "1.0.0") == [many[7]]


def test_an_answer_does_not_repeat_what_is_endless(office: Office) -> None:
    endless = message(SOIL).replace('agencyID="SEN"', f'agencyID="{"B" * 100_000}"').replace("Codelist ", "Kodelist ")
    assert len(office.send("POST", HERE, endless, Accept="*/*").content) < 10_000
