"""Trade of two editions of the Harmonized System made one series, by the official workbook; needs the file, so it is no test.

    .venv/bin/python tests/interop/trade_recoding.py FOLDER

FOLDER holds the workbook of the UN Statistics Division between HS 2022 and HS 2017. Made-up trade is published by HS 2017 for
2018 to 2021 and by HS 2022 for 2022 to 2025, a whole number for every code and year. Both are asked for as one series, in
either edition, each in one GraphQL question. What the answer must be is worked out here from the lines of the workbook,
without the hub's own reading: every value to the last unit, how many observations are exact, estimated and broken, and what
stands without a value. The exit code is 1 where anything differs.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import openpyxl

from hub.settings import Settings
from hub.wiring import Hub
from registry import content
from registry.correspondence import Correspondence, groups
from registry.model import Codelist, RepresentationMap
from registry.ref import Kind, Ref
from tests import world
from tests.asking import Asker
from tests.interop.official_classifications import imported
from tests.test_splicing import OLD, QUERY, add, newly, release

WORKBOOK = "HS2022toHS2017ConversionAndCorrelationTables.xlsx"
COMMAND = (
    "--map UNSD:HS2022_HS2017(1.0) --conversion UNSD:HS2022_HS2017_MAIN(1.0) --from NSO:CL_HS2022(1.0) --to UNSD:HS2017(1.0)"
    " --make-lists"
)
HS2022, HS2017 = "NSO:CL_HS2022(1.0)", "UNSD:HS2017(1.0)"
YEARS = {"3.0": range(2018, 2022), "4.0": range(2022, 2026)}
EDITION = {"3.0": HS2017, "4.0": HS2022}
PAGE = 1000

STATES = ("EXACT", "ESTIMATED", "BROKEN")

Figures = Mapping[str, Mapping[int, int]]
"""Code -> year -> value."""

Cell = tuple[str | None, str]
"""A value and how sure it is."""

Links = Mapping[str, tuple[str, ...]]
"""Source code -> the codes it goes to."""


@dataclass(frozen=True)
class Way:
    """From the codes of one edition to those of the other; ``main``: sources of which only a convention says where all goes."""

    links: Links
    main: frozenset[str] = frozenset()

    def broken(self, code: str) -> bool:
        return len(self.links[code]) > 1


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as data:
        os.environ |= {"HUB_DATA_DIR": data, "HUB_LANG": "en", "HUB_FOUR_EYES": "0"}
        hub = prepared(folder)
        correlation, conversion = ways(folder / WORKBOOK)
        trade = {version: drawn(hub, version) for version in YEARS}
        differing = checked_groups(hub)
        differing += compared(hub, trade, "4.0", turned(conversion))
        differing += compared(hub, trade, "3.0", conversion)
        differing += compared(hub, trade, "3.0", correlation, by="UNSD:HS2022_HS2017(1.0)")
        differing += refused(hub)
    print("all as expected" if not differing else f"{differing} differ")
    sys.exit(1 if differing else 0)


def prepared(folder: Path) -> Hub:
    """A hub with both editions, their correspondences, and a dataflow for each."""
    hub = Hub.build(Settings.load(os.environ))
    hub.initialise(content=False)
    shipped = {str(made.ref): made for made in content.shipped()}
    add(hub, *world.ARTEFACTS)
    add(hub, *(made for name, made in shipped.items() if name.startswith("SDMX:AGENCIES")), shipped[HS2022])
    report = imported(folder / WORKBOOK, COMMAND.split())
    assert not [each for each in report["findings"] if each["severity"] == "error"]
    for version, ref in EDITION.items():
        add(hub, *newly(codelist(hub, ref), version))
    return hub


def codelist(hub: Hub, ref: str) -> Codelist:
    found = hub.catalogue.get(Ref.parse(ref, Kind.CODELIST))
    assert isinstance(found, Codelist)
    return found


def ways(path: Path) -> tuple[Way, Way]:
    """The correlation and the conversion, as the workbook has them."""
    book = openpyxl.load_workbook(path, read_only=True)
    pairs = {sheet.title: list(_pairs(sheet)) for sheet in book}
    correlation, conversion = (next(pairs[name] for name in pairs if word in name) for word in ("Correlation", "Conversion"))
    several = frozenset(code for code, count in Counter(source for source, _ in correlation).items() if count > 1)
    return Way(_by_source(correlation)), Way(_by_source(conversion), several)


def _pairs(sheet: Any) -> Iterator[tuple[str, str]]:
    for row in sheet.iter_rows(values_only=True):
        codes = [str(cell).strip() for cell in row[:2]]
        if all(code.isdigit() for code in codes):
            yield codes[0].zfill(6), codes[1].zfill(6)


def _by_source(pairs: Iterable[tuple[str, str]]) -> Links:
    found: dict[str, list[str]] = defaultdict(list)
    for source, target in pairs:
        found[source].append(target)
    return {source: tuple(dict.fromkeys(targets)) for source, targets in found.items()}


def turned(way: Way) -> Way:
    """The same from the other end: what met in one code is parted, and nobody knows how."""
    main = frozenset(target for source in way.main for target in way.links[source])
    return Way(_by_source((target, source) for source, targets in way.links.items() for target in targets), main)


def drawn(hub: Hub, version: str) -> Figures:
    """Made-up trade of every subheading, published; code -> year -> value."""
    chance = Random(version)
    codes = sorted(item.id for item in codelist(hub, EDITION[version]).items if len(item.id) == 6 and item.id.isdigit())
    figures = {code: {year: chance.randrange(1, 10**12) for year in YEARS[version]} for code in codes}
    told: Iterator[dict[str, str | None]] = ({str(year): str(value) for year, value in figures[code].items()} for code in codes)
    series = [world.series(f"A.{code}.LUA", values) for code, values in zip(codes, told, strict=True)]
    release(hub, replace(OLD, version=version), series)
    return figures


def asked(hub: Hub, version: str, selection: Mapping[str, Any]) -> dict[str, Any]:
    """The answer with all its series: code -> year -> value and state."""
    query, after, found = QUERY.replace("MUA(2.0)", f"MUA({version})"), None, {}
    while True:
        data = Asker(hub.ports).data(query, selection=selection, first=PAGE, after=after)["dataflow"]["data"]
        for series in data["series"]:
            columns = series["columns"]
            states = next(each["values"] for each in columns["attributes"] if each["id"] == "RECODING")
            cells = zip(columns["valueTexts"], states, strict=True)
            found[series["key"].split(".")[1]] = dict(zip(map(int, columns["periods"]), cells, strict=True))
        after = data["pageInfo"]["endCursor"]
        if after is None:
            return {**data, "found": found}


def compared(hub: Hub, trade: Mapping[str, Figures], version: str, way: Way, by: str = "") -> int:
    """One long series in the codes of ``version``; the other edition goes ``way``. How many values and counts differ."""
    other = next(each for each in YEARS if each != version)
    if by:
        selection: dict[str, Any] = {"recode": [{"dimension": "PROVINCE", "to": EDITION[version], "by": by}]}
        answer = asked(hub, other, selection)
    else:
        splice = {"dimensions": ["PROVINCE"], "versions": [f"SEN:MUA({other})"], "estimated": True}
        answer = asked(hub, version, {"splice": splice})
    wanted = expected(trade[other], way)
    own: Figures = {} if by else trade[version]
    found = answer["found"]
    wrong = sum(found.get(code, {}).get(year) != cell for code, years in wanted.items() for year, cell in years.items())
    wrong += sum(found[code][year][0] != str(value) for code in own for year, value in own[code].items())
    title = f"{EDITION[other]} to {EDITION[version]}{f' by {by}' if by else ''}: {wrong} values differ"
    return int(wrong) + told(answer, trade[other], way, title)


def expected(figures: Figures, way: Way) -> dict[str, dict[int, Cell]]:
    """Target -> year -> value and state: a sum only where all of every part is known."""
    found = {}
    for code, sources in gathered(figures, way).items():
        state = state_of(sources, way)
        sums = {year: str(sum(figures[each][year] for each in sources)) for year in years_of(figures)}
        found[code] = {year: (None if state == "BROKEN" else value, state) for year, value in sums.items()}
    return found


def gathered(figures: Figures, way: Way) -> dict[str, list[str]]:
    """Target -> the sources with figures that go into it."""
    into: dict[str, list[str]] = defaultdict(list)
    for source in figures:
        for target in way.links.get(source, ()):
            into[target].append(source)
    return into


def state_of(sources: Iterable[str], way: Way) -> str:
    """The least sure of what goes into a code."""
    if any(map(way.broken, sources)):
        return "BROKEN"
    return "ESTIMATED" if way.main.intersection(sources) else "EXACT"


def told(answer: Mapping[str, Any], figures: Figures, way: Way, title: str) -> int:
    """Print the shares and what was conserved; how many of them are not as they must be."""
    (recoding,) = answer["recodings"]
    states = {code: state_of(sources, way) for code, sources in gathered(figures, way).items()}
    # An observation counts with the least sure figure it went into; without a target it is broken.
    sure = {code: max((states[end] for end in way.links.get(code, ())), key=STATES.index, default="BROKEN") for code in figures}
    counted = Counter(sure[code] for code in figures for _ in figures[code])
    cells = (cell for cells in answer["found"].values() for cell in cells.items() if cell[0] in years_of(figures))
    shown = sum(int(value) for _, (value, _) in cells if value)
    kept = sum(sum(figures[code].values()) for code in figures if sure[code] != "BROKEN")
    print(f"{title}: shown {shown}, went in {kept}; {', '.join(each['ref'] for each in recoding['tables'])}")
    for each in recoding["shares"]:
        state, count = each["state"], each["observations"]
        print(f"    {state:10}{count:>8} expected {counted[state]:>8}   of the value {each['valueShare']}")
    return sum(int(each["observations"] != counted[each["state"]]) for each in recoding["shares"]) + (shown != kept)


def years_of(figures: Figures) -> Iterable[int]:
    return next(iter(figures.values()))


def checked_groups(hub: Hub) -> int:
    """Every code of both editions that the workbook names stands in exactly one group."""
    made = hub.catalogue.get(Ref.parse("UNSD:HS2022_HS2017(1.0)", Kind.REPRESENTATION_MAP))
    table = Correspondence.of(made) if isinstance(made, RepresentationMap) else None
    assert table is not None
    found = groups(table)
    sources, targets = (Counter(code for group in found for code in getattr(group, end)) for end in ("sources", "targets"))
    print(f"{len(found)} groups of {len(sources)} codes of HS 2022 and {len(targets)} of HS 2017")
    return sum(count > 1 for count in (*sources.values(), *targets.values())) + (set(sources) != set(table.targets))


def refused(hub: Hub) -> int:
    """Joined on bare codes the two editions must be refused, with codes that mean something else."""
    query = QUERY.replace("MUA(2.0)", "MUA(4.0)")
    splice = {"dimensions": [], "versions": ["SEN:MUA(3.0)"]}
    error = Asker(hub.ports).error(query, lang="en", selection={"splice": splice})
    print(f"joined on bare codes: {error['code']}, {error['detail']}")
    return int(error["code"] != "JOIN_REFUSED")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
