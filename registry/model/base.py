"""What all artefacts have in common: identity, names, annotations, links, validity, where the whole of a stub is.

Source: ``SDMXCommon.xsd`` of SDMX 2.1, 3.0 and 3.1, "AnnotableType" to "MaintainableType"; SDMX-JSON 2.1, "links".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Protocol

from registry.ref import Ref
from registry.text import Names

Moment = date | datetime
"""A day, or a moment of it where the artefact says one. A midnight without a zone is the day: the standard has no days."""

_NOTHING: dict[str, Any] = {}


def nothing() -> dict[str, Any]:
    """The one empty mapping of all that have none: a list of 700,000 codes would otherwise hold millions of them."""
    return _NOTHING


def moment(text: str) -> Moment:
    """The day or moment of an ``xs:dateTime`` or ``xs:date``; ValueError for anything else."""
    if "T" not in text:
        return date.fromisoformat(text)
    found = datetime.fromisoformat(text)
    return found.date() if found.tzinfo is None and found.time() == time() else found


def day(of: Moment | None) -> date | None:
    """The day of a moment."""
    return of.date() if isinstance(of, datetime) else of


@dataclass(frozen=True, slots=True)
class Link:
    """Where more is said about an artefact. ``rel`` says how it is related.

    Only SDMX-JSON has ``titles``, ``hreflang`` and ``uri``, a page about what the link leads to.
    """

    rel: str
    url: str = ""
    urn: str = ""
    type: str = ""
    titles: Names = field(default_factory=nothing)
    hreflang: str = ""
    uri: str = ""


@dataclass(frozen=True, slots=True)
class Annotation:
    """A note. ``urls`` by language, one without language under ``""``; ``value`` and more than one url only SDMX 3.x has."""

    id: str = ""
    type: str = ""
    title: str = ""
    value: str = ""
    texts: Names = field(default_factory=nothing)
    urls: Mapping[str, str] = field(default_factory=nothing)
    links: tuple[Link, ...] = ()

    @property
    def fact(self) -> str:
        """What it says, in one text: title, value, or the first of the texts."""
        return self.title or self.value or next(iter(self.texts.values()), "")


class Noted(Protocol):
    """Whatever has annotations."""

    @property
    def annotations(self) -> tuple[Annotation, ...]: ...


def facts(of: Noted) -> dict[str, str]:
    """Short facts by annotation type (or id, where there is no type); the first of a type counts."""
    found: dict[str, str] = {}
    for note in of.annotations:
        name, fact = note.type or note.id, note.fact
        if name and fact:
            found.setdefault(name, fact)
    return found


def fact(of: Noted, type: str) -> str:
    """The fact of one annotation type; empty where there is none."""
    return next((note.fact for note in of.annotations if (note.type or note.id) == type and note.fact), "")


def notes(of: Mapping[str, str]) -> tuple[Annotation, ...]:
    """Facts as annotations: the type says which fact, the title is the fact."""
    return tuple(Annotation(type=type, title=fact) for type, fact in of.items())


@dataclass(frozen=True, kw_only=True, slots=True)
class Annotable:
    """What may carry annotations."""

    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ComponentList(Annotable):
    """What a structure says of one of its lists itself, such as that of its dimensions."""

    uri: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Identifiable(Annotable):
    """What has an id inside its artefact."""

    id: str
    uri: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Nameable(Identifiable):
    """What also has names."""

    names: Names = field(default_factory=nothing)
    descriptions: Names = field(default_factory=nothing)


@dataclass(frozen=True, kw_only=True)
class Maintainable:
    """What every artefact has. Validity is the world's, not the database's.

    source                 where the content comes from, in a line; in messages the annotation ``SOURCE``
    is_final               SDMX 2.1; in 3.x a version of three numbers without extension is final
    is_partial_language    SDMX 3.1: not all languages are here
    is_external_reference  a stub: the whole is at ``service_url`` (an SDMX service) or ``structure_url`` (a file)
    """

    ref: Ref
    names: Names
    descriptions: Names = field(default_factory=nothing)
    annotations: tuple[Annotation, ...] = ()
    links: tuple[Link, ...] = ()
    uri: str = ""
    source: str = ""
    valid_from: Moment | None = None
    valid_to: Moment | None = None
    is_final: bool = False
    is_partial_language: bool = False
    is_external_reference: bool = False
    service_url: str = ""
    structure_url: str = ""
