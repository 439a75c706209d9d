"""Several values of an attribute as one text: how data hold them, from the file to the answer.

They stand with the character between them that Unicode has for it. No SDMX format in XML can carry it, so no value holds it.
Source: SDMX 3.0 section 2, "maxOccurs" of a representation.
"""

from __future__ import annotations

from collections.abc import Iterable

SEPARATOR = "\x1f"
"""UNIT SEPARATOR."""


def joined(values: Iterable[str]) -> str:
    """The values as one text, in their order."""
    return SEPARATOR.join(values)


def parted(text: str) -> tuple[str, ...]:
    """The values of a text; of one that is a single value that one."""
    return tuple(text.split(SEPARATOR))


def readable(text: str) -> str:
    """The values as people read them."""
    return "; ".join(parted(text))
