"""Words beside the codes: names in the language asked, and texts as each format wants them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import orjson

from registry.model import Component, Structure
from registry.text import Names, pick

_QUOTED = re.compile('[",\r\n]|^ | $')
NUMERIC = ("Double", "Float", "Decimal", "Integer", "Long", "Short", "BigInteger", "Count", "InclusiveValueRange")
"""Text types of measures that are numbers (SDMX 3.0 section 3A, DataType)."""


def label(names: Names, languages: Sequence[str]) -> str:
    """The name in the first language wanted that it has, else in any."""
    for wanted in languages:
        for tag in (wanted, wanted.split("-")[0]):
            if names.get(tag):
                return names[tag]
    return pick(names)


def code_label(structure: Structure, component: str, code: str, languages: Sequence[str]) -> str:
    return label(structure.code_names(component, code), languages)


def title(structure: Structure, component: str, languages: Sequence[str]) -> str:
    """What a component is called."""
    return label(structure.names(component), languages)


def distinct(texts: Iterable[str], codes: Sequence[str]) -> list[str]:
    """The texts, with the code behind those that occur twice: ``Other (A9)``."""
    listed = list(texts)
    times = Counter(listed)
    return [f"{text} ({code})" if times[text] > 1 else text for text, code in zip(listed, codes, strict=True)]


def is_number(component: Component) -> bool:
    return component.text_type in NUMERIC


def cell(text: str) -> bytes:
    """A cell as RFC 4180 wants it."""
    return ('"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text).encode(errors="replace")


def json_text(text: str) -> bytes:
    """A JSON string."""
    return orjson.dumps(text.encode(errors="replace").decode())
