"""Drawn questions through the whole hub, against a reference that knows nothing of it (tests/plain_questions.py).

A country with harvests in three dimensions is released five times; then hundreds of questions, each a combination of codes,
as-of, recoding, aggregation, longer periods, another base, change, periods, first and last, order and pages, are asked over
GraphQL and worked out observation by observation. On SQLite and PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest

from hub.access import LOCAL_ADMINISTRATOR
from hub.settings import Settings
from hub.wiring import Hub
from registry.actions import put
from registry.correspondence import Correspondence, Link
from registry.model import Artefact, Code, Dimension, coded, notes
from registry.period import Period, PeriodRange, parse_period
from registry.ref import Kind, Ref
from registry.series import Series
from registry.staging import Removal
from tests import plain_questions as plain
from tests import world
from tests.asking import Asker
from tests.conftest import Hands
from tests.plain_questions import Cell, Line, Refused

QUESTIONS = 150


def _code(id: str, parent: str | None = None, **said: str) -> Code:
    return Code(id, {"vi": id, "en": id}, parent=parent, annotations=notes(said))


def _list(id: str, *items: Code, version: str = "1.0") -> Any:
    ref = Ref(Kind.CODELIST, "SEN", id, version)
    return replace(world.PROVINCE, ref=ref, items=items, names={"vi": id, "en": id})


PROVINCE = _list(
    "CL_PROVINCE", _code("_T"), *(_code(c, p) for c, p in plain.PARENTS["PROVINCE"].items() if c not in ("N1", "S1"))
)
NEXT = _list("CL_PROVINCE", _code("_T"), _code("N1", "_T"), _code("S1", "_T"), version="2.0")
SEASON = _list("CL_SEASON", _code("ALL"), _code("XUAN", "ALL"), _code("THU", "ALL"))
CROPS = ("LUA", "NGO", "KHO", "YIELD", "AREA", "FARMS", "GIA")
_RULES = {
    "YIELD": {"aggregation": "weighted:AREA"},
    "AREA": {"aggregation": "sum"},
    "FARMS": {"aggregation": "none"},
    "KHO": {"aggregation:time": "last"},
}
CROP = _list("CL_CROP", *(_code(crop, **_RULES.get(crop, {})) for crop in CROPS))
UNIT = _list("CL_UNIT", *(_code(c) for c in ("TAN", "HA", "NUMBER", "PT", "IX")))
STATUS = _list("CL_OBS_STATUS", *(_code(c) for c in ("A", "P", "E", "O")))
CONCEPTS = replace(
    world.CONCEPTS,
    items=(*world.CONCEPTS.items, replace(world.CONCEPTS.items[1], id="SEASON", names={"vi": "Vụ", "en": "Season"})),
)
_SEASON = Dimension(id="SEASON", concept_identity=CONCEPTS.ref.item("SEASON"), representation=coded(SEASON.ref))
DSD = replace(world.DSD, dimensions=(*world.DSD.dimensions[:2], _SEASON, *world.DSD.dimensions[2:]))
TABLE = Correspondence(
    ref=Ref(Kind.REPRESENTATION_MAP, "SEN", "COR", "1.0"),
    names={"vi": "Cũ sang mới", "en": "Old to new"},
    from_list=PROVINCE.ref,
    to_list=NEXT.ref,
    links=tuple(
        Link(code, target, share if share != "1" else None)
        for code, ways in plain.NEXT.items()
        for target, share in ways.items()
    ),
)
_OWN = {each.ref: each for each in (PROVINCE, CROP, UNIT, STATUS, CONCEPTS, DSD)}
ARTEFACTS: tuple[Artefact, ...] = (*(_OWN.get(each.ref, each) for each in world.ARTEFACTS), SEASON, NEXT, TABLE.map)
NAMES = ("FREQ", "PROVINCE", "SEASON", "CROP")
CODES = {
    "FREQ": ("A", "Q", "M"),
    "PROVINCE": ("_T", *(item.id for item in PROVINCE.items[1:])),
    "SEASON": ("ALL", "XUAN", "THU"),
    "CROP": CROPS,
}
YEARS = (2022, 2023, 2024)

Held = dict[tuple[str, ...], Series]
State = dict[tuple[str, ...], Line]


# The figures, and how they come and go


def _number(chance: Random, crop: str) -> str | None:
    if chance.random() < 0.06:
        return None
    digits = chance.choice((1, 3, 6, 17, 30))
    whole = chance.randint(0, 10**digits)
    sign = -1 if chance.random() < 0.2 and crop not in ("AREA", "GIA") else 1
    places = chance.choice((0, 0, 2, 3, 12))
    number = Fraction(sign * whole, 10**places)
    text = f"{abs(sign * whole):0{places + 1}d}"
    return f"{'-' if number < 0 else ''}{text[: len(text) - places] or '0'}{'.' + text[-places:] if places else ''}"


def _drawn(chance: Random, key: tuple[str, ...], power: str) -> Series:
    frequency, count = key[0], plain.PER_YEAR[key[0]]
    whole = key[3] == "GIA" or chance.random() < 0.4
    every = range(YEARS[0] * count, (YEARS[-1] + 1) * count)
    ordinals = [o for o in every if whole or chance.random() < 0.7] or [every[0]]
    status = [chance.choice((None, None, "A", "P")) for _ in ordinals]
    return Series(
        key=key,
        frequency=frequency,
        ordinals=np.array(ordinals, dtype=np.int64),
        values=[_number(chance, key[3]) for _ in ordinals],
        attributes={"UNIT_MEASURE": plain.UNITS.get(key[3], "TAN"), "UNIT_MULT": power},
        observation_attributes={"OBS_STATUS": status},
    )


@dataclass
class Country:
    """The hub, what each release should hold, and when it came."""

    hub: Hub
    clock: Hands
    states: list[tuple[datetime, State]] = field(default_factory=list)
    powers: dict[tuple[str, ...], str] = field(default_factory=dict)

    def publish(self, content: list[Series | Removal], state: State) -> None:
        draft = self.hub.drafts.draft(self.hub.catalogue.structure(world.DATAFLOW.ref), content, LOCAL_ADMINISTRATOR)
        assert draft is not None
        self.hub.releases.approve(draft.id, LOCAL_ADMINISTRATOR)
        self.hub.releases.release(draft.id, LOCAL_ADMINISTRATOR)
        self.states.append((self.clock.now(), deepcopy(state)))
        self.clock.pass_by(hours=1)

    def merged(self, state: State, one: Series) -> None:
        power = int(one.attributes["UNIT_MULT"])
        line = state.setdefault(one.key, Line(dict(zip(NAMES, one.key, strict=True)), one.attributes["UNIT_MEASURE"], {}))
        statuses = one.observation_attributes["OBS_STATUS"]
        for ordinal, text, status in zip(one.ordinals.tolist(), one.values, statuses, strict=True):
            line.cells[ordinal] = Cell(None if text is None else Fraction(text) * 10**power, status)


def _keys(chance: Random) -> list[tuple[str, ...]]:
    every = [(f, p, s, c) for f in CODES["FREQ"] for p in CODES["PROVINCE"] for s in CODES["SEASON"] for c in CROPS]
    return sorted(chance.sample(every, 160))


def history(country: Country, chance: Random) -> None:
    """Five releases: figures come, are revised, lose a period, go with their series."""
    state: State = {}
    keys = _keys(chance)
    country.powers = {key: chance.choice(("0", "0", "3")) for key in keys}
    for number in range(5):
        content: list[Series | Removal] = []
        if number:
            gone = chance.choice(list(state))
            content.append(Removal(dict(zip(NAMES, gone, strict=True))))
            del state[gone]
            quarter = parse_period(f"{chance.choice(YEARS)}-Q{chance.randint(1, 4)}")
            content.append(Removal({"FREQ": "Q", "PROVINCE": "02"}, PeriodRange(quarter, quarter)))
            for key, line in list(state.items()):
                if key[:2] == ("Q", "02"):
                    line.cells.pop(quarter.ordinal, None)
                    if not line.cells:
                        del state[key]
        for key in keys if not number else chance.sample(keys, 15):
            one = _drawn(chance, key, country.powers[key])
            if number:
                some = slice(0, chance.randint(1, 6))
                one = replace(
                    one,
                    ordinals=one.ordinals[some],
                    values=one.values[some],
                    observation_attributes={"OBS_STATUS": list(one.observation_attributes["OBS_STATUS"][some])},
                )
            content.append(one)
            country.merged(state, one)
        country.publish(content, state)


@pytest.fixture
def country(settings: Settings, clock: Hands, seed: int) -> Iterator[Country]:
    hub = Hub.build(settings, clock)
    hub.initialise(content=False)
    with hub.engine.begin() as connection:
        put(connection, ARTEFACTS, world.act(clock.now()))
    made = Country(hub, clock)
    history(made, Random(seed))
    yield made
    hub.engine.dispose()


# The questions


@dataclass
class Question:
    codes: dict[str, list[str]]
    release: int
    recode: bool = False
    drop: list[str] = field(default_factory=list)
    along: dict[str, str | None] = field(default_factory=dict)
    method: str = "SUM"
    weight: bool = False
    longer: tuple[str, str, bool] | None = None
    rebase: int | None = None
    change: tuple[bool, bool] | None = None
    years: tuple[int, int] | None = None
    first: int | None = None
    last: int | None = None
    sort: list[tuple[str, bool]] = field(default_factory=list)
    page: int = 1000


def drawn(chance: Random, releases: int) -> Question:
    asked = Question({}, chance.randrange(releases))
    for name in NAMES:
        if chance.random() < (0.8 if name == "CROP" else 0.35):
            asked.codes[name] = chance.sample(CODES[name], chance.randint(1, len(CODES[name]) - 1))
    asked.recode = chance.random() < 0.25
    if chance.random() < 0.6:
        _aggregating(asked, chance)
    if chance.random() < 0.3:
        method = chance.choice(("SUM", "SUM", "MEAN", "MIN", "MAX", "COUNT", "FIRST", "LAST", "WEIGHTED_MEAN"))
        weighed = method == "WEIGHTED_MEAN" and "CROP" not in asked.drop and chance.random() < 0.7
        asked.longer = chance.choice("AAQM"), method, weighed
    if chance.random() < 0.15:
        asked.rebase, asked.codes["CROP"] = chance.choice(YEARS), ["GIA"]
    if chance.random() < 0.3:
        asked.change = chance.random() < 0.5, chance.random() < 0.5
    if chance.random() < 0.4:
        low, high = sorted(chance.choices(YEARS, k=2))
        asked.years = low, high
    asked.first, asked.last = (chance.choice((None, None, None, 1, 3)) for _ in range(2))
    names = [name for name in (*NAMES, "OBS_VALUE", "TIME_PERIOD", "UNIT_MEASURE") if name not in asked.drop]
    if chance.random() < 0.5:
        asked.sort = [(name, chance.random() < 0.5) for name in chance.sample(names, chance.randint(1, 3))]
    asked.page = chance.choice((3, 7, 1000, 1000))
    return asked


def _aggregating(asked: Question, chance: Random) -> None:
    names = chance.sample(("PROVINCE", "SEASON", "CROP"), chance.choice((1, 1, 2, 3)))
    asked.method = chance.choice(("SUM", "SUM", "SUM", "MEAN", "MIN", "MAX", "COUNT", "WEIGHTED_MEAN"))
    asked.weight = asked.method == "WEIGHTED_MEAN" and chance.random() < 0.7
    for name in names:
        if name == "CROP" or chance.random() < 0.6:
            asked.drop.append(name)
        else:
            asked.along[name] = chance.choice((None, "1", "2"))
    if "CROP" in asked.drop:
        asked.codes["CROP"] = [chance.choice(CROPS)]
        asked.weight = False


def worked_out(asked: Question, state: State) -> list[Line]:
    """The answer, by the reference; :class:`Refused` where an error is right."""
    wanted = {name: codes for name, codes in asked.codes.items() if not (asked.recode and name == "PROVINCE")}
    lines = [line for line in state.values() if _fits(line, asked.codes, "CROP")]
    lines = _reached(asked, lines)
    if asked.recode:
        read = [line for line in lines if _fits(line, asked.codes) or _weighs(line, asked)]
        lines = plain.recoded(read, asked.codes.get("PROVINCE", []))
    found = [line for line in lines if _fits(line, wanted)]
    if asked.longer and "CROP" not in asked.drop and (asked.method == "SUM" or not (asked.drop or asked.along)):
        found = [line for line in lines if _fits(line, wanted) or (_fits(line, wanted, "CROP") and _weighs_longer(line, asked))]
    if asked.drop or asked.along:
        found = plain.aggregated(found, lines, asked.drop, asked.along, asked.method, asked.weight)
    try:
        found = _along_time(asked, found)
    except Refused as error:
        # Both are found while reading.
        raise Refused(error.args[0] | {line.refused for line in found}) from None
    if asked.change:
        found = plain.changed(found, *asked.change)
    return plain.ordered(plain.cut(found, asked.years, asked.first, asked.last), asked.sort)


def _along_time(asked: Question, found: list[Line]) -> list[Line]:
    if asked.longer:
        found = _lengthened(asked, found)
    if asked.rebase:
        if any(line.unit != "IX" for line in found):
            raise Refused({"NOT_AN_INDEX"})
        found = plain.rebased(found, asked.rebase)
    return found


def _fits(line: Line, codes: dict[str, list[str]], but: str = "") -> bool:
    return all(line.key[name] in wanted for name, wanted in codes.items() if name != but)


def _weighs(line: Line, asked: Question) -> bool:
    """Read for the rule of yields, or because the question names it."""
    named = asked.weight or (asked.longer is not None and asked.longer[2])
    return line.key["CROP"] == "AREA" and (named or "YIELD" in asked.codes.get("CROP", CROPS))


def _weighs_longer(line: Line, asked: Question) -> bool:
    return line.key["CROP"] == "AREA" and ("YIELD" in asked.codes.get("CROP", CROPS) or (asked.longer or ("", "", False))[2])


def _lengthened(asked: Question, lines: list[Line]) -> list[Line]:
    goal, method, weight = asked.longer or ("", "", False)
    crop = asked.codes["CROP"][0] if "CROP" in asked.drop else None
    chosen = [line for line in lines if crop or line.key["CROP"] in asked.codes.get("CROP", CROPS)]
    if chosen and all(plain.PER_YEAR[line.frequency] % plain.PER_YEAR[goal] for line in chosen):
        raise Refused({"NOT_NESTED"})
    summed = asked.method == "SUM" or not (asked.drop or asked.along)
    return plain.lengthened(chosen, lines, goal, method, weight, crop, summed)


def _reached(asked: Question, lines: list[Line]) -> list[Line]:
    """The series that reach into the years that are read: these count for what a total stands for, and are read whole."""
    if asked.years is None:
        return lines
    low, high = asked.years
    low -= 1 if asked.change else 0
    if asked.rebase:
        low, high = min(low, asked.rebase), max(high, asked.rebase)
    years = [(line, plain.PER_YEAR[line.frequency]) for line in lines]
    return [line for line, count in years if min(line.cells) // count <= high and max(line.cells) // count >= low]


QUERY = """query ($selection: SelectionInput, $first: Int, $after: String) { dataflow(ref: "SEN:MUA") {
  data(selection: $selection, first: $first, after: $after) { dimensions totalCount pageInfo { endCursor }
    series { codes { id } attributes { id value } columns { periods valueTexts statuses attributes { id values } } } } } }"""

Answered = list[tuple[list[str], str, list[tuple[str, Fraction | None, str | None, str | None]]]]


def put_to(door: Asker, asked: Question, at: datetime) -> Answered | str:
    """The answer of the hub, page by page; or the code of its error."""
    found: Answered = []
    cursor = None
    while True:
        answer = door.ask(QUERY, selection=said(asked, at), first=asked.page, after=cursor)
        if "errors" in answer:
            return str(answer["errors"][0]["extensions"]["code"])
        data = answer["data"]["dataflow"]["data"]
        found += [_line(one) for one in data["series"]]
        cursor = data["pageInfo"]["endCursor"]
        if cursor is None:
            return found


def said(asked: Question, at: datetime) -> dict[str, Any]:
    """The question as GraphQL has it."""
    selection: dict[str, Any] = {
        "dimensions": [{"id": name, "codes": codes} for name, codes in asked.codes.items()],
        "asOf": at.isoformat(),
        "firstN": asked.first,
        "lastN": asked.last,
        "sort": [{"by": name, "descending": down} for name, down in asked.sort] or None,
    }
    if asked.recode:
        selection["recode"] = [{"dimension": "PROVINCE", "to": str(NEXT.ref)}]
    if asked.drop or asked.along:
        along = [{"dimension": name, "level": level} for name, level in asked.along.items()]
        weight = {"component": "CROP", "code": "AREA"} if asked.weight else None
        selection["aggregate"] = {"drop": asked.drop, "along": along, "method": asked.method, "weight": weight}
    if asked.longer:
        goal, method, weighed = asked.longer
        weight = {"component": "CROP", "code": "AREA"} if weighed else None
        selection["overTime"] = {"frequency": goal, "method": method, "weight": weight}
    if asked.rebase:
        selection["rebase"] = str(asked.rebase)
    if asked.change:
        against = "SAME_PERIOD_LAST_YEAR" if asked.change[0] else "PREVIOUS_PERIOD"
        selection["change"] = {"against": against, "percent": asked.change[1]}
    if asked.years:
        selection |= {"startPeriod": str(asked.years[0]), "endPeriod": str(asked.years[1])}
    return selection


def _line(one: dict[str, Any]) -> tuple[list[str], str, list[tuple[str, Fraction | None, str | None, str | None]]]:
    columns, told = one["columns"], {each["id"]: each["value"] for each in one["attributes"]}
    power = int(told.get("UNIT_MULT", "0"))
    values = [None if text is None else Fraction(text) * Fraction(10) ** power for text in columns["valueTexts"]]
    sure = next((each["values"] for each in columns["attributes"] if each["id"] == "RECODING"), [None] * len(values))
    cells = list(zip(columns["periods"], values, columns["statuses"], sure, strict=True))
    return [code["id"] for code in one["codes"]], told["UNIT_MEASURE"], cells


def shown(
    line: Line, sort: Sequence[tuple[str, bool]]
) -> tuple[list[str], str, list[tuple[str, Fraction | None, str | None, str | None]]]:
    cells = [(str(Period(line.frequency, o)), cell.value, cell.status, cell.sure) for o, cell in sorted(line.cells.items())]
    return list(line.key.values()), line.unit, cells[::-1] if ("TIME_PERIOD", True) in sort else cells


@pytest.mark.parametrize("seed", [1])
def test_every_answer_is_what_the_reference_works_out(country: Country, seed: int) -> None:
    door, chance = Asker(country.hub.ports), Random(seed)
    refused = 0
    for number in range(QUESTIONS):
        asked = drawn(chance, len(country.states))
        at, state = country.states[asked.release]
        try:
            wanted: Any = [shown(line, asked.sort) for line in worked_out(asked, state)]
        except Refused as error:
            refused += 1
            assert put_to(door, replace(asked, page=1000), at) in error.args[0], (number, asked)
            continue
        assert put_to(door, asked, at) == wanted, (number, asked)
    assert QUESTIONS / 20 < refused < QUESTIONS / 2, "both kinds of questions are asked"
