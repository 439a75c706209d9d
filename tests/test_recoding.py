"""Figures that cross to another version of a classification: exact, estimated or broken, and never more than they are.

Next year the provinces of Đất Nước Sen are drawn anew (:mod:`tests.test_questions`): 01 is N1, 02 and 03 join in S1, but a
third of 03 goes to N1. In some tests the office does not know how much of 03 went where, or 03 went nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub import computing
from hub.computing.exactly import Exact, numbers
from hub.computing.recoding import ways
from hub.computing.source import Source, held
from registry import content, joining
from registry.calculation import Aggregation, Recoding, Weight
from registry.correspondence import MAIN, Correspondence, Link, State
from registry.errors import Invalid, NotFound, TooLarge
from registry.exact import decimal_texts
from registry.model import Artefact, Codelist, RepresentationMap, Structure
from registry.ports import Catalogue
from registry.recoding import RECODING, states
from registry.ref import Ref
from registry.selection import select
from registry.series import Series, batch_of, series_of
from tests.test_questions import NEXT, STRUCTURE, TABLE, told
from tests.test_questions_exact import harvests

GONE = replace(TABLE, links=(Link("_T", "_T"), Link("01", "N1"), Link("02", "S1")), ended=("03",))
BLIND = replace(TABLE, links=(Link("_T", "_T"), Link("01", "N1"), Link("02", "S1"), Link("03", "N1"), Link("03", "S1")))
WHOLLY = replace(TABLE, links=(Link("_T", "_T"), Link("01", "N1"), Link("02", "S1"), Link("03", "S1")))
WEIGHED = replace(TABLE, basis="population", period="2024", source="Census of Đất Nước Sen")


@dataclass
class Office:
    """As much of :class:`registry.ports.Catalogue` as recoding asks."""

    table: Correspondence | None = TABLE
    target: Codelist = NEXT

    def get(self, ref: Ref) -> Artefact:
        if self.table is not None and ref == self.table.ref:
            return self.table.map
        return STRUCTURE.codelists["PROVINCE"] if ref == STRUCTURE.codelists["PROVINCE"].ref else self.target

    def exact(self, ref: Ref) -> Ref:
        return ref

    def correspondence(self, source: Ref, target: Ref) -> Correspondence:
        if self.table is None or (source, target) != (self.table.from_list, self.table.to_list):
            raise NotFound("CORRESPONDENCE_NOT_FOUND", source=str(source), target=str(target), near="-")
        return self.table


def crossed(
    *series: Series, table: Correspondence | None = TABLE, how: Mapping[str, Any] | None = None, **question: Any
) -> Source:
    """The answer to the harvest in the provinces of next year."""
    recoding = Recoding("PROVINCE", NEXT.ref, **(how or {}))
    batches = [batch_of([one], "OBS_VALUE") for one in sorted(series, key=lambda one: one.key)]
    selection = select(STRUCTURE, recode=[recoding], **question)
    return computing.compute(selection, held(STRUCTURE, batches), cast(Catalogue, Office(table)))


def figures(source: Source) -> dict[str, dict[str, tuple[str | None, str | None]]]:
    """key -> period -> value and state."""
    found: dict[str, dict[str, tuple[str | None, str | None]]] = {}
    for batch in source.read(np.arange(len(source))):
        for one in series_of(batch, "OBS_VALUE"):
            said = one.observation_attributes.get(RECODING, [None] * len(one.values))
            found[".".join(one.key)] = dict(zip(one.periods(), zip(one.values, said, strict=True), strict=True))
    return found


RICE = (
    told("Q.01.LUA", {"2023-Q1": "100", "2023-Q2": "100"}),
    told("Q.02.LUA", {"2023-Q1": "10", "2023-Q2": "10"}),
    told("Q.03.LUA", {"2023-Q2": "30"}),
)


# How sure each figure is


def test_every_value_says_how_sure_it_is() -> None:
    assert figures(crossed(*RICE)) == {
        "Q.N1.LUA": {"2023-Q1": ("100", "EXACT"), "2023-Q2": ("109.99", "ESTIMATED")},
        "Q.S1.LUA": {"2023-Q1": ("10", "EXACT"), "2023-Q2": ("30.01", "ESTIMATED")},
    }


def test_nobody_takes_a_part_for_the_whole() -> None:
    """How much of 03 went where is not known: in the quarter in which it has rice neither N1 nor S1 has a value."""
    assert figures(crossed(*RICE, table=BLIND)) == {
        "Q.N1.LUA": {"2023-Q1": ("100", "EXACT"), "2023-Q2": (None, "BROKEN")},
        "Q.S1.LUA": {"2023-Q1": ("10", "EXACT"), "2023-Q2": (None, "BROKEN")},
    }


def test_what_goes_to_one_code_by_convention_is_an_estimate() -> None:
    """A conversion that puts all of 03 under S1, although some of it went to N1."""
    main = replace(WHOLLY, links=(*WHOLLY.links[:-1], Link("03", "S1", "1", basis=MAIN)))
    found = figures(crossed(*RICE, table=main))
    assert found["Q.S1.LUA"] == {"2023-Q1": ("10", "EXACT"), "2023-Q2": ("40", "ESTIMATED")}
    assert found["Q.N1.LUA"]["2023-Q2"] == ("100", "EXACT")
    assert crossed(*RICE, table=main).crossings[0].weights[0].basis == MAIN


def test_what_went_nowhere_is_no_error_and_no_zero_but_is_told() -> None:
    source = crossed(*RICE, table=GONE)
    assert figures(source)["Q.S1.LUA"]["2023-Q2"] == ("10", "EXACT")
    (crossing,) = source.crossings
    assert (crossing.broken, crossing.unlinked) == ((), ("03",))
    assert crossing.tally().observations == {State.EXACT: 4, State.ESTIMATED: 0, State.BROKEN: 1}
    assert "03" in source.steps[0]["en"] and "03" in source.steps[0]["vi"]
    alone = crossed(RICE[2], table=GONE)
    assert figures(alone) == {} and alone.crossings[0].tally().observations[State.BROKEN] == 1


def test_codes_that_were_not_chosen_do_not_make_the_rest_the_whole() -> None:
    source = crossed(*RICE[:1], codes={"PROVINCE": ["01"]})
    assert figures(source)["Q.N1.LUA"] == {"2023-Q1": (None, "BROKEN"), "2023-Q2": (None, "BROKEN")}
    assert source.crossings[0].partial == ("N1",)
    assert "N1" in source.steps[0]["vi"]


def test_the_state_stays_with_the_figures_that_are_made_of_it() -> None:
    source = crossed(*RICE, aggregate=Aggregation(drop=("PROVINCE",)))
    assert figures(source) == {"Q.LUA": {"2023-Q1": ("110", "EXACT"), "2023-Q2": ("140", "ESTIMATED")}}
    broken = crossed(*RICE, table=BLIND, aggregate=Aggregation(drop=("PROVINCE",)))
    assert figures(broken)["Q.LUA"] == {"2023-Q1": ("110", "EXACT"), "2023-Q2": (None, "BROKEN")}


def test_the_structure_of_the_answer_tells_what_the_state_means() -> None:
    structure = crossed(*RICE).structure
    assert structure.codelists[RECODING] == states() and RECODING in structure.dsd.components
    for state in State:
        assert {"vi", "en"} <= structure.code_names(RECODING, state.name).keys()


# What the answer tells


def test_the_share_of_each_state_is_told_by_observations_and_by_value() -> None:
    """Of 250 tonnes 110 come exactly, 140 go into figures of which a part is estimated."""
    (crossing,) = crossed(*RICE).crossings
    tally = crossing.tally()
    assert tally.observations == {State.EXACT: 2, State.ESTIMATED: 3, State.BROKEN: 0}
    assert tally.amounts is not None
    assert tally.amounts[State.EXACT] == pytest.approx(110 / 250) and sum(tally.amounts.values()) == pytest.approx(1)


def test_what_goes_into_a_broken_figure_counts_as_broken_whoever_broke_it() -> None:
    tally = crossed(*RICE, table=BLIND).crossings[0].tally()
    assert tally.observations == {State.EXACT: 2, State.ESTIMATED: 0, State.BROKEN: 3}


def test_only_what_is_asked_counts() -> None:
    tally = crossed(*RICE, start="2023-Q1", end="2023-Q1").crossings[0].tally()
    assert tally.observations == {State.EXACT: 2, State.ESTIMATED: 0, State.BROKEN: 0}


def test_the_public_has_a_limited_number_of_observations_counted() -> None:
    source = held(STRUCTURE, [batch_of(RICE, "OBS_VALUE")])
    dear = replace(source, toll=lambda places: 10 * len(places))
    selection = select(STRUCTURE, recode=[Recoding("PROVINCE", NEXT.ref)])
    found = computing.compute(selection, dear, cast(Catalogue, Office()), most=29)
    with pytest.raises(TooLarge):
        found.crossings[0].tally()


@pytest.mark.parametrize(
    "other",
    [
        told("Q.01.NGO", {"2023-Q1": "1"}, unit="TA"),
        told("Q.01.YIELD", {"2023-Q1": "1"}),
        told("Q.01.NGO", {"2023-Q1": "1"}, unit="PT"),
    ],
)
def test_what_cannot_be_added_has_no_share_of_the_value(other: Series) -> None:
    assert crossed(RICE[0], other).crossings[0].tally().amounts is None


def test_the_weights_in_use_are_told() -> None:
    source = crossed(*RICE, table=WEIGHED)
    (weights,) = source.crossings[0].weights
    assert (weights.basis, weights.period, weights.source) == ("population", "2024", "Census of Đất Nước Sen")
    assert "population, 2024" in source.steps[0]["vi"]
    assert crossed(*RICE[:2], table=WEIGHED).crossings[0].weights == ()


# What is not added


def test_a_weight_that_the_question_names_makes_an_estimate_of_what_is_not_added() -> None:
    percent = [
        told("Q.02.NGO", {"2023-Q1": "10"}, unit="PT", power="0"),
        told("Q.03.NGO", {"2023-Q1": "40"}, unit="PT", power="0"),
    ]
    areas = [told(f"Q.0{place}.AREA", {"2023-Q1": area}, unit="HA", power="0") for place, area in ((2, "1"), (3, "3"))]
    with pytest.raises(Invalid) as raised:
        figures(crossed(*percent))
    assert raised.value.code == "NOT_ADDITIVE" and "PT" in raised.value.detail("en")
    found = figures(crossed(*percent, *areas, how={"weight": Weight("CROP", "AREA")}))
    # Two thirds of the three hectares of 03 are 2.001; one of 02 beside them.
    assert found["Q.S1.NGO"] == {"2023-Q1": ("30.0033322226", "ESTIMATED")}
    assert found["Q.N1.NGO"] == {"2023-Q1": ("40", "ESTIMATED")}
    assert found["Q.S1.AREA"] == {"2023-Q1": ("3.001", "ESTIMATED")}


def test_distinct_counts_are_never_put_together_whatever_the_weight() -> None:
    farms = [told(f"Q.0{place}.FARMS", {"2023-Q1": "7"}, unit="NUMBER", power="0") for place in (2, 3)]
    with pytest.raises(Invalid) as raised:
        crossed(*farms, how={"weight": Weight("CROP", "AREA")})
    assert raised.value.code == "NOT_ADDITIVE"


def test_a_figure_that_stays_alone_needs_no_weight() -> None:
    """The yield of 01 goes to N1 as it is, although its area is not known."""
    found = figures(crossed(told("Q.01.YIELD", {"2023-Q1": "50"}), told("Q.02.YIELD", {"2023-Q1": "40"})))
    assert found == {"Q.N1.YIELD": {"2023-Q1": ("50", "EXACT")}, "Q.S1.YIELD": {"2023-Q1": ("40", "EXACT")}}


# Which correspondence


def test_a_named_correspondence_is_used_in_either_direction() -> None:
    assert figures(crossed(*RICE[:2], how={"by": TABLE.ref}))["Q.N1.LUA"]["2023-Q1"] == ("100", "EXACT")
    back = replace(TABLE, from_list=TABLE.to_list, to_list=TABLE.from_list, links=(Link("N1", "01"), Link("S1", "02")))
    assert figures(crossed(*RICE[:2], table=back, how={"by": TABLE.ref}))["Q.S1.LUA"]["2023-Q1"] == ("10", "EXACT")


def test_a_correspondence_between_other_lists_is_refused() -> None:
    elsewhere = replace(TABLE, to_list=TABLE.from_list)
    with pytest.raises(Invalid) as raised:
        crossed(*RICE, table=elsewhere, how={"by": TABLE.ref})
    assert raised.value.code == "CORRESPONDENCE_DIFFERS" and "SEN:COR(1.0)" in raised.value.detail("vi")


# Nothing gets lost


shares = st.lists(st.integers(1, 10**6), min_size=2, max_size=4).map(
    lambda parts: [f"{Decimal(part) / sum(parts):.4f}" for part in parts]
)


@st.composite
def tables(draw: st.DrawFn) -> Correspondence:
    """Any correspondence of the three provinces to four new ones: whole, parted, unknown or to nowhere."""
    links, ended = list[Link](), list[str]()
    for code in ("01", "02", "03"):
        targets = draw(st.lists(st.sampled_from(["A", "B", "C", "D"]), unique=True, max_size=4))
        known = draw(shares)
        parted = len(targets) > 1 and len(known) == len(targets) and all(Decimal(share) > 0 for share in known)
        for place, target in enumerate(targets):
            links.append(Link(code, target, known[place] if parted else None))
        ended += [] if targets else [code]
    return replace(TABLE, links=tuple(links), ended=tuple(ended))


@given(tables())
def test_what_goes_to_the_targets_of_a_code_is_all_of_it(table: Correspondence) -> None:
    for code in table.targets:
        parts = [share.amount for _, share in ways(table, code)]
        assert sum(parts) == 1 or not any(parts)
        assert all(10**30 % share.denominator == 0 for share in parts)


@given(harvests(), tables())
def test_sums_are_conserved_to_the_last_digit(series: list[Series], table: Correspondence) -> None:
    """Period by period what the answer shows is what went in of the codes that are not broken, and of no others."""
    source = crossed(*series, table=table)
    shown: dict[tuple[str, int], Fraction] = {}
    hidden = set[tuple[str, str, int]]()
    for batch in source.read(np.arange(len(source))):
        for one in series_of(batch, "OBS_VALUE"):
            for ordinal, text in zip(one.ordinals.tolist(), one.values, strict=True):
                if text is None:
                    hidden.add((one.key[1], one.key[2], ordinal))
                else:
                    cell = one.key[2], ordinal
                    shown[cell] = shown.get(cell, Fraction(0)) + Fraction(text) * 10 ** int(one.attributes["UNIT_MULT"])
    went: dict[tuple[str, int], Fraction] = {}
    for one in series:
        for ordinal, text in zip(one.ordinals.tolist(), one.values, strict=True):
            cell = one.key[2], ordinal
            for target, share in ways(table, one.key[1]):
                if text is not None and (target, *cell) not in hidden:
                    went[cell] = went.get(cell, Fraction(0)) + share.amount * Fraction(text) * 10 ** int(
                        one.attributes["UNIT_MULT"]
                    )
    assert {cell: amount for cell, amount in shown.items() if amount} == {
        cell: amount for cell, amount in went.items() if amount
    }


@given(st.lists(st.integers(-(10**25), 10**25), min_size=1, max_size=9), st.integers(0, 30))
def test_long_decimals_are_written_with_every_digit(whole: list[int], scale: int) -> None:
    for kind in (object, np.int64):
        some = [each for each in whole if kind is object or abs(each) < 2**62]
        column = np.array(some, dtype=kind)
        texts = decimal_texts(numbers(Exact(column, scale, np.ones(len(some), bool), max([0, *map(abs, some)]))))
        assert [Fraction(str(text)) for text in texts] == [Fraction(each, 10**scale) for each in some]


# The provinces of Viet Nam, as shipped


@pytest.fixture(scope="module")
def provinces() -> tuple[Codelist, Codelist, Correspondence]:
    found = {str(made.ref): made for made in content.shipped()}
    table = Correspondence.of(cast(RepresentationMap, found["NSO:COR_PROVINCE_63_34(1.0)"]))
    assert table is not None
    return cast(Codelist, found["NSO:CL_PROVINCE(1.0)"]), cast(Codelist, found["NSO:CL_PROVINCE(2.0)"]), table


REUSED = ("15", "24", "44", "52", "80", "82", "91")


def in_the_63(old: Codelist) -> tuple[Structure, list[Series]]:
    """A figure for each of the 63 provinces: its number, so that every sum tells what is in it."""
    structure = replace(STRUCTURE, codelists={**STRUCTURE.codelists, "PROVINCE": old})
    codes = [code for code in old.by_id if not code.startswith("_")]
    return structure, [told(f"Q.{code}.LUA", {"2024-Q1": str(2**place)}) for place, code in enumerate(codes)]


def test_the_63_provinces_become_34_exactly(provinces: tuple[Codelist, Codelist, Correspondence]) -> None:
    old, new, table = provinces
    structure, series = in_the_63(old)
    batches = held(structure, [batch_of(sorted(series, key=lambda one: one.key), "OBS_VALUE")])
    selection = select(structure, recode=[Recoding("PROVINCE", new.ref)])
    source = computing.compute(selection, batches, cast(Catalogue, Office(table, new)))
    found = {key.split(".")[1]: cells["2024-Q1"] for key, cells in figures(source).items()}
    assert len(found) == 34 and {state for _, state in found.values()} == {"EXACT"}
    assert sum(int(str(value)) for value, _ in found.values()) == 2**63 - 1
    number = {one.key[1]: int(str(one.values[0])) for one in series}
    # Lào Cai is the old 15 and 10; nothing of a reused code stands under its old number alone.
    assert found["15"] == (str(number["15"] + number["10"]), "EXACT")
    for code in REUSED:
        assert found[code][0] != str(number[code])


def test_why_the_two_must_not_be_joined_by_code(provinces: tuple[Codelist, Codelist, Correspondence]) -> None:
    old, new, table = provinces
    assert tuple(sorted(joining.reused(old, new, table))) == REUSED
    assert not joining.joins_by_code(old, new)
    error = joining.refused(old, new, table)
    for lang in ("vi", "en"):
        assert "15, 24, 44, 52, 80, 82, 91" in error.detail(lang) and "16" in error.detail(lang)
        assert "NSO:COR_PROVINCE_63_34(1.0)" in error.help(lang)


def test_without_a_correspondence_the_wrong_join_is_explained(provinces: tuple[Codelist, Codelist, Correspondence]) -> None:
    old, new, _ = provinces
    structure, series = in_the_63(old)

    class Poor(Office):
        def get(self, ref: Ref) -> Artefact:
            return old if ref == old.ref else new

    selection = select(structure, recode=[Recoding("PROVINCE", new.ref)])
    with pytest.raises(Invalid) as raised:
        computing.compute(selection, held(structure, [batch_of(series, "OBS_VALUE")]), cast(Catalogue, Poor(None, new)))
    assert raised.value.code == "JOIN_REFUSED" and "15, 24, 44, 52, 80, 82, 91" in raised.value.detail("vi")


def test_of_the_codes_of_another_classification_it_is_only_told_that_there_is_no_way(
    provinces: tuple[Codelist, Codelist, Correspondence],
) -> None:
    old, new, _ = provinces
    structure, series = in_the_63(old)
    crops = replace(new, ref=replace(new.ref, id="CL_CROP"), annotations=())

    class Poor(Office):
        def get(self, ref: Ref) -> Artefact:
            return old if ref == old.ref else crops

    selection = select(structure, recode=[Recoding("PROVINCE", crops.ref)])
    with pytest.raises(NotFound) as raised:
        computing.compute(selection, held(structure, [batch_of(series, "OBS_VALUE")]), cast(Catalogue, Poor(None, crops)))
    assert raised.value.code == "CORRESPONDENCE_NOT_FOUND"


def test_figures_that_are_in_the_list_already_are_said_to_be() -> None:
    selection = select(STRUCTURE, recode=[Recoding("PROVINCE", STRUCTURE.codelists["PROVINCE"].ref)])
    with pytest.raises(Invalid) as raised:
        computing.compute(selection, held(STRUCTURE, [batch_of(RICE[:1], "OBS_VALUE")]), cast(Catalogue, Office()))
    assert raised.value.code == "RECODED_ALREADY" and "PROVINCE" in raised.value.detail("vi")


def test_lists_that_only_grew_may_be_joined() -> None:
    grown = replace(NEXT, ref=replace(NEXT.ref, version="2.1"), items=(*NEXT.items, replace(NEXT.items[0], id="N2")))
    assert joining.joins_by_code(NEXT, grown) and joining.joins_by_code(NEXT, NEXT)
    renamed = replace(grown, items=tuple(replace(each, names={"vi": "Khác", "en": "Other"}) for each in grown.items))
    assert not joining.joins_by_code(NEXT, renamed)
    assert not joining.joins_by_code(NEXT, replace(grown, ref=replace(grown.ref, version="3.0")))
