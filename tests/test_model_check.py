"""The database against a model of it: random drafts, releases, embargoes, withdrawals and thinnings, every answer compared."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest

from hub.access import LOCAL_ADMINISTRATOR
from hub.retention import Keep
from hub.wiring import Hub
from registry.actions import put
from registry.answers import Difference
from registry.columns import Batch
from registry.errors import Conflict
from registry.model import Structure
from registry.period import INSTANT, NO_TIME, Period, PeriodRange, containing
from registry.ports import PUBLIC
from registry.raw import Action
from registry.selection import Selection
from registry.staging import Removal
from tests import world
from tests.conftest import Hands
from tests.model import (
    DESCRIBED,
    FLOW,
    MEASURES,
    NOTED,
    Cells,
    Gone,
    Published,
    Row,
    Said,
    State,
    attributes_of,
    cells_of,
    differing,
    spelled,
    structure,
    within,
)

NUMBERS = (
    "0",
    "-0",
    "-0.0",
    "0.10",
    "1e-30",
    "123456789012345678901234567890",
    "9007199254740993",
    "-0.1",
    "7",
    "12.5",
    "1E400",
)
TEXTS = ("", "A", "P", "Ước tính", "1.0", "a.b")
FREQUENCIES = "ASTQMWDI"
NEAR = datetime(2024, 1, 1)


class Driver:
    """One run of a story by chance, of ``hub`` and the model side by side; ``others`` read the same database."""

    def __init__(self, hub: Hub, others: list[Hub], clock: Hands, seed: int, timed: bool, series: int) -> None:
        self.hub, self.readers, self.clock, self.timed = hub, [hub, *others], clock, timed
        self.chance = random.Random(seed)
        self.series = series
        self.structure: Structure = structure(timed)
        self.published: list[Published] = []
        self.drafts: list[tuple[str, State, Published | None]] = []
        with hub.engine.begin() as connection:
            put(connection, [*world.ARTEFACTS, self.structure.dsd, self.structure.dataflow], world.act(clock.now()))

    # What happens

    def step(self) -> None:
        doing = (self.draft,) * 6 + (self.publish,) * 5 + (self.discard, self.withdraw, self.thin, self.pass_by, self.recall)
        self.chance.choice(doing)()
        self.clock.pass_by(minutes=self.chance.choice((0, 1, 30, 90)))

    def head(self) -> Published | None:
        return self.published[-1] if self.published else None

    def draft(self) -> None:
        base = self.head()
        before = base.state if base else State()
        state = before.copy()
        replaced = self.periods() if self.timed and self.chance.random() < 0.2 else None
        everything = self.chance.random() < 0.1
        if everything or replaced is not None:
            state.drop(PeriodRange() if everything or replaced is None else replaced)
        content = [self.said() if self.chance.random() < 0.75 else self.gone() for _ in range(self.chance.randint(1, 4))]
        fits = all(each.upon(state) for each in content)
        said = {"COMMENT": self.chance.choice(TEXTS)} if self.chance.random() < 0.3 else {}
        state.attributes.update(said)
        state = state.tidied()
        how: dict[str, Any] = {"replace": replaced, "replace_all": everything, "dataset_attributes": said}
        staged = [each.staged() for each in content]
        try:
            found = self.hub.drafts.draft(self.structure, staged, LOCAL_ADMINISTRATOR, **how)
        except Conflict as error:
            assert error.code == "ALREADY_THERE" and not fits
            return
        assert fits
        if found is None:
            assert state == before, "what differs was taken for nothing"
            return
        self.hub.releases.approve(found.id, LOCAL_ADMINISTRATOR)
        self.drafts.append((found.id, state, base))

    def publish(self) -> None:
        if not self.drafts:
            self.draft()
        if not self.drafts:
            return
        id, state, base = self.drafts.pop(self.chance.randrange(len(self.drafts)))
        assert base is self.head()
        embargo = self.clock.now() + timedelta(hours=self.chance.randint(1, 100)) if self.chance.random() < 0.3 else None
        correction = {"vi": "Sửa", "en": "Mended"} if self.chance.random() < 0.1 else None
        moment = embargo or self.clock.now()
        late = base is not None and moment < base.moment
        try:
            self.hub.releases.release(id, LOCAL_ADMINISTRATOR, embargo, correction=correction)
        except Conflict as error:
            assert error.code == "EMBARGO_ORDER" and late
            self.drafts.append((id, state, base))
            return
        assert not late
        self.published.append(Published(id, state, moment, base))
        self.drafts.clear()

    def discard(self) -> None:
        if self.drafts:
            id, _, _ = self.drafts.pop(self.chance.randrange(len(self.drafts)))
            self.hub.releases.discard(id, LOCAL_ADMINISTRATOR)

    def recall(self) -> None:
        head = self.head()
        if head and head.moment > self.clock.now():
            self.hub.releases.discard(head.id, LOCAL_ADMINISTRATOR)
            self.published.pop()
            self.drafts.clear()

    def withdraw(self) -> None:
        head = self.head()
        if head is None or head.moment > self.clock.now():
            return
        target: Published | None = head
        while target and target.withdraws:
            target = target.withdraws.base
        if target is None:
            return
        try:
            found = self.hub.ports.desk.withdraw(target.id, LOCAL_ADMINISTRATOR, {"vi": "Sai", "en": "Wrong"})
        except Conflict as error:
            assert error.code == "WITHDRAW_THINNED" and target.base and target.base.thinned
            return
        state = target.base.state.copy() if target.base else State()
        self.published.append(Published(found.id, state, self.clock.now(), head, target))
        self.drafts.clear()

    def thin(self) -> None:
        if self.chance.random() < 0.6:
            return
        keep = Keep(self.chance.choice(("month-ends", "newest")), self.chance.choice((0, 1, 30)))
        gone = {each.id for each in self.hub.retention.thin(FLOW, keep, LOCAL_ADMINISTRATOR).releases}
        for each in self.published:
            each.thinned |= each.id in gone

    def pass_by(self) -> None:
        self.clock.pass_by(hours=self.chance.choice((1, 5, 50, 500)))

    # What is said

    def row(self) -> Row:
        number = int(self.series * self.chance.random() ** 2)
        key = (f"{number % 7}", f"{number:03d}" if number % 5 else f"x.{number}")
        return key, self.chance.choice(FREQUENCIES if number % 3 else "Q") if self.timed else NO_TIME

    def at(self, frequency: str) -> int:
        if frequency == NO_TIME:
            return 0
        return containing(frequency, NEAR) + self.chance.randint(-20, 20) * (100_000 if frequency == INSTANT else 1)

    def said(self) -> Said:
        action = self.chance.choice((Action.MERGE, Action.MERGE, Action.REPLACE, Action.REPLACE, Action.APPEND))
        many = self.chance.choice((1, 3, 10, self.series))
        series = []
        for row in {self.row(): None for _ in range(many)}:
            cells: Cells = {self.at(row[1]): self.cell() for _ in range(self.chance.choice((0, 1, 3, 20)))}
            series.append((row, cells, {name: self.chance.choice(TEXTS) for name in DESCRIBED if self.chance.random() < 0.2}))
        return Said(action, series)

    def cell(self) -> dict[str, str]:
        said = {name: self.chance.choice(NUMBERS) for name in MEASURES[:2] if self.chance.random() < 0.5}
        return said | {name: self.chance.choice(TEXTS) for name in (MEASURES[2], *NOTED) if self.chance.random() < 0.2}

    def gone(self) -> Gone:
        (province, crop), _ = self.row()
        codes = self.chance.choice(({}, {"PROVINCE": province}, {"CROP": crop}, {"PROVINCE": province, "CROP": crop}))
        periods = self.periods() if self.timed and self.chance.random() < 0.6 else PeriodRange()
        names = [*MEASURES, *NOTED, *DESCRIBED, "COMMENT"]
        some = frozenset(self.chance.sample(names, self.chance.randint(1, 3))) if self.chance.random() < 0.5 else frozenset()
        return Gone(Removal(codes, periods, some))

    def periods(self) -> PeriodRange:
        frequency = self.chance.choice(FREQUENCIES[:-1])
        middle = containing(frequency, NEAR)
        low, high = sorted(middle + self.chance.randint(-9, 9) for _ in range(2))
        start, end = Period(frequency, low), Period(frequency, high)
        return PeriodRange(self.chance.choice((start, None)), self.chance.choice((end, None)))

    # What is answered

    def check(self) -> None:
        hub = self.chance.choice(self.readers)
        now = self.clock.now()
        seen = [each for each in self.published if each.moment <= now]
        self.check_releases(hub, seen)
        self.check_answer(hub, seen[-1] if seen else None, Selection(dataflow=FLOW))
        for each in self.chance.sample(seen, min(len(seen), 2)):
            self.check_past(hub, seen, each)
        if seen:
            self.check_slices(hub, seen[-1])
            self.check_availability(hub, seen[-1])
            self.check_triangles(hub, seen)

    def check_releases(self, hub: Hub, seen: list[Published]) -> None:
        found = hub.cube.releases(FLOW, PUBLIC)
        assert [each.id for each in found] == [each.id for each in reversed(seen)]
        for told, each in zip(found, reversed(seen), strict=True):
            rows = each.state.present()
            assert told.series == len({key for key, _ in rows})
            assert told.observations == sum(len(each.state.rows[row]) for row in rows)
            assert bool(told.thinned_at) == each.thinned
            by = next((other.id for other in seen if other.withdraws is each), None)
            assert told.withdrawn_by == by and told.kind in (("withdrawal",) if each.withdraws else ("release", "correction"))

    def check_answer(self, hub: Hub, each: Published | None, selection: Selection) -> None:
        answer = hub.cube.ask(selection, PUBLIC)
        state = each.state if each else State()
        assert (answer.release.id if answer.release else None) == (each.id if each else None)
        assert dict(answer.dataset_attributes) == state.attributes
        self.compare(answer.batches, state, state.present(), selection)

    def compare(self, batches: Iterable[Batch], state: State, rows: list[Row], selection: Selection) -> None:
        expected = {row: chosen for row in rows if (chosen := _chosen(state.rows[row], row[1], selection))}
        found: dict[Row, Cells] = {}
        for batch in batches:
            some = cells_of(batch)
            assert found.keys().isdisjoint(some)
            found |= some
            for row, said in attributes_of(batch).items():
                assert said == state.described(row[0])
        assert list(found) == list(expected), (list(found), list(expected))
        assert found == expected
        assert all(list(cells) == sorted(cells) for cells in found.values())

    def check_past(self, hub: Hub, seen: list[Published], each: Published) -> None:
        of_moment = [other for other in seen if other.moment <= each.moment][-1]
        if of_moment.thinned:
            with pytest.raises(Conflict, match="no longer kept"):
                hub.cube.ask(Selection(dataflow=FLOW, as_of=each.moment), PUBLIC)
        else:
            self.check_answer(hub, of_moment, Selection(dataflow=FLOW, as_of=each.moment))
        kept = [other for other in seen if other.moment <= each.moment and not other.thinned]
        self.check_since(hub, kept[-1] if kept else None, seen[-1], each.moment)
        if not each.thinned:
            self.check_changes(hub, each, seen[-1])
            self.check_changes(hub, None, each)

    def check_since(self, hub: Hub, before: Published | None, now: Published, moment: datetime) -> None:
        periods = self.periods() if self.timed and self.chance.random() < 0.5 else PeriodRange()
        answer = hub.cube.ask(Selection(dataflow=FLOW, updated_after=moment, periods=periods), PUBLIC)
        kinds = differing(before.state if before else None, now.state, periods)
        found: dict[Row, Cells] = {}
        for batch in answer.batches:
            found |= cells_of(batch)
        expected = {
            row: {at: now.state.rows[row][at] for at in sorted(some) if some[at] != "DELETED"} for row, some in kinds.items()
        }
        assert found == {row: cells for row, cells in expected.items() if cells}

    def check_changes(self, hub: Hub, before: Published | None, now: Published) -> None:
        told = hub.cube.changes(Selection(dataflow=FLOW), PUBLIC, before.id if before else None, now.id)
        old = before.state if before else State()
        kinds: dict[Row, dict[int, str]] = {}
        relabelled = set()
        for each in told.differences:
            one, two = cells_of(each.before), cells_of(each.now)
            numbers = iter(each.kinds.tolist())
            for row in two:
                kinds[row] = {at: Difference(next(numbers)).name for at in two[row]}
                assert {at: old.rows.get(row, {}).get(at, {}) for at in one[row]} == one[row]
                assert {at: now.state.rows.get(row, {}).get(at, {}) for at in two[row]} == two[row]
                if old.described(row[0]) != now.state.described(row[0]):
                    relabelled.add(row)
        assert {row: some for row, some in kinds.items() if some} == differing(old, now.state, PeriodRange())
        both = {*old.present(), *now.state.present()}
        assert relabelled == {row for row in both if old.described(row[0]) != now.state.described(row[0])}
        assert (told.attributes_before, told.attributes_now) == (old.attributes, now.state.attributes)

    def check_slices(self, hub: Hub, newest: Published) -> None:
        (province, crop), _ = self.row()
        codes = self.chance.choice(({}, {"PROVINCE": tuple({province, "5"})}, {"CROP": (crop,)}))
        periods = self.periods() if self.timed and self.chance.random() < 0.5 else PeriodRange()
        first, last = (self.chance.choice((None, None, 1, 3)) for _ in range(2))
        selection = Selection(dataflow=FLOW, codes=codes, periods=periods, first_n=first, last_n=last)
        rows = _matching(newest.state, selection)
        cut = slice(self.chance.randint(0, 3), self.chance.randint(3, 300))
        answer = hub.cube.ask(selection, PUBLIC, cut)
        assert answer.series_count == len(rows)
        self.compare(answer.batches, newest.state, rows[cut], selection)

    def check_availability(self, hub: Hub, newest: Published) -> None:
        (province, _), _ = self.row()
        selection = Selection(dataflow=FLOW, codes=self.chance.choice(({}, {"PROVINCE": (province,)})))
        rows, every = _matching(newest.state, selection), newest.state.present()
        found = hub.cube.availability(selection, PUBLIC)
        for place, name in enumerate(("PROVINCE", "CROP")):
            assert found.codes[name] == tuple(sorted({key[place] for key, _ in rows}))
        assert found.open_codes["PROVINCE"] == tuple(sorted({key[0] for key, _ in every}))
        assert found.series == len({key for key, _ in rows})
        assert found.observations == sum(len(newest.state.rows[row]) for row in rows)

    def check_triangles(self, hub: Hub, seen: list[Published]) -> None:
        kept = [each for each in seen if not each.thinned]
        rows = seen[-1].state.present()
        start = self.chance.randint(0, max(len(rows) - 3, 0))
        found = hub.cube.triangles(Selection(dataflow=FLOW), PUBLIC, slice(start, start + 3))
        assert [(each.key, each.frequency) for each in found] == rows[start : start + 3]
        for each in found:
            assert [told.id for told in each.releases] == [other.id for other in kept]
            row = each.key, each.frequency
            periods = sorted({at for other in kept for at in other.state.rows.get(row, {})})
            assert list(each.periods) == [str(Period(each.frequency, at)) for at in periods]
            for values, other in zip(each.values, kept, strict=True):
                cells = other.state.rows.get(row, {})
                texts = [cells.get(at, {}).get("AREA") for at in periods]
                assert [None if text is None else spelled("AREA", text) for text in values] == texts


def _chosen(cells: Cells, frequency: str, selection: Selection) -> Cells:
    bounds = selection.periods.ordinals(frequency)
    inside = [at for at in sorted(cells) if within(at, bounds)]
    first, last = selection.first_n, selection.last_n
    if first or last:
        inside = [at for place, at in enumerate(inside) if place < (first or 0) or len(inside) - place <= (last or 0)]
    return {at: cells[at] for at in inside}


def _matching(state: State, selection: Selection) -> list[Row]:
    found = []
    for key, frequency in state.present():
        low, high = selection.periods.ordinals(frequency)
        cells = state.rows[key, frequency]
        meets = (low is None or max(cells) >= low) and (high is None or min(cells) <= high)
        wanted = [selection.codes.get("PROVINCE"), selection.codes.get("CROP")]
        if meets and all(codes is None or code in codes for codes, code in zip(wanted, key, strict=True)):
            found.append((key, frequency))
    return found


def play(hub: Hub, clock: Hands, seed: int, steps: int, timed: bool, series: int) -> None:
    others = [Hub.build(hub.settings, clock)]
    driver = Driver(hub, others, clock, seed, timed, series)
    try:
        for _ in range(steps):
            driver.step()
            driver.check()
    finally:
        for other in others:
            other.engine.dispose()


STORIES = pytest.mark.parametrize(("timed", "series"), [(True, 8), (True, 600), (False, 600)])


@STORIES
def test_every_answer_is_that_of_the_model(empty_hub: Hub, clock: Hands, timed: bool, series: int) -> None:
    play(empty_hub, clock, 1, 20, timed, series)


@pytest.mark.slow
@STORIES
@pytest.mark.parametrize("seed", range(2, 12))
def test_many_more_stories(empty_hub: Hub, clock: Hands, timed: bool, series: int, seed: int) -> None:
    play(empty_hub, clock, seed, 60, timed, series)
