"""The checks of a correspondence: codes of either list, repeats, shares, the kinds that the file states, codes left alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from registry.classification.checks import Checked, empty, in_rows
from registry.classification.findings import Finding, found
from registry.classification.lines import Line
from registry.classification.zeros import Lengths, Mending, by_length, by_list
from registry.correspondence import TOLERANCE, LinkKind, is_share
from registry.model import Codelist

STATED = "kind"
"""The column in which a file may say what kind a link is; it is compared with what the links themselves say, and not kept."""

_KINDS = {
    "1:1": "1:1",
    "1:n": "1:n",
    "1:m": "1:n",
    "n:1": "n:1",
    "m:1": "n:1",
    "n:n": "n:m",
    "n:m": "n:m",
    "m:n": "n:m",
    "m:m": "n:m",
}

_ENDS = {"source": ("SOURCE_UNKNOWN", "SOURCE_WITHOUT_LINK"), "target": ("TARGET_UNKNOWN", "TARGET_WITHOUT_LINK")}


def check_links(lines: Sequence[Line], lists: Mapping[str, Codelist], lengths: Lengths = MappingProxyType({})) -> Checked:
    """Check the lines of a correspondence. ``lists``: those of the columns ``source`` and ``target``, where they are known.

    A line without target says that its source has none. Lines come back without the column :data:`STATED`.
    """
    linked = [line for line in lines if line["source"]]
    findings = [found(line.row, "CODE_MISSING", "", name=line["target"] or "-") for line in lines if not line["source"]]
    for column in _ENDS:
        mending = _mending(linked, column, lists.get(column), lengths)
        linked = [line.written({column: code} if code else {}) for line, code in zip(linked, mending.codes, strict=True)]
        findings += mending.findings
    once, repeats = _once(linked)
    findings += [*empty(lines), *repeats, *_shares(once), *_stated(once)]
    for column, codelist in lists.items():
        findings += _known(once, column, codelist)
    return Checked([line.without([STATED]) for line in once], in_rows(findings))


def _mending(lines: Sequence[Line], column: str, codelist: Codelist | None, lengths: Lengths) -> Mending:
    return by_list(lines, column, codelist.by_id) if codelist else by_length(lines, column, lengths)


def _once(lines: Iterable[Line]) -> tuple[list[Line], list[Finding]]:
    first: dict[tuple[str, str], Line] = {}
    findings: list[Finding] = []
    for line in lines:
        before = first.setdefault((line["source"], line["target"]), line)
        if before is not line:
            rule = "LINK_REPEATED" if before.cells == line.cells else "LINK_TWICE"
            findings.append(found(line.row, rule, line["source"], target=line["target"], first=before.row))
    return list(first.values()), findings


def _shares(lines: Sequence[Line]) -> Iterator[Finding]:
    sums: dict[str, list[Line]] = {}
    for line in lines:
        if line["share"] and not is_share(line["share"]):
            yield found(line.row, "SHARE_NO_NUMBER", line["source"], target=line["target"], share=line["share"])
        elif line["share"]:
            sums.setdefault(line["source"], []).append(line)
    for source, parts in sums.items():
        if abs(sum((Decimal(line["share"]) for line in parts), Decimal(0)) - 1) > TOLERANCE:
            total = sum(Decimal(line["share"]) for line in parts)
            yield found(parts[-1].row, "SHARES_NOT_WHOLE", source, total=total)


def _stated(lines: Sequence[Line]) -> Iterator[Finding]:
    """Where the kind that the file states of a link is another than the links make it."""
    fan, meeting = (Counter(line[column] for line in lines if line["target"]) for column in ("source", "target"))
    for line in lines:
        if not line[STATED] or not line["target"]:
            continue
        kind = LinkKind.of(merged=meeting[line["target"]] > 1, split=fan[line["source"]] > 1)
        if _KINDS.get(line[STATED].lower(), line[STATED]) != kind:
            yield found(
                line.row, "KIND_OTHERWISE", line["source"], target=line["target"], stated=line[STATED], found=kind.value
            )


def _known(lines: Sequence[Line], column: str, codelist: Codelist) -> Iterator[Finding]:
    """Codes that the list does not have, and codes of its lowest level that no line names."""
    unknown, alone = _ENDS[column]
    named = {line[column] for line in lines}
    for line in lines:
        if line[column] and line[column] not in codelist.by_id:
            yield found(line.row, unknown, line[column], list=codelist.ref)
    covered = set(named)
    for item in codelist.items:
        if _named_above(item.id, codelist, named):
            covered.add(item.id)
        elif item.id not in codelist.children:
            yield found(None, alone, item.id, list=codelist.ref)


def _named_above(code: str, codelist: Codelist, named: Collection[str]) -> bool:
    """Whether the table names the code or one above it."""
    step: str | None = code
    seen: set[str] = set()
    while step is not None and step not in seen:
        if step in named:
            return True
        seen.add(step)
        step = codelist.by_id[step].parent if step in codelist.by_id else None
    return False
