"""Ways: what turns one value of the model into JSON and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum, StrEnum
from typing import Any, Final, Protocol

from registry.model import Moment, moment
from registry.ref import Ref


class _Nothing(Enum):
    NOTHING = "nothing"


NOTHING: Final = _Nothing.NOTHING
"""What a way gives for a value that the format cannot say."""

NO_PLACE = "STRUCTURE_LOST_NO_PLACE"
NO_VALUE = "STRUCTURE_LOST_NO_VALUE"
ORDER = "STRUCTURE_LOST_ORDER"


@dataclass(frozen=True, slots=True)
class Loss:
    """A part that is left out: its place below the value that is written, and the code of the message that says why."""

    place: str
    reason: str


Losses = list[Loss]


class Unlike(Exception):
    """What was read is not what stands there in SDMX-JSON."""

    def __init__(self, expected: str, place: str = "") -> None:
        self.expected, self.place = expected, place
        super().__init__(expected)

    def under(self, name: str) -> Unlike:
        """The same, seen from one level above."""
        return Unlike(self.expected, below(name, self.place))


def below(name: str, place: str) -> str:
    """A place below a name."""
    return name + place if not place or place.startswith("[") else f"{name}.{place}"


class Way(Protocol):
    """``of`` is the artefact that the value lies in; ``lang`` the language of texts that do not say theirs.

    ``write`` gives :data:`NOTHING` where the value as a whole cannot be said, and adds to ``losses`` the parts that were left
    out of what it gives. ``read`` raises :class:`Unlike`, or :class:`registry.errors.Invalid` where a reference is none.
    """

    def write(self, value: Any, of: Ref, losses: Losses) -> Any: ...

    def read(self, found: Any, lang: str) -> Any: ...


@dataclass(frozen=True)
class Leaf:
    """The way of a value without parts."""

    said: Callable[[Any], Any]
    meant: Callable[[Any], Any]

    def write(self, value: Any, of: Ref, losses: Losses) -> Any:
        return self.said(value)

    def read(self, found: Any, lang: str) -> Any:
        return self.meant(found)


@dataclass(frozen=True)
class Each:
    """The way of a tuple. ``unique``: the format does not allow the same twice."""

    way: Way
    unique: bool = False

    def write(self, value: tuple[Any, ...], of: Ref, losses: Losses) -> Any:
        found: list[Any] = []
        for index, one in enumerate(value):
            before = len(losses)
            said = self.way.write(one, of, losses)
            if said is NOTHING or (self.unique and said in found):
                del losses[before:]
                losses.append(Loss(f"[{index}]", NO_VALUE))
                continue
            found.append(said)
            moved(losses, before, f"[{index}]")
        return found or NOTHING

    def read(self, found: Any, lang: str) -> tuple[Any, ...]:
        if not isinstance(found, list):
            raise Unlike("a list")
        return tuple([at(f"[{index}]", self.way, one, lang) for index, one in enumerate(found)])


@dataclass(frozen=True)
class Whole:
    """A way whose value is said with all its parts or not at all: a constraint without one of its values is another one."""

    way: Way

    def write(self, value: Any, of: Ref, losses: Losses) -> Any:
        before = len(losses)
        said = self.way.write(value, of, losses)
        if len(losses) == before:
            return said
        del losses[before:]
        return NOTHING

    def read(self, found: Any, lang: str) -> Any:
        return self.way.read(found, lang)


@dataclass(frozen=True)
class Later:
    """The way of a class that holds others of its kind."""

    way: Callable[[], Way]

    def write(self, value: Any, of: Ref, losses: Losses) -> Any:
        return self.way().write(value, of, losses)

    def read(self, found: Any, lang: str) -> Any:
        return self.way().read(found, lang)


def moved(losses: Losses, start: int, name: str) -> None:
    """Put the losses from ``start`` on below a name."""
    for index in range(start, len(losses)):
        losses[index] = Loss(below(name, losses[index].place), losses[index].reason)


def at(name: str, way: Way, found: Any, lang: str) -> Any:
    """Read what stands under a name."""
    try:
        return way.read(found, lang)
    except Unlike as error:
        raise error.under(name) from None


def _is(type_: type[Any], expected: str) -> Callable[[Any], Any]:
    def meant(found: Any) -> Any:
        if type(found) is not type_:
            raise Unlike(expected)
        return found

    return meant


string = _is(str, "a text")


def matching(pattern: str) -> Leaf:
    """Texts of a pattern."""
    fits = re.compile(pattern).fullmatch
    return Leaf(lambda value: value if fits(value) else NOTHING, string)


def member(enum: type[StrEnum], names: Mapping[Any, Any] | None = None) -> Leaf:
    """Members of a closed set; ``names``: what those that the format has are called there, where not as in the model."""
    said = names or {one: one.value for one in enum}
    back = {name: one for one, name in said.items()}

    def meant(found: Any) -> Any:
        if not isinstance(found, str | bool) or found not in back:
            raise Unlike("one of " + ", ".join(map(str, back)))
        return back[found]

    return Leaf(lambda value: said.get(value, NOTHING), meant)


def one_of(words: frozenset[str]) -> Leaf:
    """Texts out of a set; any is read."""
    return Leaf(lambda value: value if value in words else NOTHING, string)


def count(least: int | None = None) -> Leaf:
    """Whole numbers, none below the least."""
    return Leaf(lambda value: value if least is None or value >= least else NOTHING, _whole)


def _whole(found: Any) -> int:
    if type(found) is int or (type(found) is float and found.is_integer()):
        return int(found)
    raise Unlike("a whole number")


def number(whole: bool = False, least: int | None = None) -> Leaf:
    """Decimal numbers. A reader of JSON has them as floats: those that would come out otherwise are not said."""

    def said(value: Decimal) -> Any:
        if not value.is_finite() or (whole and value % 1) or (least is not None and value < least):
            return NOTHING
        if value % 1 == 0 and abs(value) < 2**53:
            return int(value)
        return float(value) if Decimal(repr(float(value))) == value else NOTHING

    return Leaf(said, _decimal)


def _decimal(found: Any) -> Decimal:
    try:
        return Decimal(repr(found) if type(found) in (int, float) else string(found))
    except InvalidOperation:
        raise Unlike("a number") from None


_NO_ZONE = "-00:00"
"""What RFC 3339 section 4.3 writes where the zone is not known: the format asks for a zone, and days have none."""


def _moment_said(value: Moment) -> str:
    if not isinstance(value, datetime):
        return f"{value.isoformat()}T00:00:00{_NO_ZONE}"
    return value.isoformat() + ("" if value.tzinfo else _NO_ZONE)


def _moment_meant(found: Any) -> Moment:
    try:
        return moment(string(found).removesuffix(_NO_ZONE))
    except ValueError:
        raise Unlike("a date and time such as 2025-07-01T00:00:00Z") from None


def _day_meant(found: Any) -> date:
    read = _moment_meant(found)
    return read.date() if isinstance(read, datetime) else read


TEXT = Leaf(lambda value: value, string)
FLAG = Leaf(lambda value: value, _is(bool, "true or false"))
MOMENT = Leaf(_moment_said, _moment_meant)
DAY = Leaf(_moment_said, _day_meant)
ID = matching(r"[A-Za-z0-9_@$-]+")
NESTED_ID = matching(r"[A-Za-z0-9_@$-]+(\.[A-Za-z0-9_@$-]+)*")
NAME = matching(r"[A-Za-z][A-Za-z0-9_-]*")
NESTED_NAME = matching(r"[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z][A-Za-z0-9_-]*)*")
_SUBTAGS = r"(-([A-Z][a-z]{3}|[a-z]{4}))?(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
LANGUAGE = matching(rf"en-GB-oed|[A-Za-z]{{2,3}}{_SUBTAGS}")
SMALL_LANGUAGE = matching(rf"en-GB-oed|(?!.*[A-Z])[a-z]{{2,3}}{_SUBTAGS}")
"""Where the schema wants small letters."""
_IN_URI = r"(?:[A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*"
URI = matching(rf"[A-Za-z][A-Za-z0-9+.-]*:{_IN_URI}(#{_IN_URI})?")
URI_REFERENCE = matching(rf"{_IN_URI}(#{_IN_URI})?")
EMAIL = matching(r"[^@]+@[^@]+")
DURATION = matching(r"P(?=[0-9T])(\d+Y)?(\d+M)?(\d+D)?(T(?=[0-9])(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")
_ZONE = r"(Z|[+-](0\d|1[0-3]):[0-5]\d)?"
_TIME = r"T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-](0\d|1[0-3]):[0-5]\d)"
_DATE = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])"
_REPORTING = rf"\d{{4}}-(A1|S[12]|T[1-3]|Q[1-4]|M(0[1-9]|1[0-2])|W(0[1-9]|[1-4]\d|5[0-3])|D[0-3]\d\d){_ZONE}"
_STANDARD = rf"\d{{4}}{_ZONE}|\d{{4}}-(0[1-9]|1[0-2]){_ZONE}|{_DATE}({_TIME})?|{_REPORTING}"
PERIOD = matching(rf"{_STANDARD}")
"""A standard time period."""
ANY_PERIOD = matching(rf"{_STANDARD}|.+/P[^T]+")
"""An observational time period."""
BASIC_PERIOD = matching(rf"\d{{4}}{_ZONE}|\d{{4}}-(0[1-9]|1[0-2]){_ZONE}|{_DATE}({_TIME})?")
YEAR = matching(rf"\d{{4}}{_ZONE}")
