"""Correspondences: what becomes of a code, how sure that is, and what always holds when tables are turned round and chained."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.correspondence import (
    MAIN,
    Correspondence,
    Exactness,
    Link,
    LinkKind,
    State,
    Step,
    chain,
    exactness,
    follow,
    groups,
    invert,
    kind_of_link,
    kinds,
    of_variant,
    parts,
    route,
    state_of,
)
from registry.errors import Invalid
from registry.model import HierarchicalCode, Hierarchy, fact
from registry.ref import ItemRef, Kind, Ref
from tests.work import at_most


def listed(version: int) -> Ref:
    return Ref(Kind.CODELIST, "SEN", "CL_CROP", f"{version}.0")


def named(id: str) -> Ref:
    return Ref(Kind.REPRESENTATION_MAP, "SEN", id, "1.0")


def table(*links: Link, ends: tuple[int, int] = (1, 2), ended: tuple[str, ...] = (), id: str = "COR") -> Correspondence:
    names = {"vi": "Cây trồng", "en": "Crops"}
    return Correspondence(
        ref=named(id), names=names, from_list=listed(ends[0]), to_list=listed(ends[1]), links=links, ended=ended
    )


def refused(table: Correspondence, code: str) -> Invalid:
    with pytest.raises(Invalid) as found:
        parts(table, code)
    return found.value


# Kinds and states


MIXED = table(
    Link("a", "A"),
    *(Link("b", "B"), Link("c", "B")),
    *(Link("d", "D", "0.4"), Link("d", "E", "0.6")),
    *(Link("f", "F", "0.5"), Link("f", "G", "0.5"), Link("g", "G")),
)


def test_the_four_kinds_of_links() -> None:
    assert {code: kind.value for code, kind in kinds(MIXED).items()} == {
        **{"a": "1:1", "b": "n:1", "c": "n:1"},
        **{"d": "1:n", "f": "n:m", "g": "n:1"},
    }
    assert [kind_of_link(MIXED, link).value for link in MIXED.targets["f"]] == ["1:n", "n:m"], "each from both of its ends"


def test_a_code_with_one_target_goes_there_as_a_whole_and_one_with_several_is_parted() -> None:
    assert parts(MIXED, "c") == (("B", Fraction(1)),)
    assert parts(MIXED, "d") == (("D", Fraction(2, 5)), ("E", Fraction(3, 5)))
    assert [state_of(MIXED, code) for code in "cd"] == [State.EXACT, State.ESTIMATED]


def test_a_table_without_shares_cannot_divide_a_figure() -> None:
    unsaid = table(Link("d", "D"), Link("d", "E"))
    assert refused(unsaid, "d").code == "SHARES_UNKNOWN" and "D, E" in refused(unsaid, "d").detail()
    assert [link.share for link in unsaid.links] == [None, None], "not 1: nobody said that all of it goes to both"
    lacking = table(Link("d", "D", "0.25"), Link("d", "E", "0.5"))
    assert refused(lacking, "d").code == "SHARES_INCOMPLETE" and "0.75" in refused(lacking, "d").detail()


def test_a_code_of_another_version_is_an_error_and_not_a_loss() -> None:
    assert refused(MIXED, "B").code == "CODE_NOT_LINKED"
    assert "SEN:CL_CROP(1.0)" in refused(MIXED, "B").detail("vi")


def test_how_many_codes_can_be_recoded_exactly_is_told() -> None:
    broken = (Link("h", "H"), Link("h", "I"), Link("i", "I", "0.5"))
    told = replace(MIXED, links=(*MIXED.links, *broken), ended=("j", "i"))
    assert exactness(told) == Exactness(exact=4, estimated=2, broken=3)
    assert state_of(told, "nowhere") is State.BROKEN


def test_a_code_that_ended_in_part_is_broken_even_where_one_target_is_left() -> None:
    assert state_of(table(Link("a", "A"), ended=("a",)), "a") is State.BROKEN


def test_a_link_that_stands_for_several_by_convention_gives_an_estimate_wherever_it_goes() -> None:
    forced = table(Link("a", "A", basis=MAIN), Link("b", "B"))
    onward = table(Link("A", "X"), Link("B", "X"), ends=(2, 3))
    assert exactness(forced) == Exactness(exact=1, estimated=1, broken=0)
    through = chain(forced, onward, named("COR"))
    assert {code: state_of(through, code) for code in "ab"} == {"a": State.ESTIMATED, "b": State.EXACT}
    assert through.targets["a"][0].basis == MAIN
    assert state_of(invert(forced, named("COR")), "A") is State.ESTIMATED


# As a representation map


def test_a_correspondence_is_a_representation_map_and_says_all_it_knows_there() -> None:
    links = (
        Link("a", "A", "0.25", basis="area", period="2024", origin="Survey / Điều tra"),
        Link("a", "B", "0.75"),
        Link("b", "B"),
    )
    made = replace(table(*links, ended=("c",)), basis="turnover", period="2023", source="Office / Cơ quan")
    kept = made.map
    assert Correspondence.of(kept) == made
    assert [fact(mapping, "SHARE") for mapping in kept.mappings] == ["0.25", "0.75", "", ""]
    assert kept.mappings[-1].targets == ()
    assert (made.basis_of(made.links[0]), made.period_of(made.links[1])) == ("area", "2023")


def test_a_map_between_other_things_is_no_correspondence() -> None:
    made = table(Link("a", "A")).map
    assert Correspondence.of(replace(made, targets=())) is None
    assert Correspondence.of(replace(made, sources=made.sources * 2)) is None


# Chains


def test_a_chain_joins_only_tables_that_meet_in_the_same_version() -> None:
    with pytest.raises(Invalid) as found:
        chain(MIXED, MIXED, named("CHAIN"))
    assert found.value.code == "NOT_A_CHAIN"


def test_a_chain_multiplies_shares_and_leaves_out_codes_with_a_way_that_ends() -> None:
    first = table(
        *(Link("a", "A", "0.5"), Link("a", "B", "0.5"), Link("b", "A"), Link("c", "A", "0.5"), Link("c", "Z", "0.5")),
        ended=("e",),
    )
    second = table(Link("A", "1", "0.2"), Link("A", "2", "0.8"), Link("B", "2"), ends=(2, 3))
    through = chain(first, second, named("CHAIN"))
    assert set(through.links) == {
        *(Link("a", "1", "0.1"), Link("a", "2", "0.9")),
        *(Link("b", "1", "0.2"), Link("b", "2", "0.8")),
    }
    assert through.ended == ("e", "c") and exactness(through).broken == 2


def test_what_is_unknown_stays_unknown_in_a_chain_unless_it_comes_together_again() -> None:
    first = table(Link("a", "A"), Link("a", "B"), Link("b", "B"))
    apart = chain(first, table(Link("A", "1"), Link("B", "2"), ends=(2, 3)), named("CHAIN"))
    assert {link: state_of(apart, link) for link in "ab"} == {"a": State.BROKEN, "b": State.EXACT}
    together = chain(first, table(Link("A", "1"), Link("B", "1"), ends=(2, 3)), named("CHAIN"))
    assert exactness(together) == Exactness(exact=2, estimated=0, broken=0), "both parts of a are in 1"


def test_half_a_figure_does_not_become_a_whole_one_in_a_chain_that_comes_together_again() -> None:
    half = table(Link("a", "A", "0.5"), Link("b", "B", "0.6"), Link("b", "C", "0.9"), Link("c", "C"))
    apart = table(*(Link(code, other) for code in "ABC" for other in ("x", "y")), ends=(2, 3))
    together = table(Link("x", "1"), Link("y", "1"), ends=(3, 4))
    through = chain(chain(half, apart, named("CHAIN")), together, named("CHAIN"))
    assert {code: state_of(through, code) for code in "abc"} == {"a": State.BROKEN, "b": State.BROKEN, "c": State.EXACT}
    assert through == chain(half, chain(apart, together, named("CHAIN")), named("CHAIN"))


def test_shares_that_do_not_add_up_are_not_made_up_for_by_others_further_on() -> None:
    twice = table(Link("A", "1"), Link("A", "2", "1"), Link("B", "1"), ends=(2, 3))
    twice = replace(twice, links=tuple(replace(link, share="1") for link in twice.links))
    through = chain(table(Link("a", "A", "0.5"), Link("b", "A"), Link("c", "B")), twice, named("CHAIN"))
    assert exactness(through) == Exactness(exact=1, estimated=0, broken=2), "0.5 of a to 1 and to 2 each is not all of a"


def test_a_chain_says_what_its_shares_were_measured_by_and_which_tables_it_is_made_of() -> None:
    first = replace(table(Link("a", "A", "0.5"), Link("a", "B", "0.5"), Link("b", "B")), basis="area", period="2020")
    second = replace(
        table(Link("A", "1"), Link("B", "1", "0.5"), Link("B", "2", "0.5"), ends=(2, 3), id="ONWARD"), basis="value"
    )
    through = chain(first, second, named("CHAIN"))
    assert [(link.source, link.target, link.basis) for link in through.links] == [
        *(("a", "1", "area, value"), ("a", "2", "area, value")),
        *(("b", "1", "value"), ("b", "2", "value")),
    ]
    assert through.steps == ((named("COR"), False), (named("ONWARD"), False))


# Turned round


def test_a_merger_turned_round_is_a_split_that_needs_weights() -> None:
    merger = table(Link("a", "A"), Link("b", "A"), Link("c", "C"))
    back = invert(merger, named("BACK"))
    assert [link.share for link in back.links] == [None, None, "1"]
    assert back.steps == ((named("COR"), True),) and back.names["vi"].startswith("Cây trồng (")
    weights = {"a": Decimal(1), "b": Decimal(3), "c": Decimal(9)}
    weighed = invert(merger, named("BACK"), weights, basis="population", period="2024")
    assert [link.share for link in weighed.links] == ["0.25", "0.75", "1"]
    assert (weighed.basis, weighed.period) == ("population", "2024")


def test_weights_go_with_the_old_shares_and_one_that_is_unknown_makes_all_unknown() -> None:
    split = table(Link("a", "A", "0.5"), Link("a", "B", "0.5"), Link("b", "B"), Link("z", "B"))
    weights = {"a": Decimal(4), "b": Decimal(6), "z": Decimal(0)}
    back = invert(split, named("BACK"), weights)
    assert [(link.source, link.target, link.share) for link in back.links] == [
        *(("A", "a", "1"), ("B", "a", "0.25"), ("B", "b", "0.75")),
    ]
    unknown = invert(split, named("BACK"), {"a": Decimal(4)})
    assert state_of(unknown, "B") is State.BROKEN


# Groups


def test_codes_that_only_together_mean_the_same_are_a_group_with_a_lasting_name() -> None:
    found = {group.id: (group.kind, group.sources, group.targets) for group in groups(MIXED)}
    assert found == {
        "a>A": (LinkKind.ONE_TO_ONE, ("a",), ("A",)),
        "b>B": (LinkKind.MERGED, ("b", "c"), ("B",)),
        "d>D": (LinkKind.SPLIT, ("d",), ("D", "E")),
        "f>F": (LinkKind.MANY, ("f", "g"), ("F", "G")),
    }


# Variants


def placed(id: str, of: Ref, *children: HierarchicalCode) -> HierarchicalCode:
    return HierarchicalCode(id=id, code=ItemRef("Code", of, id), children=children)


def variant(*codes: HierarchicalCode) -> Correspondence | None:
    return of_variant(Hierarchy(ref=Ref(Kind.HIERARCHY, "SEN", "GROUPS"), names={"en": "Groups"}, codes=codes))


def test_a_hierarchy_of_groups_moves_figures_as_a_table_does() -> None:
    low, high = listed(1), listed(9)
    made = variant(
        placed("_T", low, placed("G", high, placed("a", low), placed("b", low)), placed("H", high, placed("c", low)))
    )
    assert made is not None and (made.from_list, made.to_list) == (low, high)
    assert made.steps == ((Ref(Kind.HIERARCHY, "SEN", "GROUPS"), False),) and made.map.ref.kind == Kind.REPRESENTATION_MAP
    assert [(link.source, link.target, link.share) for link in made.links] == [
        ("a", "G", "1"),
        ("b", "G", "1"),
        ("c", "H", "1"),
    ]
    assert state_of(made, "_T") is State.BROKEN, "what no group is above goes nowhere"


def test_a_code_in_two_groups_is_linked_to_both_and_nobody_knows_its_shares() -> None:
    low, high = listed(1), listed(9)
    made = variant(
        placed("ALL", high, placed("G", high, placed("a", low)), placed("H", high, placed("a", low), placed("b", low)))
    )
    assert made is not None and [link.target for link in made.targets["a"]] == ["G", "H"], "the nearest above it"
    assert exactness(made) == Exactness(exact=1, estimated=0, broken=1)


def test_a_tree_of_one_list_or_of_three_groups_nothing() -> None:
    low, high = listed(1), listed(9)
    assert variant(placed("a", low, placed("b", low))) is None
    assert variant(placed("G", high, placed("a", low), placed("x", listed(5)))) is None
    assert variant(HierarchicalCode(id="old", code_id="a")) is None


# Ways


def finding(*tables: Correspondence) -> Iterable[Correspondence]:
    """What a catalogue does: the tables that touch a list."""

    def touching(codelist: Ref) -> list[Correspondence]:
        return [table for table in tables if codelist in (table.from_list, table.to_list)]

    return cast(Iterable[Correspondence], touching)


ONE_TWO = table(Link("a", "A"), Link("b", "A"), id="ONE_TWO")
TWO_THREE = table(Link("A", "1"), ends=(2, 3), id="TWO_THREE")
FOUR_THREE = table(Link("x", "1"), ends=(4, 3), id="FOUR_THREE")
SPLITTING = table(Link("A", "1"), Link("A", "2"), ends=(2, 3), id="SPLITTING")


def way(start: int, end: int, *tables: Correspondence) -> list[tuple[str, bool]]:
    found = route(finding(*tables), listed(start), listed(end))  # type: ignore[arg-type]
    return [(step.table.ref.id, step.inverted) for step in found]


def test_the_way_is_the_table_itself_else_the_same_turned_round_else_a_chain() -> None:
    known = (ONE_TWO, TWO_THREE, FOUR_THREE)
    assert way(1, 2, *known) == [("ONE_TWO", False)]
    assert way(2, 1, *known) == [("ONE_TWO", True)]
    assert way(1, 4, *known) == [("ONE_TWO", False), ("TWO_THREE", False), ("FOUR_THREE", True)]
    assert way(1, 5, *known) == []
    back = table(Link("A", "b"), ends=(2, 1), id="TWO_ONE")
    assert way(1, 2, *known, back) == [("ONE_TWO", False)], "as it is rather than turned round"


def test_of_equally_many_tables_those_that_break_least_are_taken() -> None:
    assert way(2, 3, TWO_THREE, SPLITTING) == way(2, 3, SPLITTING, TWO_THREE) == [("TWO_THREE", False)]
    assert way(1, 3, ONE_TWO, SPLITTING, TWO_THREE) == [("ONE_TWO", False), ("TWO_THREE", False)]


def test_a_table_that_says_little_does_not_stand_before_one_that_says_what_becomes_of_most_codes() -> None:
    whole = table(*(Link(code, code.upper()) for code in "abc"), Link("d", "D"), Link("d", "E"), id="WHOLE")
    sample = table(Link("c", "X"), id="SAMPLE")
    onward = table(*(Link(code, "1") for code in "ABCDEX"), ends=(2, 3), id="ONWARD")
    assert way(1, 2, whole, sample) == way(1, 2, sample, whole) == [("WHOLE", False)], "what it leaves out is broken too"
    assert way(1, 3, sample, onward, whole) == [("WHOLE", False), ("ONWARD", False)]


def test_a_way_is_four_tables_at_most() -> None:
    tables = [table(Link("a", "a"), ends=(n, n + 1), id=f"T{n}") for n in range(1, 6)]
    assert len(way(1, 5, *tables)) == 4
    assert way(1, 6, *tables) == []


def test_what_is_followed_says_its_steps() -> None:
    through = follow((Step(ONE_TWO), Step(TWO_THREE), Step(FOUR_THREE, inverted=True)))
    assert [(link.source, link.target, link.share) for link in through.links] == [("a", "x", "1"), ("b", "x", "1")]
    assert through.steps == ((named("ONE_TWO"), False), (named("TWO_THREE"), False), (named("FOUR_THREE"), True))
    assert follow((Step(ONE_TWO),)) is ONE_TWO


# What always holds


@st.composite
def tables(draw: st.DrawFn, first: int = 1, shared: bool = False) -> Correspondence:
    """A table between versions ``first`` and the next, of eight codes each; with ``shared`` every share is known."""
    pairs = draw(st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20))
    links = []
    for source in sorted({pair[0] for pair in pairs}):
        targets = sorted(target for one, target in pairs if one == source)
        if shared or draw(st.booleans()):
            cuts = sorted(draw(st.sets(st.integers(1, 99), min_size=len(targets) - 1, max_size=len(targets) - 1)))
            widths = [end - start for start, end in zip([0, *cuts], [*cuts, 100], strict=True)]
            links += [
                Link(str(source), str(target), format(Decimal(width) / 100, "f"))
                for target, width in zip(targets, widths, strict=True)
            ]
        else:
            links += [Link(str(source), str(target)) for target in targets]
    gone = draw(st.sets(st.integers(8, 9), max_size=2)) if not shared else set()
    return table(*links, ends=(first, first + 1), ended=tuple(map(str, sorted(gone))))


def pairs(of: Correspondence) -> set[tuple[str, str]]:
    return {(link.source, link.target) for link in of.links}


def shares(of: Correspondence) -> dict[tuple[str, str], Decimal | None]:
    return {(link.source, link.target): None if link.share is None else Decimal(link.share) for link in of.links}


@given(tables())
def test_turned_round_twice_a_table_links_what_it_linked(made: Correspondence) -> None:
    back = invert(made, named("BACK"))
    again = invert(back, named("AGAIN"))
    assert pairs(back) == {(target, source) for source, target in pairs(made)}
    assert pairs(again) == pairs(made)
    assert (again.from_list, again.to_list, again.steps) == (made.from_list, made.to_list, made.steps)


@given(tables(1), tables(2), tables(3))
def test_it_does_not_matter_which_part_of_a_chain_is_made_first(
    a: Correspondence, b: Correspondence, c: Correspondence
) -> None:
    """Where an unknown share comes together again on the way one order may know what the other does not; they never differ."""
    left, right = chain(chain(a, b, a.ref), c, a.ref), chain(a, chain(b, c, a.ref), a.ref)
    assert pairs(left) == pairs(right) and set(left.ended) == set(right.ended) and left.steps == right.steps
    assert all(None in (share, shares(right)[pair]) or share == shares(right)[pair] for pair, share in shares(left).items())


@given(tables(1, shared=True), tables(2, shared=True), tables(3, shared=True))
def test_with_known_shares_both_orders_give_the_same_to_the_last_digit(
    a: Correspondence, b: Correspondence, c: Correspondence
) -> None:
    assert shares(chain(chain(a, b, a.ref), c, a.ref)) == shares(chain(a, chain(b, c, a.ref), a.ref))


@given(tables())
def test_a_table_chained_with_one_that_changes_nothing_is_itself(made: Correspondence) -> None:
    nothing = table(*(Link(code, code) for code in sorted(made.sources)), ends=(2, 3))
    before = table(*(Link(code, code) for code in sorted(made.targets)), ends=(0, 1))
    assert shares(chain(made, nothing, made.ref)) == shares(chain(before, made, made.ref)) == shares(made)


@given(tables(1), tables(2))
def test_what_goes_exactly_through_both_tables_goes_exactly_through_the_chain(a: Correspondence, b: Correspondence) -> None:
    through = chain(a, b, a.ref)
    for code in a.targets:
        if state_of(a, code) is State.EXACT and state_of(b, parts(a, code)[0][0]) is State.EXACT:
            assert state_of(through, code) is State.EXACT


@given(
    st.one_of(tables(shared=True), st.builds(chain, tables(1, shared=True), tables(2, shared=True), st.just(named("CHAIN")))),
    st.lists(st.decimals(-(10**12), 10**12, places=4), min_size=8, max_size=8),
)
def test_what_is_parted_adds_up_to_the_last_digit(made: Correspondence, values: list[Decimal]) -> None:
    given_ = {code: Fraction(value) for code, value in zip("01234567", values, strict=True) if code in made.targets}
    moved = [value * share for code, value in given_.items() for _, share in parts(made, code)]
    assert sum(moved) == sum(given_.values())


@given(tables(shared=True), st.lists(st.decimals(0, 10**9, places=2), min_size=8, max_size=8))
def test_weights_turn_a_table_round_so_that_what_it_parted_comes_back(made: Correspondence, values: list[Decimal]) -> None:
    weights = dict(zip("01234567", values, strict=True))
    back = invert(made, named("BACK"), weights)
    moved: dict[str, Fraction] = {}
    for code in made.targets:
        for target, share in parts(made, code):
            moved[target] = moved.get(target, Fraction(0)) + Fraction(weights[code]) * share
    for target, value in moved.items():
        if value:
            for source, share in parts(back, target):
                there = dict(parts(made, source))[target]
                assert abs(value * share - Fraction(weights[source]) * there) <= value / 10**15


@given(tables())
def test_groups_part_all_codes_and_no_link_leads_out_of_one(made: Correspondence) -> None:
    found = groups(made)
    assert sorted(code for group in found for code in group.sources) == sorted(made.targets)
    assert sorted(code for group in found for code in group.targets) == sorted(made.sources)
    home = {code: group for group in found for code in group.sources}
    assert all(link.target in home[link.source].targets for link in made.links)
    assert len({group.id for group in found}) == len(found)


@given(tables())
def test_every_table_comes_back_from_the_map_it_is_kept_as(made: Correspondence) -> None:
    assert Correspondence.of(made.map) == made


# Work


def test_a_chain_in_which_everything_leads_to_everything_is_refused_at_once() -> None:
    """Electronic waste of HS 2022 is linked to all that may become waste; through it every code would lead to every other."""
    codes = [f"{n:04}" for n in range(1000)]
    waste = table(*(Link(code, "8549") for code in codes), *(Link(code, f"x{code}") for code in codes))
    onward = table(*(Link("8549", code) for code in codes), *(Link(f"x{code}", code) for code in codes), ends=(2, 3))
    with at_most(calls=600_000), pytest.raises(Invalid) as found:
        chain(waste, onward, named("CHAIN"))
    assert found.value.code == "CHAIN_TOO_WIDE"


def test_tables_of_ten_thousand_links_are_chained_link_by_link() -> None:
    first = table(*(Link(f"{n:06}", f"{(n + k) % 8000:06}") for n in range(8000) for k in range(1 + (n % 4 == 0))))
    second = table(*(Link(f"{n:06}", f"{n % 3000:04}", "1") for n in range(8000)), ends=(2, 3))
    third = table(*(Link(f"{n:04}", f"{n % 20:02}") for n in range(3000)), ends=(3, 4))
    assert len(first.links) == 10_000
    with at_most(calls=3_000_000):
        through = chain(chain(first, second, named("A")), third, named("B"))
        told = exactness(invert(through, named("C"))), len(groups(first))
    assert len(through.codes) == 8000 and told[0].broken == 20
