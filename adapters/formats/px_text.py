"""Keywords of a PX file as text, and the words of one in each of its languages.

Source: PX-file format specification, AXIS-VERSION 2013 (Statistics Sweden): ``KEYWORD[language]("subkey")="value","value";``.
A value cannot hold a quotation mark: a typographic one stands for it. Lines have at most 256 characters and end after a comma.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from adapters.formats.axes import Axes
from adapters.formats.jsonstat_dimensions import metric_id
from adapters.formats.wording import code_label, distinct, label, title
from registry.model import Structure
from registry.text import Names

END = "\r\n"
LONGEST = 256
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def clean(text: str) -> str:
    """As a value may be: one line without quotation marks."""
    return _CONTROL.sub(" ", text.replace('"', "”").replace("\r\n", "#").replace("\n", "#"))


def short(text: str) -> str:
    """As a name may be: of at most 256 characters."""
    tidy = clean(text).replace("#", " ").strip()
    return tidy if len(tidy) <= LONGEST else tidy[: LONGEST - 1] + "…"


def keyword(name: str, values: Iterable[str], language: str = "", subkey: Sequence[str] = ()) -> str:
    """A keyword with its values, all in quotation marks, in lines."""
    head = name + (f"[{language}]" if language else "") + (f"({_listed(subkey)})" if subkey else "") + "="
    lines, line = [], head
    for place, value in enumerate(values):
        text = f'"{value}"'
        if place and len(line) + len(text) + 1 > LONGEST:
            lines.append(line + ",")
            line = text
        else:
            line += ("," if place else "") + text
    return END.join([*lines, line]) + ";" + END


def long_text(name: str, text: str, language: str = "", subkey: Sequence[str] = ()) -> str:
    """A keyword with one text of any length, in lines."""
    head = name + (f"[{language}]" if language else "") + (f"({_listed(subkey)})" if subkey else "") + "="
    tidy, step = clean(text), LONGEST - 20
    parts = [tidy[start : start + step] for start in range(0, max(len(tidy), 1), step)]
    return head + END.join(f'"{part}"' for part in parts) + ";" + END


def bare(name: str, value: str) -> str:
    """A keyword whose value stands without quotation marks."""
    return f"{name}={value};{END}"


def _listed(texts: Sequence[str]) -> str:
    return ",".join(f'"{text}"' for text in texts)


@dataclass(frozen=True)
class Tongue:
    """One language of a file: what its variables and values are called. The first language has no tag in brackets."""

    tag: str
    mark: str
    variables: dict[str, str]
    values: dict[str, dict[str, str]]

    def text(self, names: Names) -> str:
        return short(label(names, (self.tag,)))


def tongues(structure: Structure, axes: Axes, tags: Sequence[str]) -> list[Tongue]:
    """The languages of a file, the first one first."""
    return [_tongue(structure, axes, tag, "" if place == 0 else tag) for place, tag in enumerate(tags)]


def _tongue(structure: Structure, axes: Axes, tag: str, mark: str) -> Tongue:
    metric, time, wanted = metric_id(structure), structure.dsd.time, (tag,)
    names = {name: short(title(structure, name, wanted)) for name in axes.codes}
    values = {
        name: dict(zip(codes, _values((code_label(structure, name, code, wanted) for code in codes), codes), strict=True))
        for name, codes in axes.codes.items()
    }
    if len(axes.measures) > 1:
        names[metric] = {"vi": "Đại lượng"}.get(tag, "Measure")
        measures = (title(structure, name, wanted) for name in axes.measures)
        values[metric] = dict(zip(axes.measures, _values(measures, axes.measures), strict=True))
    if time is not None and axes.times.timed:
        names[time.id] = short(title(structure, time.id, wanted))
        texts = axes.times.texts()
        values[time.id] = dict(zip(texts, texts, strict=True))
    return Tongue(tag, mark, dict(zip(names, distinct(names.values(), list(names)), strict=True)), values)


def _values(texts: Iterable[str], codes: Sequence[str]) -> list[str]:
    return distinct([short(text) or code for text, code in zip(texts, codes, strict=True)], codes)


def in_all(languages: Sequence[Tongue], name: str, texts: Iterable[str]) -> Iterator[str]:
    """A keyword with a text in each language."""
    for tongue, text in zip(languages, texts, strict=True):
        yield keyword(name, [text], tongue.mark)
