"""Releases of the harvest of Đất Nước Sen: drafts, publishing, vintages, embargo (see tests/world.py for the country).

The story, all times UTC on 2025-07-01:

    01:00  release 1: the harvest as drawn in world.py          02:00  "now" of every test
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from hub.access import LOCAL_ADMINISTRATOR
from hub.settings import Settings
from hub.tables import release, tile
from hub.wiring import Hub
from registry.errors import Conflict, Invalid, NotFound
from registry.period import PeriodRange, parse_period
from registry.ports import PUBLIC, Role, Viewer
from registry.selection import select as question
from registry.series import Series
from tests import world
from tests.conftest import Hands, publish
from tests.world import series

RICE = {"FREQ": ["Q"], "PROVINCE": ["01"], "CROP": ["LUA"]}


def values(hub: Hub, codes: dict[str, list[str]] | None = None, **how: object) -> dict[str, dict[str, str | None]]:
    """Key -> period -> value, as everybody sees it."""
    answer = hub.cube.ask(question(world.STRUCTURE, codes, **how), PUBLIC)  # type: ignore[arg-type]
    return {".".join(each.key): dict(zip(each.periods(), each.values, strict=True)) for each in answer.series}


def test_what_was_released_comes_back_as_it_went_in(hub: Hub) -> None:
    found = values(hub)
    assert list(found) == ["A.01.LUA", "Q.01.LUA", "Q.01.NGO", "Q.02.LUA"]
    assert found["Q.01.LUA"] == {
        "2023-Q1": "120.5",
        "2023-Q2": "98.25",
        "2023-Q3": "130",
        "2023-Q4": None,
        "2024-Q1": "140.125",
    }
    assert found["Q.02.LUA"] == {"2023-Q1": "80", "2023-Q3": "81"}


def test_attributes_come_back_at_their_level(hub: Hub) -> None:
    answer = hub.cube.ask(question(world.STRUCTURE, {"CROP": ["NGO"]}), PUBLIC)
    assert answer.dataset_attributes == {"COMMENT_DSET": "Số liệu thử"}
    (maize,) = answer.series
    assert maize.attributes == world.TONNES
    assert maize.observation_attributes == {"OBS_STATUS": ["P"]}


def test_group_attributes_are_folded_into_every_series_of_the_group(empty_hub: Hub) -> None:
    from dataclasses import replace

    from registry.actions import put
    from registry.model import Attribute, Group, Level

    unit = replace(world.DSD.attributes[0], level=Level.GROUP, dimensions=("CROP",), group="Crop")
    assert isinstance(unit, Attribute)
    ref = replace(world.DSD.ref, version="2.0")
    dsd = replace(
        world.DSD, ref=ref, attributes=(unit, *world.DSD.attributes[1:]), groups=(Group(id="Crop", dimensions=("CROP",)),)
    )
    flow = replace(world.DATAFLOW, ref=replace(world.DATAFLOW.ref, version="2.0"), structure=ref)
    with empty_hub.engine.begin() as connection:
        put(connection, [dsd, flow], world.act(empty_hub.clock.now()))
    structure = empty_hub.catalogue.structure(flow.ref)
    draft = empty_hub.drafts.draft(structure, world.harvest(), LOCAL_ADMINISTRATOR)
    assert draft is not None
    empty_hub.releases.approve(draft.id, LOCAL_ADMINISTRATOR)
    empty_hub.releases.release(draft.id, LOCAL_ADMINISTRATOR)
    answer = empty_hub.cube.ask(question(structure, {"CROP": ["LUA"]}), PUBLIC)
    assert {each.attributes["UNIT_MEASURE"] for each in answer.series} == {"TAN"}


def test_a_draft_is_invisible_until_it_is_released(hub: Hub) -> None:
    before = values(hub)
    draft = hub.drafts.draft(world.STRUCTURE, [series("Q.03.LUA", {"2024-Q1": "7"})], LOCAL_ADMINISTRATOR)
    assert draft is not None and draft.state == "draft"
    hub.releases.approve(draft.id, LOCAL_ADMINISTRATOR)
    assert values(hub) == before
    assert "03" not in hub.cube.availability(question(world.STRUCTURE), PUBLIC).codes["PROVINCE"]
    assert len(hub.cube.releases(world.DATAFLOW.ref, PUBLIC)) == 1
    hub.releases.release(draft.id, LOCAL_ADMINISTRATOR)
    assert values(hub)["Q.03.LUA"] == {"2024-Q1": "7"}


def test_a_merge_changes_what_it_names_and_leaves_the_rest(hub: Hub) -> None:
    publish(hub, [series("Q.01.LUA", {"2023-Q1": "121", "2024-Q2": "150"})])
    found = values(hub, RICE)["Q.01.LUA"]
    assert found == {
        "2023-Q1": "121",
        "2023-Q2": "98.25",
        "2023-Q3": "130",
        "2023-Q4": None,
        "2024-Q1": "140.125",
        "2024-Q2": "150",
    }
    assert values(hub)["Q.02.LUA"] == {"2023-Q1": "80", "2023-Q3": "81"}


def test_replacing_a_period_empties_it_everywhere_but_for_what_is_new(hub: Hub) -> None:
    quarter = parse_period("2023-Q1")
    publish(hub, [series("Q.02.LUA", {"2023-Q1": "82"})], replace=PeriodRange(quarter, quarter))
    found = values(hub, {"FREQ": ["Q"]})
    assert found["Q.02.LUA"] == {"2023-Q1": "82", "2023-Q3": "81"}
    assert "2023-Q1" not in found["Q.01.LUA"]
    assert "Q.01.NGO" not in found
    assert values(hub, {"FREQ": ["A"]}) == {"A.01.LUA": {"2023": "348.75"}}, (
        "a year does not begin in its first quarter's place"
    )


def test_replacing_everything_leaves_only_the_new(hub: Hub) -> None:
    publish(hub, [series("Q.01.LUA", {"2023-Q2": "99"})], replace_all=True)
    assert values(hub) == {"Q.01.LUA": {"2023-Q2": "99"}}


def test_the_same_again_changes_nothing(hub: Hub) -> None:
    assert hub.drafts.draft(world.STRUCTURE, world.harvest(), LOCAL_ADMINISTRATOR) is None
    assert hub.drafts.draft(world.STRUCTURE, world.harvest(), LOCAL_ADMINISTRATOR, replace_all=True) is None
    with hub.engine.connect() as connection:
        assert connection.execute(select(release.c.state)).scalars().all() == ["released"]


def test_every_vintage_can_be_had_again(hub: Hub, clock: Hands) -> None:
    first = clock.now()
    clock.pass_by(days=1)
    publish(hub, [series("Q.01.LUA", {"2023-Q1": "121"})])
    clock.pass_by(days=1)
    publish(hub, [series("Q.01.NGO", {"2023-Q1": "16"})], replace_all=True)
    assert values(hub, RICE, as_of=first)["Q.01.LUA"]["2023-Q1"] == "120.5"
    assert values(hub, RICE, as_of=first + timedelta(days=1))["Q.01.LUA"]["2023-Q1"] == "121"
    assert values(hub) == {"Q.01.NGO": {"2023-Q1": "16"}}
    assert values(hub, as_of=first - timedelta(days=30)) == {}
    assert [each.number for each in hub.cube.releases(world.DATAFLOW.ref, PUBLIC)] == [3, 2, 1]


def test_updated_after_gives_only_what_is_new_or_revised(hub: Hub, clock: Hands) -> None:
    then = clock.now()
    clock.pass_by(days=1)
    publish(hub, [series("Q.01.LUA", {"2023-Q1": "121", "2023-Q2": "98.250", "2024-Q2": "150"})])
    assert values(hub, updated_after=then) == {"Q.01.LUA": {"2023-Q1": "121", "2024-Q2": "150"}}
    assert values(hub, updated_after=clock.now()) == {}


def test_first_and_last_observations(hub: Hub) -> None:
    assert list(values(hub, RICE, first_n=2)["Q.01.LUA"]) == ["2023-Q1", "2023-Q2"]
    assert list(values(hub, RICE, last_n=1)["Q.01.LUA"]) == ["2024-Q1"]
    assert list(values(hub, RICE, first_n=1, last_n=1)["Q.01.LUA"]) == ["2023-Q1", "2024-Q1"]


def test_periods_of_another_frequency_select_by_the_calendar(hub: Hub) -> None:
    assert list(values(hub, RICE, start="2023-04", end="2023")["Q.01.LUA"]) == ["2023-Q2", "2023-Q3", "2023-Q4"]


def test_availability_tells_what_still_gives_data(hub: Hub) -> None:
    found = hub.cube.availability(question(world.STRUCTURE, {"CROP": ["NGO"]}), PUBLIC)
    assert found.codes == {"FREQ": ("Q",), "PROVINCE": ("01",), "CROP": ("NGO",)}
    assert found.open_codes["CROP"] == ("LUA", "NGO")
    assert (found.start, found.end, found.series, found.observations) == ("2023-Q1", "2023-Q1", 1, 1)


def test_an_embargoed_release_shows_nothing_before_its_moment(hub: Hub, clock: Hands) -> None:
    before, available = values(hub), hub.cube.availability(question(world.STRUCTURE), PUBLIC)
    moment = clock.now() + timedelta(hours=6)
    publish(hub, [series("Q.03.LUA", {"2024-Q1": "7"})], embargo=moment)
    for at in (clock.now(), moment - timedelta(microseconds=1)):
        clock.time = at
        assert values(hub) == before
        assert values(hub, as_of=moment + timedelta(days=1)) == before, "asking for the future shows the present"
        assert hub.cube.availability(question(world.STRUCTURE), PUBLIC) == available
        assert len(hub.cube.releases(world.DATAFLOW.ref, PUBLIC)) == 1
    clock.time = moment
    assert "Q.03.LUA" in values(hub)
    assert hub.cube.releases(world.DATAFLOW.ref, PUBLIC)[0].released_at == moment


def test_a_release_cannot_show_before_the_one_it_is_based_on(hub: Hub, clock: Hands) -> None:
    publish(hub, [series("Q.03.LUA", {"2024-Q1": "7"})], embargo=clock.now() + timedelta(days=2))
    with pytest.raises(Conflict, match="before what it is based on"):
        publish(hub, [series("Q.03.LUA", {"2024-Q1": "8"})])


def test_an_embargo_in_the_past_is_refused(hub: Hub, clock: Hands) -> None:
    with pytest.raises(Invalid, match="lies in the past"):
        publish(hub, [series("Q.03.LUA", {"2024-Q1": "7"})], embargo=clock.now())


@pytest.mark.parametrize("moment", ["2125-07-06T09:00:00+07:00", "9999-12-31T23:59:59-12:00"])
def test_an_embargo_of_a_lifetime_is_a_slip(hub: Hub, moment: str) -> None:
    with pytest.raises(Invalid, match="too far ahead"):
        publish(hub, [series("Q.03.LUA", {"2024-Q1": "7"})], embargo=datetime.fromisoformat(moment))


def test_a_draft_overtaken_by_another_must_be_made_again(hub: Hub) -> None:
    slow = hub.drafts.draft(world.STRUCTURE, [series("Q.01.LUA", {"2023-Q1": "1"})], LOCAL_ADMINISTRATOR)
    quick = hub.drafts.draft(world.STRUCTURE, [series("Q.01.LUA", {"2023-Q2": "2"})], LOCAL_ADMINISTRATOR)
    assert slow and quick
    hub.releases.approve(slow.id, LOCAL_ADMINISTRATOR)
    hub.releases.approve(quick.id, LOCAL_ADMINISTRATOR)
    hub.releases.release(quick.id, LOCAL_ADMINISTRATOR)
    with pytest.raises(Conflict, match="overtaken"):
        hub.releases.release(slow.id, LOCAL_ADMINISTRATOR)
    found = values(hub, RICE)["Q.01.LUA"]
    assert (found["2023-Q1"], found["2023-Q2"]) == ("120.5", "2")


@pytest.mark.parametrize("replace_all", [False, True])
def test_a_draft_overtaken_while_it_is_being_made_writes_no_more(hub: Hub, replace_all: bool) -> None:
    def slow() -> Iterator[Series]:
        for number in range(2100):
            if number == 2050:
                publish(hub, [series("Q.01.LUA", {"2023-Q2": "2"})])
            yield series("Q.03.LUA", {f"{1900 + number % 100}-Q1": "7"})

    with pytest.raises(Conflict, match="overtaken"):
        hub.drafts.draft(world.STRUCTURE, slow(), LOCAL_ADMINISTRATOR, replace_all=replace_all)
    assert "Q.03.LUA" not in values(hub) and values(hub, RICE)["Q.01.LUA"]["2023-Q2"] == "2"


def test_discarding_a_draft_leaves_no_trace_in_the_data(hub: Hub) -> None:
    before = values(hub)
    draft = hub.drafts.draft(world.STRUCTURE, [series("Q.01.LUA", {"2023-Q1": "1"})], LOCAL_ADMINISTRATOR)
    assert draft is not None
    hub.releases.discard(draft.id, LOCAL_ADMINISTRATOR)
    publish(hub, [series("A.01.LUA", {"2024": "5"})])
    assert {**before, "A.01.LUA": {"2023": "348.75", "2024": "5"}} == values(hub)


def test_only_an_approved_draft_is_released(hub: Hub) -> None:
    draft = hub.drafts.draft(world.STRUCTURE, [series("Q.01.LUA", {"2023-Q1": "1"})], LOCAL_ADMINISTRATOR)
    assert draft is not None
    with pytest.raises(Conflict, match="this needs approved"):
        hub.releases.release(draft.id, LOCAL_ADMINISTRATOR)
    with pytest.raises(NotFound):
        hub.releases.release("nothing", LOCAL_ADMINISTRATOR)


def test_four_eyes_means_a_second_person(settings: Settings, clock: Hands, hub: Hub) -> None:
    from dataclasses import replace

    strict = Hub.build(replace(settings, four_eyes=True), clock)
    lan, minh = Viewer(Role.PUBLISHER, "NSO", "lan"), Viewer(Role.STATISTICIAN, "NSO", "minh")
    draft = strict.drafts.draft(world.STRUCTURE, [series("Q.01.LUA", {"2023-Q1": "1"})], lan)
    assert draft is not None
    with pytest.raises(Conflict, match="second person"):
        strict.releases.approve(draft.id, lan)
    assert strict.releases.approve(draft.id, minh).approved_by == "minh"
    assert strict.releases.release(draft.id, lan).state == "released"
    strict.engine.dispose()


def test_a_failure_while_staging_leaves_nothing_behind(hub: Hub) -> None:
    def breaks() -> Iterator[Series]:
        yield series("Q.03.LUA", {"2024-Q1": "7"})
        raise RuntimeError("the source broke off")

    with pytest.raises(RuntimeError):
        hub.drafts.draft(world.STRUCTURE, breaks(), LOCAL_ADMINISTRATOR)
    with hub.engine.connect() as connection:
        assert connection.execute(select(release.c.state)).scalars().all() == ["released"]
        assert set(connection.execute(select(tile.c.from_)).scalars()) == {1}


def test_no_reader_ever_sees_half_a_release(hub: Hub) -> None:
    """Every release writes one number everywhere; readers must never find two numbers in one answer."""
    keys = [f"Q.{province}.{crop}" for province in ("01", "02", "03") for crop in ("LUA", "NGO")]
    publish(hub, [series(key, {"2023-Q1": "0"}) for key in keys], replace_all=True)
    mixed: list[set[str | None]] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen = {value for column in values(hub).values() for value in column.values()}
            if len(seen) != 1:
                mixed.append(seen)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(1, 16):
        publish(hub, [series(key, {"2023-Q1": str(number)}) for key in keys])
    stop.set()
    for reader in readers:
        reader.join()
    assert mixed == []


def test_long_histories_are_cut_into_blocks_and_come_back_whole(empty_hub: Hub) -> None:
    months = {f"{1990 + at // 12}-{at % 12 + 1:02d}": f"{at}.5" for at in range(420)}
    publish(empty_hub, [series("M.01.LUA", dict(months))])
    publish(empty_hub, [series("M.01.LUA", {"2025-01": "1"})])
    found = values(empty_hub, {"FREQ": ["M"]})["M.01.LUA"]
    assert found == {**months, "2025-01": "1"}
    with empty_hub.engine.connect() as connection:
        rewritten = connection.execute(select(tile.c.count).where(tile.c.from_ == 2)).scalars().all()
    assert len(rewritten) == 1, "an append writes one tile anew, not the series"


def test_times_are_the_same_on_every_engine(hub: Hub) -> None:
    (found,) = hub.cube.releases(world.DATAFLOW.ref, PUBLIC)
    assert found.released_at == datetime(2025, 7, 1, 1, 0, tzinfo=UTC)
