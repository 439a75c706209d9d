"""The registry's memory: who changed what, when and why; how it stood at any moment; the messages as they came in.

Seen with small drawn lists on both databases. Long lists are read in slices, and a slice is stored once for all lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, func, select

from hub.database import connect, writing
from registry.actions import put, remove
from registry.attribution import Act, Message, Outcome
from registry.errors import Conflict, NotFound
from registry.model import Artefact, Code, Codelist, CodelistExtension, GeoFeatureSetCode, GeographicCodelist, Item
from registry.ref import Kind, Ref
from registry.slices import LENGTH
from registry.store import Store
from registry.tables import item_slice, message, metadata
from tests.world import ARTEFACTS, CONCEPTS, CROP, DATAFLOW, DSD, FREQ, PROVINCE

START = datetime(2025, 7, 1, 5, tzinfo=UTC)


def moment(hours: int) -> datetime:
    return START + timedelta(hours=hours)


class Office:
    """A database with a registry, and people who change it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.store = Store(engine)

    def put(self, *given: Artefact, hour: int, who: str = "An", why: str = "", came_in: Message | None = None) -> list[Ref]:
        messages = {made.ref: came_in for made in given} if came_in else {}
        with writing(self.engine) as connection:
            return put(connection, given, Act(moment(hour), who, "import lists.xml", why), messages)

    def remove(self, *refs: Ref, hour: int, who: str = "An") -> None:
        with writing(self.engine) as connection:
            remove(connection, refs, Act(moment(hour), who, "DELETE", "no longer used"))


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    engine = connect(database_url)
    with writing(engine) as connection:
        metadata.create_all(connection)
    yield Office(engine)
    engine.dispose()


# Who, when, what, why


def test_every_change_of_an_artefact_is_told_with_who_when_what_and_why(office: Office) -> None:
    office.put(*ARTEFACTS, hour=0)
    office.put(replace(CONCEPTS, source="Sách"), hour=1, who="Bình", why="the book came out")
    first, second = office.store.history(CONCEPTS.ref)
    assert (first.who, first.at, first.outcome) == ("An", moment(0), Outcome.ADDED)
    assert (second.who, second.at, second.what, second.why) == ("Bình", moment(1), "import lists.xml", "the book came out")
    assert second.outcome == Outcome.CHANGED
    assert [entry.outcome for entry in office.store.history(CROP.ref)] == [Outcome.ADDED]


def test_what_changes_nothing_leaves_no_trace(office: Office) -> None:
    office.put(*ARTEFACTS, hour=0)
    assert office.put(*ARTEFACTS, hour=1, who="Bình") == []
    assert office.store.revision == 1
    assert len(office.store.history(CROP.ref)) == 1


def test_the_past_does_not_know_of_later_changes(office: Office) -> None:
    office.put(CROP, hour=0)
    past = office.store.as_of(moment(0))
    office.put(FREQ, hour=1)
    office.remove(CROP.ref, hour=2)
    assert len(past.history(CROP.ref)) == 1 and past.history(FREQ.ref) == []


# How it stood


def test_any_past_state_can_be_read(office: Office) -> None:
    states = [replace(CONCEPTS, source=str(number)) for number in range(4)]
    for hour, state in enumerate(states):
        office.put(state, hour=hour)
    for hour, state in enumerate(states):
        assert office.store.as_of(moment(hour)).get(CONCEPTS.ref) == state
        assert office.store.as_of(moment(hour) + timedelta(minutes=59)).get(CONCEPTS.ref) == state
    assert office.store.get(CONCEPTS.ref) == states[-1]


def test_before_the_first_change_there_was_nothing(office: Office) -> None:
    office.put(*ARTEFACTS, hour=1)
    past = office.store.as_of(moment(0))
    assert (past.revision, past.find(Kind.CODELIST), past.search(Kind.CODELIST, "")) == (0, [], [])
    with pytest.raises(NotFound):
        past.get(CROP.ref)


def test_references_are_resolved_as_they_were_then(office: Office) -> None:
    newest = replace(PROVINCE.ref, version="1+.0")
    newer = replace(PROVINCE, ref=replace(PROVINCE.ref, version="1.1"))
    joined = replace(CROP, ref=replace(CROP.ref, version="3.0"), extensions=(CodelistExtension(newest),), is_final=False)
    office.put(*ARTEFACTS, joined, hour=0)
    office.put(newer, hour=1)
    assert office.store.references(joined.ref) == {newest: newer.ref}
    assert office.store.as_of(moment(0)).references(joined.ref) == {newest: PROVINCE.ref}
    assert joined.ref in office.store.parents(newer.ref)
    assert joined.ref not in office.store.parents(PROVINCE.ref)
    assert joined.ref in office.store.as_of(moment(0)).parents(PROVINCE.ref)


CHANGES = st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(["put", "put again", "remove"])), min_size=1, max_size=12)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHANGES)
def test_whatever_happens_each_moment_stays_as_it_was(office: Office, changes: list[tuple[str, str]]) -> None:
    """A model beside it: a mapping for each hour. Also a store that saw every change agrees with one that sees only the end."""
    with writing(office.engine) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))
    office.store = Store(office.engine)
    now: dict[str, Codelist] = {}
    seen: list[dict[str, Codelist]] = []
    for hour, (name, what) in enumerate(changes):
        ref = Ref(Kind.CODELIST, "SEN", name)
        if what == "remove" and name in now:
            del now[name]
            office.remove(ref, hour=hour)
        elif what != "remove":
            now[name] = Codelist(ref=ref, names={"vi": what}, items=(Code(str(hour) if what == "put" else "A"),))
            office.put(now[name], hour=hour)
        seen.append(dict(now))
        assert {ref.id for ref in office.store.find(Kind.CODELIST)} == set(now)
    for store in (office.store, Store(office.engine)):
        for hour, known in enumerate(seen):
            past = store.as_of(moment(hour))
            assert {ref.id: past.get(ref) for ref in past.find(Kind.CODELIST)} == known


# Taking away


def test_an_artefact_that_others_name_stays(office: Office) -> None:
    office.put(*ARTEFACTS, hour=0)
    with pytest.raises(Conflict) as refused:
        office.remove(CROP.ref, hour=1)
    assert refused.value.code == "ARTEFACT_REFERENCED" and "DataStructure SEN:MUA(1.0)" in refused.value.detail("vi")
    assert office.store.get(CROP.ref) == CROP and office.store.revision == 1


def test_what_needs_each_other_goes_together(office: Office) -> None:
    office.put(*ARTEFACTS, hour=0)
    office.remove(DATAFLOW.ref, DSD.ref, hour=1, who="Bình")
    assert office.store.find(Kind.DATAFLOW) == office.store.find(Kind.DATA_STRUCTURE) == []
    assert office.store.parents(CROP.ref) == []
    assert office.store.as_of(moment(0)).structure(DATAFLOW.ref).dsd == DSD
    last = office.store.history(DSD.ref)[-1]
    assert (last.outcome, last.who, last.why) == (Outcome.REMOVED, "Bình", "no longer used")


def test_a_version_may_go_while_another_one_does_for_those_who_name_it(office: Office) -> None:
    newer = replace(PROVINCE, ref=replace(PROVINCE.ref, version="1.1"))
    joined = replace(
        CROP, ref=replace(CROP.ref, id="CL_ALL"), extensions=(CodelistExtension(replace(PROVINCE.ref, version="1+.0")),)
    )
    office.put(PROVINCE, newer, joined, hour=0)
    office.remove(newer.ref, hour=1)
    with pytest.raises(Conflict):
        office.remove(PROVINCE.ref, hour=2)


def test_what_is_not_there_cannot_be_taken_away(office: Office) -> None:
    office.put(PROVINCE, hour=0)
    with pytest.raises(NotFound) as refused:
        office.remove(replace(PROVINCE.ref, version="latest"), hour=1)
    assert "SEN:CL_PROVINCE(1.0)" in refused.value.help()


# As it came in


def test_the_message_an_artefact_came_in_is_kept_once_and_byte_for_byte(office: Office) -> None:
    came_in = Message(b"<Structure>\r\n\x00\xff</Structure>", "application/xml")
    office.put(FREQ, CROP, hour=0, came_in=came_in)
    office.put(PROVINCE, hour=1)
    assert office.store.original(FREQ.ref) == office.store.original(CROP.ref) == came_in
    assert office.store.original(PROVINCE.ref) is None
    with office.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(message)) == 1


# Long lists and listings


def long_list(version: str, count: int = 2 * LENGTH + 5) -> Codelist:
    names = {"vi": "Xã", "en": "Commune"}
    items = tuple(Code(f"X{n:06d}", {**names, "fr": f"no {n}"}, parent=f"X{n // 10:06d}" if n else None) for n in range(count))
    return Codelist(ref=Ref(Kind.CODELIST, "SEN", "CL_LONG", version), names=names, items=items)


def test_a_long_list_is_read_some_items_at_a_time(office: Office) -> None:
    office.put(long := long_list("1.0"), hour=0)
    parts = list(office.store.items(long.ref))
    assert [len(part) for part in parts] == [LENGTH, LENGTH, 5]
    assert tuple(item for part in parts for item in part) == long.items
    assert office.store.get(long.ref) == long


def test_one_item_is_found_without_the_others(office: Office) -> None:
    office.put(long := long_list("1.0"), hour=0)
    assert office.store.item(long.ref, "X001234") == long.by_id["X001234"]
    assert office.store.item(long.ref, "x001234") is office.store.item(long.ref, "X00123%") is None


def test_items_are_searched_in_any_order_of_words_and_without_diacritics(office: Office) -> None:
    office.put(long := long_list("1.0"), PROVINCE, hour=0)
    assert [item.id for item in office.store.search_items(long.ref, "1234 XA")] == ["X001234"]
    assert [item.id for item in office.store.search_items(PROVINCE.ref, "dong sen")] == ["01"]
    assert [item.id for item in office.store.search_items(PROVINCE.ref, "100% sen")] == []
    assert len(list(office.store.search_items(long.ref, ""))) == len(long.items)


def test_items_are_searched_in_all_lists_of_a_kind_at_once(office: Office) -> None:
    older = replace(CROP, ref=replace(CROP.ref, version="0.9"))
    office.put(CROP, older, PROVINCE, FREQ, hour=0)

    def found_by(words: str) -> list[tuple[str, str]]:
        every = office.store.search_all_items(Kind.CODELIST, words)
        return [(str(ref), item.id) for ref, item in every if isinstance(item, Item)]

    assert found_by("lua") == [("SEN:CL_CROP(1.0)", "LUA")]
    assert {("SEN:CL_CROP(1.0)", "NGO"), ("SEN:CL_PROVINCE(1.0)", "01"), ("SEN:CL_FREQ(1.0)", "A")} <= {*found_by("n")}
    assert list(office.store.search_all_items(Kind.CONCEPT_SCHEME, "lua")) == []


def test_versions_of_a_list_share_the_slices_they_have_in_common(office: Office) -> None:
    office.put(long_list("1.0"), hour=0)
    office.put(long_list("2.0", 2 * LENGTH + 6), hour=1)
    with office.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(item_slice)) == 4


def test_a_listing_needs_no_content(office: Office) -> None:
    office.put(*ARTEFACTS, hour=0)
    wanted = office.store.find(Kind.CODELIST)
    found = office.store.stubs(wanted)
    assert [stub.ref for stub in found] == wanted
    assert {stub.ref: stub.names for stub in found} == {made.ref: made.names for made in ARTEFACTS if made.ref in wanted}
    assert not any(hasattr(stub, "items") for stub in found)


def test_many_artefacts_are_read_together_in_the_order_asked(office: Office) -> None:
    office.put(*ARTEFACTS, long_list("1.0"), hour=0)
    wanted = [DSD.ref, CROP.ref, DATAFLOW.ref, CONCEPTS.ref]
    for store in (office.store, Store(office.engine, most_items=1)):
        assert store.get_all(wanted) == store.get_all(wanted) == [DSD, CROP, DATAFLOW, CONCEPTS]
    assert office.store.get_all([]) == []


def test_a_geographic_list_is_found_by_those_who_name_it_as_a_code_list(office: Office) -> None:
    places = GeographicCodelist(
        ref=Ref(Kind.GEOGRAPHIC_CODELIST, "SEN", "CL_PLACE"), names={}, items=(GeoFeatureSetCode("A", value="10.5;106.5"),)
    )
    named = Ref(Kind.CODELIST, "SEN", "CL_PLACE")
    user = replace(CROP, ref=replace(CROP.ref, id="CL_USER"), extensions=(CodelistExtension(named),))
    office.put(places, user, hour=0)
    assert office.store.get(named) == places
    assert office.store.references(user.ref) == {named: places.ref}
    assert office.store.parents(places.ref) == [user.ref]
