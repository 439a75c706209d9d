"""Which dataflow a data question means: one, because an answer is one data set of one release."""

from __future__ import annotations

from adapters.sdmx.artefacts import Wanted, identifiers, version_query
from adapters.sdmx.faults import no_results
from adapters.sdmx.resolving import find
from registry.errors import Invalid, NotFound, suggest
from registry.ports import Catalogue
from registry.ref import Kind, Ref
from registry.version import sort_key


def dataflow_1(catalogue: Catalogue, text: str) -> Ref:
    """``FLOW``, ``AGENCY,FLOW`` or ``AGENCY,FLOW,VERSION`` (SDMX REST 1.5.0, flowRef)."""
    parts = text.split(",")
    if not text or len(parts) > 3:
        raise Invalid("SDMX_BAD_FLOW", found=text[:60])
    agency, id_, version = {1: ("all", *parts, "latest"), 2: (*parts, "latest"), 3: tuple(parts)}[len(parts)]
    return _one(catalogue, _named(Kind.DATAFLOW, (identifiers(agency, "+", "all"), identifiers(id_, "+", "all")), version))


def dataflow_2(catalogue: Catalogue, context: str, agency: str, id_: str, version: str) -> Ref:
    """Context, agency, id and version of a 2.x path; of several versions the newest.

    What is reported against a data structure is read from its dataflow; there are no provision agreements here.
    """
    names = identifiers(agency, ",", "*"), identifiers(id_, ",", "*")
    wanted = version_query("~" if version == "*" else version)
    if context in ("*", "dataflow"):
        return _one(catalogue, _named(Kind.DATAFLOW, names, wanted))
    if context == "datastructure":
        structures = find(catalogue, _named(Kind.DATA_STRUCTURE, names, wanted))
        flows = {ref for one in structures for ref in catalogue.parents(one) if ref.kind == Kind.DATAFLOW}
        return _only(sorted(flows))
    if context == "provisionagreement":
        raise no_results()
    valid = "dataflow, datastructure, provisionagreement, *"
    raise Invalid("SDMX_BAD_PARAMETER", name="context", found=context[:60], valid=valid)


def provided_by(dataflow: Ref, provider: str) -> None:
    """Whether the provider asked for (1.x) is the one there is: the agency of the dataflow; no results otherwise."""
    if provider in ("all", ""):
        return
    names = {name.split(",")[-1] for name in provider.split("+")}
    if dataflow.agency not in names:
        raise no_results()


def _named(kind: Kind, names: tuple[tuple[str, ...] | None, tuple[str, ...] | None], version: str) -> Wanted:
    agencies, ids = names
    return Wanted(kinds=(kind,), agencies=agencies, ids=ids, versions=(version_query(version),))


def _one(catalogue: Catalogue, wanted: Wanted) -> Ref:
    try:
        return _only(find(catalogue, wanted))
    except NotFound as error:
        raise _named_or_none(catalogue, wanted, error) from None


def _only(found: list[Ref]) -> Ref:
    """The newest version of the one dataflow; SDMX_SEVERAL_DATAFLOWS where there are others."""
    if not found:
        raise no_results()
    if len({(ref.agency, ref.id) for ref in found}) > 1:
        raise Invalid("SDMX_SEVERAL_DATAFLOWS", found=len(found), near=", ".join(str(ref) for ref in found[:5]))
    return max(found, key=lambda ref: sort_key(ref.version))


def _named_or_none(catalogue: Catalogue, wanted: Wanted, error: NotFound) -> NotFound:
    """An id that no agency has is a wrong address, and is told so; the catalogue finds what it may have meant."""
    if error.code != "SDMX_NO_RESULTS" or wanted.agencies is not None or wanted.ids is None or len(wanted.ids) > 1:
        return error
    flows = catalogue.find(Kind.DATAFLOW)
    meant = set(suggest(wanted.ids[0], {ref.id for ref in flows}))
    near = [str(ref) for ref in flows if not meant or ref.id in meant]
    return NotFound("SDMX_NO_SUCH_DATAFLOW", found=wanted.ids[0][:60], near=", ".join(near[:5]) or "-")
