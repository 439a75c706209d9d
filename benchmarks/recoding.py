"""A million observations taken to another version of a classification: ``python -m benchmarks.recoding``.

The products of the invented country of :mod:`benchmarks.world` get six-digit codes in chapters, and next year other ones, by a
table of some 5,000 links: seven codes in ten stay as they are, others merge, are parted by shares of four decimals, or both at
once; of one in a hundred nobody knows what went where. 4,250 codes x 5 regions x 48 months are a million values with cents.
What comes out is added up and compared with what went in, to the last digit.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from benchmarks.streaming import served
from benchmarks.wire import get, post
from benchmarks.world import FIRST, PERIODS, REGIONS, World
from hub.access import LOCAL_ADMINISTRATOR
from hub.computing.exactly import exact
from hub.computing.recoding import ways
from hub.settings import Settings
from hub.wiring import Hub
from registry.actions import put
from registry.answers import Answer
from registry.attribution import Act
from registry.calculation import Recoding
from registry.columns import Batch, Coded, Numbers
from registry.correspondence import Correspondence, Link
from registry.model import Code, Codelist, Structure
from registry.ref import Kind, Ref
from registry.selection import select

PRODUCTS, PLACES, MONTHS, REPEATS = 4_250, 5, 48, 5
OLD = Ref(Kind.CODELIST, "SEN", "CL_PRODUCT", "1.0")
NEW = replace(OLD, version="2.0")
CHAPTERS = 97


def code(number: int) -> str:
    return f"{number % CHAPTERS + 1:02d}{number // CHAPTERS:04d}"


def products(ref: Ref, codes: list[str]) -> Codelist:
    """Codes under their chapters."""
    chapters = sorted({each[:2] for each in codes})
    items = [Code(each, {"vi": f"Chương {each}", "en": f"Chapter {each}"}) for each in chapters]
    items += [Code(each, {"vi": f"Mặt hàng {each}", "en": f"Product {each}"}, parent=each[:2]) for each in codes]
    return Codelist(ref=ref, names={"vi": "Mặt hàng", "en": "Product"}, items=tuple(items), is_final=True)


def table(codes: list[str], seed: int = 1) -> Correspondence:
    """Whole, merged, parted and unknown links in the proportions of a new edition of the Harmonized System."""
    dice, links = random.Random(seed), list[Link]()
    for place, each in enumerate(codes):
        fate, near = dice.random(), codes[max(place - dice.randint(1, 3), 0)]
        if fate < 0.7:
            links.append(Link(each, each, "1"))
        elif fate < 0.8:
            links.append(Link(each, near, "1"))
        elif fate < 0.99:
            share = dice.randint(1, 9999)
            targets = dict.fromkeys((each, near)) if fate < 0.9 else dict.fromkeys((each, each[:5] + "9"))
            shares = (f"{share / 10000:.4f}", f"{1 - share / 10000:.4f}") if len(targets) > 1 else ("1",)
            links += [Link(each, target, part) for target, part in zip(targets, shares, strict=True)]
        else:
            links += [Link(each, target) for target in dict.fromkeys((each, near))]
    ref = Ref(Kind.REPRESENTATION_MAP, "SEN", "COR_PRODUCT", "1.0")
    names = {"vi": "Mặt hàng cũ sang mới", "en": "Old products to new"}
    return Correspondence(
        ref=ref, names=names, from_list=OLD, to_list=NEW, links=tuple(links), basis="value", period="2021", source="Invented."
    )


def batches(structure: Structure, codes: list[str]) -> Iterator[Batch]:
    """A batch a region, values up to ten million with two decimals."""
    chance, count = np.random.default_rng(1), len(codes)
    for region in REGIONS[:PLACES]:
        cents = chance.integers(1, 10**9, count * MONTHS)
        said = {"UNIT_MEASURE": "USD", "UNIT_MULT": "0"}
        yield Batch(
            key=(
                Coded.constant("M", count),
                Coded.constant("EXP_VALUE", count),
                Coded.constant(region, count),
                Coded(tuple(codes), np.arange(count, dtype=np.int32)),
            ),
            frequencies=np.full(count, "M"),
            starts=np.arange(count + 1, dtype=np.int64) * MONTHS,
            ordinals=np.tile(FIRST + np.arange(MONTHS), count),
            measures={"OBS_VALUE": Numbers(cents / 100)},
            attributes={"OBS_STATUS": Coded.constant("A", count * MONTHS)},
            series_attributes={name: Coded.constant(text, count) for name, text in said.items()},
        )


@dataclass(frozen=True)
class Made:
    """The hub with its data, and what it was made of."""

    hub: Hub
    store: dict[str, str]
    structure: Structure
    table: Correspondence
    codes: list[str]


def made(folder: Path) -> Made:
    store = {"HUB_DATA_DIR": str(folder), "HUB_DATABASE_URL": f"sqlite:///{folder / 'hub.sqlite'}"}
    hub = Hub.build(Settings.load(store))
    hub.initialise(content=False)
    codes = sorted(code(number) for number in range(PRODUCTS))
    links, world = table(codes), World(1)
    old, new = products(OLD, codes), products(NEW, sorted({link.target for link in links.links}))
    artefacts = [old if artefact.ref == OLD else artefact for artefact in world.artefacts]
    with hub.engine.begin() as connection:
        put(connection, [*artefacts, new, links.map], Act(hub.clock.now(), LOCAL_ADMINISTRATOR.name, "benchmark"))
    structure = hub.catalogue.structure(world.structure.dataflow.ref)
    draft = hub.drafts.draft(structure, batches(structure, codes), LOCAL_ADMINISTRATOR)
    assert draft is not None
    hub.releases.approve(draft.id, LOCAL_ADMINISTRATOR)
    hub.releases.release(draft.id, LOCAL_ADMINISTRATOR)
    return Made(hub, store, structure, links, codes)


def ask(given: Made) -> Answer:
    selection = select(given.structure, recode=[Recoding("PRODUCT", NEW)])
    return given.hub.cube.ask(selection, LOCAL_ADMINISTRATOR)


def check(given: Made) -> None:
    """What is shown is what went in of the codes whose targets are all known, to the last digit."""
    unknown = {link.target for link in given.table.links if link.share is None}
    went = Fraction(0)
    for batch in batches(given.structure, given.codes):
        sums = np.rint(batch.measures["OBS_VALUE"].floats * 100).astype(np.int64).reshape(-1, MONTHS).sum(axis=1)
        for each, cents in zip(given.codes, sums.tolist(), strict=True):
            went += sum((share.amount for to, share in ways(given.table, each) if to not in unknown), Fraction(0)) * Fraction(
                cents, 100
            )
    shown = Fraction(0)
    for batch in ask(given).batches:
        found = exact(batch.measures["OBS_VALUE"])
        shown += Fraction(sum(found.values[found.present].tolist()), 10**found.scale)
    assert shown == went, (shown, went)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """The median of some runs, in seconds, and what the last gave."""
    seconds, found = list[float](), None
    for _ in range(REPEATS):
        started = time.perf_counter()
        found = work()
        seconds.append(time.perf_counter() - started)
    return sorted(seconds)[REPEATS // 2], found


def read(given: Made) -> int:
    return sum(batch.observations for batch in ask(given).batches)


CHAPTERS_QUERY = """query($s: SelectionInput) { dataflow(ref: "SEN:TRADE(1.0)") { data(selection: $s, first: 1000) {
  recodings { shares { state observations observationShare valueShare } } series { key columns { valueTexts } } } } }"""
PAGE_QUERY = """query($s: SelectionInput) { dataflow(ref: "SEN:TRADE(1.0)") { data(selection: $s, first: 1000) {
  series { key columns { periods values attributes { id values } } } } } }"""
RECODE = {"recode": [{"dimension": "PRODUCT", "to": "SEN:CL_PRODUCT(2.0)"}]}


def over_http(given: Made) -> Iterator[tuple[str, float, bytes]]:
    summed = {**RECODE, "aggregate": {"along": [{"dimension": "PRODUCT"}]}}
    with served(given.store, 10**12) as (connection, _):
        connection.ask(get("/schema.graphql"))
        for name, query, selection in (
            ("a million converted, summed to chapters, with their shares", CHAPTERS_QUERY, summed),
            ("the same, a page of 1,000 converted series", PAGE_QUERY, RECODE),
        ):
            # Every answer is kept: a period more or less each time makes it another question.
            seconds = []
            for turn in range(REPEATS):
                asked = {**selection, "startPeriod": PERIODS[0], "endPeriod": PERIODS[MONTHS + turn]}
                body = orjson.dumps({"query": query, "variables": {"s": asked}})
                reply = connection.ask(post("/graphql", body))
                assert reply.status == 200 and b'"errors"' not in reply.body, reply.body[:300]
                seconds.append(reply.seconds)
            yield name, sorted(seconds)[REPEATS // 2], reply.body


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        given = made(Path(folder))
        check(given)
        print(f"{PRODUCTS * PLACES * MONTHS:,} observations, {len(given.table.links):,} links; sums equal to the last digit\n")
        print("| what | seconds |\n|---|---|")
        seconds, count = timed(lambda: read(given))
        print(f"| in process: {count:,} converted observations | {seconds:.2f} |")
        seconds, tally = timed(lambda: ask(given).crossings[0].tally())
        told = ", ".join(f"{state.value} {found:,}" for state, found in tally.observations.items())
        print(f"| in process: how many are what ({told}) | {seconds:.2f} |")
        for name, seconds, body in over_http(given):
            print(f"| GraphQL over HTTP: {name} ({len(body) / 1e6:.1f} MB) | {seconds:.2f} |", flush=True)


if __name__ == "__main__":
    main()
