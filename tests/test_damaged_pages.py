"""One artefact that no longer reads, and the portal: pages about others are shown and say what they leave out."""

from __future__ import annotations

import pytest

from hub.wiring import Hub
from registry.actions import put
from tests import metadata, world
from tests.browsing import Page, Reader
from tests.conftest import Hands
from tests.every_kind import REPORT, REPORTERS, REPORTS, SAID
from tests.one_database import database_url as database_url
from tests.test_registry_damaged import damage, damage_items
from tests.test_registry_store import MERGED, MERGER
from tests.test_sdmx_structures import TREE


@pytest.fixture
def served(hub: Hub, clock: Hands) -> Hub:
    """A server that has read nothing yet."""
    with hub.engine.begin() as connection:
        put(connection, (MERGED, MERGER, TREE), world.act(hub.clock.now()))
    return Hub.build(hub.settings, clock)


def missing(page: Page) -> list[str]:
    return [text.removeprefix("What is stored of the ").partition(" makes")[0] for text in page.all("//*[@role='note']/ul/li")]


@pytest.mark.parametrize(("kind", "id"), [("DataStructure", "MUA"), ("Codelist", "CL_CROP"), ("Dataflow", "MUA")])
def test_the_first_page_says_whose_figures_it_cannot_tell(served: Hub, kind: str, id: str) -> None:
    damage(served, id, kind, body="{")
    assert missing(Reader(served).look("/en/")) == [f"{kind} SEN:{id}(1.0)"]


def test_a_code_is_shown_though_its_life_cannot_be_told(served: Hub) -> None:
    damage(served, "CAY_TINH", "Hierarchy", body="{")
    page = Reader(served).look("/en/codelists/SEN/CL_PROVINCE/1.0/codes/01")
    assert missing(page) == ["Hierarchy SEN:CAY_TINH(1.0)"]
    assert "cannot be told" in page.one("//section[@aria-labelledby='life']") and "Lotus Field" in page.one("//h1")


def test_nor_where_another_version_no_longer_reads(served: Hub) -> None:
    damage(served, "CL_PROVINCE", version="2.0", body="{")
    page = Reader(served).look("/en/codelists/SEN/CL_PROVINCE/1.0/codes/01")
    assert set(missing(page)) == {"Codelist SEN:CL_PROVINCE(2.0)"}
    assert "cannot be told" in page.one("//section[@aria-labelledby='life']")
    assert Reader(served).get("/en/codelists/SEN/CL_PROVINCE/1.0/codes/NO").status_code == 404


@pytest.mark.parametrize("content", [{"body": "{"}, {"head": "[]"}])
def test_a_version_is_shown_without_one_that_no_longer_reads(served: Hub, content: dict[str, str]) -> None:
    damage(served, "CL_PROVINCE", version="2.0", **content)
    reader = Reader(served)
    assert missing(reader.look("/en/codelists/SEN/CL_PROVINCE/1.0")) == ["Codelist SEN:CL_PROVINCE(2.0)"]
    assert missing(reader.look("/en/codelists")) == ["Codelist SEN:CL_PROVINCE(2.0)"]
    for path in ("", "/codes/02", "/changes"):
        reader.look(f"/en/codelists/SEN/CL_PROVINCE/2.0{path}", status=503)


def test_an_artefact_is_shown_without_the_names_of_what_it_names(served: Hub) -> None:
    damage(served, "CL_CROP", head="[]")
    page = Reader(served).look("/en/registry/DataStructure/SEN/MUA/1.0")
    assert missing(page) == ["Codelist SEN:CL_CROP(1.0)"]
    (lost,) = [text for text in page.all("//section[@aria-labelledby='references']//li") if "CL_CROP" in text]
    assert lost.startswith("Can no longer be read")


@pytest.mark.parametrize("content", [{"body": "{"}, {"head": "[]"}])
def test_components_are_shown_without_the_words_of_their_concepts(served: Hub, content: dict[str, str]) -> None:
    damage(served, "CONCEPTS", "ConceptScheme", **content)
    page = Reader(served).look("/en/registry/DataStructure/SEN/MUA/1.0")
    assert set(missing(page)) == {"ConceptScheme SEN:CONCEPTS(1.0)"}
    lost = "Can no longer be read"
    assert page.rows("dimensions")[3:] == [
        ["3", "CROP", lost, "Crop SEN:CL_CROP(1.0)", "–"],
        ["4", "TIME_PERIOD", lost, lost, "Time"],
    ]


def test_and_without_the_name_of_their_list(served: Hub) -> None:
    damage(served, "CL_CROP", head="[]")
    page = Reader(served).look("/en/registry/DataStructure/SEN/MUA/1.0")
    assert page.rows("dimensions")[3][2:4] == ["Crop", "Can no longer be read SEN:CL_CROP(1.0)"]


def test_a_structure_whose_components_no_longer_read_has_a_page_still(served: Hub) -> None:
    damage(served, "MUA", "DataStructure", body="{")
    page = Reader(served).look("/en/registry/DataStructure/SEN/MUA/1.0")
    assert missing(page) == ["DataStructure SEN:MUA(1.0)"]
    assert page.one("//h1") == "Harvest structure" and page.all("//table[caption]") == []


def test_fields_of_reports_are_shown_without_the_words_of_their_concepts(served: Hub, clock: Hands) -> None:
    with served.engine.begin() as connection:
        put(connection, metadata.STRUCTURES, world.act(served.clock.now()))
    damage(served, "TRUONG", "ConceptScheme", body="{")
    page = Reader(Hub.build(served.settings, clock)).look("/en/registry/MetadataStructure/SEN/CHAT_LUONG/1.0")
    assert missing(page) == ["ConceptScheme SEN:TRUONG(1.0)"]
    assert page.rows("fields-1")[4] == ["ACCURACY", "Can no longer be read", "Text String In several languages", "Once"]


def test_lists_of_the_registry_name_it(served: Hub) -> None:
    damage(served, "CL_CROP", head="[]")
    reader = Reader(served)
    assert missing(reader.look("/en/registry/Codelist")) == ["Codelist SEN:CL_CROP(1.0)"]
    assert missing(reader.look("/en/registry?q=crop")) == ["Codelist SEN:CL_CROP(1.0)"]
    reader.look("/en/registry/Codelist/SEN/CL_CROP/1.0", status=503)


def test_who_maintains_what_is_told_as_far_as_it_reads(served: Hub) -> None:
    damage(served, "AGENCIES", "AgencyScheme", body="{")
    assert missing(Reader(served).look("/en/about")) == ["AgencyScheme SDMX:AGENCIES(1.0)"]


def test_a_list_whose_codes_no_longer_read_is_missing_alone(served: Hub) -> None:
    damage_items(served, "CL_CROP")
    reader = Reader(served)
    assert missing(reader.look("/en/codelists")) == ["Codelist SEN:CL_CROP(1.0)"]
    reader.look("/en/codelists/SEN/CL_CROP/1.0", status=503)


def test_a_report_that_no_longer_reads_is_missing_from_the_page_about_quality(served: Hub, clock: Hands) -> None:
    with served.engine.begin() as connection:
        put(connection, (REPORTERS, REPORT, REPORTS, SAID), world.act(served.clock.now()))
    damage(served, "METADATASET", "MetadataSet", body="{")
    page = Reader(Hub.build(served.settings, clock)).look("/en/quality/SEN/MUA")
    assert missing(page) == ["MetadataSet SEN:METADATASET(1.0)"]
