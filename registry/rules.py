"""The rules an observation can break, and the lookups that find them. Their texts: ``messages/checking.yml``.

A :class:`Fault` is a broken rule with its facts; the texts come from ``registry.errors.message(fault.rule, lang, **facts)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from registry.errors import Invalid, suggest
from registry.model import Attribute, Codelist, Dimension, Structure
from registry.period import PER_YEAR, frequency_of_code, parse_period
from registry.raw import RawValue
from registry.several import joined, parted

RULES = (
    "UNKNOWN_COMPONENT",
    "MISSING_DIMENSION",
    "UNKNOWN_CODE",
    "UNKNOWN_ATTRIBUTE_CODE",
    "MULTIPLE_VALUES",
    "ATTRIBUTE_CONFLICT",
    "MISSING_ATTRIBUTE",
    "BAD_PERIOD",
    "PERIOD_FREQUENCY",
    "NOT_A_NUMBER",
    "CODE_NOT_VALID",
    "DUPLICATE",
    "DUPLICATE_CONFLICT",
)

MOST_SUGGESTED = 20
"""Unknown codes for which near ones are looked up; comparing with a long codelist takes a tenth of a second."""

MOST_REMEMBERED = 100_000
"""Texts remembered at once, so that a file of ever new texts cannot fill the memory."""

SWITCHED_OFF = "~"
"""How a dimension is written that does not apply to an attribute (SDMX 3.1); it is no code of any list."""

_REGULAR = {*PER_YEAR, "W", "D"}
_FINER = {"B", "N", "H"}


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken rule: the component at fault and the facts its text needs."""

    rule: str
    column: str
    facts: Mapping[str, str] = field(default_factory=dict)


def single(component: str, value: RawValue | None) -> str | Fault | None:
    """The one text of a component; None where there is none, a fault where there are several."""
    if not isinstance(value, tuple):
        return value or None
    if len(value) > 1:
        return Fault("MULTIPLE_VALUES", component, {"attribute": component, "count": str(len(value))})
    return (value[0] or None) if value else None


def shown(value: RawValue | None) -> str:
    """A value as the list of refused observations shows it."""
    return ";".join(value) if isinstance(value, tuple) else value or ""


class Codes:
    """Finds codes of components, and remembers what it found. ``labelled``: texts may be ``code: label``."""

    def __init__(self, structure: Structure, labelled: bool) -> None:
        self._components = structure.dsd.components
        self._codelists = structure.codelists
        self._known: dict[tuple[str, RawValue], str | Fault | None] = {}
        self._suggested = 0
        self._labelled = labelled

    def check(self, component: str, value: RawValue | None) -> str | Fault | None:
        """The code, or the text of a component without codelist; None where nothing stands."""
        if not value:
            return None
        name = (component, value)
        found = self._known.get(name)
        if found is None and name not in self._known:
            if len(self._known) > MOST_REMEMBERED:
                self._known.clear()
            found = self._known[name] = self._find(component, value)
        return found

    def _find(self, component: str, value: RawValue) -> str | Fault | None:
        part = self._components.get(component)
        if isinstance(part, Attribute) and part.several:
            return self._all(part, value)
        return self._one(component, single(component, value))

    def _all(self, part: Attribute, value: RawValue) -> str | Fault | None:
        """Several values as one text; the first that is wrong speaks for all."""
        given = value if isinstance(value, tuple) else (value,)
        texts = [text for one in given for text in parted(one) if text]
        if part.most is not None and len(texts) > part.most:
            return Fault("MULTIPLE_VALUES", part.id, {"attribute": part.id, "count": str(len(texts))})
        found = [self._one(part.id, text) for text in texts]
        wrong = next((one for one in found if isinstance(one, Fault)), None)
        return wrong or joined(one for one in found if isinstance(one, str)) or None

    def _one(self, component: str, text: str | Fault | None) -> str | Fault | None:
        if text == SWITCHED_OFF and isinstance(self._components.get(component), Dimension):
            return None
        codelist = self._codelists.get(component)
        if codelist is None or text is None or isinstance(text, Fault):
            return text
        item = codelist.by_id.get(text)
        if item is None and self._labelled:
            item = codelist.by_id.get(text.split(": ", 1)[0])
        return item.id if item else self._unknown(component, text, codelist)

    def _unknown(self, component: str, text: str, codelist: Codelist) -> Fault:
        self._suggested += 1
        near = suggest(text[:60], codelist.by_id) if self._suggested <= MOST_SUGGESTED else []
        near = near or [item.id for item in codelist.items[:5]]
        is_dimension = isinstance(self._components[component], Dimension)
        facts = {"found": text[:60], "codelist": str(codelist.ref), "near": ", ".join(near)}
        if is_dimension:
            return Fault("UNKNOWN_CODE", component, facts | {"dimension": component})
        return Fault("UNKNOWN_ATTRIBUTE_CODE", component, facts | {"attribute": component})


class Periods:
    """Reads period texts, and remembers what it read."""

    def __init__(self, time: str, labelled: bool) -> None:
        self._time = time
        self._labelled = labelled
        self._known: dict[RawValue | None, tuple[str, int] | Fault] = {}

    def read(self, value: RawValue | None) -> tuple[str, int] | Fault:
        """Frequency and ordinal of a period."""
        found = self._known.get(value)
        if found is None:
            if len(self._known) > MOST_REMEMBERED:
                self._known.clear()
            found = self._known[value] = self._read(value)
        return found

    def _read(self, value: RawValue | None) -> tuple[str, int] | Fault:
        text = single(self._time, value)
        if text is None or text == SWITCHED_OFF:
            return Fault("MISSING_DIMENSION", self._time, {"dimension": self._time})
        if isinstance(text, Fault):
            return text
        try:
            period = parse_period(text.split(": ", 1)[0] if self._labelled else text)
        except Invalid as error:
            return Fault("BAD_PERIOD", self._time, {name: str(fact) for name, fact in error.facts.items()})
        return period.frequency, period.ordinal


def period_frequency(code: str | None) -> str | None:
    """The frequency that periods under a FREQ code must have; None where any will do (irregular, event, no FREQ)."""
    if not code:
        return None
    frequency = frequency_of_code(code)
    return frequency if frequency in _REGULAR or code in _FINER else None


def missing(component: Attribute) -> Fault:
    """The fault of a mandatory attribute that is nowhere stated."""
    return Fault("MISSING_ATTRIBUTE", component.id, {"attribute": component.id, "level": component.level.value})
