"""The portal about releases: when and why each was made, what changed between two, how series were revised."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.portal import numbers
from hub.access import LOCAL_ADMINISTRATOR
from hub.wiring import Hub
from registry.raw import Action
from registry.series import batch_of
from registry.staging import Delta, Removal, Staged
from tests import world
from tests.browsing import Reader
from tests.conftest import Hands, publish
from tests.one_database import database_url as database_url
from tests.test_changes_graphql import second, three_measures
from tests.world import series

FLOW = "SEN/MUA"
BASIS = {"vi": "Luật Thống kê", "en": "Statistics Law"}


@pytest.fixture
def reader(hub: Hub) -> Reader:
    return Reader(hub)


def merge(**values: str) -> Staged:
    """New figures for the rice of Lotus Field, by period: ``q1_2024``."""
    periods: dict[str, str | None] = {f"{name[3:]}-{name[:2].upper()}": value for name, value in values.items()}
    return Delta(Action.MERGE, batch_of([series("Q.01.LUA", periods)], "OBS_VALUE"))


def released(hub: Hub, *content: Staged, **how: object) -> str:
    draft = hub.drafts.draft(world.STRUCTURE, content, LOCAL_ADMINISTRATOR)
    assert draft is not None
    hub.releases.approve(draft.id, LOCAL_ADMINISTRATOR)
    return hub.releases.release(draft.id, LOCAL_ADMINISTRATOR, **how).id  # type: ignore[arg-type]


# All releases


def test_releases_stand_newest_first_with_kind_and_reason(hub: Hub, reader: Reader) -> None:
    reasons = {"vi": "Một xã báo cáo nhầm", "en": "A commune reported wrongly"}
    id_ = released(hub, merge(q2_2023="99"), correction=reasons)
    hub.ports.desk.withdraw(id_, LOCAL_ADMINISTRATOR, {"vi": "Đối chiếu lại", "en": "To be checked"})
    vietnamese, english = (reader.look(f"/{lang}/releases/{FLOW}").table() for lang in ("vi", "en"))
    assert [row[0] for row in vietnamese] == ["Lần", "3", "2", "1"]
    assert vietnamese[2][1:3] == ["01/07/2025, 09:00", "Đính chính đã rút ở lần 3Lý do: Một xã báo cáo nhầm"]
    assert english[1][2] == "Withdrawal Reason: To be checked" and english[3][2:5] == ["Release", "4", "9"]


def test_the_calendar_says_what_comes_and_which_dates_were_moved(hub: Hub, reader: Reader, clock: Hands) -> None:
    calendar = hub.ports.calendar
    entry = calendar.plan(world.DATAFLOW.ref, clock.now() + timedelta(days=2), ["2024-Q2"], BASIS, LOCAL_ADMINISTRATOR)
    moved = {"vi": "Chờ tỉnh Bến Đá", "en": "Waiting for Stone Quay"}
    calendar.move(entry.id, clock.now() + timedelta(days=3), moved, LOCAL_ADMINISTRATOR)
    coming = reader.look(f"/vi/releases/{FLOW}").one("//section[@aria-labelledby='coming']//li")
    assert coming.startswith("04/07/2025, 09:00 · Mùa màng · kỳ: Quý 2/2024Căn cứ: Luật Thống kê")
    assert "Dời sang 04/07/2025, 09:00. Lý do: Chờ tỉnh Bến Đá" in coming
    released(hub, merge(q2_2024="150"), plan=entry.id)
    assert len(reader.look(f"/en/releases/{FLOW}").table()) == 2, "it waits for its moment"
    clock.pass_by(days=4)
    page = reader.look(f"/en/releases/{FLOW}")
    assert page.all("//section[@aria-labelledby='coming']") == []
    told = page.table()[1][2]
    assert "Announced as: Harvest (Q2 2024). Legal basis: Statistics Law" in told and "Waiting for Stone Quay" in told


def test_every_release_leads_to_its_figures_and_its_changes(hub: Hub, reader: Reader) -> None:
    second(hub)
    page = reader.look(f"/en/releases/{FLOW}")
    links = page.links("//table//a")
    assert links == [
        f"/en/data/{FLOW}",
        f"/en/changes/{FLOW}?to=2",
        f"/en/data/{FLOW}?release=1",
        f"/en/changes/{FLOW}?to=1",
    ]
    for link in links:
        reader.look(link)


def test_a_dataflow_leads_to_its_releases_and_the_revisions_of_what_is_chosen(reader: Reader) -> None:
    page = reader.look(f"/vi/data/{FLOW}?FREQ=Q&PROVINCE=01&CROP=LUA&last=4&layout=long")
    assert page.all("//nav[@class='tabs']/a") == ["Số liệu", "Các lần công bố", "Có gì thay đổi", "Hiệu chỉnh", "Chất lượng"]
    assert page.links("//nav[@class='tabs']/a")[1:] == [
        f"/vi/releases/{FLOW}",
        f"/vi/changes/{FLOW}",
        f"/vi/revisions/{FLOW}?FREQ=Q&PROVINCE=01&CROP=LUA",
        f"/vi/quality/{FLOW}",
    ]


# What changed


def test_what_changed_is_told_in_words_and_numbers(hub: Hub, reader: Reader) -> None:
    second(hub)
    page = reader.look(f"/vi/changes/{FLOW}")
    assert page.table() == [
        ["Tần suất", "Tỉnh", "Cây trồng", "Kỳ", "Thay đổi", "Trước", "Sau", "Chênh lệch", "Thuộc tính"],
        ["Năm", "Đồng Sen", "Lúa", "cả chuỗi", "Đổi thuộc tính", "", "", "", "Bội số: Nghìn (bỏ)"],
        ["Quý", "Đồng Sen", "Lúa", "Quý 2/2023", "Hiệu chỉnh", "98,25", "99", "+0,75", ""],
        ["Quý", "Đồng Sen", "Lúa", "Quý 2/2024", "Thêm mới", "", "7", "", ""],
        [
            "Quý",
            "Đồng Sen",
            "Ngô",
            "Quý 1/2023",
            "Đổi thuộc tính",
            "15,1",
            "15,1",
            "",
            "Trạng thái quan sát: Sơ bộ → Bình thường",
        ],
        ["Quý", "Bến Đá", "Lúa", "Quý 1/2023", "Xóa bỏ", "80", "", "", ""],
    ]
    assert page.all("//dl[@class='tallies']//dd") == ["1", "1", "1", "1", "1"]
    assert page.one("//h2[@id='changed']") == "5 thay đổi"
    assert page.one("//ul[@class='told']/li") == "Ghi chú về bộ dữ liệu: Số liệu thử → Đã sửa"
    english = reader.look(f"/en/changes/{FLOW}")
    assert english.table()[2] == ["Quarterly", "Lotus Field", "Rice", "Q2 2023", "Revised", "98.25", "99", "+0.75", ""]


def test_of_several_measures_each_that_changed_has_a_line(empty_hub: Hub, clock: Hands) -> None:
    three_measures(empty_hub, clock)
    assert Reader(empty_hub).look("/vi/changes/SEN/MO_HINH").table() == [
        ["CROP", "Kỳ", "Thay đổi", "Số đo", "Trước", "Sau", "Chênh lệch", "Thuộc tính"],
        ["LUA", "2000", "Hiệu chỉnh", "YIELD", "0,1", "0,2", "+0,1", ""],
        ["LUA", "2000", "Hiệu chỉnh", "REMARK", "a", ":", "", ""],
        ["NGO", "2000", "Thêm mới", "YIELD", "", "7", "", ""],
        ["NGO", "2000", "Thêm mới", "REMARK", "", "b", "", ""],
    ]


def test_two_releases_are_picked_from_lists(hub: Hub, reader: Reader) -> None:
    second(hub)
    page = reader.look(f"/en/changes/{FLOW}?from=2&to=1")
    assert page.tree.xpath("//select[@name='from']/option[@selected]/@value") == ["2"]
    assert page.tree.xpath("//select[@name='to']/option[@selected]/@value") == ["1"]
    assert page.tree.xpath("//select[@name='from']/option/@value") == ["2", "1", "0"]
    assert page.table()[2][5:8] == ["99", "98.25", "−0.75"]


def test_a_figure_that_was_there_without_a_value_is_no_empty_cell(hub: Hub, reader: Reader) -> None:
    publish(hub, [merge(q4_2023="133")])
    page = reader.look(f"/en/changes/{FLOW}")
    assert page.table()[1][-4:] == [":", "133", "", ""]
    assert "observation without a value" in page.one("//p[@class='hint'][span[@class='missing']]")


def test_releases_that_are_the_same_say_so(hub: Hub, reader: Reader) -> None:
    page = reader.look(f"/vi/changes/{FLOW}?from=1&to=1")
    assert "Hai lần công bố này không khác nhau." in page.one("//section[@aria-labelledby='changed']")
    assert page.table() == []


def test_many_changes_have_pages_and_a_file(hub: Hub, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clients.portal.releases.LINES", 2)
    second(hub)
    page, seen = reader.look(f"/vi/changes/{FLOW}?from=1"), list[str]()
    (file,) = page.links("//a[@download]")
    while True:
        seen += [row[-5] for row in page.table()[1:]]
        following = page.links("//a[@rel='next']")
        if not following:
            break
        page = reader.look(f"/vi/changes/{FLOW}{following[0]}")
    assert seen == ["Đổi thuộc tính", "Hiệu chỉnh", "Thêm mới", "Đổi thuộc tính", "Xóa bỏ"]
    content = reader.get(file.removeprefix("https://so-lieu.example")).content.decode("utf-8-sig")
    assert content.splitlines()[0].startswith("FREQ,Tần suất,PROVINCE,Tỉnh,")


def test_only_the_selection_in_the_address_is_compared(hub: Hub, reader: Reader) -> None:
    second(hub)
    page = reader.look(f"/en/changes/{FLOW}?PROVINCE=02")
    assert page.one("//dl[@class='context']/div[2]") == "ProvinceStone Quay" and len(page.table()) == 2
    assert page.tree.xpath("//input[@type='hidden']/@value") == ["02"]
    assert page.links("//div[@class='notice']//a") == ["?from=1&to=2"]


@pytest.mark.parametrize(("asked", "status"), [("to=7", 404), ("after=x", 400), ("PROVINCE=77", 400), ("start=soon", 400)])
def test_what_cannot_be_shown_is_told_kindly(reader: Reader, asked: str, status: int) -> None:
    page = reader.look(f"/vi/changes/{FLOW}?{asked}", status)
    assert page.one("//h1") and f"/vi/changes/{FLOW}" in page.links()


# Revisions


def test_a_series_through_its_releases_with_marks_that_need_no_colour(hub: Hub, reader: Reader, clock: Hands) -> None:
    publish(hub, [merge(q2_2023="99", q2_2024="150")])
    clock.pass_by(days=30)
    publish(hub, [merge(q2_2023="97.5"), Removal({"FREQ": "A"})])
    page = reader.look(f"/vi/revisions/{FLOW}?FREQ=Q&PROVINCE=01&CROP=LUA")
    assert page.one("//section[@class='panel']//h2") == "Quý · Đồng Sen · Lúa"
    head, *rows = page.table()
    assert head[:4] == ["Lần công bố", "MAR", "Quý 1/2023", "Quý 2/2023"]
    assert [row[3] for row in rows] == ["98,250", "▲99,000", "▼97,500"]
    assert [row[-1] for row in rows] == ["", "150,000", "150,000"]
    assert page.all("//td[contains(@class, 'up')]//span[@class='visually-hidden']") == ["(tăng, trước đó 98,250)"]
    assert page.all("//dl[@class='tallies']//dd") == ["5", "0,1500", "0,12 %", "−0,1500"]
    assert "nghìn tấn" in page.one("//section[@class='panel']//p[@class='hint']")
    english = reader.look(f"/en/revisions/{FLOW}?FREQ=Q&PROVINCE=01&CROP=LUA")
    assert english.table()[3][0] == "3, 31 July 2025" and "RMAR" in english.all("//dl[@class='tallies']//dt")[2]


def test_figures_that_were_deleted_and_came_back_are_marked(hub: Hub, reader: Reader) -> None:
    publish(hub, [Removal({"CROP": "NGO"})])
    publish(hub, [series("Q.01.NGO", {"2023-Q1": "15.1"})])
    rows = reader.look(f"/en/revisions/{FLOW}?CROP=NGO").table()
    assert [row[2] for row in rows] == ["Q1 2023", "15.1", "✕15.1", "↺15.1"]


def test_one_release_has_no_mean_revisions_yet(reader: Reader) -> None:
    page = reader.look(f"/en/revisions/{FLOW}?CROP=NGO")
    assert page.all("//dl[@class='tallies']//dd") == ["0", "..", "..", ".."]
    assert set(page.tree.xpath("//dl//span[@class='missing']/@title")) == {"no period has been published twice"}


def test_without_a_choice_there_are_the_series_of_the_first_view(reader: Reader) -> None:
    page = reader.look(f"/en/revisions/{FLOW}")
    assert page.all("//section[@class='panel']//h2") == ["Quarterly · Lotus Field · Rice", "Quarterly · Stone Quay · Rice"]


def test_many_series_have_pages(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clients.portal.revisions.SERIES", 3)
    path = f"/en/revisions/{FLOW}?CROP=LUA&CROP=NGO"
    page = reader.look(path)
    assert len(page.all("//section[@class='panel']")) == 3
    (following,) = page.links("//a[@rel='next']")
    last = reader.look(f"/en/revisions/{FLOW}{following}")
    assert last.all("//section[@class='panel']//h2") == ["Quarterly · Stone Quay · Rice"]
    assert last.links("//p[@class='pager']/a") == ["?CROP=LUA&CROP=NGO"]


def test_long_triangles_are_cut_and_say_what_is_left_out(hub: Hub, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clients.portal.revisions.PERIODS", 3)
    monkeypatch.setattr("clients.portal.revisions.RELEASES", 1)
    publish(hub, [merge(q2_2023="99")])
    page = reader.look(f"/en/revisions/{FLOW}?PROVINCE=01&CROP=LUA&FREQ=Q")
    assert [len(row) for row in page.table()] == [5, 5]
    assert "2 earlier periods and 1 earlier release are in the CSV file." in page.all("//p[@class='hint']")


def test_nothing_found_leads_back_to_the_choice(reader: Reader) -> None:
    page = reader.look(f"/vi/revisions/{FLOW}?PROVINCE=03")
    assert page.one("//div[@class='notice']/h2") == "Không có số liệu cho lựa chọn này"
    assert page.links("//div[@class='notice']//a") == [f"/vi/data/{FLOW}?PROVINCE=03"]


def test_before_the_first_release_every_page_says_so(empty_hub: Hub) -> None:
    reader = Reader(empty_hub)
    for page in ("releases", "changes", "revisions"):
        assert "chưa có lần công bố nào" in reader.look(f"/vi/{page}/{FLOW}").one("//main")


def test_no_page_knows_of_a_release_under_embargo(hub: Hub, reader: Reader, clock: Hands) -> None:
    pages = [f"/en/{page}/{FLOW}" for page in ("releases", "changes", "revisions")]
    before = [reader.get(path).content for path in pages]
    released(hub, merge(q2_2024="150"), embargo=clock.now() + timedelta(hours=2))
    assert [reader.get(path).content for path in pages] == before
    reader.look(f"/en/changes/{FLOW}?to=2", 404)


@given(st.decimals(-(10**9), 10**9, places=3), st.sampled_from(["vi", "en"]))
def test_a_signed_number_is_the_number_with_its_sign(value: object, lang: str) -> None:
    text = f"{value:f}"
    shown = numbers.signed(text, lang)
    assert shown.lstrip("+−") == numbers.number(text.removeprefix("-"), lang)
    assert shown[0] == ("−" if text.startswith("-") else "+") or not any(digit in text for digit in "123456789")
