"""The checks of a list of codes: blank and repeated codes, lost zeros, parents, levels, names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from registry.check import IDENTIFIER, LONGEST_ID, is_item_id
from registry.classification.findings import Finding, Severity, found
from registry.classification.lines import Line
from registry.classification.zeros import Lengths, by_length
from registry.climbing import DEEPEST, climbed
from registry.model import day, moment

NAME = "name_"

DAYS = ("valid_from", "valid_to")


@dataclass(frozen=True)
class Checked:
    """The lines as they may be used, and everything found. With an error nothing of them may be."""

    lines: list[Line]
    findings: list[Finding] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        return any(each.severity is Severity.ERROR for each in self.findings)


def check_items(lines: Sequence[Line], lengths: Lengths = MappingProxyType({}), levels: Sequence[str] = ()) -> Checked:
    """Check the lines of a codelist. ``lengths`` that codes have, if stated; ``levels`` from the top, where the head lists
    them."""
    coded = [line for line in lines if line["id"]]
    findings = [found(line.row, "CODE_MISSING", "", name=_name(line)) for line in lines if not line["id"]]
    mending = by_length(coded, "id", lengths)
    once, repeats = _once(_mended(coded, mending.codes))
    findings += [*empty(lines), *mending.findings, *repeats, *_identifiers(once), *_unseen(once), *_days(once)]
    findings += [*_parents(once), *_levels(once, levels), *_names(once)]
    return Checked(once, in_rows(findings))


def in_rows(findings: Iterable[Finding]) -> list[Finding]:
    """Findings in the order of the rows; those without one at the end."""
    return sorted(findings, key=lambda each: (each.row is None, each.row or 0))


def empty(lines: Sequence[Line]) -> Iterator[Finding]:
    """That there is nothing to import: with a heading alone every code of a list would go."""
    if not lines:
        yield found(None, "TABLE_EMPTY", "")


def _identifiers(lines: Iterable[Line]) -> Iterator[Finding]:
    """Told once for the table: where one code is written with dots all of them are."""
    strange = [line for line in lines if not IDENTIFIER.fullmatch(line["id"])]
    if strange:
        yield found(strange[0].row, "CODE_NO_IDENTIFIER", strange[0]["id"], total=len(strange))


def _unseen(lines: Iterable[Line]) -> Iterator[Finding]:
    """Codes that no item can have."""
    for line in lines:
        if not is_item_id(line["id"]):
            yield found(line.row, "CODE_NOT_VISIBLE", line["id"], shown=ascii(line["id"]), longest=LONGEST_ID)


def _days(lines: Iterable[Line]) -> Iterator[Finding]:
    """Days of validity that are none, or end before they begin."""
    for line in lines:
        days = [_day(line[column]) for column in DAYS]
        for column, known in zip(DAYS, days, strict=True):
            if line[column] and known is None:
                yield found(line.row, "DAY_UNREADABLE", line["id"], column=column, text=line[column])
        start, end = days
        if start and end and start > end:
            yield found(line.row, "DAYS_REVERSED", line["id"], start=start, end=end)


def _day(text: str) -> date | None:
    try:
        return day(moment(text))
    except ValueError:
        return None


def _name(line: Line) -> str:
    return next((text for column, text in line.cells.items() if column.startswith(NAME)), "-")


def _mended(lines: Sequence[Line], codes: Sequence[str]) -> list[Line]:
    """With the zeros back in codes and in the parents that name them."""
    meant: dict[str, set[str]] = {}
    for line, code in zip(lines, codes, strict=True):
        meant.setdefault(line["id"], set()).add(code)
    mended = []
    for line, code in zip(lines, codes, strict=True):
        parent = _meant(code, meant.get(line["parent"], ()))
        mended.append(line.written({"id": code} | ({"parent": parent} if parent else {})))
    return mended


def _meant(code: str, wholes: Iterable[str]) -> str:
    """Of several codes that the digits of a parent may mean, the longest one that the code below begins with."""
    begun = [whole for whole in wholes if whole != code and code.startswith(whole)]
    return max(begun or sorted(wholes), key=len, default="")


def _once(lines: Iterable[Line]) -> tuple[list[Line], list[Finding]]:
    """Each code once. The same line again is dropped; another one under the same code is an error."""
    first: dict[str, Line] = {}
    findings: list[Finding] = []
    for line in lines:
        before = first.setdefault(line["id"], line)
        if before is not line:
            rule = "CODE_REPEATED" if before.cells == line.cells else "CODE_TWICE"
            findings.append(found(line.row, rule, line["id"], first=before.row))
    return list(first.values()), findings


def _parents(lines: Sequence[Line]) -> Iterator[Finding]:
    above = {line["id"]: line["parent"] for line in lines}
    tree = climbed(above)
    for line in lines:
        parent = line["parent"]
        if parent and parent not in above:
            yield found(line.row, "PARENT_UNKNOWN", line["id"], parent=parent)
        elif line["id"] in tree.circles:
            yield found(line.row, "PARENTS_IN_CIRCLE", line["id"], parent=parent)
        elif tree.depths[line["id"]] == DEEPEST + 1:  # the first too deep of its branch
            yield found(line.row, "CODE_TOO_DEEP", line["id"], parent=parent, most=DEEPEST)


def _levels(lines: Sequence[Line], listed: Sequence[str]) -> Iterator[Finding]:
    by_code = {line["id"]: line for line in lines}
    ranks = _ranks(lines, listed)
    some = any(line["level"] for line in lines)
    usual = _usual_steps(lines, by_code, ranks)
    for line in lines:
        level = line["level"]
        if not level:
            yield from [found(line.row, "LEVEL_MISSING", line["id"])] if some else []
        elif listed and level not in listed:
            yield found(line.row, "LEVEL_UNLISTED", line["id"], level=level, valid=", ".join(listed))
        elif (parent := by_code.get(line["parent"])) and parent["level"] in ranks and level in ranks:
            yield from _step(line, parent, ranks[level] - ranks[parent["level"]], usual[level])


def _usual_steps(lines: Iterable[Line], by_code: Mapping[str, Line], ranks: Mapping[str, int]) -> dict[str, int]:
    """How far below their parents codes of a level may stand: a step that one in twenty takes is how the list is made."""
    steps: dict[str, Counter[int]] = {}
    for line in lines:
        parent = by_code.get(line["parent"])
        if parent and line["level"] in ranks and parent["level"] in ranks:
            steps.setdefault(line["level"], Counter())[ranks[line["level"]] - ranks[parent["level"]]] += 1
    return {
        level: max(step for step, count in counted.items() if count * 20 >= counted.total()) for level, counted in steps.items()
    }


def _step(line: Line, parent: Line, down: int, usual: int) -> Iterator[Finding]:
    facts = {"level": line["level"], "parent": parent["id"], "above": parent["level"]}
    if down < 1:
        yield found(line.row, "LEVEL_NOT_BELOW", line["id"], **facts)
    elif down > max(1, usual):
        yield found(line.row, "LEVEL_SKIPPED", line["id"], **facts)


def _ranks(lines: Iterable[Line], listed: Sequence[str]) -> dict[str, int]:
    """Levels in their order: as the head lists them, else by number; nothing where neither says it."""
    levels = list(listed) or sorted({line["level"] for line in lines} - {""}, key=lambda level: (len(level), level))
    return {level: rank for rank, level in enumerate(levels)} if listed or all(map(str.isdecimal, levels)) else {}


def _names(lines: Iterable[Line]) -> Iterator[Finding]:
    """Codes without any name, and siblings of one name."""
    siblings: dict[tuple[str, str, str], Line] = {}
    for line in lines:
        names = {column: text for column, text in line.cells.items() if column.startswith(NAME)}
        if not names:
            yield found(line.row, "NAME_MISSING", line["id"])
        for column, text in names.items():
            before = siblings.setdefault((line["parent"], column, text.casefold()), line)
            if before is not line:
                yield found(line.row, "NAME_TWICE", line["id"], name=text, other=before["id"])
                break
