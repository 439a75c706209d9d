"""From a structure question to the artefacts in its answer: those that match, and those that come along.

Source: SDMX REST 1.5.0 and 2.2, ``references`` and ``detail`` of structure queries.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from adapters.sdmx.artefacts import Wanted
from adapters.sdmx.faults import no_results
from adapters.sdmx.items import chosen
from adapters.sdmx.partial import used
from adapters.sdmx.relatives import Relatives
from adapters.sdmx.resources import CODELISTS, address
from adapters.sdmx.streamed import picked, streamed
from adapters.sdmx.stubs import NAMING, Stubs
from adapters.sdmx.writing.shown import Form, Shown
from registry.errors import HubError, NotFound, Unavailable
from registry.extension import extended
from registry.held import held, no_longer_read, readable
from registry.memory import Memory
from registry.model import Artefact, Codelist, Constraint, ItemScheme
from registry.ports import Catalogue, Links
from registry.ref import Kind, Ref
from registry.version import LATEST, is_version


def find(catalogue: Catalogue, wanted: Wanted) -> list[Ref]:
    """The refs that match; ARTEFACT_NOT_FOUND where exactly one was named, no results where many could have been."""
    agencies, ids = (",".join(names) if names else "*" for names in (wanted.agencies, wanted.ids))
    versions = ",".join(wanted.versions)
    listed = [ref for kind in wanted.kinds for ref in catalogue.find(kind, agencies, ids, versions)]
    if wanted.role is not None:
        # Which role one has that no longer reads is not known: it stays among them, where it is named as missing.
        others = {one.ref for one in catalogue.get_all(listed) if not _has_role(one, wanted)}
        listed = [ref for ref in listed if ref not in others]
    if not listed:
        raise _nothing(catalogue, wanted)
    return listed


def _has_role(artefact: Artefact, wanted: Wanted) -> bool:
    return isinstance(artefact, Constraint) and artefact.role == wanted.role


def _nothing(catalogue: Catalogue, wanted: Wanted) -> HubError:
    one_kind = len(wanted.kinds) == 1 or wanted.kinds == CODELISTS
    named = all(len(part or ()) == 1 for part in (wanted.agencies, wanted.ids, wanted.versions))
    one = named and (is_version(wanted.versions[0]) or wanted.versions[0] in (LATEST, "~", "+"))
    if one_kind and one and wanted.agencies and wanted.ids and wanted.role is None:
        try:
            catalogue.get(Ref(wanted.kinds[0], wanted.agencies[0], wanted.ids[0], wanted.versions[0]))
        except NotFound as error:
            return error
    return no_results()


class Forms(NamedTuple):
    """How much is shown of what was asked for, and of what comes along."""

    asked: Form
    along: Form

    @classmethod
    def of(cls, detail: str) -> Forms:
        form = Form.COMPLETE_STUB if detail.endswith("completestubs") else Form.STUB
        if detail.startswith("all"):
            return cls(form, form)
        return cls(Form.FULL, form if detail.endswith("stubs") else Form.FULL)


@dataclass(frozen=True)
class Resolver:
    """Answers structure questions at one door; ``major`` is the version of the standard it speaks.

    ``stubs`` are those shown before, ``room`` is where texts of whole artefacts are kept; ``unread`` gathers the artefacts of
    the answer whose stored content no longer reads: they are left out and named.
    """

    catalogue: Catalogue
    links: Links
    major: int
    stubs: Stubs = field(default_factory=Stubs)
    room: Memory | None = None
    unread: dict[Ref, None] = field(default_factory=dict)

    def resolve(self, wanted: Wanted) -> list[Shown]:
        """Everything to show, the artefacts asked for first."""
        matched, forms = find(self.catalogue, wanted), Forms.of(wanted.detail)
        parts = self._parts(matched, wanted)
        if wanted.items is not None:
            matched = [ref for ref in matched if ref in parts]
        relatives = Relatives(self.catalogue, parts, maintained=self.major == 2, extended=wanted.detail == "raw")
        along = relatives.along(matched, wanted)
        if wanted.detail == "referencepartial":
            return self._partial(matched, parts, along)
        whole = wanted.detail == "raw"
        return [*self._shown(matched, forms.asked, parts, whole), *self._shown(along, forms.along, {}, whole)]

    def _parts(self, matched: Iterable[Ref], wanted: Wanted) -> dict[Ref, Artefact]:
        """Those that have some of the items asked for, with no others."""
        if wanted.items is None:
            return {}
        raw = wanted.detail == "raw"
        long = {ref: whole for ref in matched if (whole := streamed(self.catalogue, ref, raw))}
        short = self._read([ref for ref in matched if ref not in long], {}, raw)
        found = [
            *(chosen(one.artefact, wanted.items) for one in short),
            *(picked(self.catalogue, one, wanted.items) for one in long.values()),
        ]
        parts = {part.ref: part for part in found if part is not None}
        if not parts:
            raise no_longer_read(next(iter(self.unread))) if self.unread else no_results()
        return parts

    def _shown(self, refs: Sequence[Ref], form: Form, parts: dict[Ref, Artefact], raw: bool) -> list[Shown]:
        if form is not Form.FULL:
            return self.stubs.shown(self._stubs(refs), form, self.major, lambda ref: self.links.path(address(ref, self.major)))
        long = {ref: found for ref in refs if ref not in parts and (found := streamed(self.catalogue, ref, raw))}
        return self._read(refs, {**parts, **long}, raw)

    def _stubs(self, refs: Sequence[Ref]) -> list[Artefact]:
        """What every artefact has; of those that are nothing without what they name, all."""
        naming = [ref for ref in refs if ref.kind in NAMING]
        found = self.catalogue.stubs([ref for ref in refs if ref.kind not in NAMING] if naming else list(refs))
        if naming:
            made = {one.ref: one for one in (*found, *self.catalogue.get_all(naming))}
            found = [made[ref] for ref in refs if ref in made]
        self._note(refs, found)
        return found

    def _read(self, refs: Iterable[Ref], parts: dict[Ref, Artefact], raw: bool) -> list[Shown]:
        """Artefacts; code lists with the codes that they inherit, unless they are wanted raw."""
        wanted = list(refs)
        read = self.catalogue.get_all([ref for ref in wanted if ref not in parts])
        room = self.room if len(read) + sum(map(_items, read)) <= MOST_AT_ONCE else None
        whole = {ref: Shown(part) for ref, part in parts.items()}
        for one in read:
            if (made := one if raw else self._resolved(one)) is not None:
                whole[one.ref] = Shown(made, room=room if made is one else None)
        found = [whole[ref] for ref in wanted if ref in whole]
        self._note(wanted, [one.artefact for one in found])
        return found

    def _narrowing(self, known: Catalogue, ref: Ref | None) -> Artefact | None:
        """As :func:`readable`; of a constraint that no longer reads it is said that lists are not narrowed by it."""
        found = readable(known, ref)
        if found is None and ref is not None and ref.kind is Kind.DATA_CONSTRAINT:
            self.unread[ref] = None
        return found

    def _note(self, wanted: Sequence[Ref], found: Sequence[Artefact]) -> None:
        if len(found) < len(wanted):
            have = {one.ref for one in found}
            self.unread.update((ref, None) for ref in wanted if ref not in have)

    def _resolved(self, artefact: Artefact) -> Artefact | None:
        """A code list with the codes that it inherits; None where a list that it extends no longer reads."""
        try:
            if isinstance(artefact, Codelist):
                return extended(artefact, lambda other: held(self.catalogue, other))
        except Unavailable:
            return None
        return artefact

    def _partial(self, matched: Iterable[Ref], parts: dict[Ref, Artefact], along: Iterable[Ref]) -> list[Shown]:
        asked, others = self._read(matched, parts, False), self._read(along, {}, False)
        items = used(self.catalogue, [one.artefact for one in asked], [one.artefact for one in others], self._narrowing)
        return [*asked, *(replace(other, items=items.get(other.artefact.ref)) for other in others)]


MOST_AT_ONCE = 20_000
"""Artefacts and items of an answer that is written before it is sent; a longer one goes out as it is written."""


def _items(artefact: Artefact) -> int:
    return len(artefact.items) if isinstance(artefact, ItemScheme) else 0
