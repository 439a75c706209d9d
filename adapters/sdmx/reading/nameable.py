"""What all artefacts of sdmx1 have in common, as arguments of the registry's classes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sdmx.model import common

from registry.model import Agency, Annotation, Code, Concept, Moment, Representation, coded, moment
from registry.ref import Kind, Ref
from registry.text import Names

_STABLE = re.compile(r"^\d+\.\d+\.\d+$")
"""A semantic version without extension, which SDMX 3.0 has in place of ``isFinal``."""


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
        "source": next((note.fact for note in _annotations(made) if note.type == "SOURCE"), ""),
        "annotations": tuple(note for note in _annotations(made) if note.type != "SOURCE"),
        "valid_from": _day(made.valid_from),
        "valid_to": _day(made.valid_to),
        "is_final": bool(_STABLE.match(str(made.version))) if made.is_final is None else bool(made.is_final),
    }


def items(scheme: Any, named: bool) -> Iterator[Any]:
    """The items of a scheme in the order of the message. ``named``: without those that have no name.

    sdmx1 adds a nameless agency to an agency scheme for every agency that the message mentions.
    """
    for item in scheme.items.values():
        if named and not texts(item.name):
            continue
        if isinstance(item, common.Concept):
            yield Concept(**_item(item), core=_core(item))
        else:
            yield Agency(**_item(item)) if isinstance(item, common.Agency) else Code(**_item(item))


def _item(item: Any) -> dict[str, Any]:
    parent, notes = item.parent, list(_annotations(item))
    dates = {note.type: _day(note.fact) for note in notes if note.type in ("VALID_FROM", "VALID_TO")}
    return {
        "id": item.id,
        "names": texts(item.name) or {"en": item.id},
        "parent": parent.id if isinstance(parent, type(item)) else None,
        "descriptions": texts(item.description),
        "valid_from": dates.get("VALID_FROM"),
        "valid_to": dates.get("VALID_TO"),
        "annotations": tuple(note for note in notes if note.type not in dates),
    }


def _core(item: Any) -> Representation | None:
    """The codelist of a concept, kept so that a structure which comes without its concepts can be read later."""
    representation = item.core_representation
    if representation is None or not isinstance(representation.enumerated, common.Codelist):
        return None
    return coded(reference(representation.enumerated, Kind.CODELIST))


def texts(international: Any) -> Names:
    """Texts by language; those without any text are left out."""
    return {lang: text for lang, text in international.localizations.items() if text}


def _annotations(item: Any) -> Iterator[Annotation]:
    for note in item.annotations:
        yield Annotation(
            id=note.id or "",
            type=note.type or "",
            title=note.title or "",
            value=getattr(note, "value", None) or "",
            texts=texts(note.text),
            urls={"": note.url} if note.url else {},
        )


def _day(of: Any) -> Moment | None:
    """What sdmx1 reads as a time is in the time zone of nowhere."""
    try:
        return moment(str(of or "").replace(" ", "T"))
    except ValueError:
        return None
