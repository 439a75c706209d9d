"""The index of the registry moves on to another revision by what is different there, and is then as if it were made anew."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from registry.index import Index
from registry.ref import Kind, Ref
from tests.work import at_most

KINDS = (Kind.CODELIST, Kind.GEOGRAPHIC_CODELIST, Kind.DATAFLOW)
REFS = [
    Ref(kind, agency, id_, version)
    for kind in KINDS
    for agency, id_, version in product(("NSO", "GDT"), ("A", "B"), ("1.0", "1.1.0", "2.0.0-draft"))
]
NAMED = [*REFS[::5], Ref(Kind.CODELIST, "NSO", "A", "1.0+"), Ref(Kind.CODELIST, "*", "*", "*")]
STATES = st.dictionaries(st.sampled_from(REFS), st.tuples(st.sampled_from("abc"), st.lists(st.sampled_from(NAMED), max_size=2)))
ASKED = [*product(("*", "NSO", "GDT,NSO", "X"), ("*", "all", "B", "B,A"), ("*", "+", "~", "1.0", "1.1.0,2.0.0-draft"))]

State = dict[Ref, tuple[str, list[Ref]]]


def index(of: State) -> Index:
    return Index.of({ref: text for ref, (text, _) in of.items()}, {ref: tuple(named) for ref, (_, named) in of.items()})


def moved(here: Index, before: State, after: State) -> Index:
    gone = [ref for ref, said in before.items() if after.get(ref) != said]
    come = {ref: said for ref, said in after.items() if before.get(ref) != said}
    references = {ref: tuple(named) for ref, (_, named) in come.items()}
    return here.changed(gone, {ref: text for ref, (text, _) in come.items()}, references)


def answers(found: Index) -> list[object]:
    return [
        *(found.find(kind, *asked) for kind in KINDS for asked in ASKED),
        *(found.resolve(ref) for ref in NAMED),
        *(found.parents(ref) for ref in REFS),
        *(found.near(ref) for ref in REFS),
        *(found.search(Kind.DATAFLOW, text) for text in "abc"),
    ]


@given(STATES, STATES)
def test_an_index_that_moved_on_is_as_one_made_anew(before: State, after: State) -> None:
    here = index(before)
    answers(here)
    assert answers(moved(here, before, after)) == answers(index(after))
    assert answers(here) == answers(index(before)), "who still reads the earlier one is not disturbed"


def test_a_change_costs_its_own_rows_and_not_those_of_the_registry() -> None:
    refs = [Ref(Kind.DATAFLOW, "NSO", f"DF_{n}") for n in range(5000)]
    whole = Index.of(dict.fromkeys(refs, ""), dict.fromkeys(refs, (REFS[0],)))
    assert whole.find(Kind.DATAFLOW) == sorted(refs) and len(whole.parents(REFS[0])) == 0
    with at_most(200):
        renamed = whole.changed(refs[:1], {refs[0]: "other"}, {refs[0]: (REFS[0],)})
        assert len(renamed.find(Kind.DATAFLOW)) == 5000
        assert renamed.find(Kind.DATAFLOW, "NSO", "DF_7,DF_9") == [refs[7], refs[9]]
