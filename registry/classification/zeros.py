"""Leading zeros that a spreadsheet ate: found by the length of codes, put back only where there is no doubt.

There is none where the lengths of codes are stated, where other codes of the same level show that they begin with a zero, or
where the list of a correspondence has the code with the zero and not without it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from registry.classification.findings import Finding, found
from registry.classification.lines import Line

MOST_ZEROS = 2
"""So many zeros are put back at the most."""


@dataclass(frozen=True)
class Mending:
    """What becomes of the codes of one column: those mended, and what was found."""

    mended: Mapping[str, str]
    findings: list[Finding] = field(default_factory=list)


def by_length(lines: Sequence[Line], column: str, lengths: Collection[int] = ()) -> Mending:
    """Codes of one column by the lengths stated, else by the other codes of their level (all, where there are no levels)."""
    codes = {line[column] for line in lines}
    mended: dict[str, str] = {}
    findings: list[Finding] = []
    patterns = {} if lengths else _patterns(lines, column)
    for line in lines:
        code = line[column]
        if not code.isdecimal():
            continue
        verdict = _stated(code, lengths) if lengths else patterns.get(line["level"], _NOTHING_KNOWN).verdict(code)
        if verdict == "ZERO_MENDED" and (whole := f"0{code}") not in codes:
            mended[code] = whole
            findings.append(found(line.row, verdict, whole, was=code))
        elif verdict:
            findings.append(found(line.row, "ZERO_SUSPECTED" if verdict == "ZERO_MENDED" else verdict, code, length=len(code)))
        elif column in line.numbers:
            findings.append(found(line.row, "CODE_AS_NUMBER", code))
    return Mending(mended, findings)


def by_list(lines: Iterable[Line], column: str, listed: Collection[str]) -> Mending:
    """Codes that the list has with leading zeros and not without them."""
    mended: dict[str, str] = {}
    findings: list[Finding] = []
    for line in lines:
        code = line[column]
        if code in listed:
            findings += [found(line.row, "CODE_AS_NUMBER", code)] if column in line.numbers else []
            continue
        wholes = ["0" * zeros + code for zeros in range(1, MOST_ZEROS + 1)] if code.isdecimal() else []
        if len(known := [whole for whole in wholes if whole in listed]) == 1:
            mended[code] = known[0]
            findings.append(found(line.row, "ZERO_MENDED", known[0], was=code))
    return Mending(mended, findings)


@dataclass(frozen=True)
class _Pattern:
    """The codes of a level: all of ``length`` digits but for some that are one digit shorter; whether any begins with zero."""

    length: int = 0
    zeros: bool = False

    def verdict(self, code: str) -> str:
        if len(code) != self.length - 1 or code.startswith("0"):
            return ""
        return "ZERO_MENDED" if self.zeros else "ZERO_SUSPECTED"


_NOTHING_KNOWN = _Pattern()


def _patterns(lines: Iterable[Line], column: str) -> dict[str, _Pattern]:
    levels: dict[str, set[str]] = {}
    for line in lines:
        levels.setdefault(line["level"], set()).add(line[column])
    return {level: _pattern(codes) for level, codes in levels.items()}


def _pattern(codes: Collection[str]) -> _Pattern:
    longest = max(map(len, codes))
    if {len(code) for code in codes} != {longest, longest - 1} or not all(code.isdecimal() for code in codes):
        return _NOTHING_KNOWN
    return _Pattern(longest, any(len(code) == longest and code.startswith("0") for code in codes))


def _stated(code: str, lengths: Collection[int]) -> str:
    if len(code) in lengths:
        return ""
    return "ZERO_MENDED" if len(code) + 1 in lengths else "CODE_LENGTH"
