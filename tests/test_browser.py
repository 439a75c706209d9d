"""A reader with a browser: finds a data set, changes the selection, reads the table, sees the chart, takes the file home."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from clients.portal.texts import LANGUAGES
from hub.app import application
from hub.database import writing
from hub.settings import Settings
from hub.wiring import Hub
from registry.actions import put
from tests import metadata, world
from tests.conftest import Hands
from tests.one_database import database_url as database_url
from tests.serving import free_port, served
from tests.test_graphql_classifications import MADE
from tests.test_portal_components import FIELDS, IDEAS, PRICES, STRUCTURE
from tests.test_portal_recoded import NEW, WEIGHED

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
WIDTHS = (360, 768, 1280)
COMPARING = ("/vi/releases/SEN/MUA", "/vi/changes/SEN/MUA?from=0", "/en/revisions/SEN/MUA", "/vi/quality/SEN/MUA")
ZONES = "/codelists/SEN/CL_ZONE"
RECODED = "/data/SEN/MUA?FREQ=Q&CROP=LUA&start=2023-Q1&end=2023-Q2&to.PROVINCE=SEN:CL_PROVINCE(2.0)"
"""The harvest in the provinces of next year, of which one is an estimate (:mod:`tests.test_portal_recoded`)."""

BROWSING = (
    "/codelists",
    f"{ZONES}/2.0",
    f"{ZONES}/2.0?q=bien",
    f"{ZONES}/2.0/codes/A",
    f"{ZONES}/1.0/changes",
    f"{ZONES}/1.0/to/SEN/CL_ZONE/2.0",
    f"{ZONES}/1.0/to/SEN/CL_ZONE/2.0?view=groups",
)
"""The pages of classifications, in either language; the zones are those of :mod:`tests.test_graphql_classifications`."""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip(f"skipped, as no browser was found: install Chromium (looked for {', '.join(NAMES)})")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def settings(database_url: str, tmp_path: Path, port: int) -> Settings:
    """A hub that is known by the address it is served under, so that links to files lead to it."""
    known = {"HUB_DATA_DIR": str(tmp_path / "data"), "HUB_DATABASE_URL": database_url, "HUB_FOUR_EYES": "0"}
    return Settings.load({**known, "HUB_PUBLIC_URL": f"http://127.0.0.1:{port}"})


@pytest.fixture
def address(hub: Hub, port: int, clock: Hands) -> Iterator[str]:
    with writing(hub.engine) as connection:
        put(connection, (*MADE, NEW, WEIGHED.map), world.act(clock.now()))
    with served(application(hub), port) as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page whose scripts and styles must not be refused, and which may ask nobody but the hub."""
    page = browser.new_page(base_url=address, locale="vi-VN")
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    yield page
    page.close()
    assert said == []
    assert [url for url in asked if not url.startswith(address)] == []


def test_from_a_search_without_diacritics_to_a_file(page: Page) -> None:
    page.goto("/")
    assert page.locator("html").get_attribute("lang") == "vi"
    page.get_by_label("Tìm trong các bộ số liệu").fill("mua mang")
    page.get_by_role("button", name="Tìm kiếm").click()
    page.get_by_role("link", name="Mùa màng").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Mùa màng"

    page.locator("summary", has_text="Tỉnh").click()
    page.get_by_role("checkbox", name="Bến Đá").uncheck()
    page.get_by_role("button", name="Xem số liệu").click()
    row = page.locator("table.data tbody tr")
    assert row.count() == 1
    seen = [text.splitlines()[0] for text in row.locator("td").all_inner_texts()]
    assert seen == ["120,5", "98,25", "130", ":", "140,125"]
    assert page.locator("figure .drawing.wide svg").is_visible()
    assert page.locator("ul.legend li").all_inner_texts() == ["Lúa"]

    page.get_by_role("link", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("table.data tbody tr td").first.inner_text() == "120.5"

    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").first.click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert "140.125" in text and "LUA" in text and ",02," not in text


def test_the_page_works_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/en/data/SEN/MUA")
    page.locator("summary", has_text="Province").click()
    page.get_by_role("checkbox", name="Stone Quay").uncheck()
    page.get_by_role("button", name="Show data").click()
    assert page.locator("table.data tbody tr").count() == 1
    context.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "path",
    [
        "/vi/",
        "/vi/data/SEN/MUA",
        f"/vi{RECODED}",
        "/en/codelists/SEN/CL_PROVINCE",
        "/en/about",
        *COMPARING,
        *(f"/vi{path}" for path in BROWSING),
    ],
)
def test_pages_fit_the_screen(page: Page, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.get_by_role("heading", level=1).is_visible()


def test_the_keyboard_is_enough(page: Page) -> None:
    page.goto("/en/data/SEN/MUA")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.locator("summary", has_text="Crop").focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("checkbox", name="Maize").is_visible()


def test_another_list_of_provinces_is_chosen_by_keyboard(page: Page) -> None:
    page.goto("/vi/data/SEN/MUA")
    page.locator("summary", has_text="Tỉnh").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Chuyển sang danh mục khác").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Xem số liệu").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**to.PROVINCE=SEN**")
    assert page.locator("table.data tbody th").all_inner_texts() == ["Đồng Sen mới", "Miền Nam"]
    assert page.get_by_role("heading", name="Tỉnh: đã chuyển sang Tỉnh mới").is_visible()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_axe_finds_nothing_on_recoded_figures(page: Page, lang: str) -> None:
    assert _violations(page, f"/{lang}{RECODED}") == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_axe_finds_nothing_on_the_pages_of_classifications(page: Page, lang: str) -> None:
    """Rules of WCAG 2.2 and best practices, as axe-core knows them."""
    found = {path: _violations(page, f"/{lang}{path}") for path in BROWSING}
    assert {path: each for path, each in found.items() if each} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_axe_finds_nothing_on_what_structures_consist_of(page: Page, hub: Hub, clock: Hands, lang: str) -> None:
    with writing(hub.engine) as connection:
        put(connection, (IDEAS, PRICES, *metadata.STRUCTURES), world.act(clock.now()))
    assert [_violations(page, f"/{lang}{path}") for path in (STRUCTURE, FIELDS)] == [[], []]


@pytest.mark.parametrize("path", [STRUCTURE, FIELDS])
def test_tables_scroll_by_themselves_on_a_narrow_screen(page: Page, hub: Hub, clock: Hands, path: str) -> None:
    with writing(hub.engine) as connection:
        put(connection, (IDEAS, PRICES, *metadata.STRUCTURES), world.act(clock.now()))
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/vi{path}")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate("[...document.querySelectorAll('.scroll')].some(each => each.scrollWidth > each.clientWidth)")


def _violations(page: Page, path: str) -> list[str]:
    page.goto(path)
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in Axe().run(page).response["violations"]]


def test_a_classification_is_walked_by_keyboard(page: Page) -> None:
    page.goto("/en/codelists/SEN/CL_PROVINCE/1.0")
    page.get_by_label("Search codes or names").focus()
    for _ in range(4):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert page.get_by_role("link", name="Stone Quay").is_visible()
    page.keyboard.press("Enter")
    assert not page.get_by_role("link", name="Stone Quay").is_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/codes/01")
    assert page.get_by_role("heading", level=1).inner_text().split() == ["01", "Lotus", "Field"]


def test_classifications_are_compared_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/vi{ZONES}/1.0")
    page.get_by_role("link", name="So sánh phiên bản").click()
    page.get_by_label("So sánh với").select_option("SEN:CL_ZONE(3.0)")
    page.get_by_role("button", name="So sánh").click()
    assert page.get_by_role("heading", name="Từ CL_ZONE 1.0 sang CL_ZONE 3.0").is_visible()
    page.get_by_role("link", name="Theo bảng chuyển đổi").click()
    page.get_by_label("Mức chắc chắn").select_option("exact")
    page.get_by_role("button", name="Lọc").click()
    assert page.locator("table.links tbody tr").count() == 4
    context.close()
