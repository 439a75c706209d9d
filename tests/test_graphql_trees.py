"""The codes of hierarchies in GraphQL: above and below each other, at their places, in pages.

Đất Nước Sen's list of places is that of test_classification_doors.py: its own tree, and the one named SHORE.

    _T ── 01, 02        SHORE:  BIEN ── 01, 02
    BIEN
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.database import writing
from hub.wiring import Hub
from registry import records, state
from registry.actions import put
from registry.attribution import Act
from registry.classification import derivable, deriving, tree_of
from registry.model import Code, Codelist, HierarchicalCode, Hierarchy, Item
from registry.outline import Outline
from registry.ref import ItemRef, Kind, Ref
from schema.branches import Branches, Grown, Held
from tests.asking import Asker
from tests.conftest import Hands
from tests.test_classification_doors import OWN, PLACES
from tests.test_classification_doors import asked as asked

NODE = 'path level hasChildren code { name(lang: "en") }'


def shown(hub: Hub, ref: str, inside: str) -> Any:
    question = f'{{ registry {{ artefact(ref: "{ref}", kind: "Hierarchy") {{ ... on Hierarchy {{ {inside} }} }} }} }}'
    return Asker(hub.ports).data(question)["registry"]["artefact"]


def test_a_code_leads_to_those_above_and_below_it(asked: Hub) -> None:
    inside = """code(path: "_T.02") { id parent { path level } ancestors { path } descendants { totalCount } hasChildren }
      whole: code(path: "_T") { parent { id } descendants(first: 1) { totalCount nodes { path } pageInfo { endCursor } } }"""
    found = shown(asked, "SEN:CL_PLACE(2.0)", inside)
    assert found["code"] == {
        "id": "02",
        "parent": {"path": "_T", "level": "1"},
        "ancestors": [{"path": "_T"}],
        "descendants": {"totalCount": 0},
        "hasChildren": False,
    }
    below = found["whole"]["descendants"]
    assert (found["whole"]["parent"], below["totalCount"], below["nodes"]) == (None, 2, [{"path": "_T.01"}])
    after = f'descendants(after: "{below["pageInfo"]["endCursor"]}") {{ nodes {{ path }} }}'
    rest = shown(asked, "SEN:CL_PLACE(2.0)", f'code(path: "_T") {{ {after} }}')
    assert rest["code"]["descendants"]["nodes"] == [{"path": "_T.02"}]


def test_a_stored_hierarchy_is_walked_in_the_same_way(asked: Hub, clock: Hands) -> None:
    def placed(id: str, *below: HierarchicalCode) -> HierarchicalCode:
        return HierarchicalCode(id=id, code=ItemRef("Code", PLACES.ref, id), children=below)

    codes = (placed("BIEN", placed("_T", placed("01"))), placed("01"))
    own = Hierarchy(ref=replace(OWN, id="RIENG"), names={"en": "Own"}, codes=codes)
    with writing(asked.engine) as connection:
        put(connection, [own], Act(clock.now(), "An", "import", "x"))
    inside = """code(path: "BIEN._T.01") { parent { path } ancestors { path } code { name(lang: "en") } }
      bien: code(path: "BIEN") { descendants { nodes { path hasChildren } } } """
    found = shown(asked, "SEN:RIENG(2.0)", inside)
    assert found["code"]["parent"] == {"path": "BIEN._T"}
    assert found["code"]["ancestors"] == [{"path": "BIEN"}, {"path": "BIEN._T"}]
    assert found["bien"]["descendants"]["nodes"] == [
        {"path": "BIEN._T", "hasChildren": True},
        {"path": "BIEN._T.01", "hasChildren": False},
    ]


def test_a_path_that_leads_nowhere_is_told_with_what_stands_there(asked: Hub) -> None:
    inside = '... on Hierarchy { code(path: "_T.09") { id } }'
    question = f'{{ registry {{ artefact(ref: "SEN:CL_PLACE(2.0)", kind: "Hierarchy") {{ {inside} }} }} }}'
    error = Asker(asked.ports).error(question)
    assert error["code"] == "ITEM_NOT_FOUND" and "01, 02" in str(error)


@pytest.mark.parametrize(
    ("tree", "path", "names"), [("CL_PLACE", "_T", ["Country", "Province"]), ("CL_PLACE@SHORE", "BIEN", [])]
)
def test_the_tree_of_a_long_list_is_walked_without_reading_the_list(
    asked: Hub, monkeypatch: pytest.MonkeyPatch, tree: str, path: str, names: list[str]
) -> None:
    def read(*_: Any) -> None:
        raise AssertionError("an artefact was read whole")

    monkeypatch.setattr(state, "SHORT", 2)
    monkeypatch.setattr(deriving, "SHORT", 2)
    monkeypatch.setattr(records, "read", read)
    monkeypatch.setattr(records, "read_all", read)
    inside = f"""levels {{ name(lang: "en") }} hasFormalLevels codes {{ totalCount nodes {{ {NODE} }} }}
      below: codes(below: "{path}") {{ nodes {{ {NODE} parent {{ path }} ancestors {{ path }} }} }}
      code(path: "{path}.02") {{ path parent {{ descendants {{ totalCount }} }} refersTo {{ urn }} }}"""
    found = shown(asked, f"SEN:{tree}(2.0)", inside)
    assert [one["name"] for one in found["levels"]] == names and found["hasFormalLevels"] == bool(names)
    assert found["codes"]["nodes"][0]["path"] == path
    assert [one["path"] for one in found["below"]["nodes"]] == [f"{path}.01", f"{path}.02"]
    assert found["below"]["nodes"][0]["ancestors"] == [{"path": path}]
    assert found["code"]["parent"]["descendants"]["totalCount"] == 2
    assert found["code"]["refersTo"]["urn"] == PLACES.ref.item("02").urn


# Both ways of walking


class OneList:
    """As much of a registry as a tree needs."""

    def __init__(self, codelist: Codelist) -> None:
        self.codelist = codelist

    def stubs(self, _refs: list[Ref]) -> list[Codelist]:
        return [self.codelist]

    def items_at(self, _ref: Ref, places: list[int]) -> list[Item]:
        return [self.codelist.items[place] for place in places]

    def outline(self, _ref: Ref) -> Outline:
        return Outline.of((item.id, item.parent) for item in self.codelist.items)


def walked(tree: Branches[Any]) -> dict[str, Any]:
    """Every code by its path, with all that is above and below it."""
    found: dict[str, Any] = {}
    spots = [*tree.children(None)]
    for spot in spots:
        (one,) = tree.placed([spot])
        above, below = tree.ancestors(spot), tree.descendants(spot)
        assert tree.find(one.path) == spot
        found[one.path] = (one, [tree.path(each) for each in above], sorted(tree.path(each) for each in below))
        spots += tree.children(spot)
    return found


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["A", "B.C", "B", "1", "_T", "D-E"]), st.integers(0, 5)), unique_by=lambda one: one[0])
)
def test_a_tree_that_is_read_branch_by_branch_is_the_tree_of_the_whole_list(drawn: list[tuple[str, int]]) -> None:
    ids = [id_ for id_, _ in drawn]
    items = tuple(Code(id_, parent=ids[above] if above < place else None) for place, (id_, above) in enumerate(drawn))
    codelist = Codelist(ref=Ref(Kind.CODELIST, "SEN", "CL_X", "1.0"), names={}, items=items)
    if not derivable(codelist):
        return
    (own,) = derivable(codelist)
    whole = tree_of(codelist, own)
    assert whole is not None
    grown = Grown(OneList(codelist), own)  # type: ignore[arg-type]
    found = walked(grown)
    assert set(ids) == {one.id for one, _, _ in found.values()}
    if "B.C" not in ids:  # of codes with dots only this way finds those below them
        assert found == walked(Held(own, whole.codes))
