"""Codes in tables of reports that came with their names behind them, ``LUA: Rice``: which fields have codes only the structure
says, so the names are taken off where it is known.

Source: sdmx-twg/sdmx-csv, field guides of the metadata message, "Optional parameters": names may have ``": "`` in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from adapters.sdmx.reading.message import Fault, StructureMessage
from registry.errors import HubError, Invalid
from registry.model import Artefact, ItemScheme, MetadataAttribute, MetadataSet, ReportedAttribute
from registry.reporting import Named, fields_of, looks_of, subjects, values_of

_BETWEEN = ": "


def bare(message: StructureMessage, named: Named) -> StructureMessage:
    """The message without names behind codes; a report of which it is not clear what they are is a fault."""
    if not message.labelled:
        return message
    artefacts: list[Artefact] = []
    faults = [*message.faults]
    for made in message.artefacts:
        try:
            artefacts += unlabelled([made], named)
        except HubError as error:
            faults.append(Fault(str(made.ref), error, made.ref))
    return replace(message, artefacts=tuple(artefacts), faults=tuple(faults))


def unlabelled(made: Iterable[Artefact], named: Named) -> tuple[Artefact, ...]:
    """Artefacts without names behind the codes of reports; :class:`Invalid` REPORT_LABEL_UNCLEAR."""
    return tuple(_report(one, named) if isinstance(one, MetadataSet) else one for one in made)


def _report(report: MetadataSet, named: Named) -> MetadataSet:
    asked = fields_of(subjects(report, named)[2], report)
    return replace(report, attributes=_fields(report.attributes, asked, named))


def _fields(
    given: Sequence[ReportedAttribute], asked: Sequence[MetadataAttribute], named: Named
) -> tuple[ReportedAttribute, ...]:
    known = {one.id: one for one in asked}
    return tuple(_field(one, known[one.id], named) if one.id in known else one for one in given)


def _field(given: ReportedAttribute, asked: MetadataAttribute, named: Named) -> ReportedAttribute:
    looks = looks_of(asked, named) if given.value is not None and _BETWEEN in given.value else None
    listed = values_of(looks.enumeration, named) if looks is not None and looks.enumeration is not None else None
    value = _code(given.value or "", listed) if listed is not None else given.value
    return replace(given, value=value, children=_fields(given.children, asked.children, named))


def _code(text: str, listed: ItemScheme) -> str:
    """The code of which the text is the id, or the id and a name; the text itself where there is none."""
    found = {id_: name for id_, name in _ways(text) if id_ in listed.by_id}
    if len(found) > 1:
        found = {id_: name for id_, name in found.items() if name in (listed.by_id[id_].names.values() or ("",))}
        if len(found) != 1:
            raise Invalid("REPORT_LABEL_UNCLEAR", found=text[:120], codelist=str(listed.ref))
    return next(iter(found), text)


def _ways(text: str) -> Iterator[tuple[str, str]]:
    """Every id and name that the text may be made of; ids of value lists may be any text."""
    yield text, ""
    place = text.find(_BETWEEN)
    while place >= 0:
        yield text[:place], text[place + len(_BETWEEN) :]
        place = text.find(_BETWEEN, place + 1)
