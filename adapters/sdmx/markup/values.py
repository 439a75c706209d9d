"""The simple types of SDMX-ML: how a value is written, and read back.

Writing raises :class:`Unfit` where the schema does not allow the text: what cannot be said is left out and named, never said
otherwise. Reading is lenient. Source: ``SDMXCommon.xsd``, ``SDMXCommonReferences.xsd`` of SDMX 2.1, 3.0, 3.1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from adapters.sdmx.writing.xml import escape, special
from registry.model import UNBOUNDED, Moment, day, moment
from registry.ref import PACKAGES, PARTS


class Unfit(Exception):
    """What a version cannot hold; ``reason`` is the code of a message."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Value:
    """A simple type: to text and back. ``read`` raises ValueError."""

    write: Callable[[Any], str]
    read: Callable[[str], Any] = str


_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def plain(text: str) -> str:
    """Any text but what XML cannot hold."""
    if _FORBIDDEN.search(text):
        raise Unfit("ML_NOT_XML")
    return text


def fit(text: str) -> str:
    """The same as it stands in XML, looked at once where nothing of it is special."""
    return escape(plain(text)) if special(text) else text


def matching(pattern: str) -> Value:
    """Text of a pattern."""
    whole = re.compile(pattern, re.ASCII)

    def write(text: str) -> str:
        if not whole.fullmatch(text):
            raise Unfit("ML_NOT_OF_TYPE")
        return text

    return Value(write, str.strip)


def _nowhere(text: str) -> str:
    raise Unfit("ML_NOT_OF_TYPE")


def among(words: Iterable[str]) -> Value:
    """One of the words."""
    known = frozenset(words)

    def write(text: str) -> str:
        if text not in known:
            raise Unfit("ML_NO_SUCH_WORD")
        return text

    return Value(write, str.strip)


def number(kind: type[int] | type[Decimal], least: int | None = None, whole: bool = False) -> Value:
    """A number, at least so large; ``whole``: a decimal without a fraction."""

    def write(found: int | Decimal) -> str:
        if (least is not None and found < least) or (whole and found != int(found)):
            raise Unfit("ML_NOT_OF_TYPE")
        return str(int(found)) if whole else format(found, "f" if kind is Decimal else "d")

    def read(text: str) -> Any:
        try:
            return kind(text.strip())
        except ArithmeticError:
            raise ValueError(text) from None

    return Value(write, read)


def _read_boolean(text: str) -> bool:
    if text.strip() not in ("true", "false", "1", "0"):
        raise ValueError(text)
    return text.strip() in ("true", "1")


def word(kind: type[StrEnum], known: Iterable[StrEnum] | None = None) -> Value:
    """A member of an enumeration."""
    writable = among(known if known is not None else kind)
    return Value(lambda found: writable.write(found.value), lambda text: kind(text.strip()))


def _write_moment(found: Moment) -> str:
    return found.isoformat() if isinstance(found, datetime) else f"{found.isoformat()}T00:00:00"


def _read_moment(text: str) -> Moment:
    return moment(text.strip())


def _read_day(text: str) -> date | None:
    return day(moment(text.strip()[:10]))


def _write_occurrence(found: int) -> str:
    return "unbounded" if found == UNBOUNDED else NATURAL.write(found)


_CLASSES = "|".join(
    rf"{package}\.{name}" for package, kinds in PACKAGES.items() for kind in kinds for name in (kind, *PARTS.get(kind, ()))
)
_ID = r"[A-Za-z0-9_@$\-]+"
_NC = r"[A-Za-z][A-Za-z0-9_\-]*"
_URI = r"(?:[^\s%\[\]#]|%[0-9A-Fa-f]{2})*"
_TIME = r"T\d{2}:\d{2}:\d{2}(?:\.\d+)?"
_ZONE = r"(?:Z|[+-]\d{2}:\d{2})?"
_REPORTING = (
    r"\d{4}-(?:A1|S[12]|T[123]|Q[1-4]|M(?:0[1-9]|1[0-2])|W(?:0[1-9]|[1-4]\d|5[0-3])|D(?:0\d[1-9]|[12]\d\d|3[0-5]\d|36[0-6]))"
)
_PERIOD = rf"(?:\d{{4}}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01])(?:{_TIME})?)?)?|{_REPORTING}){_ZONE}"
_DURATION = r"-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
_SPAN = rf"\d{{4}}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])(?:{_TIME})?{_ZONE}/{_DURATION.removeprefix('-?')}"

TEXT = Value(plain)
ID = matching(_ID)
NESTED_ID = matching(rf"{_ID}(?:\.{_ID})*")
NCNAME = matching(_NC)
NESTED_NCNAME = matching(rf"{_NC}(?:\.{_NC})*")
URI = matching(rf"(?![:\d]){_URI}(?:#{_URI})?")
LANGUAGE = matching(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
PERIOD = matching(_PERIOD)
TIME_RANGE = matching(f"{_PERIOD}|{_SPAN}")
DURATION = matching(_DURATION)
MEMBER = matching(r"[A-Za-z0-9_@$%]+")
"""A code chosen from an extended list: the pattern of the schema has no hyphen."""
OLD_VERSION = matching(r"[0-9]+(?:\.[0-9]+)*")
_EXTENSION = r"(?:0|[1-9]\d*|[A-Za-z\-]|[A-Za-z\-][A-Za-z0-9\-]+|[A-Za-z0-9\-]+[A-Za-z\-][A-Za-z0-9\-]*)"
_NUMBER = r"(?:0|[1-9]\d*)"
_SEMANTIC = rf"{_NUMBER}(?:\.{_NUMBER}){{2}}(?:-{_EXTENSION}(?:\.{_EXTENSION})*)?|{_NUMBER}(?:\.{_NUMBER})?"
NEW_VERSION = matching(_SEMANTIC)
_REFERENCE = (
    rf"{_SEMANTIC}|{_NUMBER}\+?(?:\.{_NUMBER}){{2}}|{_NUMBER}\.{_NUMBER}\+?\.{_NUMBER}|{_NUMBER}\.{_NUMBER}\.{_NUMBER}\+"
)
NEW_REFERENCE_VERSION = matching(_REFERENCE)
_PREFIX = r"urn:sdmx:org\.sdmx\.infomodel\."
_ANY_AGENCY = rf"(?:{_NC}(?:\.{_NC})*|\*)"
_ITEM = rf"(?:\.{_ID}(?:\.{_ID})*|\.\*(?:\.\*)*)?"
META_SET = Value(_nowhere)
"""A metadata set that a constraint is about: the patterns of 3.0 exclude each other, so that nothing is of the type."""
WILDCARD = matching(rf"{_PREFIX}(?:{_CLASSES})={_ANY_AGENCY}:(?:{_ID}|\*)\((?:{_REFERENCE}|\*)\){_ITEM}")
"""What a metadata flow may be about: a URN with wildcards."""
BOOLEAN = Value(lambda found: "true" if found else "false", _read_boolean)
INTEGER = number(int)
NATURAL = number(int, 0)
POSITIVE = number(int, 1)
DECIMAL = number(Decimal)
WHOLE = number(Decimal, whole=True)
COUNT = number(Decimal, 1, whole=True)
OCCURRENCE = Value(_write_occurrence, lambda text: UNBOUNDED if text.strip() == "unbounded" else int(text))
MOMENT = Value(_write_moment, _read_moment)
DAY = Value(lambda found: found.isoformat(), _read_day)
