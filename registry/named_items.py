"""Items that are named: those that a scheme does not have, and those that may not go because something that stays names them.

Source: SDMX REST 2.2, "Structural Metadata maintenance": "409 missing references", "409 if references would break".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from registry.errors import Conflict, HubError
from registry.extension import extended
from registry.held import readable
from registry.model import AgencyScheme, Artefact, Codelist, ItemScheme, MetadataSet, named_by
from registry.overlay import Known, Overlay
from registry.ref import ItemRef, Ref, is_wild


def dangling(given: Sequence[Artefact], known: Known) -> dict[Ref, HubError]:
    """Why some artefacts cannot stand together: :class:`Conflict` ITEM_MISSING where one begins to name an item that is not
    there, ITEM_REFERENCED where one takes out an item that is named."""
    after = Overlay(known, given)
    errors: dict[Ref, HubError] = {}
    for made in given:
        if isinstance(made, MetadataSet):
            continue
        error = next(_missing(made, known, after), None) or next(_taken(made, known, after), None)
        errors |= {made.ref: error} if error else {}
    return errors


def _standing(ref: Ref, known: Known) -> Artefact | None:
    if ref not in known.find(ref.kind, ref.agency, ref.id, ref.version):
        return None
    return readable(known, ref)


def codes_of(ref: Ref, known: Known) -> frozenset[str] | None:
    """The items of a scheme, inherited ones too; None where nobody can say: of parts, stubs and what all offices share."""
    found = readable(known, ref)
    if not isinstance(found, ItemScheme) or isinstance(found, AgencyScheme) or found.is_partial or found.is_external_reference:
        return None
    if isinstance(found, Codelist) and found.extensions:
        found = extended(found, lambda named: readable(known, named))
    return frozenset(found.by_id)


def _missing(made: Artefact, known: Known, after: Known) -> Iterator[Conflict]:
    """What it names already it may name on: an old fault must not keep its other words from being put right."""
    lost = list(_lost(made, after))
    before = _standing(made.ref, known) if lost else None
    old = set(named_by(before)) if before is not None else set()
    for one in lost:
        if one not in old:
            yield Conflict("ITEM_MISSING", ref=str(made.ref), part=one.part, of=str(one.of), item=one.id[:60])


def _lost(made: Artefact, after: Known) -> Iterator[ItemRef]:
    schemes: dict[Ref, frozenset[str] | None] = {}
    for one in named_by(made):
        if not isinstance(one, ItemRef) or is_wild(one.of):
            continue
        if one.of not in schemes:
            schemes[one.of] = codes_of(one.of, after)
        if (ids := schemes[one.of]) is not None and one.id not in ids:
            yield one


def _taken(made: Artefact, known: Known, after: Known) -> Iterator[Conflict]:
    if not isinstance(made, ItemScheme) or made.is_external_reference or not (parents := after.parents(made.ref)):
        return
    before = _standing(made.ref, known)
    gone = before.by_id.keys() - made.by_id.keys() if isinstance(before, ItemScheme) else set()
    for parent in parents if gone else ():
        for item in _named(readable(after, parent), made.ref, after):
            if item in gone:
                by = f"{parent.kind.value} {parent}"
                yield Conflict("ITEM_REFERENCED", kind=made.ref.kind.value, ref=str(made.ref), item=item[:60], by=by)


def _named(by: Artefact | None, scheme: Ref, after: Known) -> Iterator[str]:
    """The items of a scheme that something names, also by a range of versions."""
    for one in named_by(by) if by is not None else ():
        if isinstance(one, ItemRef) and (one.of.agency, one.of.id) == (scheme.agency, scheme.id):
            found = scheme if one.of == scheme else getattr(readable(after, one.of), "ref", None)
            if found == scheme:
                yield one.id
