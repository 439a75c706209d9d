"""The classification browser of the portal: versions, the tree, search, two versions side by side, correspondences, and the
life of a code; as links and forms, in both languages. The zones of Đất Nước Sen are those of
:mod:`tests.test_graphql_classifications`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clients.portal.texts import LANGUAGES
from hub.database import writing
from hub.wiring import Hub
from registry.actions import put
from registry.model import Code
from tests import world
from tests.browsing import Reader
from tests.conftest import Hands
from tests.one_database import database_url as database_url
from tests.test_graphql_classifications import FIRST, MADE, OLD

ZONES = "/codelists/SEN/CL_ZONE"
TABLE = f"{ZONES}/1.0/to/SEN/CL_ZONE/2.0"


@pytest.fixture
def reader(hub: Hub, clock: Hands) -> Reader:
    with writing(hub.engine) as connection:
        put(connection, MADE, world.act(clock.now()))
    return Reader(hub)


def test_a_classification_is_listed_once_with_its_versions(reader: Reader) -> None:
    page = reader.look("/en/codelists?q=zone")
    assert page.all("//h3") == ["Zones"]
    assert page.all("//ul[@class='chips']/li") == [
        "CL_ZONE 1.0 Valid until 31 December 2019",
        "CL_ZONE 2.0 Valid from 1 January 2020 to 31 December 2024",
        "CL_ZONE 3.0 Valid from 1 January 2025",
    ]
    assert page.links("//h3/a") == ["/en/codelists/SEN/CL_ZONE/3.0"]


def test_a_version_leads_to_its_neighbours_its_tables_its_variants_and_files(reader: Reader) -> None:
    page = reader.look(f"/en{ZONES}/2.0")
    assert page.all("//ol[@class='line']/li/*[1]") == ["CL_ZONE 1.0", "CL_ZONE 2.0", "CL_ZONE 3.0"]
    links = page.links("//aside//a")
    assert f"/en{ZONES}/2.0/to/SEN/CL_ZONE/1.0" in links and f"/en{ZONES}/2.0/to/SEN/CL_ZONE/3.0" in links
    assert "3 exact, 0 estimated, 1 broken" in page.one(
        "//aside//li[contains(., 'Zones 1.0') and .//a[contains(@href, '/to/')]]"
    )
    files = [link.removeprefix("https://so-lieu.example") for link in page.links("//ul[@class='files']//a")]
    assert [link.rpartition(".")[2] for link in files[:4]] == ["csv", "xlsx", "jsonld", "yml"]
    assert all(reader.get(link).status_code == 200 for link in files)
    assert "Act 2.0" in page.one("//aside/section[last()]")
    assert "/en/registry/Hierarchy/SEN/COASTS/1.0" in reader.look(f"/en{ZONES}/3.0").links("//aside//a")


@pytest.mark.parametrize("code", ["a/b", "../../etc", "a?b#c", "100%", ".", "..", "..."])
def test_whatever_a_code_is_written_with_it_has_a_page_in_both_languages(
    hub: Hub, reader: Reader, clock: Hands, code: str
) -> None:
    odd = replace(OLD, ref=replace(OLD.ref, id="CL_ODD"), items=(Code(code, {"vi": "Lạ", "en": "Odd"}),))
    with writing(hub.engine) as connection:
        put(connection, [odd], world.act(clock.now()))
    (link,) = [each for each in reader.look("/en/codelists/SEN/CL_ODD/1.0").links("//main//a") if "/codes/" in each]
    page = reader.look(link)
    assert page.one("//h1") == f"{code} Odd"
    assert reader.look(next(each for each in page.links("//header//a") if "/codes/" in each)).one("//h1") == f"{code} Lạ"


def test_codes_are_found_by_words_and_it_is_told_by_which(reader: Reader) -> None:
    page = reader.look(f"/vi{ZONES}/2.0?q=dai duong")
    (row,) = page.all("//table[contains(@class, 'likely')]/tbody/tr")
    assert row.startswith("A Biển Theo từ khóa: đại dương") and page.one("//h2[@id='codes']").startswith("1 mã gần với")
    assert page.links("//tbody//a") == [f"/vi{ZONES}/2.0/codes/A"]
    assert reader.look(f"/en{ZONES}/2.0?q=unobtainium").one("//h2[@id='codes']") == "0 codes with “unobtainium”"


def test_only_the_level_wanted_is_searched_where_there_are_several(reader: Reader, hub: Hub, clock: Hands) -> None:
    zones = replace(
        OLD, ref=replace(OLD.ref, id="CL_TREE"), annotations=(), items=(Code("X", {"vi": "Cả nước Biển"}), *OLD.items)
    )
    with writing(hub.engine) as connection:
        put(
            connection,
            [replace(zones, items=(zones.items[0], *(replace(one, parent="X", annotations=()) for one in OLD.items)))],
            world.act(clock.now()),
        )
    page = reader.look("/vi/codelists/SEN/CL_TREE?q=bien&level=2")
    assert page.all("//select[@id='level']/option[@selected]") == ["Cấp 2"]
    assert page.all("//tbody/tr/th")[0] == "C" and "X" not in page.all("//tbody/tr/th")


def test_a_list_too_long_to_tell_is_searched_letter_by_letter(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.coding.keeping.LONGEST", 1)
    page = reader.look(f"/en{ZONES}/2.0?q=sea")
    assert page.all("//ul[@class='tree']/li") == ["A Sea"] and page.one("//h2[@id='codes']") == "1 code with “sea”"


def test_two_versions_stand_side_by_side_and_what_misleads_is_marked(reader: Reader) -> None:
    page = reader.look(f"/en{ZONES}/1.0/changes")
    assert page.all("//select/option[@selected]") == ["Zones 2.0 · CL_ZONE 2.0"]
    assert page.all("//table[contains(@class, 'beside')]/tbody/tr") == [
        "A MountainsB Rivers Merged B Rivers old name, new extent",
        "C Sea Recoded A Sea code reused",
        "D Islands Split D1 Near islandsD2 Far islands",
        "– New E Sky",
    ]
    warning = page.one("//section[contains(@class, 'warning')]")
    assert "1 code now stands for something else: A." in warning and "1 code keeps both" in warning
    split = reader.look(f"/en{ZONES}/1.0/changes?to=SEN:CL_ZONE(2.0)&kind=split")
    assert len(split.all("//table[contains(@class, 'beside')]/tbody/tr")) == 1
    assert "/en/codelists/SEN/CL_ZONE/1.0/to/SEN/CL_ZONE/2.0" in page.links()


def test_the_newest_version_is_compared_with_the_one_before(reader: Reader) -> None:
    page = reader.look(f"/en{ZONES}/3.0/changes")
    assert page.one("//h2[@id='what']") == "From CL_ZONE 2.0 to CL_ZONE 3.0", "the earlier stands first"
    assert "no other version" in reader.look("/en/codelists/SEN/CL_CROP/1.0/changes").one("//main")


def test_a_correspondence_is_shown_by_codes_and_by_groups(reader: Reader) -> None:
    page = reader.look(f"/en{TABLE}")
    assert page.all("//dl[@class='tallies']/div")[:3] == ["Exact3", "Estimated1", "Broken0"]
    rows = page.all("//table[contains(@class, 'links')]/tbody/tr")
    assert rows[0] == "A Mountains n:1 merged 1 B Rivers Exact"
    assert rows[3] == "D Islands 1:n split 0.6 by population, 2019 D1 Near islands Estimated"
    assert "0,6 theo dân số, 2019" in reader.look(f"/vi{TABLE}").one("//tbody/tr[4]")
    groups = reader.look(f"/en{TABLE}?view=groups&kind=n:1")
    assert groups.one("//h2[@id='list']") == "1 group"
    (link,) = [link for link in groups.links("//tbody//a") if "group=" in link]
    assert len(reader.look(link).all("//table[contains(@class, 'links')]/tbody/tr")) == 2


@pytest.mark.parametrize(
    ("query", "count"), [("kind=1:1", 1), ("state=estimated", 2), ("q=bien", 1), ("kind=n:m", 0), ("q=zzz", 0)]
)
def test_links_are_filtered(reader: Reader, query: str, count: int) -> None:
    page = reader.look(f"/vi{TABLE}?{query}")
    assert len(page.all("//table[contains(@class, 'links')]/tbody/tr")) == count


def test_a_table_made_of_others_says_so_and_is_a_file_too(reader: Reader) -> None:
    page = reader.look(f"/en{ZONES}/1.0/to/SEN/CL_ZONE/3.0")
    assert "Made of: SEN:COR_ZONE_1_2(1.0) → SEN:COR_ZONE_2_3(1.0)" in page.one("//div[@class='page-head']")
    (made,) = [link for link in page.links("//ul[@class='files']//a") if link.endswith("/to/SEN/CL_ZONE/3.0/links.csv")]
    assert reader.get(made.removeprefix("https://so-lieu.example")).status_code == 200
    back = reader.look(f"/en{ZONES}/3.0/to/SEN/CL_ZONE/2.0")
    assert "turned round" in back.one("//div[@class='page-head']") and "unknown" in back.one("//tbody")
    on = reader.look(f"/en{ZONES}/2.0/to/SEN/CL_ZONE/3.0")
    assert on.all("//section[@aria-labelledby='ended']//li") == ["E Sky"]
    (csv,) = [link for link in on.links("//ul[@class='files']//a") if link.endswith(".csv")]
    assert reader.get(csv.removeprefix("https://so-lieu.example")).status_code == 200


def test_a_code_has_a_page_with_its_life_its_notes_and_where_it_is_elsewhere(reader: Reader) -> None:
    page = reader.look(f"/en{ZONES}/2.0/codes/A")
    assert page.one("//h1") == "A Sea" and "Zone" in page.all("//p[@class='facts']/span")
    told = page.all("//ol[contains(@class, 'life')]/li")
    assert told[0].startswith("Born") and any("Recoded" in one and "1 January 2020" in one and "Act 2.0" in one for one in told)
    assert page.all("//dl[@class='notes']/dd") == ["beaches", "lagoons", "Estuaries are sea.", "đại dương; khơi; ocean"]
    assert page.all("//section[h2[starts-with(@id, 'to-')]]//tbody/tr") == ["C Sea 1:1 1", "A Sea 1:1 1"]
    assert page.all("//dl[@class='names']/dd") == ["Biển", "Sea"]
    assert f"/en{ZONES}/1.0/codes/C" in page.links("//ol[contains(@class, 'life')]//a")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{ZONES}/1.0/codes/E", 404),
        (f"{ZONES}/1.0/to/SEN/CL_CROP/1.0", 404),
        (f"{TABLE}?kind=2:1", 400),
        (f"{TABLE}?group=X", 404),
        (f"{TABLE}?view=picture", 404),
        (f"{ZONES}/1.0/changes?to=SEN:CL_NONE(1.0)", 404),
        (f"{ZONES}/1.0/changes?kind=lost", 400),
        (f"{ZONES}/1.0?q=sea&level=9", 400),
    ],
)
def test_what_is_not_there_is_said_in_the_readers_language(reader: Reader, path: str, status: int) -> None:
    for lang in LANGUAGES:
        page = reader.look(f"/{lang}{path}", status=status)
        assert page.tree.get("lang") == lang and page.all("//h1")


def test_the_table_shown_is_the_one_stored(reader: Reader) -> None:
    page = reader.look(f"/vi{TABLE}")
    assert str(FIRST.ref) in page.one("//aside") and page.one("//aside//section[last()]/p[1]") == FIRST.names["vi"]
