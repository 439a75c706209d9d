"""The AHTN nomenclature as the customs office publishes it: a line's place in the tree is the number of dashes before its text.

Many lines have no code: their words belong to the codes under them, and stand in the names of these. Many others only say "Loại
khác" (other): so a code is described by all the words above it. A code is put under the nearest line above with fewer dashes
whose code it begins with. In chapter 98 a provision is printed once for each heading it covers; the first line counts, other
words of later ones are what it includes too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from adapters.classifications.sheets import Sheet
from adapters.classifications.tables import Part, Table
from registry.classification.findings import Finding, found
from registry.classification.lines import Line

HEADINGS = ("level", "code", "description_vi", "description_en")
LENGTHS = (4, 6, 8)
LANGUAGES = ("vi", "en")
_DASHES = re.compile(r"^(?:[-–]\s*)+")
_NOTHING = {"loại khác", "other"}
_BETWEEN = " – "


def fits(sheets: Sequence[Sheet]) -> bool:
    """Whether the headings are these."""
    return sheets[0].headed() == HEADINGS


def read(sheets: Sequence[Sheet]) -> list[Table]:
    """One list: headings, subheadings and tariff lines."""
    reading = _Reading()
    for line in sheets[0].lines(HEADINGS):
        reading.take(line)
    names = {"vi": "Danh mục hàng hóa xuất khẩu, nhập khẩu (AHTN)", "en": "ASEAN Harmonised Tariff Nomenclature (AHTN)"}
    return [Table(Part.LIST, tuple(reading.items.values()), tuple(reading.findings), names)]


@dataclass(frozen=True)
class _Above:
    """A line that others stand under."""

    dashes: int
    code: str
    words: dict[str, str]


@dataclass
class _Reading:
    items: dict[str, Line] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    above: list[_Above] = field(default_factory=list)

    def take(self, line: Line) -> None:
        words = {lang: _words(line[f"description_{lang}"]) for lang in LANGUAGES if line[f"description_{lang}"]}
        dashes = int(line["level"]) if line["level"].isdecimal() else 0
        # A heading stands at the top whatever the file says of its dashes.
        dashes = 0 if len(line["code"]) == LENGTHS[0] else dashes
        while self.above and self.above[-1].dashes >= dashes:
            self.above.pop()
        if line["code"]:
            self._coded(line, words)
        else:
            self.findings.append(found(line.row, "LINE_NO_CODE", "", name=next(iter(words.values()), "-")))
        self.above.append(_Above(dashes, line["code"], words))

    def _coded(self, line: Line, words: dict[str, str]) -> None:
        code = line["code"]
        self.findings += _looked_at(line, words)
        if code in self.items:
            self._again(line, words)
            return
        parent, outside = self._parent(code)
        if outside:
            self.findings.append(found(line.row, "CODE_OUTSIDE_PARENT", code, above=outside, parent=parent or "-"))
        names = {f"name_{lang}": ": ".join([*self._between(lang), text]) for lang, text in words.items()}
        cells = {"id": code, "parent": parent, "level": str(len(code)), **names, **self._described(words)}
        self.items[code] = Line(line.row, {column: text for column, text in cells.items() if text})

    def _parent(self, code: str) -> tuple[str, str]:
        """The nearest code above that this one begins with; and the one that stands there instead, where it is another."""
        nearest = next((each.code for each in reversed(self.above) if each.code), "")
        if not nearest or code.startswith(nearest):
            return nearest, ""
        begun = [code[:size] for size in range(len(code) - 1, LENGTHS[0] - 1, -1)]
        return next((start for start in begun if start in self.items), ""), nearest

    def _between(self, lang: str) -> list[str]:
        """The words of the lines right above that have no code."""
        lines = takewhile(lambda each: not each.code, reversed(self.above))
        return [each.words[lang] for each in lines if lang in each.words][::-1]

    def _described(self, words: dict[str, str]) -> dict[str, str]:
        """All the words from the heading down, where there are any above."""
        path = [each.words for each in self.above] + [words]
        if len(path) == 1:
            return {}
        return {f"description_{lang}": _BETWEEN.join(each[lang] for each in path if lang in each) for lang in words}

    def _again(self, line: Line, words: dict[str, str]) -> None:
        first = self.items[line["code"]]
        other = {lang: text for lang, text in words.items() if first[f"name_{lang}"].split(": ")[-1] != text}
        self.findings.append(
            found(line.row, "CODE_IN_SEVERAL_LINES" if other else "CODE_REPEATED", line["code"], first=first.row)
        )
        said = {f"includes_{lang}": _added(first[f"includes_{lang}"], text) for lang, text in other.items()}
        self.items[line["code"]] = first.written(said)


def _added(before: str, text: str) -> str:
    parts = before.split("; ") if before else []
    return before if text in parts else "; ".join([*parts, text])


def _words(text: str) -> str:
    return " ".join(_DASHES.sub("", text).split()).rstrip(":")


def _looked_at(line: Line, words: dict[str, str]) -> Iterator[Finding]:
    if len(line["code"]) not in LENGTHS:
        yield found(line.row, "CODE_LENGTH", line["code"], length=len(line["code"]))
    if any(text.casefold() in _NOTHING for text in words.values()):
        yield found(line.row, "NAME_SAYS_NOTHING", line["code"], name=next(iter(words.values())))
