"""The portal as its readers meet it, in both languages: finding, choosing, reading, citing, downloading."""

from __future__ import annotations

import ast
import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from string import Formatter

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.portal.choice import CONTROLS, Choice
from clients.portal.texts import LANGUAGES, catalogue, preferred
from clients.portal.visitor import HERE
from hub.access import LOCAL_ADMINISTRATOR
from hub.app import application
from hub.wiring import Hub
from registry.actions import put
from registry.model import coded
from registry.ref import Kind, Ref
from tests import world
from tests.browsing import Reader
from tests.conftest import Hands, publish
from tests.one_database import database_url as database_url

FLOW = "/data/SEN/MUA"


@pytest.fixture
def reader(hub: Hub) -> Reader:
    return Reader(hub)


# The first page


@pytest.mark.parametrize(("asked", "lang"), [("", "vi"), ("en-GB,en;q=0.9", "en"), ("en;q=0.5,vi;q=0.8", "vi"), ("fr", "vi")])
def test_visitors_are_led_to_their_language(reader: Reader, asked: str, lang: str) -> None:
    response = reader.get("/", **({"Accept-Language": asked} if asked else {}))
    assert (response.status_code, response.headers["location"]) == (302, f"/{lang}/")


@pytest.mark.parametrize("header", ["vi;q=", "en;q=x", ",,;", "vi-VN-x;q=1;q=2", "*"])
def test_any_header_leads_somewhere(header: str) -> None:
    assert preferred(header) in LANGUAGES


def test_the_list_tells_what_there_is_and_when_it_was_released(reader: Reader) -> None:
    page = reader.look("/vi/")
    assert page.tree.get("lang") == "vi"
    card = page.one("//li[@class='card']")
    assert "Mùa màng" in card and "Sản lượng theo tỉnh và cây trồng." in card
    assert "Công bố lần 1, 01/07/2025" in card and "4 chuỗi, 9 số liệu" in card
    assert "Release 1, 1 July 2025" in reader.look("/en/").one("//li[@class='card']")


@pytest.mark.parametrize("words", ["mua mang", "MÙA", "harvest"])
def test_search_needs_no_diacritics(reader: Reader, words: str) -> None:
    assert reader.look(f"/vi/?q={words}").all("//li[@class='card']//h3") == ["Mùa màng"]


def test_a_search_without_result_says_what_to_try(reader: Reader) -> None:
    page = reader.look("/en/?q=unobtainium")
    assert page.all("//li[@class='card']") == []
    assert "No data set was found with “unobtainium”." in page.one("//h2[@id='results']")


def test_what_a_visitor_types_is_shown_as_text(reader: Reader) -> None:
    page = reader.look('/en/?q="><script>alert(1)</script>')
    assert page.tree.xpath("//script[not(@src)]") == []
    assert "<script>alert" in page.one("//h2[@id='results']")


# A dataflow


def test_the_first_view_is_a_table_and_a_chart_of_recent_figures_of_one_unit(reader: Reader) -> None:
    page = reader.look(f"/vi{FLOW}")
    assert page.table() == [
        ["Tỉnh", "Quý 1/2023", "Quý 2/2023", "Quý 3/2023", "Quý 4/2023", "Quý 1/2024"],
        ["Đồng Sen", "120,5", "98,25", "130", ":", "140,125"],
        ["Bến Đá", "80", "..", "81", "..", ".."],
    ]
    assert page.all("//dl[@class='context']//dd") == ["Quý", "Lúa"]
    assert len(page.tree.xpath("//figure//svg")) == 2
    assert page.all("//ul[@class='legend']/li") == ["Đồng Sen", "Bến Đá"]
    assert "nghìn tấn" in page.one("//section[@id='table']//p[contains(., 'Đơn vị')]")


def test_a_choice_stands_in_the_address_and_is_what_is_shown(reader: Reader) -> None:
    page = reader.look(f"/en{FLOW}?FREQ=Q&PROVINCE=01&start=2023-Q3&end=2023-Q4")
    assert page.table() == [
        ["Crop", "Q3 2023", "Q4 2023"],
        ["Rice", "130", ":"],
    ]
    chosen = page.tree.xpath("//input[@type='checkbox'][@checked]/@value")
    assert chosen == ["Q", "01"]


def test_missing_figures_have_symbols_and_never_look_like_zero(reader: Reader) -> None:
    page = reader.look(f"/en{FLOW}?FREQ=Q&CROP=LUA")
    assert page.all("//div[@class='symbols']//li") == [
        ".. no observation for this period",
        ": observation without a value",
    ]
    without = page.tree.xpath("//table[contains(@class, 'data')]//td[not(@data-value)]/span/@title")
    assert set(without) == {"no observation for this period", "observation without a value"}


def test_a_status_is_marked_and_explained(reader: Reader) -> None:
    page = reader.look(f"/vi{FLOW}?FREQ=Q&CROP=NGO")
    assert page.table()[1] == ["Ngô", "15,1P"]
    assert "P Sơ bộ" in page.all("//div[@class='symbols']//li")


def test_the_long_layout_has_a_row_for_each_observation(reader: Reader) -> None:
    page = reader.look(f"/en{FLOW}?FREQ=Q&PROVINCE=02&layout=long")
    assert page.table() == [["Crop", "Period", "Value"], ["Rice", "Q1 2023", "80"], ["Rice", "Q3 2023", "81"]]


def test_codes_that_give_nothing_with_the_rest_are_marked(reader: Reader) -> None:
    page = reader.look(f"/en{FLOW}?PROVINCE=02&CROP=NGO")
    assert "There are no data for this selection" in page.one("//div[@id='table']/h2")
    assert "Maize NGO (no data with this selection)" in page.all("//label[contains(@class, 'option')]")


def test_switching_the_language_keeps_the_place(reader: Reader) -> None:
    page = reader.look(f"/vi{FLOW}?FREQ=Q&CROP=LUA")
    (address,) = page.links("//nav[@class='languages']/a[@hreflang='en']")
    assert address == f"/en{FLOW}?FREQ=Q&CROP=LUA"
    assert reader.look(address).table()[1][0] == "Lotus Field"


def test_every_way_to_the_data_gives_this_selection(reader: Reader) -> None:
    page = reader.look(f"/en{FLOW}?FREQ=Q&PROVINCE=02")
    csv, sdmx = page.links("//section[@id='download']//div[@class='downloads']/div[1]//a")
    assert csv.startswith("https://so-lieu.example/sdmx/")
    text = reader.get(csv.removeprefix("https://so-lieu.example")).text
    assert text.count("\n") == 3 and "80" in text and "140.125" not in text
    assert "<" in reader.get(sdmx.removeprefix("https://so-lieu.example")).text
    python, r, curl, graphql = page.all("//section[@id='code']//code")
    assert csv in curl and csv in r
    assert '"PROVINCE"' in graphql and ast.parse(page.tree.xpath("//section[@id='code']//code")[0].text_content())
    assert 'HubClient("https://so-lieu.example", lang="en")' in python


def test_the_python_snippet_runs(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    class Recorder:
        def __init__(self, *_: object, **__: object) -> None: ...
        def __enter__(self) -> Recorder:
            return self

        def __exit__(self, *_: object) -> None: ...
        def rows(self, ref: str, question: object) -> list[object]:
            asked.extend((ref, question))
            return []

    monkeypatch.setattr("hub_client.HubClient", Recorder)
    page = reader.look(f"/en{FLOW}?FREQ=Q&PROVINCE=01&PROVINCE=02&last=2")
    exec(page.tree.xpath("//section[@id='code']//code")[0].text_content(), {})
    assert asked[0] == "SEN:MUA(1.0)"
    assert [(each.id, each.codes) for each in asked[1].dimensions] == [("FREQ", ["Q"]), ("PROVINCE", ["01", "02"])]  # type: ignore[attr-defined]


def test_the_citation_names_the_release(reader: Reader) -> None:
    notes = reader.look(f"/en{FLOW}").one("//dl[@class='notes']")
    assert "Harvest, release 1 (1 July 2025)" in notes


def test_an_earlier_release_can_be_looked_at_and_says_so(hub: Hub, clock: Hands) -> None:
    publish(hub, [world.series("Q.02.LUA", {"2023-Q1": "90"})])
    reader = Reader(hub)
    assert reader.look(f"/en{FLOW}?FREQ=Q&PROVINCE=02").table()[1] == ["Rice", "90", "81"]
    old = reader.look(f"/en{FLOW}?FREQ=Q&PROVINCE=02&release=1")
    assert old.table()[1] == ["Rice", "80", "81"]
    assert "You are looking at release 1" in old.one("//div[@role='note']/h2")


def test_made_up_figures_carry_a_banner(hub: Hub) -> None:
    assert Reader(hub).look(f"/vi{FLOW}").all("//div[contains(@class, 'warning')]") == []
    publish(hub, [world.series("Q.03.LUA", {"2023-Q1": "1"})], dataset_attributes={"COMMENT_DSET": "Synthetic sample data"})
    assert "không phải số liệu thật" in Reader(hub).look(f"/vi{FLOW}").one("//div[contains(@class, 'warning')]/h2")
    assert "Sample data" in Reader(hub).look("/en/").one("//span[@class='badge']")


@pytest.mark.parametrize(
    ("comment", "vi", "en"),
    [
        ("Sample data / Dữ liệu mẫu", "Dữ liệu mẫu", "Sample data"),
        ("Dữ liệu mẫu / Sample data", "Dữ liệu mẫu", "Sample data"),
        ("Decision 19/2025/QĐ-TTg / Quyết định 19/2025/QĐ-TTg", "Quyết định 19/2025/QĐ-TTg", "Decision 19/2025/QĐ-TTg"),
        ("Wheat / rice", "Wheat / rice", "Wheat / rice"),
        ("Lúa / đậu", "Lúa / đậu", "Lúa / đậu"),
        ("Lúa / ngô / khoai", "Lúa / ngô / khoai", "Lúa / ngô / khoai"),
    ],
)
def test_a_comment_in_both_languages_is_shown_in_that_of_the_page(hub: Hub, comment: str, vi: str, en: str) -> None:
    publish(hub, [world.series("Q.03.LUA", {"2023-Q1": "1"})], dataset_attributes={"COMMENT_DSET": comment})
    for lang, text in (("vi", vi), ("en", en)):
        assert Reader(hub).look(f"/{lang}{FLOW}").all("//dl[@class='notes']/dd[contains(., ': ')]")[0].endswith(f": {text}")


def test_a_dataflow_without_release_is_described(empty_hub: Hub) -> None:
    page = Reader(empty_hub).look(f"/en{FLOW}")
    assert "Nothing has been released yet" in page.one("//div[@class='notice']/h2")
    assert "Province PROVINCE Province SEN:CL_PROVINCE(1.0)" in page.all("//tr")


def test_what_is_under_embargo_is_not_shown(hub: Hub, clock: Hands) -> None:
    publish(hub, [world.series("Q.02.LUA", {"2023-Q1": "999"})], embargo=clock.now() + timedelta(hours=1))
    assert Reader(hub).look(f"/en{FLOW}?FREQ=Q&PROVINCE=02").table()[1] == ["Rice", "80", "81"]
    clock.pass_by(hours=2)
    assert Reader(hub).look(f"/en{FLOW}?FREQ=Q&PROVINCE=02").table()[1] == ["Rice", "999", "81"]


def test_long_lists_are_searched(hub: Hub, clock: Hands) -> None:
    """More codes than a form can carry: those at the top are offered, the others are found by their names."""
    many = [world.series(f"Q.01.C{n:03}", {"2023-Q1": str(n)}) for n in range(400)]
    named = (replace(world.CROP.items[0], id=f"C{n:03}", names={"vi": f"Giống lúa số {n}"}) for n in range(400))
    crops = replace(world.CROP, ref=Ref(Kind.CODELIST, "SEN", "CL_CROP", "2.0"), items=tuple(named))
    dimensions = tuple(
        replace(each, representation=coded(crops.ref)) if each.id == "CROP" else each for each in world.DSD.dimensions
    )
    dsd = replace(world.DSD, ref=Ref(Kind.DATA_STRUCTURE, "SEN", "MUA2", "1.0"), dimensions=dimensions)
    flow = replace(world.DATAFLOW, ref=Ref(Kind.DATAFLOW, "SEN", "MUA2", "1.0"), structure=dsd.ref)
    with hub.engine.begin() as connection:
        put(connection, (crops, dsd, flow), world.act(clock.now()))
    structure = replace(world.STRUCTURE, dataflow=flow, dsd=dsd, codelists={**world.STRUCTURE.codelists, "CROP": crops})
    draft = hub.drafts.draft(structure, many, LOCAL_ADMINISTRATOR)
    assert draft is not None
    hub.releases.approve(draft.id, LOCAL_ADMINISTRATOR)
    hub.releases.release(draft.id, LOCAL_ADMINISTRATOR, None)
    page = Reader(hub).look("/vi/data/SEN/MUA2?find.CROP=giong lua so 399&CROP=C007")
    assert "Tìm thấy 1 mục" in page.one("//p[@role='status']")
    assert page.all("//input[@name='CROP']/following-sibling::span") == ["Giống lúa số 7 C007", "Giống lúa số 399 C399"]


# Codelists, and the page for developers


def test_a_codelist_is_shown_as_a_tree(reader: Reader) -> None:
    page = reader.look("/vi/codelists/SEN/CL_PROVINCE")
    assert page.all("//ul[@class='tree']/li/a") == ["_T Cả nước"]
    assert page.all("//ul[@class='tree']/li/details/ul/li/a") == ["01 Đồng Sen", "02 Bến Đá", "03 Ấp Mới"]
    assert page.one("//details/summary") == "Các mã dưới _T"
    assert page.links("//ul[@class='tree']/li/a") == ["/vi/codelists/SEN/CL_PROVINCE/1.0/codes/_T"]


def test_a_long_codelist_with_one_code_at_the_top_is_open_below_it(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """A total alone would tell nothing. The pages go on below it."""
    monkeypatch.setattr("clients.portal.classifications.CODES", 2)
    page = reader.look("/en/codelists/SEN/CL_PROVINCE")
    assert page.all("//ul[@class='tree']//li/a/span[@class='code']") == ["_T", "01", "02"]
    (following,) = page.links("//p[@class='pager']/a")
    assert reader.look(f"/en/codelists/SEN/CL_PROVINCE{following}").all("//ul[@class='tree']//li//li/a") == ["03 New Hamlet"]


def test_one_is_singular_in_english(reader: Reader) -> None:
    assert reader.look("/en/codelists/SEN/CL_CROP?q=L").one("//h2[@id='codes']") == "1 code with “L”"
    assert reader.look("/en/codelists/SEN/CL_PROVINCE?q=0").one("//h2[@id='codes']") == "3 codes with “0”"
    assert reader.look("/vi/codelists/SEN/CL_CROP?q=L").one("//h2[@id='codes']") == "1 mã có “L”"


def test_codelists_can_be_searched(reader: Reader) -> None:
    assert reader.look("/en/codelists?q=crop").all("//ul[contains(@class, 'families')]//h3") == ["Crop"]


def test_the_page_for_developers_names_every_door_and_limit(reader: Reader) -> None:
    page = reader.look("/en/about")
    doors = page.one("//dl[@class='doors']")
    assert all(f"https://so-lieu.example{door}" in doors for door in ("/graphql", "/schema.graphql", "/sdmx/v1", "/sdmx/v2"))
    named = page.all("//table//tbody/tr/th/span")
    texts = page.all("//table//tbody/tr/th")
    assert named and all(f"limit_{name}" in catalogue() for name in named), texts
    for link in page.links("//dl[@class='doors']//a"):
        assert reader.get(link.removeprefix("https://so-lieu.example")).status_code == 200


# When something goes wrong


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/en/data/SEN/MUAA", 404, "SEN:MUAA"),
        ("/en/nowhere", 404, "This address leads nowhere."),
        (f"/en{FLOW}?CROP=LUAA", 400, "LUA"),
        (f"/en{FLOW}?start=yesterday", 400, "yesterday"),
        (f"/en{FLOW}?start=2024&end=2023", 400, "2023"),
        (f"/en{FLOW}?FREQ=Q&after=nonsense", 400, "cursor"),
        ("/en/codelists/SEN/CL_NONE", 404, "CL_NONE"),
        ("/en/codelists/SEN/CL_CROP?q=x&after=nonsense", 400, "cursor"),
        ("/en/data/not a ref/(((", 400, "not a ref"),
    ],
)
def test_errors_are_pages_that_say_what_to_do(reader: Reader, path: str, status: int, said: str) -> None:
    for lang in LANGUAGES:
        page = reader.look(path.replace("/en", f"/{lang}", 1), status)
        assert page.tree.get("lang") == lang
        assert page.one("//h1")
        assert page.links("//a[@class='button']") == [f"/{lang}/"]
    assert said in reader.get(path).text


def test_a_fault_is_a_page_too(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing a visitor does ends in a trace; the server logs it."""

    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("clients.portal.table.build", broken)

    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(app=application(hub), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://portal.example") as client:
            return await client.get(f"/vi{FLOW}")

    response = asyncio.run(go())
    assert response.status_code == 500
    assert "Trang này gặp lỗi" in response.text and "broken" not in response.text


def test_a_wrong_token_is_refused_and_told(reader: Reader) -> None:
    page = reader.look("/vi/", 401, Authorization="Bearer wrong")
    assert page.one("//h1")


@given(query=st.text(max_size=60), lang=st.sampled_from(LANGUAGES))
def test_whatever_stands_in_an_address_is_read(query: str, lang: str) -> None:
    Choice.read([("FREQ", query), ("last", query), ("release", query), (query, "x")], ["FREQ"])


NAMES = st.sampled_from(["FREQ", "CROP", "start", "last"])


@given(
    codes=st.dictionaries(NAMES, st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=3, unique=True).map(tuple)),
    last=st.none() | st.integers(0, 999),
    start=st.sampled_from(["", "2024", "2024-Q1"]),
)
def test_a_choice_survives_its_address(codes: dict[str, tuple[str, ...]], last: int | None, start: str) -> None:
    """Also where a dimension is called like one of the portal's own parameters."""
    from urllib.parse import parse_qsl

    choice = Choice(codes=codes, last=last, start=start)
    pairs = parse_qsl(choice.query().removeprefix("?"), keep_blank_values=True)
    assert Choice.read(pairs, ["FREQ", "CROP", *CONTROLS]) == choice


# What holds of every page


REGISTRY = ["/registry", "/registry?q=mua", "/registry/Codelist", "/registry/Codelist/SEN/CL_PROVINCE", "/quality/SEN/MUA"]
PROVINCES = "/codelists/SEN/CL_PROVINCE/1.0"
LISTS = ["/codelists", PROVINCES, f"{PROVINCES}?q=ben", f"{PROVINCES}/codes/01", f"{PROVINCES}/changes"]
PAGES = ["/", FLOW, f"{FLOW}?FREQ=Q&layout=long", *LISTS, *REGISTRY, "/about", "/nowhere"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_pages_can_be_used_by_everybody(reader: Reader, path: str, lang: str) -> None:
    usable(reader, path, lang)


def usable(reader: Reader, path: str, lang: str) -> None:
    """Language, title, one heading, labels for every control, scopes for every heading of a table, nothing from elsewhere."""
    response = reader.get(f"/{lang}{path}")
    page = reader.look(f"/{lang}{path}", response.status_code)
    tree = page.tree
    assert tree.get("lang") == lang and page.one("//title") and page.one("//h1")
    assert tree.xpath("//a[@class='skip']/@href") == ["#main"] and tree.xpath("//main[@id='main']")
    labelled = {label.get("for") for label in tree.xpath("//label[@for]")}
    fields = tree.xpath("//input[not(@type='checkbox')] | //select")
    assert {field.get("id") for field in fields} <= labelled
    assert all(box.getparent().tag == "label" for box in tree.xpath("//input[@type='checkbox']"))
    assert all(head.get("scope") in ("col", "row") for head in tree.xpath("//th"))
    ids = tree.xpath("//*[not(ancestor-or-self::*[name()='svg'])]/@id")
    assert len(ids) == len(set(ids))
    assert tree.xpath("//*[@style] | //style | //script[not(@src)] | //*[@onclick]") == []
    sources = tree.xpath("//script/@src | //img/@src | //link[@rel='stylesheet' or @rel='icon']/@href")
    assert all(source.startswith("/assets/") and reader.get(source).status_code == 200 for source in sources)
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy


def test_colours_of_the_legend_are_those_of_the_drawing() -> None:
    from clients.portal.drawing import COLOURS

    style = (HERE / "static" / "portal.css").read_text(encoding="utf-8")
    assert tuple(re.findall(r"\.swatch-\d \{ border-color: (#\w{6}); \}", style)) == COLOURS


# Texts


def test_both_languages_say_everything_with_the_same_facts() -> None:
    for key, texts in catalogue().items():
        assert set(texts) == set(LANGUAGES), key
        assert all(texts.values()), key
        told = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in texts.values()]
        assert told[0] == told[1] or key.startswith(("period_", "day", "kind_")), key


COMPOSED = (
    "recoded_",
    "kind_",
    "components_",
    "attached_",
    "outcome_",
    "month_",
    "period_",
    "times_",
    "limit_",
    "section_",
    "symbol_",
    "code_",
    "language_",
    "release_",
    "happened_",
    "link_",
    "basis_",
    "found_by_",
    "not_",
    "unreachable_",
    "fault_",
)
"""The beginnings of keys that are put together while a page is made."""


def test_every_text_is_used_and_every_text_used_is_there() -> None:
    files = [*HERE.glob("*.py"), *(HERE / "templates").glob("*.html")]
    source = "\n".join(path.read_text(encoding="utf-8") for path in files)
    named = set(re.findall(r"""\b(?:t|words)\("(\w+)"[,)]""", source))
    assert named - catalogue().keys() == set()
    assert [key for key in catalogue() if f'"{key}"' not in source and not key.startswith(COMPOSED)] == []
