"""Codes outside their time: an error in what is handed in, a warning in what is shown.

The provinces of Đất Nước Sen are a version of the classification PROVINCE that held up to 2023-06-30; 03 was made in May of
that year.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from hub.wiring import Hub
from registry import content
from registry.dated import RECAST, days_of
from registry.errors import LANGUAGES, message
from registry.model import Codelist, Dataflow, Structure, notes
from tests import world
from tests.asking import Asker
from tests.messages import Statement
from tests.reading import WAYS, check, contents, put
from tests.test_splicing import NEW, add, newly, release

PROVINCE = replace(
    world.PROVINCE,
    ref=replace(world.PROVINCE.ref, version="2.0"),
    valid_to=date(2023, 6, 30),
    annotations=notes({"CLASSIFICATION": "PROVINCE"}),
    items=tuple(replace(item, valid_from=date(2023, 5, 1)) if item.id == "03" else item for item in world.PROVINCE.items),
)


def structure(provinces: Codelist = PROVINCE, recast: str = "") -> Structure:
    flow = replace(world.DATAFLOW, annotations=notes({RECAST: recast} if recast else {}))
    return replace(world.STRUCTURE, dataflow=flow, codelists={**world.STRUCTURE.codelists, "PROVINCE": provinces})


SAID = [
    Statement("Q.01.LUA", "2023-Q2", "1"),
    Statement("Q.01.LUA", "2023-Q3", "2"),
    Statement("A.01.LUA", "2023", "3"),
    Statement("Q.03.LUA", "2023-Q1", "4"),
    Statement("Q.03.LUA", "2023-Q2", "5"),
    Statement("A.03.LUA", "2022", "6"),
    Statement("Q.01.NGO", "2023-Q3", "7"),
]


@pytest.mark.parametrize("way", WAYS)
def test_a_code_outside_its_time_is_refused_alone_with_its_line_and_reason(way: str, tmp_path: Path) -> None:
    """A quarter or year of which one day is the code's is in its time: 2023 for a version that ended in June."""
    checked, rejects = check(put(tmp_path, WAYS[way][1](SAID)), structure())
    assert contents(checked) == {
        ("Q.01.LUA", "2023-Q2"): "1",
        ("A.01.LUA", "2023"): "3",
        ("Q.03.LUA", "2023-Q2"): "5",
    }
    assert checked.rules == {"CODE_NOT_VALID": 4}
    assert {(each.series_key, each.period, each.column) for each in rejects} == {
        ("Q.01.LUA", "2023-Q3", "PROVINCE"),
        ("Q.03.LUA", "2023-Q1", "PROVINCE"),
        ("A.03.LUA", "2022", "PROVINCE"),
        ("Q.01.NGO", "2023-Q3", "PROVINCE"),
    }
    assert all(each.place for each in rejects)
    told = next(each for each in rejects if each.series_key == "Q.03.LUA")
    for lang in LANGUAGES:
        detail = message(told.rule, lang, **told.facts)["detail"]
        assert "2023-05-01" in detail and "2023-06-30" in detail and "2023-Q1" in detail


def test_a_list_that_is_no_version_of_a_classification_binds_only_by_its_codes(tmp_path: Path) -> None:
    """Most lists say by their days only since when they are in use."""
    checked, _ = check(put(tmp_path, WAYS["2.1 series"][1](SAID)), structure(replace(PROVINCE, annotations=())))
    assert checked.rules == {"CODE_NOT_VALID": 2}


def test_figures_that_were_recast_may_stand_outside_the_time_of_the_version(tmp_path: Path) -> None:
    checked, _ = check(put(tmp_path, WAYS["CSV 2.0"][1](SAID)), structure(recast="CROP PROVINCE"))
    assert checked.rules == {"CODE_NOT_VALID": 2}


def test_shipped_vat_is_recast_to_the_34_provinces() -> None:
    shipped = {str(made.ref): made for made in content.shipped() if isinstance(made, Codelist | Dataflow)}
    flow, provinces = shipped["NSO:VAT(1.0)"], shipped["NSO:CL_PROVINCE(2.0)"]
    assert isinstance(flow, Dataflow) and isinstance(provinces, Codelist)
    assert days_of(replace(structure(provinces), dataflow=flow)) == ()
    assert [days.dimension for days in days_of(structure(provinces))] == ["PROVINCE"]


QUERY = """query($selection: SelectionInput) { dataflow(ref: "SEN:MUA(2.0)") { data(selection: $selection) {
  warnings { dimension codelist codes text(lang: "en") texts { lang value } } } } }"""


def test_an_answer_warns_of_codes_outside_their_time(empty_hub: Hub) -> None:
    add(empty_hub, *newly(PROVINCE))
    series = [
        world.series("Q.01.LUA", {"2023-Q1": "1", "2023-Q4": "2"}),
        world.series("Q.02.LUA", {"2023-Q1": "1"}),
        world.series("Q.03.LUA", {"2023-Q1": "1", "2023-Q2": "1"}),
    ]
    release(empty_hub, NEW, series)
    asker = Asker(empty_hub.ports)

    def warned(**selection: object) -> list[list[str]]:
        data = asker.data(QUERY, selection=selection)["dataflow"]["data"]
        assert all("CL_PROVINCE(2.0)" in each["text"] for each in data["warnings"])
        return [each["codes"] for each in data["warnings"]]

    assert warned() == [["01", "03"]]
    assert warned(aggregate={"drop": ["PROVINCE"]}) == [["01", "03"]]
    assert warned(startPeriod="2023-Q2", endPeriod="2023-Q2") == []
    assert warned(dimensions=[{"id": "PROVINCE", "codes": ["02"]}]) == []
