"""Which dataflows a question about figures means."""

from __future__ import annotations

from typing import cast

from adapters.sdmx.artefacts import Wanted, identifiers, version_query
from adapters.sdmx.missing import Missing
from adapters.sdmx.resolving import find
from registry.errors import Invalid, NotFound, suggest
from registry.model import ProvisionAgreement
from registry.ports import Catalogue
from registry.ref import ItemRef, Kind, Ref


def dataflows_1(catalogue: Catalogue, text: str) -> list[Ref]:
    """``FLOW``, ``AGENCY,FLOW`` or ``AGENCY,FLOW,VERSION`` (SDMX REST 1.5.0, flowRef); each part a list with plus signs."""
    parts = text.split(",")
    if not text or len(parts) > 3:
        raise Invalid("SDMX_BAD_FLOW", found=text[:60])
    agency, id_, version = {1: ("all", *parts, "latest"), 2: (*parts, "latest"), 3: tuple(parts)}[len(parts)]
    names = identifiers(agency, "+", "all"), identifiers(id_, "+", "all")
    return _found(catalogue, _named(Kind.DATAFLOW, names, version.split("+") if version != "+" else ["+"]))


def dataflows_2(catalogue: Catalogue, context: str, agency: str, id_: str, version: str) -> list[Ref]:
    """Context, agency, id and version of a 2.x path.

    What is reported against a data structure is read from its dataflows. Figures are not kept by provision agreement: those of
    a dataflow are those of an agreement where there is no other for it.
    """
    names, versions = (identifiers(agency, ",", "*"), identifiers(id_, ",", "*")), version.split(",")
    if context in ("*", "dataflow"):
        return _found(catalogue, _named(Kind.DATAFLOW, names, versions))
    if context == "datastructure":
        structures = find(catalogue, _named(Kind.DATA_STRUCTURE, names, versions))
        return sorted({ref for one in structures for ref in catalogue.parents(one) if ref.kind == Kind.DATAFLOW})
    if context == "provisionagreement":
        agreements = find(catalogue, _named(Kind.PROVISION_AGREEMENT, names, versions))
        flows = {ref for one in agreements for ref in catalogue.references(one).values() if ref and ref.kind == Kind.DATAFLOW}
        return sorted(ref for ref in flows if len(_agreements(catalogue, ref)) == 1)
    valid = "dataflow, datastructure, provisionagreement, *"
    raise Invalid("SDMX_BAD_PARAMETER", name="context", found=context[:60], valid=valid)


def agreements(
    catalogue: Catalogue, context: str, agency: str, id_: str, version: str, missing: Missing
) -> dict[Ref, ProvisionAgreement]:
    """By dataflow the agreement for which figures are asked for, in its newest version: the answer names it, as the text of 2.2
    wants ("services must respect the requested context type"). None where the question is about something else."""
    if context != "provisionagreement":
        return {}
    names = identifiers(agency, ",", "*"), identifiers(id_, ",", "*")
    refs = find(catalogue, _named(Kind.PROVISION_AGREEMENT, names, version.split(",")))
    agreed = [one for one in catalogue.get_all(refs) if isinstance(one, ProvisionAgreement)]
    missing.without({*refs} - {one.ref for one in agreed})
    return {flow: one for one in agreed for flow in catalogue.references(one.ref).values() if flow}


def _agreements(catalogue: Catalogue, dataflow: Ref) -> set[tuple[str, str]]:
    """Agency and id of the agreements for a dataflow, whatever their versions."""
    return {(one.agency, one.id) for one in catalogue.parents(dataflow) if one.kind == Kind.PROVISION_AGREEMENT}


def provided_by(catalogue: Catalogue, dataflows: list[Ref], provider: str, missing: Missing) -> list[Ref]:
    """Those of the providers asked for (1.x): ``PROVIDER`` or ``AGENCY,PROVIDER``, a list with plus signs.

    The provider of a dataflow is that of the only agreement for it; where there is none, the agency of the dataflow. Nobody
    knows whose figures are where the agreement no longer reads.
    """
    wanted = [name.split(",") for name in provider.split("+")]
    if any(len(name) > 2 for name in wanted):
        raise Invalid("SDMX_BAD_PARAMETER", name="providerRef", found=provider[:60], valid="PROVIDER, AGENCY,PROVIDER")
    if provider in ("", "*") or ["all"] in wanted:
        return dataflows
    found: list[Ref] = []
    for ref in dataflows:
        with missing.around(ref):
            found += [ref] if any(_provides(catalogue, ref, name) for name in wanted) else []
    if not found:
        raise missing.nothing()
    return found


def only_provider(catalogue: Catalogue, dataflow: Ref) -> ItemRef | None:
    """Who gave the data, as far as that is known: the provider of the only agreement for the dataflow.

    :class:`registry.errors.Unavailable` where that no longer reads.
    """
    if len(_agreements(catalogue, dataflow)) != 1:
        return None
    agreement = next(ref for ref in catalogue.parents(dataflow) if ref.kind == Kind.PROVISION_AGREEMENT)
    return cast("ProvisionAgreement", catalogue.get(agreement)).provider


def _provides(catalogue: Catalogue, dataflow: Ref, named: list[str]) -> bool:
    """Whether the data are of the provider that is named, with or without its agency."""
    found = only_provider(catalogue, dataflow)
    if found is None and _agreements(catalogue, dataflow):
        return False
    provider = (found.of.agency, found.id) if found is not None else (dataflow.agency, dataflow.agency)
    return all(name in ("all", own) for name, own in zip(("all", *named)[-2:], provider, strict=True))


def _named(kind: Kind, names: tuple[tuple[str, ...] | None, tuple[str, ...] | None], versions: list[str]) -> Wanted:
    agencies, ids = names
    return Wanted(kinds=(kind,), agencies=agencies, ids=ids, versions=tuple(version_query(one) for one in versions))


def _found(catalogue: Catalogue, wanted: Wanted) -> list[Ref]:
    try:
        return find(catalogue, wanted)
    except NotFound as error:
        raise _named_or_none(catalogue, wanted, error) from None


def _named_or_none(catalogue: Catalogue, wanted: Wanted, error: NotFound) -> NotFound:
    """An id that nobody, or not the agency asked for, has is a wrong address, and is told so; the catalogue finds what it may
    have meant."""
    agencies, ids = wanted.agencies or ("*",), wanted.ids or ()
    if error.code != "SDMX_NO_RESULTS" or wanted.kinds != (Kind.DATAFLOW,) or len(ids) != 1 or len(agencies) != 1:
        return error
    if catalogue.find(Kind.DATAFLOW, agencies[0], ids[0], "*"):
        return error
    flows = catalogue.find(Kind.DATAFLOW)
    meant = set(suggest(ids[0], {ref.id for ref in flows}))
    near = [str(ref) for ref in flows if not meant or ref.id in meant]
    return NotFound("SDMX_NO_SUCH_DATAFLOW", found=ids[0][:60], near=", ".join(near[:5]) or "-")
