"""What a draft may do to what is published: append, merge, replace and delete, of observations, series and the data set, values
and attributes (SDMX 3.1 section 5, actions); and what then differs between two releases. On SQLite and PostgreSQL.

The harvest is drawn in tests/world.py.
"""

from __future__ import annotations

from typing import Any

import pytest

from hub.access import LOCAL_ADMINISTRATOR
from hub.wiring import Hub
from registry.answers import Difference
from registry.errors import Conflict, NotFound
from registry.exact import decimal_texts
from registry.period import PeriodRange, parse_period
from registry.ports import PUBLIC
from registry.raw import Action
from registry.selection import select
from registry.series import Series, batch_of
from registry.staging import Delta, Removal, Staged
from tests import world
from tests.conftest import Hands, publish
from tests.world import series

Found = dict[str, dict[str, tuple[str | None, str | None]]]
"""Series key -> period -> value and status."""


def everything(hub: Hub) -> Found:
    answer = hub.cube.ask(select(hub.catalogue.structure(world.DATAFLOW.ref)), PUBLIC)
    return {".".join(one.key): dict(zip(one.periods(), _pairs(one), strict=True)) for one in answer.series}


def _pairs(one: Series) -> list[tuple[str | None, str | None]]:
    status = one.observation_attributes.get("OBS_STATUS") or [None] * len(one.values)
    return list(zip(one.values, status, strict=True))


def attributes(hub: Hub) -> dict[str, dict[str, str]]:
    answer = hub.cube.ask(select(hub.catalogue.structure(world.DATAFLOW.ref)), PUBLIC)
    return {"": dict(answer.dataset_attributes), **{".".join(one.key): dict(one.attributes) for one in answer.series}}


def delta(action: Action, *items: Series) -> Delta:
    return Delta(action, batch_of(items, "OBS_VALUE"))


def refused(hub: Hub, *content: Staged) -> Conflict:
    with pytest.raises(Conflict) as caught:
        hub.drafts.draft(world.STRUCTURE, content, LOCAL_ADMINISTRATOR)
    assert hub.releases.drafts(LOCAL_ADMINISTRATOR) == []
    return caught.value


def test_append_adds_observations_and_series(hub: Hub) -> None:
    before = everything(hub)
    publish(hub, [delta(Action.APPEND, series("Q.01.LUA", {"2024-Q2": "7"}), series("Q.03.LUA", {"2024-Q1": "1"}))])
    after = everything(hub)
    assert after["Q.01.LUA"] == {**before["Q.01.LUA"], "2024-Q2": ("7", None)}
    assert after["Q.03.LUA"] == {"2024-Q1": ("1", None)}


def test_what_one_merge_does_not_state_stays_from_the_one_before_in_the_same_draft(hub: Hub) -> None:
    values = delta(Action.MERGE, series("Q.03.LUA", {"2024-Q1": "1", "2024-Q2": "2"}))
    notes = delta(Action.MERGE, series("Q.03.LUA", {"2024-Q1": None}, "P"))
    revised = delta(Action.MERGE, series("Q.03.LUA", {"2024-Q1": "3"}))
    publish(hub, [values, notes, revised])
    assert everything(hub)["Q.03.LUA"] == {"2024-Q1": ("3", "P"), "2024-Q2": ("2", None)}


def test_append_twice_in_one_draft_is_refused(hub: Hub) -> None:
    once = delta(Action.APPEND, series("Q.03.LUA", {"2024-Q1": "1"}))
    assert refused(hub, once, once).code == "ALREADY_THERE"


def test_what_is_deleted_and_stated_again_is_no_change(hub: Hub) -> None:
    """A file that replaces the data set by itself, come twice, makes one draft."""
    content: list[Staged] = [Removal(), *world.harvest()]
    publish(hub, content)
    assert hub.drafts.draft(world.STRUCTURE, content, LOCAL_ADMINISTRATOR) is None


def test_append_refuses_what_is_there_and_leaves_nothing(hub: Hub) -> None:
    before = everything(hub)
    error = refused(hub, delta(Action.APPEND, series("Q.01.LUA", {"2024-Q1": "7", "2024-Q2": "8"})))
    assert error.code == "ALREADY_THERE" and error.facts["found"] == 1
    assert everything(hub) == before


def test_merge_changes_what_is_stated_and_keeps_the_rest(hub: Hub) -> None:
    publish(hub, [delta(Action.MERGE, series("Q.01.NGO", {"2023-Q1": "15.2"}))])
    assert everything(hub)["Q.01.NGO"] == {"2023-Q1": ("15.2", "P")}, "the status was not stated, so it stays"
    publish(hub, [delta(Action.MERGE, series("Q.01.NGO", {"2023-Q1": None}, status="A"))])
    assert everything(hub)["Q.01.NGO"] == {"2023-Q1": ("15.2", "A")}, "the value was not stated, so it stays"


def test_replace_takes_whole_observations(hub: Hub) -> None:
    publish(hub, [delta(Action.REPLACE, series("Q.01.NGO", {"2023-Q1": "15.2"}))])
    assert everything(hub)["Q.01.NGO"] == {"2023-Q1": ("15.2", None)}
    publish(hub, [delta(Action.REPLACE, series("Q.01.NGO", {"2023-Q1": None}, status="A"))])
    assert everything(hub)["Q.01.NGO"] == {"2023-Q1": (None, "A")}


def test_an_observation_is_deleted(hub: Hub) -> None:
    codes = {"FREQ": "Q", "PROVINCE": "01", "CROP": "LUA"}
    quarter = parse_period("2023-Q2")
    publish(hub, [Removal(codes, PeriodRange(quarter, quarter))])
    found = everything(hub)
    assert list(found["Q.01.LUA"]) == ["2023-Q1", "2023-Q3", "2023-Q4", "2024-Q1"]
    assert len(found["Q.02.LUA"]) == 2


def test_values_and_attributes_of_observations_are_deleted_alone(hub: Hub) -> None:
    codes = {"FREQ": "Q", "PROVINCE": "01", "CROP": "NGO"}
    publish(hub, [Removal(codes, components=frozenset({"OBS_STATUS"}))])
    assert everything(hub)["Q.01.NGO"] == {"2023-Q1": ("15.1", None)}
    publish(hub, [Removal(codes, components=frozenset({"OBS_VALUE"}))])
    assert everything(hub)["Q.01.NGO"] == {"2023-Q1": (None, None)}


def test_a_series_is_deleted_with_its_attributes(hub: Hub) -> None:
    publish(hub, [Removal({"FREQ": "Q", "PROVINCE": "02", "CROP": "LUA"})])
    assert sorted(everything(hub)) == ["A.01.LUA", "Q.01.LUA", "Q.01.NGO"]
    bare = series("Q.02.LUA", {"2024-Q1": "5"})
    bare.attributes = {}
    publish(hub, [bare])
    assert attributes(hub)["Q.02.LUA"] == {}, "the series that comes back has nothing of the one that was deleted"


def test_series_under_a_part_of_the_key_are_deleted(hub: Hub) -> None:
    publish(hub, [Removal({"PROVINCE": "01"}, PeriodRange(parse_period("2023"), parse_period("2023")))])
    stone_quay = {"2023-Q1": ("80", None), "2023-Q3": ("81", None)}
    assert everything(hub) == {"Q.01.LUA": {"2024-Q1": ("140.125", None)}, "Q.02.LUA": stone_quay}


def test_attributes_of_a_series_and_of_the_data_set_are_deleted(hub: Hub) -> None:
    publish(hub, [Removal({"FREQ": "Q", "PROVINCE": "02", "CROP": "LUA"}, components=frozenset({"UNIT_MULT"}))])
    assert attributes(hub)["Q.02.LUA"] == {"UNIT_MEASURE": "TAN"}
    assert attributes(hub)["Q.01.LUA"] == world.TONNES and attributes(hub)[""]
    publish(hub, [Removal(components=frozenset({"COMMENT_DSET"}))])
    assert attributes(hub)[""] == {} and attributes(hub)["Q.01.LUA"] == world.TONNES


def test_the_whole_data_set_is_deleted(hub: Hub) -> None:
    publish(hub, [Removal()])
    assert everything(hub) == {} and attributes(hub) == {"": {}}


def test_replacing_everything_leaves_no_attribute_that_is_not_stated_again(hub: Hub) -> None:
    bare = series("Q.01.LUA", {"2023-Q1": "1"})
    bare.attributes = {"UNIT_MEASURE": "TA"}
    publish(hub, [bare], replace_all=True)
    assert attributes(hub) == {"": {}, "Q.01.LUA": {"UNIT_MEASURE": "TA"}}
    publish(hub, [series("Q.02.LUA", {"2023-Q1": "2"}, "P")])
    assert attributes(hub)["Q.02.LUA"] == world.TONNES
    publish(hub, [bare], replace_all=True, dataset_attributes={"COMMENT_DSET": "mới"})
    assert attributes(hub) == {"": {"COMMENT_DSET": "mới"}, "Q.01.LUA": {"UNIT_MEASURE": "TA"}}


def test_replacing_everything_by_itself_is_no_draft_however_it_came_to_be(hub: Hub) -> None:
    """The same attributes said of fewer series at a time, or of other series first, are the same."""
    publish(hub, [series("Q.03.LUA", {"2023-Q1": "1"})])
    publish(hub, [Removal({"PROVINCE": "03"})])
    again: dict[str, Any] = {"dataset_attributes": {"COMMENT_DSET": "Số liệu thử"}, "replace_all": True}
    assert hub.drafts.draft(world.STRUCTURE, world.harvest(), LOCAL_ADMINISTRATOR, **again) is None
    assert hub.drafts.draft(world.STRUCTURE, world.harvest(), LOCAL_ADMINISTRATOR, replace_all=True) is not None


def test_what_is_deleted_and_stated_again_in_one_draft_is_there(hub: Hub) -> None:
    publish(hub, [Removal(), delta(Action.APPEND, series("Q.01.LUA", {"2023-Q1": "1"})), series("Q.01.LUA", {"2023-Q2": "2"})])
    assert everything(hub) == {"Q.01.LUA": {"2023-Q1": ("1", None), "2023-Q2": ("2", None)}}


def test_a_draft_that_undoes_itself_is_no_draft(hub: Hub) -> None:
    same = delta(Action.MERGE, series("Q.01.NGO", {"2023-Q1": "15.10"}))
    assert hub.drafts.draft(world.STRUCTURE, [same], LOCAL_ADMINISTRATOR) is None


def test_deleting_what_is_not_there_is_no_draft(hub: Hub) -> None:
    gone = Removal({"PROVINCE": "03"})
    assert hub.drafts.draft(world.STRUCTURE, [gone], LOCAL_ADMINISTRATOR) is None


# What differs between two releases

Told = dict[tuple[str, str], tuple[Difference, str | None, str | None]]


def differences(hub: Hub, before: str | None, now: str, **codes: list[str]) -> Told:
    found: Told = {}
    structure = hub.catalogue.structure(world.DATAFLOW.ref)
    for each in hub.cube.changes(select(structure, codes), PUBLIC, before, now).differences:
        columns = [decimal_texts(batch.measures["OBS_VALUE"]) for batch in (each.before, each.now)]
        keys = list(map(".".join, each.now.keys()))
        for place, (series_, period) in enumerate(zip(each.now.series_of.tolist(), each.now.periods().decoded(), strict=True)):
            kind = Difference(int(each.kinds[place]))
            found[keys[series_], str(period)] = (kind, columns[0][place], columns[1][place])
    return found


def test_what_changed_is_told_with_old_and_new_values(hub: Hub) -> None:
    (first,) = (release.id for release in hub.cube.releases(world.DATAFLOW.ref, PUBLIC))
    quarter = parse_period("2023-Q1")
    second = publish(
        hub,
        [
            delta(Action.MERGE, series("Q.01.LUA", {"2023-Q2": "99", "2023-Q4": "150"})),
            delta(Action.MERGE, series("Q.01.NGO", {"2023-Q1": None}, status="A")),
            delta(Action.APPEND, series("Q.03.LUA", {"2024-Q1": "1"})),
            Removal({"FREQ": "Q", "PROVINCE": "02", "CROP": "LUA"}, PeriodRange(quarter, quarter)),
            Removal({"FREQ": "A"}),
        ],
    )
    assert differences(hub, first, second) == {
        ("A.01.LUA", "2023"): (Difference.DELETED, "348.75", None),
        ("Q.01.LUA", "2023-Q2"): (Difference.REVISED, "98.25", "99"),
        ("Q.01.LUA", "2023-Q4"): (Difference.REVISED, None, "150"),
        ("Q.01.NGO", "2023-Q1"): (Difference.DESCRIBED, "15.1", "15.1"),
        ("Q.02.LUA", "2023-Q1"): (Difference.DELETED, "80", None),
        ("Q.03.LUA", "2024-Q1"): (Difference.ADDED, None, "1"),
    }
    assert differences(hub, second, first)["Q.03.LUA", "2024-Q1"][0] is Difference.DELETED
    assert set(differences(hub, first, second, PROVINCE=["02"])) == {("Q.02.LUA", "2023-Q1")}


def test_the_first_release_added_everything(hub: Hub) -> None:
    (first,) = (release.id for release in hub.cube.releases(world.DATAFLOW.ref, PUBLIC))
    told = differences(hub, None, first)
    assert len(told) == 9 and {kind for kind, _, _ in told.values()} == {Difference.ADDED}


def test_a_series_of_which_only_the_attributes_changed_is_told(hub: Hub) -> None:
    (first,) = (release.id for release in hub.cube.releases(world.DATAFLOW.ref, PUBLIC))
    one = Removal({"FREQ": "Q", "PROVINCE": "02", "CROP": "LUA"}, components=frozenset({"UNIT_MULT"}))
    second = publish(hub, [one])
    structure = hub.catalogue.structure(world.DATAFLOW.ref)
    (found,) = hub.cube.changes(select(structure), PUBLIC, first, second).differences
    assert found.now.keys() == [("Q", "02", "LUA")] and not found.now.observations
    assert found.before.series_attributes["UNIT_MULT"].decoded() == ["3"]
    assert "UNIT_MULT" not in found.now.series_attributes


def test_releases_nobody_sees_have_no_changes(hub: Hub) -> None:
    with pytest.raises(NotFound):
        differences(hub, None, "0123456789abcdef")


def test_changes_since_a_release_that_was_read_before_new_series_came(hub: Hub, clock: Hands) -> None:
    before, read_at = hub.cube.releases(world.DATAFLOW.ref, PUBLIC)[0].id, clock.now()
    assert "Q.03.LUA" not in everything(hub)
    clock.pass_by(hours=1)
    now = publish(hub, [series("Q.03.LUA", {"2024-Q1": "1"})])
    found = list(hub.cube.changes(select(world.STRUCTURE), PUBLIC, before, now).differences)
    assert [each.now.keys() for each in found] == [[("Q", "03", "LUA")]] and found[0].kinds.tolist() == [Difference.ADDED]
    news = hub.cube.ask(select(world.STRUCTURE, updated_after=read_at), PUBLIC)
    assert [(one.key, one.values) for one in news.series] == [(("Q", "03", "LUA"), ["1"])]


def test_changes_in_periods_of_which_no_series_has_an_observation(hub: Hub, clock: Hands) -> None:
    """The second quarter lies between those of Q.02.LUA."""
    read_at = clock.now()
    clock.pass_by(hours=1)
    publish(hub, [series("Q.02.LUA", {"2023-Q3": "82"})])
    asked = select(world.STRUCTURE, {"PROVINCE": ["02"]}, updated_after=read_at, start="2023-Q2", end="2023-Q2")
    news = hub.cube.ask(asked, PUBLIC)
    assert list(news.series) == []


def test_a_triangle_has_the_periods_of_observations_without_a_value(hub: Hub, clock: Hands) -> None:
    publish(hub, [series("A.03.LUA", {"2024": None})], replace_all=True)
    clock.pass_by(hours=1)
    publish(hub, [series("A.03.LUA", {"2024": "5"})])
    [found] = hub.cube.triangles(select(world.STRUCTURE), PUBLIC, slice(0, 1))
    assert found.periods == ("2024",) and found.values == ((None,), (None,), ("5",))
