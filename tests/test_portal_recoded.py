"""Figures recoded in the portal: chosen in the form, shown in the table, and how sure they are told beneath it.

Next year the provinces of Đất Nước Sen are drawn anew (:mod:`tests.test_questions`): 01 is N1, of 02 six parts in ten go to S1
and four to N1. In one test nobody knows how much of 02 went where.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hub_client import select

from clients.portal.choice import Choice
from clients.portal.numbers import percent
from clients.portal.snippets import snippets
from hub.database import writing
from hub.wiring import Hub
from registry.actions import put
from registry.correspondence import Correspondence, Link
from registry.model import Annotation
from tests import world
from tests.browsing import Page, Reader
from tests.conftest import Hands
from tests.one_database import database_url as database_url
from tests.test_questions import NEXT, TABLE

FLOW = "/data/SEN/MUA?FREQ=Q&CROP=LUA&start=2023-Q1&end=2023-Q2"
RECODED = f"{FLOW}&to.PROVINCE=SEN:CL_PROVINCE(2.0)"
WHOLE = (Link("_T", "_T"), Link("01", "N1"))
WEIGHED = replace(
    TABLE,
    links=(*WHOLE, Link("02", "S1", "0.6"), Link("02", "N1", "0.4")),
    basis="population",
    period="2024",
    source="Census of the Land of Lotus / Tổng điều tra Đất Nước Sen",
)
BLIND = replace(TABLE, links=(*WHOLE, Link("02", "S1"), Link("02", "N1")))
NEW = replace(NEXT, names={"vi": "Tỉnh mới", "en": "New provinces"})


def reader(hub: Hub, clock: Hands, table: Correspondence) -> Reader:
    with writing(hub.engine) as connection:
        put(connection, (NEW, table.map), world.act(clock.now()))
    return Reader(hub)


def beneath(page: Page) -> str:
    return page.one("//section[@class='told-of']")


def test_the_form_offers_the_lists_there_is_a_way_to(hub: Hub, clock: Hands) -> None:
    page = reader(hub, clock, WEIGHED).look(f"/vi{RECODED}")
    choices = page.tree.xpath("//select[@name='to.PROVINCE']/option/@value")
    assert choices == ["", "SEN:CL_PROVINCE(2.0)"]
    assert page.all("//select[@name='to.PROVINCE']/option[@selected]") == ["Tỉnh mới · SEN:CL_PROVINCE(2.0)"]
    assert page.tree.xpath("//select[@name='to.CROP']") == [], "crops have no correspondence"


def test_the_table_is_in_the_new_codes_and_marks_what_is_estimated(hub: Hub, clock: Hands) -> None:
    page = reader(hub, clock, WEIGHED).look(f"/vi{RECODED}")
    assert page.table() == [
        ["Tỉnh", "Quý 1/2023", "Quý 2/2023"],
        ["Đồng Sen mới", "152,51", "98,25"],
        ["Miền Nam", "481", ".."],
    ]
    assert page.one("//li[@id='note-1']") == "Ước tính: một phần được tách theo tỷ trọng hoặc theo quy ước."


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        (
            "vi",
            [
                "Tỉnh: đã chuyển sang Tỉnh mới",
                "Chính xác 32,89 %",
                "Ước tính 67,11 %",
                "dân số, 2024, Tổng điều tra Đất Nước Sen",
            ],
        ),
        (
            "en",
            [
                "Province: recoded to New provinces",
                "Exact 32.89 %",
                "Estimated 67.11 %",
                "population, 2024, Census of the Land of Lotus",
            ],
        ),
    ],
)
def test_beneath_it_stand_the_shares_and_the_weights(hub: Hub, clock: Hands, lang: str, told: list[str]) -> None:
    """Of 298.75 thousand tonnes 98.25 come as a whole; 120.5 and 80 go into figures of which a part is estimated."""
    text = beneath(reader(hub, clock, WEIGHED).look(f"/{lang}{RECODED}")).replace("\N{NO-BREAK SPACE}", " ")
    assert [each for each in told if each not in text] == []
    assert "SEN:COR(1.0)" in text


def test_what_nobody_can_part_has_no_value_and_is_named(hub: Hub, clock: Hands) -> None:
    page = reader(hub, clock, BLIND).look(f"/en{RECODED}")
    assert page.table()[1:] == [["New Lotus", ":1", "98.25"], ["South", ":1", ".."]]
    assert "what they go into has no value: 02" in beneath(page)
    assert "Broken, without a value 67.11" in beneath(page)


def test_what_cannot_be_recoded_is_shown_as_it_is_with_the_reason(hub: Hub, clock: Hands) -> None:
    page = reader(hub, clock, WEIGHED).look(f"/vi{FLOW}&to.PROVINCE=SEN:CL_CROP(1.0)")
    assert page.one("//div[@role='note']//h2") == "Không chuyển được sang danh mục đã chọn"
    assert page.table()[1][0] == "Đồng Sen"
    assert any("to.PROVINCE" not in link for link in page.links("//div[@role='note']//a"))


def test_codes_outside_their_time_are_told_under_the_table(hub: Hub, clock: Hands) -> None:
    late = Annotation(type="CLASSIFICATION", title="PROVINCE")
    dated = replace(world.PROVINCE, is_final=False, valid_from=date(2023, 4, 1), annotations=(late,))
    with writing(hub.engine) as connection:
        put(connection, (dated,), world.act(clock.now()))
    page = Reader(hub).look(f"/vi{FLOW}")
    assert "01" in beneath(page) and "Mã ngoài thời hạn hiệu lực" in beneath(page)


def test_the_choice_stands_in_the_address_and_in_the_code_to_copy() -> None:
    choice = Choice.read([("to.PROVINCE", "SEN:CL_PROVINCE(2.0)"), ("to.NOWHERE", "x")], ["PROVINCE"])
    assert choice.query() == "?to.PROVINCE=SEN:CL_PROVINCE%282.0%29"
    selection = choice.selection([])
    assert selection == select(recode={"PROVINCE": "SEN:CL_PROVINCE(2.0)"})
    python, graphql = snippets("SEN:MUA(1.0)", selection, None, "https://so-lieu.example", "vi")
    assert "recode={'PROVINCE': 'SEN:CL_PROVINCE(2.0)'}" in python.code
    assert '"to": "SEN:CL_PROVINCE(2.0)"' in graphql.code


@pytest.mark.parametrize(
    ("share", "shown"),
    [("1", "100.00 %"), ("0", "0.00 %"), ("0.99999", "> 99.99 %"), ("0.00001", "< 0.01 %"), ("0.5", "50.00 %")],
)
def test_a_share_that_is_not_all_never_looks_like_all(share: str, shown: str) -> None:
    assert percent(share, "en").replace("\N{NO-BREAK SPACE}", " ") == shown
