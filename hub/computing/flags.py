"""What is said of a figure that was made of others: the strongest word said of any of its parts.

A figure is as provisional as its most provisional part, and as sure after recoding as its least sure one. A code that tells why
a value is missing comes before all others, and among confidentiality codes anything comes before "free".
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from registry.columns import Coded
from registry.correspondence import State
from registry.model import Structure
from registry.recoding import ORIGIN, RECODING, code_of

STATUS, CONFIDENTIALITY = "OBS_STATUS", "CONF_STATUS"

MISSING = ("H", "O", "M", "L", "Q")
"""OBS_STATUS of values that are not there, the weakest word first. Source: SDMX code list CL_OBS_STATUS 2.x."""

ESTIMATED = "E"

_WEAK = {STATUS: ("A", "J", "N", "S"), CONFIDENTIALITY: ("F",)}
_STRONG = {
    STATUS: ("G", "D", "B", "V", "U", "P", "I", "E", "F", *MISSING),
    CONFIDENTIALITY: ("E", "N", "D", "S", "A", "O", "T", "G", "M", "C"),
}
FLAGS = (STATUS, CONFIDENTIALITY, RECODING, ORIGIN)

_BYTE = 255


def order(structure: Structure, attribute: str) -> tuple[str, ...]:
    """The codes of a flag, the weakest first; empty where the structure has no such flag."""
    codelist = structure.codelists.get(attribute)
    if codelist is None or attribute not in structure.dsd.components:
        return ()
    if attribute not in _STRONG:
        return tuple(codelist.by_id)
    known, ranked = codelist.by_id, {*_WEAK[attribute], *_STRONG[attribute]}
    middle = tuple(code for code in known if code not in ranked)
    return tuple(code for code in (*_WEAK[attribute], *middle, *_STRONG[attribute]) if code in known)


def ranks(column: Coded, ordered: tuple[str, ...]) -> NDArray[np.int8]:
    """int8[n]: how strong each word is, 0 for none."""
    place = {text: number for number, text in enumerate(ordered, 1)}
    table = np.array([*(place.get(text, 0) for text in column.texts), 0], dtype=np.int8)
    if len(table) > _BYTE:
        return table[column.codes]
    # The same look-up in bytes, several times as fast; -1, for none, is the last byte.
    whole = np.append(table[:-1], np.zeros(_BYTE + 2 - len(table), np.int8)).tobytes()
    return np.frombuffer(column.codes.astype(np.uint8).tobytes().translate(whole), np.int8)


def strength(ordered: tuple[str, ...], state: State) -> int:
    """How strong the word for a state is; 0 where the structure does not tell states."""
    return ordered.index(code_of(state)) + 1 if ordered else 0


def told(found: NDArray[np.int8], ordered: tuple[str, ...]) -> Coded:
    """The words of these strengths."""
    return Coded(ordered, found.astype(np.int32) - 1)


def missing(structure: Structure) -> int:
    """The strength of "missing value" among the words of the status; 0 where the structure has no such word."""
    words = order(structure, STATUS)
    return words.index("O") + 1 if "O" in words else 0


def says_missing(ordered: tuple[str, ...]) -> NDArray[np.bool_]:
    """bool[strength]: words that say already why there is no value."""
    return np.array([False, *(word in MISSING for word in ordered)], dtype=bool)


def spoken(
    structure: Structure,
    found: Mapping[str, NDArray[np.int8]],
    words: Mapping[str, tuple[str, ...]],
    there: NDArray[np.bool_],
) -> dict[str, Coded]:
    """The flags of n figures by how strong the words found are. Where a figure is not ``there`` the status says that it is
    missing, unless a word of it or of confidentiality says why."""
    status, strong = found[STATUS], found[CONFIDENTIALITY]
    if words[STATUS]:
        silent = ~there & ~says_missing(words[STATUS])[status]
        status = np.where(silent, np.where(strong > 1, 0, missing(structure)), status).astype(np.int8)
    return {name: told(each, words[name]) for name, each in {**found, STATUS: status}.items() if words[name] and each.any()}
