"""The portal about quality: what the reports about a data set say, in the reader's language, beside the data."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from hub.demo import REPORTS
from hub.wiring import Hub
from registry.actions import put
from registry.content import read
from registry.model import Format, MetadataSet, ReportedAttribute
from tests import world
from tests.browsing import Reader
from tests.metadata import REPORT, STRUCTURES
from tests.one_database import database_url as database_url
from tests.test_portal import usable

FLOW = "SEN/MUA"


@pytest.fixture
def reader(hub: Hub) -> Reader:
    with hub.engine.begin() as connection:
        put(connection, STRUCTURES, world.act(hub.clock.now()))
    return Reader(hub)


def store(reader: Reader, report: MetadataSet) -> None:
    hub = reader.hub
    with hub.engine.begin() as connection:
        put(connection, [report], world.act(hub.clock.now()))


@pytest.mark.parametrize(
    ("lang", "title", "heads", "said"),
    [
        ("vi", "Chất lượng", ["Liên hệ", "Độ chính xác", "Cây trồng", "Độ kịp thời"], ["Tốt; đủ", "Lúa", "45"]),
        ("en", "Quality", ["Contact", "Accuracy", "Crops", "Timeliness"], ['Good; "complete"', "Rice", "45"]),
    ],
)
def test_a_report_is_read_field_by_field_in_either_language(
    reader: Reader, lang: str, title: str, heads: list[str], said: list[str]
) -> None:
    store(reader, REPORT)
    page = reader.look(f"/{lang}/quality/{FLOW}")
    assert page.one("//h1") == title
    assert page.one("//h2") == REPORT.names[lang]
    assert ("Kỳ công bố: 2025" if lang == "vi" else "Period of publication: 2025") in page.all("//p[@class='facts']/span")
    assert page.all("//section//h3") == heads
    assert page.all("//section//h4") == [("Thư điện tử" if lang == "vi" else "Email")] * 2
    assert page.all("//div[contains(@class, 'report-field')]/p")[2:] == said


def test_the_page_is_reached_from_the_data_and_from_the_other_pages(reader: Reader) -> None:
    for page in ("data", "releases", "changes", "revisions"):
        assert f"/vi/quality/{FLOW}" in reader.look(f"/vi/{page}/{FLOW}").links("//nav[@class='tabs']/a")
    assert reader.look(f"/vi/quality/{FLOW}").one("//nav[@class='tabs']/a[@aria-current='page']") == "Chất lượng"


def test_the_registry_leads_to_where_a_report_is_read(reader: Reader) -> None:
    flow = "/vi/registry/Dataflow/SEN/MUA/1.0"
    assert f"/vi/quality/{FLOW}/1.0" not in reader.look(flow).links("//p[@class='facts']/a")
    store(reader, REPORT)
    report = f"/vi/registry/MetadataSet/{REPORT.ref.agency}/{REPORT.ref.id}/{REPORT.ref.version}"
    for page in (flow, report):
        assert f"/vi/quality/{FLOW}/1.0" in reader.look(page).links("//p[@class='facts']/a")


def test_without_a_report_the_page_says_so(reader: Reader) -> None:
    assert reader.look(f"/en/quality/{FLOW}").one("//h2") == "There is no quality report yet"
    assert reader.look("/en/quality/SEN/KHONG", status=404)


def test_what_a_report_says_is_shown_as_text_whatever_it_is(reader: Reader) -> None:
    bad = "<p>Đủ <script>alert(1)</script></p>"
    told = (
        ReportedAttribute(id="ACCURACY", texts={"vi": bad, "en": bad}, format=Format(text_type="XHTML")),
        ReportedAttribute(id="TIMELINESS", value="45"),
    )
    store(reader, replace(REPORT, attributes=told, descriptions={"vi": bad}))
    page = reader.look(f"/vi/quality/{FLOW}")
    assert not page.tree.xpath("//section//script")
    assert page.all("//div[contains(@class, 'report-field')]/p")[0] == "Đủ alert(1)"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_reports_can_be_read_by_everybody(reader: Reader, lang: str) -> None:
    """As every page; and no level of headings is left out."""
    store(reader, REPORT)
    store(reader, replace(REPORT, ref=replace(REPORT.ref, id="KHAC")))
    usable(reader, f"/quality/{FLOW}", lang)
    tree = reader.look(f"/{lang}/quality/{FLOW}").tree
    levels = [int(one.tag[1]) for one in tree.xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4]")]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_demonstration_says_that_its_figures_are_synthetic() -> None:
    for made in read(REPORTS):
        assert isinstance(made, MetadataSet)
        assert "giả lập" in made.descriptions["vi"] and "synthetic" in made.descriptions["en"]
