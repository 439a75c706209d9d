"""What a question may ask of the harvest of Đất Nước Sen beyond plain codes: choosing, computing, ordering, paging.

In these tests the country has more to tell than in world.py:

    PROVINCE  _T > 01, 02, 03, and a named hierarchy  COAST: 02, 03 stand under the group BIEN
    CROP      LUA rice, NGO maize, YIELD (a ratio: weighted by AREA), AREA, FARMS (each farm counted once: never added)
    UNIT      TAN tonnes, TA quintals, HA hectares, PT percent, IX index (2020 = 100), NUMBER
    CONF      CONF_STATUS F free, C confidential; OBS_STATUS also E estimated, O missing
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import pytest

from hub import computing
from hub.access import LOCAL_ADMINISTRATOR
from hub.computing.source import held
from hub.links import Addresses
from hub.wiring import Hub
from registry import content
from registry.calculation import (
    Against,
    Aggregation,
    Change,
    Method,
    OverTime,
    Recoding,
    RollUp,
    Sort,
    TimeMethod,
    Weight,
)
from registry.check import check
from registry.choice import Choice
from registry.correspondence import Correspondence, Link
from registry.errors import Invalid, NotFound, TooLarge
from registry.model import Artefact, Attribute, Code, Codelist, Level, Structure, coded, fact, notes
from registry.period import Period, parse_period
from registry.ports import PUBLIC, Catalogue
from registry.ref import Kind, Ref
from registry.selection import Selection, select
from registry.series import Series, batch_of, series_of
from registry.staging import Removal
from tests import world
from tests.asking import Asker
from tests.conftest import publish


def _with(codelist: Codelist, *items: Code) -> Codelist:
    return replace(codelist, items=(*codelist.items, *items))


def _item(id: str, vi: str, en: str, parent: str | None = None, **said: str) -> Code:
    return Code(id, {"vi": vi, "en": en}, parent=parent, annotations=notes(said))


PROVINCE = replace(
    world.PROVINCE,
    items=(
        *(
            replace(item, annotations=notes({"parent:COAST": "BIEN"})) if item.id in ("02", "03") else item
            for item in world.PROVINCE.items
        ),
        _item("BIEN", "Vùng biển", "The coast"),
    ),
)
CROP = _with(
    world.CROP,
    _item("YIELD", "Năng suất", "Yield", aggregation="weighted:AREA"),
    _item("AREA", "Diện tích", "Area", aggregation="sum"),
    _item("FARMS", "Số hộ", "Farms", aggregation="none"),
)
UNIT = _with(
    world.UNIT,
    _item("HA", "Hecta", "Hectares"),
    _item("PT", "Phần trăm", "Percent", kind="ratio"),
    _item("IX", "Chỉ số", "Index", kind="index"),
    _item("NUMBER", "Số lượng", "Number"),
)
STATUS = _with(world.STATUS, _item("E", "Ước tính", "Estimated"), _item("O", "Thiếu", "Missing"))
CONF = replace(
    world.STATUS, ref=replace(world.STATUS.ref, id="CL_CONF"), items=(_item("F", "Tự do", "Free"), _item("C", "Mật", "Secret"))
)
DSD = replace(
    world.DSD,
    attributes=(*world.DSD.attributes, Attribute(id="CONF_STATUS", representation=coded(CONF.ref), level=Level.OBSERVATION)),
)
FREQ = _with(world.FREQ, _item("W", "Tuần", "Weekly"), _item("D", "Ngày", "Daily"))
LISTS = {"FREQ": FREQ, "PROVINCE": PROVINCE, "CROP": CROP, "UNIT_MEASURE": UNIT, "OBS_STATUS": STATUS, "CONF_STATUS": CONF}
STRUCTURE = replace(world.STRUCTURE, dsd=DSD, codelists={**world.STRUCTURE.codelists, **LISTS})

# Next year the provinces are drawn anew: 01 stays, 02 and 03 join in S1, but a third of 03 goes to 01.
NEXT = replace(
    world.PROVINCE,
    ref=replace(world.PROVINCE.ref, version="2.0"),
    items=(
        _item("_T", "Cả nước", "Whole country"),
        _item("N1", "Đồng Sen mới", "New Lotus", "_T"),
        _item("S1", "Miền Nam", "South", "_T"),
    ),
)
TABLE = Correspondence(
    ref=Ref(Kind.REPRESENTATION_MAP, "SEN", "COR", "1.0"),
    names={"en": "Old to new"},
    from_list=world.PROVINCE.ref,
    to_list=NEXT.ref,
    links=(Link("_T", "_T"), Link("01", "N1"), Link("02", "S1"), Link("03", "N1", "0.333"), Link("03", "S1", "0.667")),
)


class Registry:
    """As much of :class:`registry.ports.Catalogue` as recoding asks."""

    def get(self, ref: Ref) -> Artefact:
        return NEXT

    def correspondence(self, source: Ref, target: Ref) -> Correspondence:
        if (source, target) != (TABLE.from_list, TABLE.to_list):
            raise NotFound("CORRESPONDENCE_NOT_FOUND", source=str(source), target=str(target), near="-")
        return TABLE


def told(key: str, cells: Mapping[str, str | None], unit: str = "TAN", power: str = "3", **flags: list[str | None]) -> Series:
    """One series; flags by period."""
    return replace(
        world.series(key, dict(cells)),
        attributes={"UNIT_MEASURE": unit, "UNIT_MULT": power},
        observation_attributes=flags,
    )


@dataclass
class Found:
    """The answer: key -> period -> value, and what is said of it."""

    values: dict[str, dict[str, str | None]]
    flags: dict[str, dict[str, Any]]
    units: dict[str, dict[str, str]]
    steps: tuple[Any, ...]
    key: tuple[str, ...]


def computed(selection: Selection, *series: Series) -> Found:
    batches = [batch_of([one], "OBS_VALUE") for one in sorted(series, key=lambda one: one.key)]
    catalogue = cast(Catalogue, Registry())
    source = computing.compute(selection, held(STRUCTURE, batches), catalogue)
    shown = [computing.shown(selection, batch) for batch in source.read(np.arange(len(source)))]
    found = {".".join(one.key): one for batch in shown for one in series_of(batch, "OBS_VALUE")}
    return Found(
        values={key: dict(zip(one.periods(), one.values, strict=True)) for key, one in found.items()},
        flags={key: dict(one.observation_attributes) for key, one in found.items()},
        units={key: dict(one.attributes) for key, one in found.items()},
        steps=source.steps,
        key=source.structure.dsd.key,
    )


def error(*series: Series, **question: Any) -> Invalid:
    """The error of a question, found when it is checked or while it is answered."""
    with pytest.raises(Invalid) as raised:
        computed(select(STRUCTURE, **question), *series)
    for lang in ("vi", "en"):
        assert raised.value.detail(lang) and raised.value.help(lang)
    return raised.value


def over(*dimensions: str, **how: Any) -> dict[str, Any]:
    return {"aggregate": Aggregation(drop=dimensions, **how)}


# Choosing codes


@pytest.mark.parametrize(
    ("choice", "codes"),
    [
        (Choice(children_of=("_T",)), ("01", "02", "03")),
        (Choice(descendants_of=("_T",), prefix="0"), ("01", "02", "03")),
        (Choice(level="1"), ("_T", "BIEN")),
        (Choice(level="2", prefix="03"), ("03",)),
        (Choice(codes=("_T",), children_of=("_T",)), ("_T", "01", "02", "03")),
        (Choice(children_of=("BIEN",), hierarchy="COAST"), ("02", "03")),
        (Choice(hierarchy="COAST", level="1"), ("BIEN",)),
        (Choice(), ()),
    ],
)
def test_codes_are_chosen_by_what_they_are(choice: Choice, codes: tuple[str, ...]) -> None:
    assert select(STRUCTURE, {"PROVINCE": choice}).codes.get("PROVINCE", ()) == codes


def test_a_level_is_what_the_codes_say_it_is_where_they_say_it() -> None:
    products = replace(
        CROP,
        items=(_item("_T", "", "", level="0"), _item("10", "", "", "_T", level="2"), _item("1006", "", "", "10", level="4")),
    )
    structure = replace(STRUCTURE, codelists={**STRUCTURE.codelists, "CROP": products})
    assert select(structure, {"CROP": Choice(level="4")}).codes == {"CROP": ("1006",)}


@pytest.mark.parametrize(
    ("choice", "code", "names"),
    [
        (Choice(prefix="9"), "NO_CODES_CHOSEN", "CL_PROVINCE"),
        (Choice(level="7"), "UNKNOWN_LEVEL", "1, 2"),
        (Choice(children_of=("x",)), "NOT_IN_HIERARCHY", "'x'"),
        (Choice(children_of=("01",), hierarchy="COAST"), "NOT_IN_HIERARCHY", "COAST"),
        (Choice(level="1", hierarchy="CAOST"), "UNKNOWN_HIERARCHY", "COAST"),
    ],
)
def test_a_choice_that_means_nothing_is_an_error_and_never_everything(choice: Choice, code: str, names: str) -> None:
    raised = error(codes={"PROVINCE": choice})
    assert raised.code == code
    assert names in raised.detail() + raised.help()


def test_a_named_hierarchy_may_not_go_in_a_circle() -> None:
    circle = replace(PROVINCE, items=tuple(replace(item, annotations=notes({"parent:X": item.id})) for item in PROVINCE.items))
    with pytest.raises(Invalid) as raised:
        check(circle)
    assert raised.value.code == "PARENT_CIRCLE"


# Putting together


RICE = (
    told("Q.01.LUA", {"2023-Q1": "0.1", "2023-Q2": "1"}),
    told("Q.02.LUA", {"2023-Q1": "0.2", "2023-Q2": "2"}),
)


def test_a_dimension_left_out_is_gone_from_the_key_and_the_sum_is_exact() -> None:
    found = computed(select(STRUCTURE, **over("PROVINCE")), *RICE)
    assert found.key == ("FREQ", "CROP")
    assert found.values == {"Q.LUA": {"2023-Q1": "0.3", "2023-Q2": "3"}}
    assert found.units["Q.LUA"] == {"UNIT_MEASURE": "TAN", "UNIT_MULT": "3"}


def test_how_figures_were_computed_is_said_in_both_languages() -> None:
    found = computed(select(STRUCTURE, **over("PROVINCE")), *RICE)
    said = {lang: " ".join(step[lang] for step in found.steps) for lang in ("vi", "en")}
    assert "Aggregated over Province" in said["en"] and "Nothing counts twice" in said["en"]
    assert "Tổng hợp trên mọi Tỉnh" in said["vi"] and "Không tính trùng" in said["vi"]


@pytest.mark.parametrize(
    ("method", "value"), [(Method.SUM, "50"), (Method.MEAN, "1.5"), (Method.MAX, "2"), (Method.COUNT, "2")]
)
def test_a_total_is_not_counted_beside_its_parts(method: Method, value: str) -> None:
    total = told("Q._T.LUA", {"2023-Q2": "50"})
    found = computed(select(STRUCTURE, start="2023-Q2", end="2023-Q2", **over("PROVINCE", method=method)), total, *RICE)
    assert found.values == {"Q.LUA": {"2023-Q2": value}}


def test_a_total_stands_for_its_parts_only_where_it_is() -> None:
    total = told("Q._T.NGO", {"2023-Q1": "9"})
    found = computed(select(STRUCTURE, **over("PROVINCE")), total, told("Q.01.NGO", {"2023-Q1": "4"}), *RICE)
    assert found.values["Q.NGO"] == {"2023-Q1": "9"}
    assert found.values["Q.LUA"]["2023-Q2"] == "3"


def test_the_total_of_a_list_without_a_tree_is_not_added_to_its_other_codes() -> None:
    """As CL_SEX of SDMX: _T beside F and M, nothing under anything."""
    items = (_item("F", "Nữ", "Female"), _item("M", "Nam", "Male"), _item("_T", "Tổng số", "Total"), _item("_Z", "-", "-"))
    flat = replace(STRUCTURE, codelists={**STRUCTURE.codelists, "PROVINCE": replace(PROVINCE, items=items)})
    figures = {"F.LUA": "3", "M.LUA": "2", "_T.LUA": "6"}
    assert put_together(figures, structure=flat) == "6", "the published total, in which some are of unknown sex"
    assert put_together(figures, Method.COUNT, flat) == "2"
    assert put_together({"F.LUA": "3", "M.LUA": "2"}, structure=flat) == "5"
    assert put_together({**figures, "_Z.LUA": "1"}, structure=flat) == "7", "what is not applicable is in no total"


# With a total over the crops the country has totals in two dimensions at once.
TOTALS = replace(CROP, items=(_item("ALL", "Mọi cây", "All crops"), *(replace(item, parent="ALL") for item in CROP.items[:2])))
TWO_TREES = replace(STRUCTURE, codelists={**STRUCTURE.codelists, "CROP": TOTALS})


def put_together(figures: dict[str, str], method: Method = Method.SUM, structure: Structure = TWO_TREES) -> str | None:
    """What the figures of a quarter come to without provinces and crops, in whatever order these are named."""
    batches = [batch_of([told(f"Q.{key}", {"2023-Q1": value})], "OBS_VALUE") for key, value in sorted(figures.items())]
    found = set()
    for names in (("PROVINCE", "CROP"), ("CROP", "PROVINCE")):
        source = computing.compute(select(structure, **over(*names, method=method)), held(structure, batches), Registry())  # type: ignore[arg-type]
        ((value,),) = [one.values for batch in source.read(np.arange(len(source))) for one in series_of(batch, "OBS_VALUE")]
        found.add(value)
    (value,) = found
    return value


@pytest.mark.parametrize(
    ("figures", "added", "mean"),
    [
        ({"01.ALL": "10", "01.LUA": "4", "02.LUA": "3"}, "13", "3.5"),  # 02 has no total: its rice is no part of that of 01
        ({"_T.ALL": "10", "01.LUA": "4"}, "10", "4"),  # a part, although no total between the two is published
        ({"_T.ALL": "10", "_T.LUA": "6", "01.ALL": "7", "01.LUA": "4", "01.NGO": "3"}, "10", "3.5"),
    ],
)
def test_totals_in_two_dimensions_count_once(figures: dict[str, str], added: str, mean: str) -> None:
    assert put_together(figures) == added
    assert put_together(figures, Method.MEAN) == mean


def test_figures_that_overlap_are_not_added() -> None:
    """Rice of the country and all crops of 01: the rice of 01 is in both, whether it is published or not."""
    crossing = {"_T.LUA": "10", "01.ALL": "7"}
    for figures in (crossing, {**crossing, "01.LUA": "4"}):
        with pytest.raises(Invalid) as raised:
            put_together(figures)
        assert raised.value.code == "FIGURES_OVERLAP"
        assert "_T" in raised.value.detail("vi") and "ALL" in raised.value.detail("en")
    assert put_together(crossing, Method.MAX) == "10"
    assert put_together({**crossing, "01.LUA": "4"}, Method.MEAN) == "4"


def test_groups_of_two_hierarchies_that_share_a_code_are_not_added() -> None:
    country, coast = told("Q._T.LUA", {"2023-Q1": "10"}), told("Q.BIEN.LUA", {"2023-Q1": "7"})
    assert error(country, coast, **over("PROVINCE")).code == "FIGURES_OVERLAP"
    north = told("Q.01.LUA", {"2023-Q1": "3"})
    assert computed(select(STRUCTURE, **over("PROVINCE")), north, coast).values == {"Q.LUA": {"2023-Q1": "10"}}


def test_codes_go_up_to_their_parents_or_to_a_level_or_a_named_hierarchy() -> None:
    coast = told("Q.03.LUA", {"2023-Q1": "0.5"})
    parents = computed(select(STRUCTURE, aggregate=Aggregation(along=(RollUp("PROVINCE"),))), *RICE)
    assert parents.values == {"Q._T.LUA": {"2023-Q1": "0.3", "2023-Q2": "3"}}
    level = computed(select(STRUCTURE, aggregate=Aggregation(along=(RollUp("PROVINCE", "2"),))), *RICE)
    assert list(level.values) == ["Q.01.LUA", "Q.02.LUA"]
    named = computed(select(STRUCTURE, aggregate=Aggregation(along=(RollUp("PROVINCE", None, "COAST"),))), coast, *RICE)
    assert named.values == {"Q.BIEN.LUA": {"2023-Q1": "0.7", "2023-Q2": "2"}}


def test_multipliers_are_brought_to_one_and_different_units_are_refused() -> None:
    single = told("Q.02.LUA", {"2023-Q1": "5"}, power="0")
    found = computed(select(STRUCTURE, **over("PROVINCE")), told("Q.01.LUA", {"2023-Q1": "1.5"}), single)
    assert found.values == {"Q.LUA": {"2023-Q1": "1505"}}
    assert found.units["Q.LUA"]["UNIT_MULT"] == "0"
    raised = error(RICE[0], told("Q.02.LUA", {"2023-Q1": "5"}, unit="TA"), **over("PROVINCE"))
    assert raised.code == "UNITS_DIFFER"
    assert "TAN" in raised.detail() and "TA" in raised.detail()


def test_decimals_are_told_only_where_the_figures_have_no_more() -> None:
    def decimals(*parts: Series, **question: Any) -> list[str | None]:
        for part in parts:
            part.attributes = {**part.attributes, "DECIMALS": "1"}
        return [said.get("DECIMALS") for said in computed(select(STRUCTURE, **question), *parts).units.values()]

    def rice(power: str = "3") -> tuple[Series, ...]:
        return told("Q.01.LUA", {"2023-Q1": "0.1"}), told("Q.02.LUA", {"2023-Q1": "0.3"}, power=power)

    assert decimals(*rice(), **over("PROVINCE")) == ["1"]
    assert decimals(*rice(), **over("PROVINCE", method=Method.MAX)) == ["1"]
    assert decimals(*rice(), **over("PROVINCE", method=Method.MEAN)) == [None]
    assert decimals(*rice(power="0"), **over("PROVINCE")) == [None], "a thousand and single units: 100.3"
    split = told("Q.03.LUA", {"2023-Q1": "0.1"})
    assert decimals(*rice(), split, **recoding()) == [None, None], "a third of 0.1"
    index = told("Q.01.LUA", {f"2023-Q{n}": "100.5" for n in range(1, 5)}, unit="IX", power="3")
    assert decimals(index, rebase="2023") == [None]
    assert computed(select(STRUCTURE, rebase="2023"), index).units["Q.01.LUA"]["UNIT_MULT"] == "0"


def test_codes_that_weigh_are_not_shown_whatever_is_computed() -> None:
    change = select(STRUCTURE, {"CROP": ["YIELD"]}, change=Change(Against.PREVIOUS_PERIOD))
    assert list(computed(change, *YIELDS).values) == ["Q.01.YIELD", "Q.02.YIELD"]


def test_a_published_ratio_stays_as_it_is_beside_groups_that_are_weighted() -> None:
    """Of the annual figure no area is known, and none is needed."""
    year = told("A._T.YIELD", {"2023": "5.12345678901234"}, unit="PT", power="0")
    found = computed(select(STRUCTURE, {"CROP": ["YIELD"]}, **over("PROVINCE")), year, *YIELDS)
    assert found.values == {"A.YIELD": {"2023": "5.12345678901234"}, "Q.YIELD": {"2023-Q1": "5.66666666667"}}


def test_what_is_missing_in_a_part_is_missing_in_the_whole_and_says_why() -> None:
    hidden = told("Q.01.LUA", {"2023-Q1": None, "2023-Q2": None}, CONF_STATUS=["C", None])
    found = computed(select(STRUCTURE, **over("PROVINCE")), hidden, RICE[1])
    assert found.values["Q.LUA"] == {"2023-Q1": None, "2023-Q2": None}
    assert found.flags["Q.LUA"] == {"CONF_STATUS": ["C", None], "OBS_STATUS": [None, "O"]}


def test_a_whole_is_as_provisional_as_its_parts() -> None:
    found = computed(select(STRUCTURE, **over("PROVINCE")), told("Q.01.LUA", {"2023-Q1": "1"}, OBS_STATUS=["P"]), RICE[1])
    assert found.flags["Q.LUA"] == {"OBS_STATUS": ["P", None]}


def test_distinct_counts_are_never_added_but_their_published_total_is_given() -> None:
    farms = [told(f"Q.{code}.FARMS", {"2023-Q1": "7"}, unit="NUMBER", power="0") for code in ("01", "02")]
    assert error(*farms, **over("PROVINCE")).code == "NOT_ADDITIVE"
    total = told("Q._T.FARMS", {"2023-Q1": "11"}, unit="NUMBER", power="0")
    found = computed(select(STRUCTURE, **over("PROVINCE")), total, *farms)
    assert found.values == {"Q.FARMS": {"2023-Q1": "11"}}
    assert computed(select(STRUCTURE, **over("PROVINCE", method=Method.MAX)), *farms).values == {"Q.FARMS": {"2023-Q1": "7"}}


def test_percentages_and_indices_are_not_added_unless_the_structure_says_how() -> None:
    for unit in ("PT", "IX"):
        parts = [told(f"Q.{code}.LUA", {"2023-Q1": "7"}, unit=unit, power="0") for code in ("01", "02")]
        assert error(*parts, **over("PROVINCE")).code == "NOT_ADDITIVE"
        mean = computed(select(STRUCTURE, **over("PROVINCE", method=Method.MEAN)), *parts)
        assert mean.values == {"Q.LUA": {"2023-Q1": "7"}}


YIELDS = (
    told("Q.01.YIELD", {"2023-Q1": "6"}, unit="PT", power="0"),
    told("Q.02.YIELD", {"2023-Q1": "5"}, unit="PT", power="0"),
    told("Q.01.AREA", {"2023-Q1": "2"}, unit="HA"),
    told("Q.02.AREA", {"2023-Q1": "1000"}, unit="HA", power="0"),
)


def test_a_ratio_is_weighted_by_what_its_structure_names() -> None:
    found = computed(select(STRUCTURE, {"CROP": ["YIELD"]}, **over("PROVINCE")), *YIELDS)
    assert found.values == {"Q.YIELD": {"2023-Q1": "5.66666666667"}}
    assert "weighted by Crop (CROP) AREA (Area)" in found.steps[1]["en"]
    stored = computing.needed(select(STRUCTURE, {"CROP": ["YIELD"]}, **over("PROVINCE")), STRUCTURE)
    assert stored.codes == {"CROP": ("YIELD", "AREA")}


def test_a_question_may_name_the_weight() -> None:
    weighted = over("PROVINCE", method=Method.WEIGHTED_MEAN, weight=Weight("CROP", "AREA"))
    found = computed(select(STRUCTURE, {"CROP": ["YIELD"]}, **weighted), *YIELDS[:3])
    assert found.values == {"Q.YIELD": {"2023-Q1": None}}, "one part has no weight"
    assert error(*RICE, **over("PROVINCE", method=Method.WEIGHTED_MEAN)).code == "WEIGHT_NOT_SAID"
    unknown = over("PROVINCE", method=Method.WEIGHTED_MEAN, weight=Weight("CROP", "WATER"))
    assert error(**unknown).code == "UNKNOWN_WEIGHT"
    assert error(**over("PROVINCE", weight=Weight("CROP", "AREA"))).code == "WEIGHT_NOT_USED"
    negative = told("Q.01.AREA", {"2023-Q1": "-2"}, unit="HA")
    assert error(*YIELDS[:2], negative, codes={"CROP": ["YIELD"]}, **weighted).code == "BAD_WEIGHT"


def test_different_indicators_do_not_become_one_figure() -> None:
    assert error(*YIELDS, **over("CROP")).code == "INDICATORS_MIXED"
    found = computed(select(STRUCTURE, {"CROP": ["AREA"]}, **over("CROP", "PROVINCE")), *YIELDS[2:])
    assert found.values == {"Q": {"2023-Q1": "3000"}}


@pytest.mark.parametrize(
    ("question", "code"),
    [
        (over(), "NOTHING_TO_AGGREGATE"),
        (over("FREQ"), "CANNOT_COMPUTE_ALONG"),
        (over("TIME_PERIOD"), "CANNOT_COMPUTE_ALONG"),
        (over("PROVINCE", "PROVINCE"), "CANNOT_COMPUTE_ALONG"),
        ({"aggregate": Aggregation(along=(RollUp("PROVINCE", "9"),))}, "UNKNOWN_LEVEL"),
        ({"sort": [Sort("PROVINCE")], **over("PROVINCE")}, "CANNOT_SORT"),
        ({"sort": [Sort("COLOUR")]}, "CANNOT_SORT"),
        ({"sort": [Sort("OBS_STATUS")]}, "CANNOT_SORT"),
        ({"over_time": OverTime("H")}, "UNKNOWN_FREQUENCY"),
        ({"over_time": OverTime("A", weight=Weight("CROP", "AREA"))}, "WEIGHT_NOT_USED"),
        (
            {"over_time": OverTime("A", TimeMethod.WEIGHTED_MEAN, Weight("CROP", "AREA")), **over("CROP")},
            "UNKNOWN_WEIGHT",
        ),
        ({"measures": ["WEIGHT"]}, "COMPONENT_UNKNOWN"),
        ({"attributes": ["OBS_VALUE"]}, "COMPONENT_UNKNOWN"),
    ],
)
def test_what_cannot_be_computed_is_refused_before_anything_is_read(question: dict[str, Any], code: str) -> None:
    assert error(**question).code == code


def test_texts_are_nothing_to_compute_with() -> None:
    assert (
        error(told("Q.01.LUA", {"2023-Q1": "nhiều"}), told("Q.02.LUA", {"2023-Q1": "1"}), **over("PROVINCE")).code
        == "NOT_NUMBERS"
    )


# Along time


def test_changes_keep_gaps_and_reach_back_before_the_first_period_asked_for() -> None:
    rice = told("Q.01.LUA", {"2022-Q2": "4", "2023-Q1": "2", "2023-Q2": "5", "2023-Q4": "8"}, OBS_STATUS=["P", "A", "A", "A"])
    previous = select(STRUCTURE, start="2023-Q2", change=Change(Against.PREVIOUS_PERIOD))
    assert computed(previous, rice).values == {"Q.01.LUA": {"2023-Q2": "3", "2023-Q4": None}}
    yearly = select(STRUCTURE, start="2023-Q2", last_n=2, change=Change(Against.SAME_PERIOD_LAST_YEAR, percent=True))
    found = computed(yearly, rice)
    assert found.values == {"Q.01.LUA": {"2023-Q2": "25", "2023-Q4": None}}
    assert found.flags["Q.01.LUA"] == {"OBS_STATUS": ["P", "A"]}, "compared with a provisional figure"
    assert found.units["Q.01.LUA"] == {"UNIT_MEASURE": "PT", "UNIT_MULT": "0"}
    stored = computing.needed(yearly, STRUCTURE)
    assert (stored.periods.ordinals("Q")[0], stored.last_n) == (2022 * 4 + 1, None)


@pytest.mark.parametrize(
    ("now", "before", "against"),
    [
        ("2024", "2023", Against.PREVIOUS_PERIOD),
        ("2024-01", "2023-12", Against.PREVIOUS_PERIOD),
        ("2024-S1", "2023-S2", Against.PREVIOUS_PERIOD),
        ("2024-W01", "2023-W52", Against.PREVIOUS_PERIOD),
        ("2024-03-01", "2024-02-29", Against.PREVIOUS_PERIOD),
        ("2024", "2023", Against.SAME_PERIOD_LAST_YEAR),
        ("2024-05", "2023-05", Against.SAME_PERIOD_LAST_YEAR),
        ("2021-W05", "2020-W05", Against.SAME_PERIOD_LAST_YEAR),
        ("2024-03-01", "2023-03-01", Against.SAME_PERIOD_LAST_YEAR),
    ],
)
def test_the_lag_fits_the_frequency(now: str, before: str, against: Against) -> None:
    letter = parse_period(now).frequency
    found = computed(select(STRUCTURE, start=now, change=Change(against)), told(f"{letter}.01.LUA", {before: "1", now: "3"}))
    assert list(found.values.values()) == [{now: "2"}]


@pytest.mark.parametrize("now", ["2024-02-29", "2020-W53"])
def test_what_has_no_counterpart_last_year_has_no_change(now: str) -> None:
    period = parse_period(now)
    cells = {str(Period(period.frequency, period.ordinal - back)): "1" for back in (400, 371, 366, 365, 364, 53, 52, 0)}
    found = computed(
        select(STRUCTURE, start=now, change=Change(Against.SAME_PERIOD_LAST_YEAR)), told(f"{period.frequency}.01.LUA", cells)
    )
    assert list(found.values.values()) == [{now: None}]


def test_business_days_go_from_monday_back_to_friday() -> None:
    cells: dict[str, str | None] = {"2024-03-01": "1", "2024-03-04": "5"}
    found = computed(select(STRUCTURE, start="2024-03-04", change=Change(Against.PREVIOUS_PERIOD)), told("B.01.LUA", cells))
    assert found.values == {"B.01.LUA": {"2024-03-04": "4"}}


def test_an_instant_has_no_period_before() -> None:
    moment = told("I.01.LUA", {"2024-03-01T00:00:00": "1"})
    assert error(moment, change=Change(Against.PREVIOUS_PERIOD)).code == "NO_PERIOD_BEFORE"


def test_an_index_is_rebased_to_the_mean_of_a_period_it_covers() -> None:
    index = told("Q.01.LUA", {f"2023-Q{n}": str(100 + n) for n in range(1, 5)}, unit="IX", power="0")
    part = told("Q.02.LUA", {"2023-Q4": "150"}, unit="IX", power="0")
    found = computed(select(STRUCTURE, start="2023-Q4", rebase="2023"), index, part)
    assert found.values == {"Q.01.LUA": {"2023-Q4": "101.463414634"}, "Q.02.LUA": {"2023-Q4": None}}
    assert error(*RICE, rebase="2023").code == "NOT_AN_INDEX"


# Longer periods


def over_time(frequency: str, method: TimeMethod = TimeMethod.SUM, **how: Any) -> dict[str, Any]:
    return {"over_time": OverTime(frequency, method, **how)}


def months(key: str, figures: Sequence[str | None], start: str = "2023-01", **said: Any) -> Series:
    first = parse_period(start).ordinal
    return told(key, {str(Period("M", first + number)): value for number, value in enumerate(figures)}, **said)


YEAR = [str(month) for month in range(1, 13)]


@pytest.mark.parametrize(
    ("method", "values"),
    [
        (TimeMethod.SUM, ["6", "15", "24", "33", None]),
        (TimeMethod.MEAN, ["2", "5", "8", "11", None]),
        (TimeMethod.MIN, ["1", "4", "7", "10", None]),
        (TimeMethod.MAX, ["3", "6", "9", "12", None]),
        (TimeMethod.COUNT, ["3", "3", "3", "3", "2"]),
        (TimeMethod.FIRST, ["1", "4", "7", "10", "50"]),
        (TimeMethod.LAST, ["3", "6", "9", "12"]),
    ],
)
def test_months_become_quarters_where_all_three_are_there(method: TimeMethod, values: list[str | None]) -> None:
    """Of the first quarter of 2024 two months are known: no quarter yet, and nothing at its end."""
    found = computed(select(STRUCTURE, **over_time("Q", method)), months("M.01.LUA", [*YEAR, "50", "60"]))
    assert list(found.values) == ["Q.01.LUA"]
    assert list(found.values["Q.01.LUA"].values()) == values
    assert found.units["Q.01.LUA"]["UNIT_MEASURE"] == ("NUMBER" if method == TimeMethod.COUNT else "TAN")
    assert "Q (Quarterly)" in found.steps[0]["en"] and "Q (Quý)" in found.steps[0]["vi"]


def test_a_period_says_the_strongest_word_of_its_months_and_why_it_has_no_value() -> None:
    given = months("M.01.LUA", ["1", "2", "3", None, "5", "6"], OBS_STATUS=[None, "P", None, None, None, None])
    hidden = months("M.02.LUA", [None, "2", "3"], CONF_STATUS=["C", None, None])
    found = computed(select(STRUCTURE, **over_time("Q")), given, hidden)
    assert found.flags["Q.01.LUA"] == {"OBS_STATUS": ["P", "O"]}
    assert (found.values["Q.02.LUA"], found.flags["Q.02.LUA"]) == ({"2023-Q1": None}, {"CONF_STATUS": ["C"]})


def test_days_of_a_leap_year_make_months_and_weeks_and_weeks_make_no_months() -> None:
    first = parse_period("2024-02-01").ordinal
    days = told("D.01.LUA", {str(Period("D", first + number)): "1" for number in range(29)})
    assert computed(select(STRUCTURE, **over_time("M")), days).values == {"M.01.LUA": {"2024-02": "29"}}
    weeks = computed(select(STRUCTURE, **over_time("W")), days).values["W.01.LUA"]
    assert weeks == {"2024-W05": None, "2024-W06": "7", "2024-W07": "7", "2024-W08": "7", "2024-W09": None}
    for odd in (told("W.01.LUA", {"2024-W05": "1"}), told("B.01.LUA", {"2024-02-01": "1"}), told("A.01.LUA", {"2024": "1"})):
        assert error(odd, **over_time("M")).code == "NOT_NESTED"
    both = computed(select(STRUCTURE, **over_time("M")), days, told("A.02.LUA", {"2024": "1"}))
    assert list(both.values) == ["M.01.LUA"] and "A do not fit" in both.steps[0]["en"]


def test_a_published_year_is_not_added_up_again() -> None:
    given = months("M.01.LUA", YEAR), told("A.01.LUA", {"2023": "79"})
    assert computed(select(STRUCTURE, **over_time("A")), *given).values == {"A.01.LUA": {"2023": "79"}}
    assert computed(select(STRUCTURE, **over_time("A", TimeMethod.MAX)), *given).values == {"A.01.LUA": {"2023": "12"}}


def test_longer_periods_come_after_sums_and_before_changes() -> None:
    """For the change of 2024 on 2023 all months of both are read, although the question begins and ends with 2024-03."""
    years = [*YEAR, *(str(2 * int(month)) for month in YEAR)]
    question = select(
        STRUCTURE, start="2024", end="2024-03", change=Change(Against.PREVIOUS_PERIOD), **over("PROVINCE"), **over_time("A")
    )
    found = computed(question, months("M.01.LUA", years), months("M.02.LUA", years))
    assert found.values == {"A.LUA": {"2024": "156"}}
    stored = computing.needed(question, STRUCTURE)
    assert stored.periods.end is not None and stored.periods.end.end == parse_period("2024-12").end


def test_what_the_structure_says_of_stocks_ratios_and_distinct_counts_holds_over_time() -> None:
    crops = replace(CROP, items=(*CROP.items, Code("KHO", {"en": "Stock"}, annotations=notes({"aggregation:time": "last"}))))
    structure = replace(STRUCTURE, codelists={**STRUCTURE.codelists, "CROP": crops})

    def years(*given: Series, **question: Any) -> dict[str, list[str | None]]:
        batches = [batch_of([one], "OBS_VALUE") for one in given]
        source = computing.compute(select(structure, **question, **over_time("A")), held(structure, batches), cast(Any, None))
        found = [one for batch in source.read(np.arange(len(source))) for one in series_of(batch, "OBS_VALUE")]
        return {".".join(one.key): one.values for one in found}

    assert years(months("M.01.KHO", YEAR)) == {"A.01.KHO": ["12"]}
    assert years(months("M.01.KHO", YEAR), months("M.02.KHO", YEAR), **over("PROVINCE")) == {"A.KHO": ["24"]}
    assert years(months("M.01.KHO", YEAR), **over("CROP")) == {"A.01": ["12"]}, "also where the crop is left out"
    heavy = months("M.01.AREA", ["1"] * 11 + ["9"], unit="HA", power="0")
    yields = months("M.01.YIELD", ["1"] * 11 + ["3"], unit="PT", power="0")
    assert years(heavy, yields, codes={"CROP": ["YIELD"]}) == {"A.01.YIELD": ["1.9"]}
    for never in (months("M.01.FARMS", YEAR, unit="NUMBER"), months("M.01.LUA", YEAR, unit="IX")):
        with pytest.raises(Invalid) as raised:
            years(never)
        assert raised.value.code == "NOT_ADDITIVE"
    with pytest.raises(Invalid) as raised:
        years(months("M.01.FARMS", YEAR, unit="NUMBER"), **over("CROP"))
    assert raised.value.code == "NOT_ADDITIVE"
    assert error(yields, heavy, **over_time("A"), **over("PROVINCE", method=Method.MEAN)).code == "WEIGHTS_NOT_SUMMED"


def test_the_attribute_of_collection_tells_a_stock_from_a_flow() -> None:
    """E: end of period; a series of annual means says A instead."""
    words = replace(world.STATUS, ref=replace(world.STATUS.ref, id="CL_COLLECTION"), items=tuple(map(Code, "ABEHLS")))
    said = Attribute(id="COLLECTION", representation=coded(words.ref), level=Level.SERIES)
    structure = replace(
        STRUCTURE,
        dsd=replace(DSD, attributes=(*DSD.attributes, said)),
        codelists={**STRUCTURE.codelists, "COLLECTION": words},
    )
    stock = months("M.01.LUA", YEAR)
    stock.attributes = {**stock.attributes, "COLLECTION": "E", "DECIMALS": "0"}
    for method, value, word, decimals in ((TimeMethod.SUM, "12", "E", "0"), (TimeMethod.MEAN, "6.5", "A", None)):
        source = computing.compute(
            select(structure, **over_time("A", method)), held(structure, [batch_of([stock], "OBS_VALUE")]), cast(Any, None)
        )
        (year,) = [one for batch in source.read(np.arange(1)) for one in series_of(batch, "OBS_VALUE")]
        assert (year.values, year.attributes["COLLECTION"], year.attributes.get("DECIMALS")) == ([value], word, decimals)


# Recoding


def recoding() -> dict[str, Any]:
    return {"recode": [Recoding("PROVINCE", NEXT.ref)]}


def test_provinces_are_recoded_merged_ones_added_split_ones_parted_and_flagged() -> None:
    found = computed(select(STRUCTURE, **recoding()), *RICE, told("Q.03.LUA", {"2023-Q2": "30"}))
    assert found.values == {
        "Q.N1.LUA": {"2023-Q1": "0.1", "2023-Q2": "10.99"},
        "Q.S1.LUA": {"2023-Q1": "0.2", "2023-Q2": "22.01"},
    }
    assert found.flags["Q.N1.LUA"] == {"OBS_STATUS": [None, "E"], "RECODING": ["EXACT", "ESTIMATED"]}
    assert "SEN:CL_PROVINCE(2.0)" in found.steps[0]["vi"] and "estimated" in found.steps[0]["en"]


def test_recoded_series_can_be_aggregated_in_the_new_tree() -> None:
    up = Aggregation(along=(RollUp("PROVINCE", "1"),))
    found = computed(select(STRUCTURE, aggregate=up, **recoding()), *RICE, told("Q.03.LUA", {"2023-Q2": "30"}))
    assert found.values == {"Q._T.LUA": {"2023-Q1": "0.3", "2023-Q2": "33"}}


def test_what_is_not_added_is_recoded_only_where_nothing_has_to_be_added() -> None:
    farms = told("Q.02.FARMS", {"2023-Q1": "7"}, unit="NUMBER", power="0")
    assert computed(select(STRUCTURE, **recoding()), farms).values == {"Q.S1.FARMS": {"2023-Q1": "7"}}
    assert error(told("Q.03.FARMS", {"2023-Q1": "7"}, unit="NUMBER"), **recoding()).code == "NOT_ADDITIVE"


def test_a_code_without_a_link_is_never_lost_in_silence() -> None:
    found = computed(select(STRUCTURE, **recoding()), told("Q.BIEN.LUA", {"2023-Q1": "7"}))
    assert found.values == {} and "BIEN" in found.steps[0]["vi"] and "BIEN" in found.steps[0]["en"]


def test_codes_that_weigh_are_read_but_not_shown() -> None:
    found = computed(select(STRUCTURE, {"CROP": ["YIELD"]}, **recoding()), *YIELDS)
    assert list(found.values) == ["Q.N1.YIELD", "Q.S1.YIELD"]


def test_figures_are_computed_of_a_state_and_not_of_changes() -> None:
    from datetime import UTC, datetime

    assert error(updated_after=datetime(2025, 1, 1, tzinfo=UTC), **over("PROVINCE")).code == "COMPUTED_OF_CHANGES"
    assert error(history=True, **over("PROVINCE")).code == "COMPUTED_OF_CHANGES"


# What the hub ships


def test_shipped_indicators_say_how_they_are_put_together() -> None:
    shipped = {made.ref.id: made for made in content.shipped() if isinstance(made, Codelist)}
    rules = {
        item.id: fact(item, "aggregation")
        for name in ("CL_VAT_INDICATOR", "CL_TRADE_INDICATOR")
        for item in shipped[name].items
    }
    assert {code for code, rule in rules.items() if rule == "none"} == {"DECLARANTS", "TRADERS"}
    assert set(rules.values()) == {"sum", "none"}


# Through the hub and GraphQL


@pytest.fixture
def door(hub: Hub) -> Asker:
    return Asker(hub.ports)


SERIES = 'release { number } totalCount dimensions computed { text(lang: "en") } series { key columns { periods valueTexts } }'


def asked(door: Asker, selection: str, page: str = "") -> dict[str, Any]:
    info = "pageInfo { hasNextPage hasPreviousPage endCursor }"
    query = f'{{ dataflow(ref: "SEN:MUA") {{ data(selection: {{ {selection} }} {page}) {{ {SERIES} {info} }} }} }}'
    return cast(dict[str, Any], door.data(query)["dataflow"]["data"])


def test_graphql_sums_over_a_dimension_and_says_how(door: Asker) -> None:
    data = asked(door, 'dimensions: [{id: "PROVINCE", childrenOf: ["_T"]}], aggregate: {keep: ["CROP"]}')
    assert (data["dimensions"], data["totalCount"], data["release"]["number"]) == (["FREQ", "CROP"], 3, 1)
    rice = data["series"][1]
    assert rice["key"] == "Q.LUA"
    assert rice["columns"] == {
        "periods": ["2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4", "2024-Q1"],
        "valueTexts": ["200.5", "98.25", "211", None, "140.125"],
    }
    assert data["computed"][0]["text"] == "Aggregated over Province (PROVINCE)."
    assert asked(door, "")["computed"] == []


def test_graphql_makes_years_of_quarters(door: Asker) -> None:
    """The published year 348.75 counts before the sum of quarters, of which the fourth is missing; asked of quarters alone
    there is no year."""
    sums = asked(door, 'overTime: {frequency: "A"}')
    found = {one["key"]: one["columns"]["valueTexts"] for one in sums["series"]}
    assert found == {"A.01.LUA": ["348.75"], "A.01.NGO": [None], "A.02.LUA": [None]}
    quarters = asked(door, 'dimensions: [{id: "FREQ", codes: ["Q"]}], overTime: {frequency: "A", method: MAX}, lastN: 1')
    assert quarters["series"][0]["columns"] == {"periods": ["2024"], "valueTexts": [None]}
    assert "Brought to frequency A" in quarters["computed"][0]["text"]


def test_graphql_gives_changes_and_the_names_of_codes_recoded_or_not(door: Asker) -> None:
    data = asked(door, 'startPeriod: "2024", change: {against: SAME_PERIOD_LAST_YEAR, percent: true}')
    assert [(one["key"], one["columns"]["valueTexts"]) for one in data["series"]] == [("Q.01.LUA", ["16.2863070539"])]


@pytest.mark.parametrize(
    ("sort", "keys"),
    [
        ("", ["A.01.LUA", "Q.01.LUA", "Q.01.NGO", "Q.02.LUA"]),
        (
            'sort: [{by: "CROP", descending: true}, {by: "PROVINCE", descending: true}]',
            ["Q.01.NGO", "Q.02.LUA", "A.01.LUA", "Q.01.LUA"],
        ),
        ('sort: [{by: "OBS_VALUE"}]', ["Q.01.NGO", "Q.02.LUA", "Q.01.LUA", "A.01.LUA"]),
        ('sort: [{by: "OBS_VALUE", descending: true}], lastN: 1', ["A.01.LUA", "Q.01.LUA", "Q.02.LUA", "Q.01.NGO"]),
    ],
)
def test_pages_go_on_after_the_last_series_in_any_order(door: Asker, sort: str, keys: list[str]) -> None:
    found, cursor = list[str](), ""
    while True:
        data = asked(door, sort, f", first: 3{cursor}")
        found += [one["key"] for one in data["series"]]
        page = data["pageInfo"]
        assert page["hasPreviousPage"] == bool(cursor)
        if not page["hasNextPage"]:
            break
        cursor = f', after: "{page["endCursor"]}"'
    assert found == keys
    assert page["endCursor"] is None


@pytest.mark.parametrize(
    ("sort", "keys"),
    [
        ('{by: "UNIT_MEASURE"}', ["Q.01.NGO", "Q.01.LUA", "Q.02.LUA", "A.01.LUA"]),
        ('{by: "UNIT_MEASURE", descending: true}', ["Q.01.LUA", "Q.02.LUA", "Q.01.NGO", "A.01.LUA"]),
        ('{by: "UNIT_MEASURE"}, {by: "OBS_VALUE"}', ["Q.01.NGO", "Q.02.LUA", "Q.01.LUA", "A.01.LUA"]),
        ('{by: "CROP", descending: true}, {by: "UNIT_MEASURE"}', ["Q.01.NGO", "Q.01.LUA", "Q.02.LUA", "A.01.LUA"]),
    ],
)
def test_series_stand_in_the_order_of_what_is_said_of_them(hub: Hub, door: Asker, sort: str, keys: list[str]) -> None:
    """Maize is measured in quintals, and of the annual series no unit is known: it comes last."""
    other_units(hub)
    assert [one["key"] for one in asked(door, f"sort: [{sort}]")["series"]] == keys


def other_units(hub: Hub) -> None:
    maize = world.series("Q.01.NGO", {"2023-Q1": "151"})
    maize.attributes = {"UNIT_MEASURE": "TA"}
    publish(hub, [maize, Removal({"FREQ": "A"}, components=frozenset({"UNIT_MEASURE"}))])


def test_a_page_stays_in_its_release_and_a_cursor_with_its_question(hub: Hub, door: Asker) -> None:
    first = asked(door, "", ", first: 2")
    publish(hub, [world.series("A.01.NGO", {"2023": "1"})])
    cursor = f', after: "{first["pageInfo"]["endCursor"]}"'
    assert [one["key"] for one in asked(door, "", cursor)["series"]] == ["Q.01.NGO", "Q.02.LUA"]
    wrong = f'{{ dataflow(ref: "SEN:MUA") {{ data(selection: {{lastN: 1}}{cursor}) {{ totalCount }} }} }}'
    assert door.error(wrong)["code"] == "BAD_CURSOR"


def test_the_latest_period_comes_first_where_time_is_sorted_downwards(door: Asker) -> None:
    data = asked(door, 'dimensions: [{id: "PROVINCE", codes: ["02"]}], sort: [{by: "TIME_PERIOD", descending: true}]')
    assert data["series"][0]["columns"] == {"periods": ["2023-Q3", "2023-Q1"], "valueTexts": ["81", "80"]}


def test_series_alone_come_without_observations_and_only_wanted_attributes(hub: Hub) -> None:
    selection = select(world.STRUCTURE, {"CROP": ["NGO"]}, series_only=True, attributes=["UNIT_MULT"])
    (maize,) = hub.cube.ask(selection, PUBLIC).series
    assert (maize.values, maize.attributes, maize.observation_attributes) == ([], {"UNIT_MULT": "3"}, {})


def test_errors_of_a_question_reach_the_reader_with_advice(door: Asker) -> None:
    wrong = '{ dataflow(ref: "SEN:MUA") { data(selection: {aggregate: {drop: ["PROVINCES"]}}) { totalCount } } }'
    found = door.error(wrong)
    assert found["code"] == "CANNOT_COMPUTE_ALONG" and "PROVINCE" in found["help"]
    both = '{ dataflow(ref: "SEN:MUA") { data(selection: {aggregate: {drop: ["CROP"], keep: ["CROP"]}}) { totalCount } } }'
    assert door.error(both)["code"] == "DROP_AND_KEEP"


def test_availability_is_told_of_the_codes_a_choice_means(door: Asker) -> None:
    query = (
        '{ dataflow(ref: "SEN:MUA") { availability(selection: {dimensions: [{id: "PROVINCE", prefix: "02"}]}) { series } } }'
    )
    assert door.data(query)["dataflow"]["availability"] == {"series": 1}


def test_links_lead_to_the_figures_that_were_computed_with(door: Asker) -> None:
    coast = 'dimensions: [{id: "PROVINCE", prefix: "02"}], aggregate: {drop: ["PROVINCE"]}'
    query = f'{{ dataflow(ref: "SEN:MUA") {{ data(selection: {{ {coast} }}) {{ links {{ csv }} }} }} }}'
    assert ".02." in door.data(query)["dataflow"]["data"]["links"]["csv"]


def test_a_link_that_no_client_could_follow_is_null() -> None:
    """Other dimensions left out, some hundred codes of five letters still fit."""
    links = Addresses("https://so-lieu.example")
    for count, fits in ((1200, True), (1900, False), (2100, False)):
        codes = {"CROP": tuple(f"{number:05}" for number in range(count))}
        chosen = replace(select(world.STRUCTURE), codes=codes)
        assert (links.data(chosen, world.STRUCTURE, "csv") is not None) == fits


@pytest.mark.parametrize(
    "question",
    [
        over("PROVINCE"),
        {"aggregate": Aggregation(along=(RollUp("PROVINCE"),), method=Method.MAX)},
        {"rebase": "2023"},
        {"change": Change(Against.PREVIOUS_PERIOD)},
        {"sort": [Sort("OBS_VALUE"), Sort("TIME_PERIOD", descending=True)]},
    ],
)
def test_where_there_is_nothing_nothing_is_computed(hub: Hub, question: dict[str, Any]) -> None:
    answer = hub.cube.ask(select(world.STRUCTURE, {"PROVINCE": ["03"]}, **question), PUBLIC, slice(0, 5))
    assert (answer.series_count, list(answer.series), answer.following) == (0, [], None)


def test_the_public_computes_of_a_limited_number_of_observations(
    hub: Hub, door: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted from the index, before anything is read; the published figures themselves are not limited."""
    monkeypatch.setattr("hub.observations.MOST_COMPUTED", 7)
    monkeypatch.setattr("hub.observations.gather", None)
    too_much = select(world.STRUCTURE, aggregate=Aggregation(drop=("PROVINCE",)))
    with pytest.raises(TooLarge) as refused:
        hub.cube.ask(too_much, PUBLIC)
    assert (refused.value.code, refused.value.facts) == ("COMPUTED_OF_TOO_MUCH", {"found": 9, "most": 7})
    by_value = select(world.STRUCTURE, sort=[Sort("OBS_VALUE")])
    with pytest.raises(TooLarge):
        hub.cube.ask(by_value, PUBLIC, slice(0, 1))
    assert hub.cube.ask(too_much, LOCAL_ADMINISTRATOR).series_count == 3
    assert hub.cube.ask(too_much, PUBLIC, slice(0, 1)).series_count == 3
    assert hub.cube.ask(select(world.STRUCTURE, start="2024", aggregate=too_much.aggregate), PUBLIC).series_count == 1
    limits = {each["name"]: each["value"] for each in door.data("{ service { limits { name value } } }")["service"]["limits"]}
    assert limits["computedObservations"] == 20_000_000
