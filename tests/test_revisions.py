"""Series through all their releases: the triangle and its mean revisions, in GraphQL and as a file; the file of what changed.

The mean revisions are those of the ESS Handbook for Quality and Metadata Reports, indicator A6.
"""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.wiring import Hub
from registry.answers import Release
from registry.raw import Action
from registry.revisions import Triangle
from registry.series import batch_of
from registry.staging import Delta, Removal, Staged
from tests import world
from tests.asking import Asker
from tests.browsing import Reader
from tests.conftest import Hands, publish
from tests.test_changes_graphql import second
from tests.world import series

RICE = '{ id: "CROP", codes: ["LUA"] }, { id: "FREQ", codes: ["Q"] }'
LOTUS = f'selection: {{ dimensions: [{{ id: "PROVINCE", codes: ["01"] }}, {RICE}] }}'
MEANS = "count absolute relative mean"


# What a triangle says of itself


def release(number: int) -> Release:
    moment = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=30 * number)
    return Release(f"r{number}", world.DATAFLOW.ref, "released", number, moment, "ai", "ai", moment, 1, 1)


def triangle(*rows: str) -> Triangle:
    """Rows of values, a dot where there is none."""
    values = tuple(tuple(None if text == "." else text for text in row.split()) for row in rows)
    periods = tuple(f"20{10 + place}" for place in range(len(values[0])))
    return Triangle(("A", "01", "LUA"), "A", tuple(release(n + 1) for n in range(len(rows))), periods, values)


def test_mean_revisions_go_from_the_first_figure_to_the_latest() -> None:
    overall = triangle("10 20 . .", "12 20 30 .", "12 15 33 40").overall()
    assert (overall.count, overall.absolute, overall.mean) == (3, "3.33333333333", "0")
    assert overall.relative == "0.166666666667", "2 + 5 + 3 over 12 + 15 + 33"


def test_steps_go_from_one_release_to_the_next() -> None:
    first, second = triangle("10 20 . .", "12 20 30 .", "12 15 33 40").steps()
    assert (first.count, first.absolute, first.mean) == (2, "1", "1")
    assert (second.count, second.absolute, second.mean) == (3, "2.66666666667", "-0.666666666667")


@pytest.mark.parametrize("rows", [("1 2",), ("1 .", ". 2"), ("tốt xấu", "xấu tốt")])
def test_without_figures_published_twice_there_are_no_means(rows: tuple[str, ...]) -> None:
    overall = triangle(*rows).overall()
    assert (overall.count, overall.absolute, overall.relative, overall.mean) == (0, None, None, None)


def test_revisions_of_figures_that_became_nought_have_no_relative_size() -> None:
    overall = triangle("5", "0").overall()
    assert (overall.absolute, overall.relative, overall.mean) == ("5", None, "-5")


def test_large_revisions_that_cancel_each_other_leave_what_is_left() -> None:
    large = 10**30
    overall = triangle("0 0", f"{large + 1} -{large}").overall()
    assert (overall.absolute, overall.mean) == (str(large), "0.5")


NUMBERS = st.none() | st.decimals(-(10**9), 10**9, allow_nan=False, places=3).map(lambda number: f"{number:f}")
ROWS = st.integers(1, 6).flatmap(
    lambda width: st.lists(st.lists(NUMBERS, min_size=width, max_size=width), min_size=1, max_size=6)
)


@given(ROWS)
def test_means_are_those_of_a_naive_reckoning(rows: list[list[str | None]]) -> None:
    given_ = triangle(*(" ".join(text or "." for text in row) for row in rows))
    overall = given_.overall()
    pairs = []
    for column in zip(*rows, strict=True):
        published = [text for text in column if text is not None]
        if len(published) > 1 and column[-1] is not None:
            pairs.append((Decimal(published[0]), Decimal(column[-1])))
    assert overall.count == len(pairs)
    if pairs:
        told = Context(prec=12, rounding=ROUND_HALF_EVEN)
        sizes = sum(abs(new - old) for old, new in pairs)
        assert Decimal(overall.absolute or "x") == told.divide(Decimal(sizes), Decimal(len(pairs)))
        assert Decimal(overall.mean or "x") == told.divide(Decimal(sum(new - old for old, new in pairs)), Decimal(len(pairs)))
        whole = Decimal(sum(abs(new) for _, new in pairs))
        assert (overall.relative is None) == (not whole)
        assert not whole or Decimal(overall.relative or "x") == told.divide(Decimal(sizes), whole)


@given(ROWS)
def test_steps_are_the_overall_means_of_two_releases(rows: list[list[str | None]]) -> None:
    whole = triangle(*(" ".join(text or "." for text in row) for row in rows))
    assert len(whole.steps()) == len(rows) - 1
    for place, step in enumerate(whole.steps()):
        both = replace(whole, releases=whole.releases[place : place + 2], values=whole.values[place : place + 2])
        assert both.overall() == step


# In GraphQL


@pytest.fixture
def asker(hub: Hub) -> Asker:
    return Asker(hub.ports)


def merge(**values: str) -> Staged:
    """New figures for the rice of Lotus Field, by period: ``q1_2024``."""
    periods: dict[str, str | None] = {f"{name[3:]}-{name[:2].upper()}": value for name, value in values.items()}
    return Delta(Action.MERGE, batch_of([series("Q.01.LUA", periods)], "OBS_VALUE"))


def revisions(asker: Asker, fields: str, arguments: str = LOTUS, **how: Any) -> Any:
    return asker.data(query(fields, arguments), **how)["dataflow"]["revisions"]


def query(fields: str, arguments: str = LOTUS) -> str:
    return 'query { dataflow(ref: "SEN:MUA(1.0)") { revisions' + (arguments and f"({arguments})") + " { " + fields + " } } }"


def test_a_series_through_its_releases(hub: Hub, asker: Asker, clock: Hands) -> None:
    publish(hub, [merge(q2_2023="99.25", q2_2024="150")])
    clock.pass_by(days=30)
    publish(hub, [merge(q2_2023="97.25", q2_2024="151.50")])
    means = f"overall {{ {MEANS} }} steps {{ {MEANS} }}"
    found = revisions(asker, f"releases {{ number }} nodes {{ key frequency periods rows {{ values valueTexts }} {means} }}")
    (one,) = found["nodes"]
    assert [each["number"] for each in found["releases"]] == [1, 2, 3]
    assert (one["key"], one["frequency"]) == ("Q.01.LUA", "Q")
    assert one["periods"] == ["2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4", "2024-Q1", "2024-Q2"]
    assert [row["valueTexts"] for row in one["rows"]] == [
        ["120.5", "98.25", "130", None, "140.125", None],
        ["120.5", "99.25", "130", None, "140.125", "150"],
        ["120.5", "97.25", "130", None, "140.125", "151.5"],
    ]
    assert one["rows"][0]["values"] == [Decimal("120.5"), Decimal("98.25"), 130, None, Decimal("140.125"), None]
    assert (one["overall"]["count"], one["overall"]["absolute"], one["overall"]["mean"]) == (5, Decimal("0.5"), Decimal("0.1"))
    assert [step["absolute"] for step in one["steps"]] == [Decimal("0.25"), Decimal("0.7")]


def test_pages_of_triangles_give_every_series_once_and_stay_with_their_release(hub: Hub, asker: Asker, clock: Hands) -> None:
    fields = "releases { number } nodes { key } pageInfo { hasNextPage endCursor }"
    whole = [node["key"] for node in revisions(asker, fields, "first: 100")["nodes"]]
    assert whole == ["A.01.LUA", "Q.01.LUA", "Q.01.NGO", "Q.02.LUA"]
    clock.pass_by(minutes=1)
    found, after, page = [], "", revisions(asker, fields, "first: 3")
    found += page["nodes"]
    publish(hub, [series("Q.01.NGO", {"2024-Q1": "1"})])
    after = f'first: 3, after: "{page["pageInfo"]["endCursor"]}"'
    page = revisions(asker, fields, after)
    assert [node["key"] for node in found + page["nodes"]] == whole
    assert page["pageInfo"] == {"hasNextPage": False, "endCursor": None} and page["releases"] == [{"number": 1}]
    error = asker.error(query(fields, f"{LOTUS}, {after}"))
    assert error["code"] == "BAD_CURSOR"


def test_nothing_published_has_no_triangles(empty_hub: Hub) -> None:
    assert revisions(Asker(empty_hub.ports), "releases { id } nodes { key }") == {"releases": [], "nodes": []}


def test_a_waiting_release_is_no_row(hub: Hub, asker: Asker, clock: Hands) -> None:
    publish(hub, [merge(q2_2024="150")], clock.now() + timedelta(hours=2))
    fields = "releases { number } nodes { periods }"
    before = revisions(asker, fields)
    assert before["releases"] == [{"number": 1}] and "2024-Q2" not in before["nodes"][0]["periods"]
    preview = LOTUS.replace("] }] }", "] }], preview: true }")
    assert len(revisions(asker, fields, preview, token="publisher")["releases"]) == 2
    assert asker.error(query(fields, preview))["code"] == "TOKEN_NEEDED"
    clock.pass_by(hours=3)
    assert len(revisions(asker, fields)["releases"]) == 2, "an answer kept from before is not served"


def test_triangles_are_kept_while_nothing_is_released(hub: Hub, asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    fields = "nodes { rows { values } }"
    first = revisions(asker, fields)
    monkeypatch.setattr(hub.cube, "triangles", None)
    assert revisions(asker, fields) == first


def test_up_to_a_moment_there_are_the_releases_of_then(hub: Hub, asker: Asker, clock: Hands) -> None:
    moment = clock.now()
    clock.pass_by(days=1)
    publish(hub, [merge(q2_2024="150")])
    then = LOTUS.replace("] }] }", f'] }}], asOf: "{moment.isoformat()}" }}')
    assert revisions(asker, "releases { number }", then) == {"releases": [{"number": 1}]}


def test_too_many_figures_are_refused_with_the_file_that_has_them(hub: Hub) -> None:
    small = replace(hub.ports.service, limits={"cells": 4})
    error = Asker(replace(hub.ports, service=small)).error(query("nodes { key }"), lang="en")
    assert error["code"] == "TOO_LARGE"
    assert "/dataflows/SEN/MUA/1.0/revisions.csv?c[FREQ]=Q&c[PROVINCE]=01&c[CROP]=LUA" in error["help"]


# As files


def table(response: httpx.Response) -> list[list[str]]:
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


def test_what_changed_is_a_file_too(hub: Hub) -> None:
    second(hub)
    head, *rows = table(Reader(hub).get("/dataflows/SEN/MUA/1.0/changes.csv?labels=id"))
    assert head[:7] == ["FREQ", "PROVINCE", "CROP", "TIME_PERIOD", "CHANGE", "OBS_VALUE_OLD", "OBS_VALUE_NEW"]
    found = [dict(zip(head, row, strict=True)) for row in rows]
    assert [tuple(row[name] for name in head[:7]) for row in found] == [
        ("", "", "", "", "described", "", ""),
        ("A", "01", "LUA", "", "described", "", ""),
        ("Q", "01", "LUA", "2023-Q2", "revised", "98.25", "99"),
        ("Q", "01", "LUA", "2024-Q2", "added", "", "7"),
        ("Q", "01", "NGO", "2023-Q1", "described", "15.1", "15.1"),
        ("Q", "02", "LUA", "2023-Q1", "deleted", "80", ""),
    ]
    assert (found[0]["COMMENT_DSET_OLD"], found[0]["COMMENT_DSET_NEW"]) == ("Số liệu thử", "Đã sửa")
    assert (found[1]["UNIT_MULT_OLD"], found[1]["UNIT_MULT_NEW"]) == ("3", "")
    assert (found[4]["OBS_STATUS_OLD"], found[4]["OBS_STATUS_NEW"]) == ("P", "A")


def test_the_file_speaks_the_language_asked(hub: Hub) -> None:
    second(hub)
    reader = Reader(hub)
    vietnamese, english = (
        table(reader.get(f"/dataflows/SEN/MUA/1.0/changes.csv?labels=name&lang={lang}")) for lang in ("vi", "en")
    )
    assert vietnamese[0][:7] == ["Tần suất", "Tỉnh", "Cây trồng", "Kỳ", "Thay đổi", "Giá trị (trước)", "Giá trị (sau)"]
    assert vietnamese[3][:7] == ["Quý", "Đồng Sen", "Lúa", "2023-Q2", "hiệu chỉnh", "98.25", "99"]
    assert english[0][:7] == ["Frequency", "Province", "Crop", "Period", "Change", "Value (before)", "Value (after)"]
    both = table(reader.get("/dataflows/SEN/MUA/1.0/changes.csv", **{"Accept-Language": "en"}))
    assert both[0][:4] == ["FREQ", "Frequency", "PROVINCE", "Province"] and len({len(row) for row in both}) == 1
    assert len(set(both[0])) == len(both[0])


def test_links_of_an_answer_lead_to_its_file(hub: Hub) -> None:
    id_ = second(hub)
    arguments = 'to: 2, from: 0, selection: { dimensions: [{ id: "CROP", codes: ["NGO", "LUA"] }], startPeriod: "2023-Q2" }'
    asked = 'query { dataflow(ref: "SEN:MUA(1.0)") { changes(%s) { links { csv } } } }'.replace("%s", arguments)
    link = Asker(hub.ports).data(asked)["dataflow"]["changes"]["links"]["csv"]
    path = f"/dataflows/SEN/MUA/1.0/changes.csv?from=0&to={id_}&c[CROP]=NGO,LUA&startPeriod=2023-Q2"
    assert link == f"https://so-lieu.example{path}"
    assert {row[4] for row in table(Reader(hub).get(path + "&labels=id"))[2:]} == {"added"}


def test_the_triangle_is_a_file_too(hub: Hub, clock: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.comparison_files.AT_ONCE", 1)
    clock.pass_by(days=1)
    publish(hub, [merge(q2_2023="99.25")])
    link = revisions(Asker(hub.ports), "links { csv }", LOTUS.replace('["01"]', '["01", "02"]'))["links"]["csv"]
    rows = table(Reader(hub).get(link.removeprefix("https://so-lieu.example") + "&labels=id"))
    assert rows[0] == ["FREQ", "PROVINCE", "CROP", "TIME_PERIOD", "Release", "Released at", "OBS_VALUE"][:4] + rows[0][4:]
    assert rows[3:5] == [
        ["Q", "01", "LUA", "2023-Q2", "1", "2025-07-01T01:00:00Z", "98.25"],
        ["Q", "01", "LUA", "2023-Q2", "2", "2025-07-02T02:00:00Z", "99.25"],
    ]
    assert rows[-1][:5] == ["Q", "02", "LUA", "2023-Q3", "2"] and len(rows) == 1 + 2 * 4 + 2 * 2


def test_a_file_that_is_known_is_not_sent_again(hub: Hub) -> None:
    reader = Reader(hub)
    for kind in ("changes", "revisions"):
        path = f"/dataflows/SEN/MUA/1.0/{kind}.csv"
        tag = reader.get(path).headers["etag"]
        assert reader.get(path, **{"If-None-Match": tag}).status_code == 304
        assert reader.get(path + "?labels=name", **{"If-None-Match": tag}).status_code == 200
    old = {kind: reader.get(f"/dataflows/SEN/MUA/1.0/{kind}.csv").headers["etag"] for kind in ("changes", "revisions")}
    second(hub)
    for kind, tag in old.items():
        assert reader.get(f"/dataflows/SEN/MUA/1.0/{kind}.csv", **{"If-None-Match": tag}).status_code == 200


def test_an_embargoed_release_is_in_no_file(hub: Hub, clock: Hands) -> None:
    reader = Reader(hub)
    before = {kind: reader.get(f"/dataflows/SEN/MUA/1.0/{kind}.csv") for kind in ("changes", "revisions")}
    waiting = publish(hub, [merge(q2_2024="150"), Removal({"CROP": "NGO"})], clock.now() + timedelta(hours=1))
    for kind, response in before.items():
        again = reader.get(f"/dataflows/SEN/MUA/1.0/{kind}.csv")
        assert (again.content, again.headers["etag"]) == (response.content, response.headers["etag"])
        refused = reader.get(f"/dataflows/SEN/MUA/1.0/{kind}.csv?preview=true")
        assert refused.status_code == 401
    assert reader.get(f"/dataflows/SEN/MUA/1.0/changes.csv?to={waiting}").status_code == 404


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("changes.csv?form=1", "FILE_PARAMETER_UNKNOWN"),
        ("changes.csv?labels=all", "FILE_LABELS_UNKNOWN"),
        ("changes.csv?from=9", "COMPARED_RELEASE_NOT_FOUND"),
        ("changes.csv?c[PROVNCE]=01", "UNKNOWN_DIMENSION"),
        ("changes.csv?c[PROVINCE]=77", "UNKNOWN_CODE"),
        ("revisions.csv?asOf=yesterday", "FILE_MOMENT_UNKNOWN"),
        ("revisions.csv?startPeriod=soon", "BAD_PERIOD"),
    ],
)
def test_what_a_file_cannot_be_made_of_is_told(hub: Hub, asked: str, code: str) -> None:
    response = Reader(hub).get(f"/dataflows/SEN/MUA/1.0/{asked}")
    assert response.json()["error"]["code"] == code and 400 <= response.status_code < 500


def test_where_nothing_is_published_there_is_nothing_to_compare(empty_hub: Hub) -> None:
    reader = Reader(empty_hub)
    assert reader.get("/dataflows/SEN/MUA/1.0/changes.csv").json()["error"]["code"] == "NOTHING_RELEASED"
    assert len(table(reader.get("/dataflows/SEN/MUA/1.0/revisions.csv"))) == 1
