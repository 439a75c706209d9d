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
"""So many zeros are put back at the most where a list decides."""

Lengths = Mapping[str, Collection[int]]
"""The lengths that codes of a level have; under ``""`` those of codes of any level."""


@dataclass(frozen=True)
class Mending:
    """The codes of one column, line by line, with their zeros; and what was found."""

    codes: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def add(self, line: Line, column: str, whole: str) -> None:
        """A code that is right, or became so."""
        self.codes.append(whole)
        if whole != line[column]:
            self.findings.append(found(line.row, "ZERO_MENDED", whole, was=line[column]))
        elif column in line.numbers:
            self.findings.append(found(line.row, "CODE_AS_NUMBER", whole))

    def doubt(self, line: Line, column: str, rule: str) -> None:
        """A code that stays as it is, with a finding."""
        self.codes.append(line[column])
        self.findings.append(found(line.row, rule, line[column], length=len(line[column])))


def by_length(lines: Sequence[Line], column: str, lengths: Lengths) -> Mending:
    """Codes of one column by the lengths stated, else by the other codes of their level (all, where there are no levels)."""
    levels = _levels(lines, column)
    patterns = {level: _pattern(codes) for level, codes in levels.items()}
    mending = Mending()
    for line in lines:
        code, level = line[column], line["level"]
        stated = lengths.get(level) or lengths.get("")
        whole = code
        if code.isdecimal():
            whole = _stated(code, stated) if stated else patterns[level].whole(code)
        if whole == code or (whole and whole not in levels[level]):
            mending.add(line, column, whole)
        else:
            mending.doubt(line, column, "CODE_LENGTH" if stated and not whole else "ZERO_SUSPECTED")
    return mending


def by_list(lines: Iterable[Line], column: str, listed: Collection[str]) -> Mending:
    """Codes that the list has with leading zeros and not without them."""
    mending = Mending()
    for line in lines:
        code = line[column]
        wholes = ["0" * zeros + code for zeros in range(1, MOST_ZEROS + 1)] if code.isdecimal() and code not in listed else []
        known = [whole for whole in wholes if whole in listed]
        mending.add(line, column, known[0] if len(known) == 1 else code)
    return mending


@dataclass(frozen=True)
class _Pattern:
    """The codes of a level: all of ``length`` digits but for some that are one digit shorter; whether any begins with zero."""

    length: int = 0
    zeros: bool = False

    def whole(self, code: str) -> str:
        """The code with its zero; empty where it seems to have lost one and nothing is certain."""
        if len(code) != self.length - 1 or code.startswith("0"):
            return code
        return f"0{code}" if self.zeros else ""


_NOTHING_KNOWN = _Pattern()


def _levels(lines: Iterable[Line], column: str) -> dict[str, set[str]]:
    levels: dict[str, set[str]] = {}
    for line in lines:
        levels.setdefault(line["level"], set()).update({line[column]} - {""})
    return levels


def _pattern(codes: Collection[str]) -> _Pattern:
    longest = max(map(len, codes), default=0)
    if {len(code) for code in codes} != {longest, longest - 1} or not all(code.isdecimal() for code in codes):
        return _NOTHING_KNOWN
    return _Pattern(longest, any(len(code) == longest and code.startswith("0") for code in codes))


def _stated(code: str, lengths: Collection[int]) -> str:
    """The code filled with zeros to the next length there is; empty where it is longer than any."""
    longer = [length for length in lengths if length >= len(code)]
    return code.zfill(min(longer)) if longer else ""
