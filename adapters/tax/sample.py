"""Synthetic deliveries of VAT declarations: a year of filers who declare month by month, in both formats, with known faults.

The shape follows the country's: some 620,000 quarterly and 80,000 monthly filers, amendments of four to five per cent. The same
seed gives the same bytes. ``manifest.json`` beside the files counts what was put in, by the rules that must find it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from adapters.base import Progress
from adapters.reading import write_manifest
from adapters.tax import defects
from adapters.tax.declarations import YEAR, Declarations, merged, outdated, with_check_digit
from adapters.tax.figures import amend, declare
from adapters.tax.population import Filers, Ints, filers
from adapters.tax.write_rows import RowsWriter
from adapters.tax.write_xml import XmlWriter
from registry.errors import Invalid

MONTHLY, QUARTERLY = 80, 620
PER_YEAR = 12 * MONTHLY + 4 * QUARTERLY
AMENDED, REPEATED = 0.043, 0.003
UNEXPLAINED = 0.15
XML_SHARE, MOST_XML = 0.10, 20_000
CHUNK = 50_000
SEASON = (0.95, 0.75, 0.98, 0.98, 1.0, 1.02, 1.0, 1.0, 1.03, 1.05, 1.08, 1.2)


@dataclass
class Plan:
    """How many declarations each month of filing gets, and how many of all go out as XML."""

    filers: Filers
    targets: list[int]
    xml_share: float


def write(records: int, seed: int, out: Path, progress: Progress) -> list[Path]:
    """Write exactly ``records`` declarations of 2025 into ``out``; the paths to deliver, without the manifest."""
    if records < 1:
        raise Invalid("BAD_COUNT", name="records", found=records)
    out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    plan = _plan(records, rng)
    found: Counter[str] = Counter()
    paths: list[Path] = []
    first = 1
    for month, target in enumerate(plan.targets, 1):
        if target:
            paths += _month(plan, month, target, first, out, rng, found, progress)
            first += target
    names = [path.name for path in paths]
    write_manifest(
        out, {"source": "tax", "records": records, "seed": seed, "files": names, "rules_expected": dict(sorted(found.items()))}
    )
    return paths


def _plan(records: int, rng: np.random.Generator) -> Plan:
    originals = records / (1 + AMENDED + REPEATED)
    monthly = int(originals * MONTHLY / PER_YEAR)
    quarterly = max(1, int((originals - 12 * monthly) // 4))
    people = filers(monthly, quarterly, rng)
    due = np.cumsum([len(people.due(month)) for month in range(1, 13)])
    ends = np.rint(due / due[-1] * records).astype(int)
    return Plan(people, np.diff(ends, prepend=0).tolist(), min(XML_SHARE, MOST_XML / records))


def _month(
    plan: Plan,
    month: int,
    target: int,
    first: int,
    out: Path,
    rng: np.random.Generator,
    found: Counter[str],
    progress: Progress,
) -> list[Path]:
    label = f"{YEAR}-{month:02d}"
    xml = XmlWriter(out, label, rng)
    with RowsWriter(out, label) as rows:
        for batch in _batches(plan, month, target, first, rng, found):
            share = round(len(batch) * plan.xml_share)
            xml.write(batch.part(slice(0, share)))
            rows.write(batch.part(slice(share, len(batch))))
            progress(len(batch))
    found.update(xml.spoilt)
    return [*rows.paths, *xml.paths]


def _batches(
    plan: Plan, month: int, target: int, first: int, rng: np.random.Generator, found: Counter[str]
) -> Iterator[Declarations]:
    due = plan.filers.due(month)[:target]
    extra = target - len(due)
    for start in range(0, len(due), CHUNK):
        who = due[start : start + CHUNK]
        end = start + len(who)
        more = extra * end // len(due) - extra * start // len(due)
        yield _declared(plan.filers, who, month, more, first, rng, found)
        first += len(who) + more


def _declared(
    people: Filers, who: Ints, month: int, extra: int, first: int, rng: np.random.Generator, found: Counter[str]
) -> Declarations:
    """Originals with their defects, then ``extra`` amendments and repeats of some of them."""
    quarterly = who >= people.monthly
    sheet = declare(people, who, np.where(quarterly, 3, 1), SEASON[month - 1], rng)
    chosen = rng.choice(len(who), extra, replace=extra > len(who))
    repeats = round(extra * REPEATED / (AMENDED + REPEATED))
    again = np.concatenate([amend(sheet[chosen[repeats:]], rng), sheet[chosen[:repeats]]])
    only = {
        defects.MERGED: merged(people, who, month),
        defects.CHECK_DIGIT: with_check_digit(people, who),
        defects.OUTDATED: outdated(people, who, month, parted=False),
        defects.PARTED: outdated(people, who, month, parted=True),
    }
    defect = defects.assign(sheet, quarterly, only, rng)
    version = np.concatenate([np.zeros(len(who)), np.ones(extra - repeats), np.zeros(repeats)]).astype(np.int64)
    explained = (version == 1) & (rng.random(len(version)) >= UNEXPLAINED)
    _count(found, defect, int(((version == 1) & ~explained).sum()))
    numbers = np.concatenate([who, who[chosen[repeats:]], who[chosen[:repeats]]])
    faults = np.concatenate([defect, np.zeros(extra, dtype=np.int64)])
    order = rng.permutation(len(numbers))
    columns = (version[order], explained[order], np.concatenate([sheet, again])[order], faults[order])
    return Declarations(people, numbers[order], month, *columns, first_id=first)


def _count(found: Counter[str], defect: Ints, unexplained: int) -> None:
    for number, kind in enumerate(defects.DEFECTS, 1):
        for rule in kind.rules:
            found[rule] += int((defect == number).sum())
    found["VAT_AMENDMENT_UNEXPLAINED"] += unexplained
