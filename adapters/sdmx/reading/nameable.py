"""What all artefacts of sdmx1 have in common, as arguments of the registry's classes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from sdmx.model import common

from registry.model import CORE_CODELIST, Item
from registry.ref import Kind, Ref
from registry.text import Names

_STABLE = re.compile(r"^\d+\.\d+\.\d+$")
"""A semantic version without extension, which SDMX 3.0 has in place of ``isFinal``."""

_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}")


def reference(made: Any, kind: Kind) -> Ref:
    """The ref of an artefact or of the stub that stands for a reference; version 1.0 where none is given (SDMX 2.1)."""
    agency = made.maintainer.id if made.maintainer else ""
    return Ref(kind, agency, made.id, str(made.version or "1.0"))


def maintainable(made: Any, kind: Kind) -> dict[str, Any]:
    """Reference, names, validity and finality; the source from the annotation in which the hub's own messages carry it."""
    return {
        "ref": reference(made, kind),
        "names": texts(made.name) or {"en": made.id},
        "descriptions": texts(made.description),
        "source": dict(_annotations(made)).get("SOURCE", ""),
        "valid_from": _day(made.valid_from),
        "valid_to": _day(made.valid_to),
        "is_final": bool(_STABLE.match(str(made.version))) if made.is_final is None else bool(made.is_final),
    }


def items(scheme: Any, named: bool) -> Iterator[Item]:
    """The items of a scheme in the order of the message. ``named``: without those that have no name.

    sdmx1 adds a nameless agency to an agency scheme for every agency that the message mentions.
    """
    for item in scheme.items.values():
        if named and not texts(item.name):
            continue
        parent, facts = item.parent, dict(_annotations(item))
        yield Item(
            id=item.id,
            names=texts(item.name) or {"en": item.id},
            parent=parent.id if isinstance(parent, type(item)) else None,
            descriptions=texts(item.description),
            valid_from=_day(facts.pop("VALID_FROM", "")),
            valid_to=_day(facts.pop("VALID_TO", "")),
            annotations=facts | _core(item),
        )


def _core(item: Any) -> dict[str, str]:
    """The codelist of a concept, kept so that a structure which comes without its concepts can be read later."""
    representation = getattr(item, "core_representation", None)
    if representation is None or not isinstance(representation.enumerated, common.Codelist):
        return {}
    return {CORE_CODELIST: str(reference(representation.enumerated, Kind.CODELIST))}


def texts(international: Any) -> Names:
    """Texts by language; those without any text are left out."""
    return {lang: text for lang, text in international.localizations.items() if text}


def _annotations(item: Any) -> Iterator[tuple[str, str]]:
    for annotation in item.annotations:
        name = annotation.type or annotation.id
        text = annotation.title or next(iter(texts(annotation.text).values()), "")
        if name and text:
            yield name, text


def _day(moment: Any) -> date | None:
    found = _DAY.match(str(moment or ""))
    return date.fromisoformat(found.group()) if found else None
