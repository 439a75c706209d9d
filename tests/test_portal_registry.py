"""The registry's pages of the portal, in both languages: what kinds there are, lists, and one artefact with its history."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

import pytest

from clients.portal.texts import LANGUAGES, catalogue
from hub.database import writing
from hub.wiring import Hub
from registry.actions import put
from registry.attribution import Act
from registry.ref import Kind
from tests import world
from tests.browsing import Reader
from tests.conftest import Hands
from tests.one_database import database_url as database_url

CROP = "/registry/Codelist/SEN/CL_CROP"
RENAMED = replace(world.CONCEPTS, names={"vi": "Từ vựng", "en": "<Words>"})


@pytest.fixture
def reader(hub: Hub) -> Reader:
    return Reader(hub)


def test_every_kind_has_a_word_in_both_languages() -> None:
    assert {f"kind_{kind.value}" for kind in Kind} == {key for key in catalogue() if key.startswith("kind_")}
    assert all(catalogue()[f"kind_{kind.value}"][lang] for kind in Kind for lang in LANGUAGES)


def test_one_artefact_is_called_by_the_word_for_one(reader: Reader) -> None:
    page = reader.look("/en/registry/DataStructure/SEN/MUA")
    hints = page.all("//section[@aria-labelledby='references']//span[@class='hint']")
    assert "Codelist · SEN:CL_CROP(1.0)" in hints
    assert "Data structures" in page.one("//ol[@class='crumbs']")
    assert "Codelist" in reader.look("/en/registry?q=crop").all("//p[@class='facts']/span")


def test_the_kinds_there_are_lead_to_their_lists(reader: Reader) -> None:
    page = reader.look("/vi/registry")
    assert "Luồng dữ liệu Dataflow 1" in page.all("//tbody/tr")
    assert "/vi/registry/Codelist" in page.links("//tbody//a")
    assert "Codelists Codelist 6" in reader.look("/en/registry").all("//tbody/tr")


@pytest.mark.parametrize("words", ["mua mang", "Mùa màng", "MUA"])
def test_artefacts_of_all_kinds_are_found_with_and_without_diacritics(reader: Reader, words: str) -> None:
    found = reader.look(f"/vi/registry?q={words}")
    assert "Mùa màng" in found.all("//ul[@class='lists']//h3")
    assert "/vi/registry/Dataflow/SEN/MUA/1.0" in found.links("//ul[@class='lists']//a")


def test_the_artefacts_of_a_kind_are_listed_and_searched(reader: Reader) -> None:
    assert len(reader.look("/en/registry/Codelist").all("//ul[@class='lists']//h3")) == 6
    assert reader.look("/en/registry/Codelist?q=cay trong").all("//ul[@class='lists']//h3") == ["Crop"]
    assert "No artefact was found." in reader.look("/en/registry/Codelist?q=unobtainium").one("//section")


def test_an_artefact_tells_what_it_names_and_what_names_it(reader: Reader) -> None:
    page = reader.look("/en/registry/DataStructure/SEN/MUA")
    named = page.all("//section[@aria-labelledby='references']//li/a")
    assert {"Province", "Crop", "Concepts"} <= set(named)
    assert world.CROP.ref.urn in page.one("//section[@aria-labelledby='references']")
    assert page.all("//section[@aria-labelledby='parents']//li/a") == ["Harvest"]
    assert page.one("//h2[@id='parents']") == "What names it (1)"
    assert page.all("//dl[@class='names']/dd") == ["Cấu trúc mùa màng", "Harvest structure"]
    assert "/en/codelists/SEN/CL_CROP/1.0" in reader.look(f"/en{CROP}").links("//p[@class='facts']/a")


def test_the_history_leads_to_the_artefact_as_it_stood(reader: Reader, hub: Hub, clock: Hands) -> None:
    then = clock.now()
    clock.pass_by(hours=1)
    with writing(hub.engine) as connection:
        put(connection, [RENAMED], Act(clock.now(), "An", "import words.xml", "clearer"))
    address = "/registry/ConceptScheme/SEN/CONCEPTS/1.0"
    page = reader.look(f"/en{address}")
    assert page.one("//h1") == "<Words>"
    newest, first = page.all("//div[@aria-labelledby='log']//tbody/tr")
    assert "Changed clearer" in newest and "Added" in first and "An" not in newest
    link = page.links("//div[@aria-labelledby='log']//tbody//a")[-1]
    past = reader.look(link)
    assert past.one("//h1") == "Concepts" and "As it stood at" in past.one("//div[@class='page-head']")
    assert reader.look(f"/vi{address}?at={quote(then.isoformat())}").one("//h1") == "Khái niệm"


def test_a_moment_before_there_was_anything_suggests_nothing(reader: Reader) -> None:
    page = reader.look("/en/registry/Dataflow/SEN/MUA/1.0?at=2000-01-01T00:00:00Z", status=404)
    assert "There is nothing else" in page.one("//main") and "Did you mean" not in page.one("//main")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/registry/Codelist/SEN/CL_NONE", 404),
        ("/registry/Nonsense", 400),
        ("/registry/Nonsense/SEN/CL_CROP", 400),
        (f"{CROP}?at=yesterday", 404),
        (f"{CROP}?at=2025-07-01T00:00:00", 404),
        (f"{CROP}?after=nonsense", 400),
    ],
)
def test_what_is_not_there_is_said_in_the_readers_language(reader: Reader, path: str, status: int) -> None:
    for lang in LANGUAGES:
        page = reader.look(f"/{lang}{path}", status=status)
        assert page.tree.get("lang") == lang and page.all("//h1")
