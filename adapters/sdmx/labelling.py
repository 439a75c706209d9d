"""What the things that a table of reports names are called, in the language that is wanted.

Source: sdmx-twg/sdmx-csv, field guides of the metadata message, "Optional parameters".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adapters.sdmx.writing.csvmetadata import Called, Path
from adapters.sdmx.writing.table import Labels, label
from registry.errors import NotFound
from registry.model import ItemScheme, MetadataSet
from registry.ports import Catalogue
from registry.ref import ItemRef, Ref
from registry.reported import said
from registry.text import Names


def called(catalogue: Catalogue, reports: Sequence[MetadataSet], how: Labels, tags: Sequence[str]) -> Called:
    """The names of reports, of what they are of and about, of their fields and of the codes in them."""
    refs = {named: label(names, tags) for one in reports for named, names in _refs(catalogue, one)}
    fields: dict[Path, str] = {}
    codes: dict[tuple[Path, str], str] = {}
    for one in reports:
        for field in said(catalogue, one):
            path = tuple(field.path.split("."))
            fields.setdefault(path, label(field.names, tags))
            if field.code and field.held.value is not None:
                codes[path, field.held.value] = label(field.code, tags)
    return Called(how, refs, fields, codes)


def together(how: Labels, every: Sequence[Called]) -> Called:
    """The names of several; of two for the same the first."""
    first = every[::-1]
    return Called(
        how,
        {named: text for one in first for named, text in one.refs.items()},
        {path: text for one in first for path, text in one.fields.items()},
        {code: text for one in first for code, text in one.codes.items()},
    )


def _refs(catalogue: Catalogue, report: MetadataSet) -> Iterator[tuple[Ref | ItemRef, Names]]:
    yield report.ref, report.names
    for named in (report.metadataflow or report.provision, *report.targets):
        if named is not None:
            yield named, _names(catalogue, named)


def _names(catalogue: Catalogue, named: Ref | ItemRef) -> Names:
    """The names of an artefact or an item; none of what is not there, or of other parts."""
    try:
        exact = catalogue.exact(named.of if isinstance(named, ItemRef) else named)
    except NotFound:
        return {}
    if isinstance(named, Ref):
        return next((one.names for one in catalogue.stubs([exact])), {})
    item = catalogue.item(exact, named.id) if isinstance(catalogue.frame(exact), ItemScheme) else None
    return item.names if item is not None else {}
