"""What the SQL of a source may ask of the registry: codelists, correspondences, classifications with all their versions.

A code means something only in its version, and a version only while it holds. A table of a whole classification says of every
code of every version what it is in every version that it leads to, and from when until when it may be used there: so a rule can
ask which code was in force on the day that counts for a record, and no date stands in a rule.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date

import pyarrow as pa

from adapters.base import Source, Transition
from registry.classification import families, is_draft, span
from registry.classification.validity import ALWAYS, Span
from registry.correspondence import Correspondence, State, state_of
from registry.errors import Invalid, NotFound, suggest
from registry.held import no_longer_read
from registry.model import Codelist, Item, RepresentationMap, fact
from registry.ports import Catalogue
from registry.ref import Kind, Ref

Row = tuple[Ref, Item, Ref, Item, State]
"""A code of a version, and what it is in a version."""


def source_table(source: Source, page: str, catalogue: Catalogue) -> pa.Table:
    """The table that a line of ``Source.tables`` means; :class:`Invalid` BAD_SOURCE_TABLE where it means none."""
    kind, _, name = page.partition(" ")
    if kind == "file":
        with (source.folder / name).open(encoding="utf-8", newline="") as file:
            return pa.Table.from_pylist([{key: value or None for key, value in row.items()} for row in csv.DictReader(file)])
    if kind == "codelist":
        return _codelist_table(_codelist(catalogue, Ref.parse(name, Kind.CODELIST)), source)
    if kind == "correspondence":
        return _correspondence_table(catalogue.get(Ref.parse(name, Kind.REPRESENTATION_MAP)))
    if kind == "classification":
        return _classification_table(_versions(catalogue, name), source, catalogue)
    raise Invalid("BAD_SOURCE_TABLE", source=source.id, found=page)


def _codelist_table(codelist: Codelist, source: Source) -> pa.Table:
    """One row per code: id, parent, name_en, name_vi, the days it may be used on and a column per annotation."""
    notes = sorted(codelist.fact_types)
    columns: dict[str, list[object]] = {
        "id": [item.id for item in codelist.items],
        "parent": [item.parent for item in codelist.items],
        "name_en": [item.names.get("en") for item in codelist.items],
        "name_vi": [item.names.get("vi") for item in codelist.items],
    }
    texts = {name: pa.array(values, pa.string()) for name, values in columns.items()}
    extra = {note: pa.array([fact(item, note) or None for item in codelist.items], pa.string()) for note in notes}
    return pa.table({**texts, **_days([_used(source, codelist, item) for item in codelist.items]), **extra})


def _correspondence_table(made: object) -> pa.Table:
    links = Correspondence.of(made) if isinstance(made, RepresentationMap) else None
    assert links is not None
    names = ("source", "target", "share")
    return pa.table({name: pa.array([getattr(link, name) for link in links.links], pa.string()) for name in names})


def _classification_table(versions: Sequence[Codelist], source: Source, catalogue: Catalogue) -> pa.Table:
    """One row per code of a version (version, id, parent) and version in which it is as a whole one code, itself first:
    in_version, in_id, in_parent, the days that one may be used on, and state: EXACT, or ESTIMATED by convention."""
    rows = [row for version in versions for other in versions for row in _told(version, other, catalogue)]
    lists = {version.ref: version for version in versions}
    columns = {
        "version": [str(version) for version, *_ in rows],
        "id": [item.id for _, item, *_ in rows],
        "parent": [item.parent for _, item, *_ in rows],
        "in_version": [str(other) for _, _, other, _, _ in rows],
        "in_id": [target.id for *_, target, _ in rows],
        "in_parent": [target.parent for *_, target, _ in rows],
        "state": [state.name for *_, state in rows],
    }
    texts = {name: pa.array(values, pa.string()) for name, values in columns.items()}
    return pa.table({**texts, **_days([_used(source, lists[other], target) for _, _, other, target, _ in rows])})


def _told(version: Codelist, other: Codelist, catalogue: Catalogue) -> Iterator[Row]:
    """The codes of a version that are as a whole one code of another version."""
    if version.ref == other.ref:
        yield from ((version.ref, item, version.ref, item, State.EXACT) for item in version.items)
        return
    try:
        way = catalogue.correspondence(version.ref, other.ref)
    except NotFound:  # nobody has said how they correspond: nothing leads over
        return
    for item in version.items:
        links, state = way.targets.get(item.id, ()), state_of(way, item.id)
        if len(links) == 1 and state is not State.BROKEN and links[0].target in other.by_id:
            yield version.ref, item, other.ref, other.by_id[links[0].target], state


def _versions(catalogue: Catalogue, name: str) -> list[Codelist]:
    """All versions of a classification ``AGENCY:ID`` but drafts, the earliest first.

    :class:`registry.errors.Unavailable` where a list of the agency has lost its names: it may be one of them.
    """
    agency, _, id = name.partition(":")
    every = catalogue.find(Kind.CODELIST, agency)
    heads = catalogue.stubs(every)
    if lost := sorted({*every} - {one.ref for one in heads}):
        raise no_longer_read(lost[0])
    known = families(heads)
    settled = [one.ref for one in known.get((agency, id), ()) if not is_draft(one.ref)]
    if not settled:
        raise NotFound("CLASSIFICATION_NOT_FOUND", found=name, near=", ".join(suggest(id, [each for _, each in known])) or "-")
    return [_codelist(catalogue, ref) for ref in settled]


def _codelist(catalogue: Catalogue, ref: Ref) -> Codelist:
    found = catalogue.get(ref)
    assert isinstance(found, Codelist)
    return found


def _used(source: Source, version: Codelist, item: Item) -> Span:
    """From when until when a source may use a code: while it is valid, and as far beyond as its transitions let it."""
    first, last = span(version, item)
    for each in source.transitions:
        if Ref.parse(each.version, Kind.CODELIST) == version.ref:
            first, last = _widened(each, first, last)
    return first, last


def _widened(transition: Transition, first: date, last: date) -> Span:
    return min(first, transition.since or first), max(last, transition.until or last)


def _days(spans: Sequence[Span]) -> dict[str, pa.Array]:
    """valid_from and valid_to, both included; null where open."""
    return {
        name: pa.array([None if each[place] in ALWAYS else each[place] for each in spans], pa.date32())
        for place, name in enumerate(("valid_from", "valid_to"))
    }
