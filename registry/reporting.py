"""Whether a metadata set says what its metadata structure asks: every field is looked at, so that all faults are told at once.

Patterns of formats are not looked at: they come from strangers and may take for ever.
Source: SDMX 3.1 section 2, "Metadata Structure Definition" and "Metadata Set".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from registry.errors import HubError, Invalid, Unfit, suggest
from registry.extension import extended
from registry.facets import value_fault
from registry.model import (
    UNBOUNDED,
    Artefact,
    Codelist,
    Concept,
    ConceptScheme,
    DataStructure,
    Format,
    ItemScheme,
    MetadataAttribute,
    Metadataflow,
    MetadataProvisionAgreement,
    MetadataSet,
    MetadataStructure,
    ReportedAttribute,
    Representation,
)
from registry.ref import ItemRef, Ref
from registry.targets import allowed

Named = Callable[[Ref | None], Artefact | None]
"""The artefact that a reference means, None where there is none."""

Fault = tuple[str, HubError]
"""The place in the report, by ids from the top and numbers where a field comes several times; and what is wrong there."""

_TEXTUAL = ("String", "XHTML")
"""The types of texts that may be there in several languages."""


def check_report(report: MetadataSet, named: Named) -> None:
    """:class:`Unfit` REPORT_UNFIT with every fault, by place. A stub says nothing that could be wrong."""
    if report.is_external_reference:
        return
    agreement, flow, structure = subjects(report, named)
    found = [*_subject(report, structure), *_targets(report, flow, agreement, named)]
    if structure is not None:
        found += _Looking(named).fields(report.attributes, fields_of(structure, report), "")
    if found:
        asked = structure.ref if isinstance(structure, MetadataStructure) else "-"
        raise Unfit("REPORT_UNFIT", found, ref=str(report.ref), structure=str(asked))


def subjects(report: MetadataSet, named: Named) -> tuple[Artefact | None, Artefact | None, Artefact | None]:
    """The agreement, the flow and the structure that a report is of."""
    agreement = named(report.provision) if report.provision else None
    flow = named(report.metadataflow or flow_of(agreement))
    return agreement, flow, named(flow.structure if isinstance(flow, Metadataflow) else report.structure)


def flow_of(agreement: Artefact | None) -> Ref | None:
    """The metadata flow of an agreement."""
    return agreement.metadataflow if isinstance(agreement, MetadataProvisionAgreement) else None


def _subject(report: MetadataSet, structure: Artefact | None) -> Iterator[Fault]:
    of = report.metadataflow or report.provision or report.structure
    if of is None:
        yield "metadataflow", Invalid("REPORT_NO_SUBJECT")
    elif not isinstance(structure, MetadataStructure):
        yield "metadataflow", Invalid("REPORT_NO_STRUCTURE", found=str(of))
    elif report.key is not None and (known := structure.reports) and report.key.report not in {one.id for one in known}:
        yield (
            "key.report",
            Invalid("REPORT_NOT_OF_STRUCTURE", found=report.key.report, valid=", ".join(one.id for one in known)),
        )


def _targets(report: MetadataSet, flow: Artefact | None, agreement: Artefact | None, named: Named) -> Iterator[Fault]:
    """There must be one; each must be what the flow and the agreement are about, and be there."""
    if not report.targets:
        yield "targets", Invalid("REPORT_NO_TARGET")
    about = [one.targets for one in (flow, agreement) if isinstance(one, Metadataflow | MetadataProvisionAgreement)]
    for number, target in enumerate(report.targets):
        for patterns in about:
            if patterns and not allowed(target, patterns):
                yield f"targets[{number}]", Invalid("REPORT_TARGET_ODD", found=target.urn[:200], valid=", ".join(patterns[:5]))
        if isinstance(target, ItemRef) and "*" not in target.id and not _holds(named(target.of), target.id):
            yield f"targets[{number}]", Invalid("REPORT_TARGET_MISSING", found=target.urn[:200])


def _holds(artefact: Artefact | None, id: str) -> bool:
    """Whether an artefact has a part, as far as its parts are looked at."""
    if isinstance(artefact, ItemScheme):
        return id in artefact.by_id
    return id in artefact.components if isinstance(artefact, DataStructure) else True


def fields_of(structure: Artefact | None, report: MetadataSet | None = None) -> Sequence[MetadataAttribute]:
    """The fields at the top of a metadata structure; of one of SDMX 2.1 those of the report that is meant, or of all."""
    if not isinstance(structure, MetadataStructure):
        return ()
    meant = report.key.report if report is not None and report.key is not None else ""
    reports = [one for one in structure.reports if meant in ("", one.id)]
    return structure.attributes or tuple(chain.from_iterable(one.attributes for one in reports))


def looks_of(asked: MetadataAttribute, named: Named) -> Representation | None:
    """What values a field may have, as it says or as its concept does."""
    if asked.representation is not None or asked.concept_identity is None:
        return asked.representation
    scheme = named(asked.concept_identity.of)
    concept = scheme.by_id.get(asked.concept) if isinstance(scheme, ConceptScheme) else None
    return concept.core if isinstance(concept, Concept) else None


def values_of(list_: Ref, named: Named) -> ItemScheme | None:
    """The list of a field's values, with the codes it inherits."""
    found = named(list_)
    whole = extended(found, named) if isinstance(found, Codelist) else found
    return whole if isinstance(whole, ItemScheme) else None


class _Looking:
    def __init__(self, named: Named) -> None:
        self._named = named
        self._lists: dict[Ref, ItemScheme | None] = {}

    def fields(self, given: Sequence[ReportedAttribute], asked: Sequence[MetadataAttribute], above: str) -> Iterator[Fault]:
        known = {one.id: one for one in asked}
        for number, one in enumerate(given):
            before = sum(other.id == one.id for other in given[:number])
            several = sum(other.id == one.id for other in given) > 1
            place = f"{above}{one.id}" + (f"[{before}]" if several else "")
            if one.id not in known:
                yield place, Invalid("REPORT_FIELD_UNKNOWN", found=one.id[:60], near=_near(one.id, known))
                continue
            yield from self._field(one, known[one.id], place)
        yield from _occurring(given, asked, above)

    def _field(self, given: ReportedAttribute, asked: MetadataAttribute, place: str) -> Iterator[Fault]:
        said = given.value is not None or bool(given.texts)
        if asked.is_presentational and said:
            yield place, Invalid("REPORT_FIELD_HEADING")
        elif said:
            yield from ((place, fault) for fault in self._said(given, looks_of(asked, self._named)))
        elif not asked.is_presentational and not given.children:
            yield place, Invalid("REPORT_FIELD_EMPTY")
        yield from self.fields(given.children, asked.children, f"{place}.")

    def _said(self, given: ReportedAttribute, looks: Representation | None) -> Iterator[HubError]:
        if given.value is not None and given.texts:
            yield Invalid("REPORT_FIELD_TWICE")
        if looks is not None and looks.enumeration is not None:
            yield from self._coded(given, looks.enumeration)
            return
        format = (looks.format if looks is not None else None) or Format()
        if given.texts and (format.text_type not in _TEXTUAL or (format.is_multi_lingual is False and len(given.texts) > 1)):
            yield Invalid("REPORT_FIELD_TEXTS", type=format.text_type)
            return
        values = given.texts.values() if given.texts else [given.value or ""]
        yield from (fault for value in values if (fault := value_fault(value, format)) is not None)

    def _coded(self, given: ReportedAttribute, list_: Ref) -> Iterator[HubError]:
        if given.texts:
            yield Invalid("REPORT_FIELD_TEXTS", type=str(list_))
            return
        codes = self._list(list_)
        if codes is not None and given.value not in codes.by_id:
            near = _near(given.value or "", codes.by_id)
            yield Invalid("REPORT_NO_SUCH_CODE", found=(given.value or "")[:60], codelist=str(codes.ref), near=near)

    def _list(self, ref: Ref) -> ItemScheme | None:
        if ref not in self._lists:
            self._lists[ref] = values_of(ref, self._named)
        return self._lists[ref]


def _occurring(given: Sequence[ReportedAttribute], asked: Iterable[MetadataAttribute], above: str) -> Iterator[Fault]:
    """Fields that are not there as often as they must, or more often than they may."""
    for one in asked:
        times = sum(other.id == one.id for other in given)
        if times < one.min_occurs:
            yield f"{above}{one.id}", Invalid("REPORT_FIELD_MISSING", found=times, least=one.min_occurs)
        elif one.max_occurs != UNBOUNDED and times > one.max_occurs:
            yield f"{above}{one.id}", Invalid("REPORT_FIELD_TOO_OFTEN", found=times, most=one.max_occurs)


def _near(found: str, valid: Iterable[str]) -> str:
    return ", ".join(suggest(found, valid)) or "-"
