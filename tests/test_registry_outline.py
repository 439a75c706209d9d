"""Walking lists of any length: children, what stands above and below, and the few items that are wanted of very many."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.database import connect, writing
from registry import state
from registry.actions import put, remove
from registry.attribution import Act, Outcome
from registry.classification import deriving
from registry.model import Code, Codelist
from registry.outline import TOP, Outline
from registry.ref import Kind, Ref
from registry.slices import LENGTH
from registry.store import Store
from registry.tables import metadata
from tests.world import CROP, FREQ, PROVINCE

NOON = datetime(2025, 7, 1, 5, tzinfo=UTC)
GOODS = Codelist(
    ref=Ref(Kind.CODELIST, "SEN", "CL_GOODS", "1.0"),
    names={"vi": "Hàng hoá", "en": "Goods"},
    items=tuple(
        Code(f"{number:04}", {"en": f"Goods {number}"}, parent=f"{number // 10:04}" if number else None)
        for number in range(2 * LENGTH + 500)
    ),
)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    engine = connect(database_url)
    with writing(engine) as connection:
        metadata.create_all(connection)
        put(connection, [GOODS, PROVINCE], Act(NOON, "An", "import goods.xml"))
    yield Store(engine)
    engine.dispose()


@given(st.integers(1, 40).flatmap(lambda size: st.lists(st.integers(-1, size - 1), min_size=size, max_size=size)))
def test_above_and_below_are_what_the_parents_say_whatever_they_say(parents: list[int]) -> None:
    ids = [f"Mã {place}" for place in range(len(parents))]
    outline = Outline.of((ids[place], ids[above] if above >= 0 else None) for place, above in enumerate(parents))
    for place, id_ in enumerate(ids):
        assert outline.find(id_) == place and outline.id(place) == id_
        assert outline.children(place).tolist() == [child for child, above in enumerate(parents) if above == place]
        below = {child for child in range(len(ids)) if place in outline.ancestors(child)}
        assert set(outline.descendants(place).tolist()) == below
    assert outline.children(TOP).tolist() == [place for place, above in enumerate(parents) if above == -1]
    assert outline.find("Mã") is None


@pytest.mark.parametrize("short", [10, deriving.SHORT])
def test_a_few_items_of_a_long_list_are_those_of_the_whole(store: Store, short: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "SHORT", short)
    places = [2 * LENGTH + 1, 7, LENGTH, 7, 0]
    assert store.items_at(GOODS.ref, places) == [GOODS.items[place] for place in places]
    assert store.items_at(GOODS.ref, []) == []
    assert [store.outline(GOODS.ref).id(place) for place in store.outline(GOODS.ref).ancestors(1234)] == [
        "0123",
        "0012",
        "0001",
        "0000",
    ]


def test_an_artefact_can_be_had_without_its_items(store: Store) -> None:
    frame = store.frame(PROVINCE.ref)
    assert isinstance(frame, Codelist)
    assert (frame.names, frame.is_final, frame.items) == (PROVINCE.names, True, ())


def test_what_was_done_to_the_registry_is_told_the_newest_first(store: Store) -> None:
    engine = store.engine
    with writing(engine) as connection:
        put(connection, [CROP, FREQ], Act(NOON + timedelta(hours=1), "Bình", "import", "two more"))
        remove(connection, [CROP.ref], Act(NOON + timedelta(hours=2), "Chi", "DELETE"))
    gone, added, first = store.revisions()
    assert (gone.who, gone.outcomes) == ("Chi", {CROP.ref: Outcome.REMOVED})
    assert (added.why, added.outcomes) == ("two more", {CROP.ref: Outcome.ADDED, FREQ.ref: Outcome.ADDED})
    assert store.revisions(before=added.ordinal) == [first]
    assert store.revisions(most=1) == [gone]
    assert store.as_of(NOON).revisions() == [first]
