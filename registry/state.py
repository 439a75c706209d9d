"""The registry as it stood at one revision: a ``Catalogue`` of :mod:`registry.ports` that nothing can change.

Rows of artefacts never change, so what was read of one is true at every revision at which it stood: states share one memory.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import cast

from sqlalchemy import Connection, Engine

from registry import item_records, records
from registry.alike import Specimen
from registry.assembly import assemble
from registry.attribution import Entry, Message, Revision
from registry.classification import NAMED_PART, derivable, derived_from, tree_of
from registry.classification.deriving import SHORT, Told, heard, stub_of
from registry.correspondence import Correspondence
from registry.errors import Unavailable
from registry.extension import extended
from registry.index import Index, family
from registry.leading import Leading
from registry.memory import Memory
from registry.model import (
    TYPES,
    Artefact,
    Codelist,
    Item,
    ItemScheme,
    Structure,
)
from registry.outline import Outline
from registry.passing import asks, takes_long
from registry.records import Unread
from registry.ref import Kind, Ref
from registry.text import fold
from registry.version import ALL

Reading = Callable[[Connection, Mapping[Ref, int]], Iterator[Artefact | Unread]]


@dataclass(frozen=True)
class State:
    """``keys``: the row of each artefact; ``past`` gives the state of another moment."""

    engine: Engine
    revision: int
    index: Index
    keys: Mapping[Ref, int]
    memory: Memory
    past: Callable[[datetime], State] = field(repr=False)

    def _connected(self) -> Connection:
        asks(self.engine)
        return self.engine.connect()

    def as_of(self, moment: datetime) -> State:
        """The registry as it stood at a moment."""
        return self.past(moment)

    def get(self, ref: Ref) -> Artefact:
        """One artefact; the version may be ``latest``, ``+`` or ``~``. :class:`NotFound` ARTEFACT_NOT_FOUND else."""
        return self._artefact(self.exact(ref))

    def get_all(self, refs: list[Ref]) -> list[Artefact]:
        """Artefacts by their exact refs, in their order: many at the price of a few. What no longer reads is left out."""
        stored = [ref for ref in refs if ref in self.keys]
        read = self._many(stored, [self.keys[ref] for ref in stored], records.read_all)
        if len(stored) == len(refs):
            return read
        trees = (self._readable(ref) for ref in refs if ref not in self.keys)
        found = {one.ref: one for one in (*read, *trees) if one is not None}
        return [found[ref] for ref in refs if ref in found]

    def exact(self, ref: Ref) -> Ref:
        """The one version a reference means; :class:`NotFound` ARTEFACT_NOT_FOUND else."""
        stored = ref.kind != Kind.HIERARCHY or self.index.resolve(ref)
        trees = () if stored else self._trees(ref.agency, ref.id, ref.version)
        return trees[-1] if trees else self.index.exact(ref)

    def find(self, kind: Kind, agency: str = ALL, id: str = ALL, version: str = ALL) -> list[Ref]:
        """The refs that fit, sorted by agency, id and version; each part may be ``*`` or a comma list. The trees of codelists
        are among the hierarchies, those of long lists only where they are named."""
        found = self.index.find(kind, agency, id, version)
        return found if kind != Kind.HIERARCHY else sorted({*found, *self._trees(agency, id, version)})

    def trees(self, ref: Ref) -> list[Ref]:
        """The hierarchies that a codelist gives by itself, but those that a stored one stands before; none of others."""
        exact = self.exact(ref)
        given = self._trees_of(exact, False) if exact.kind is Kind.CODELIST else ()
        return [tree for tree in given if not self.index.resolve(replace(tree, version=ALL))]

    def _trees(self, agency: str, ids: str, version: str) -> list[Ref]:
        """The hierarchies of these names that are no artefacts but the trees of codelists."""
        every = ids in (ALL, "all")
        lists = ALL if every else ",".join(derived_from(Ref(Kind.HIERARCHY, "", id_)).id for id_ in ids.split(","))
        stored = {family(ref) for ref in self.index.find(Kind.HIERARCHY, agency, ids)}
        return [
            tree
            for codelist in self.index.find(Kind.CODELIST, agency, lists, version)
            for tree in self._trees_of(codelist, every)
            if family(tree) not in stored and (every or tree.id in ids.split(","))
        ]

    def _trees_of(self, codelist: Ref, listing: bool) -> tuple[Ref, ...]:
        """The trees of a codelist: told when it was stored, else looked for; those of long lists not for a listing, as who
        lists hierarchies would have to read every code."""
        known = self._heard(codelist)
        if listing and known.long:
            return ()
        if known.ids is not None:
            return tuple(replace(codelist, kind=Kind.HIERARCHY, id=id_) for id_ in known.ids)
        return self.memory.recall(("trees", self.revision, codelist), lambda: self._derivable(codelist))

    def _derivable(self, codelist: Ref) -> tuple[Ref, ...]:
        """None of what no longer reads, or extends what no longer does: it is told where the list itself is missed."""
        with suppress(Unavailable):
            return derivable(self._listed(codelist))
        return ()

    def _readable(self, exact: Ref) -> Artefact | None:
        """An artefact, None where it no longer reads."""
        with suppress(Unavailable):
            return self._artefact(exact)
        return None

    def _heard(self, codelist: Ref) -> Told:
        return heard(self._told.get(self.keys[codelist], ""))

    @cached_property
    def _told(self) -> Mapping[int, str]:
        """By the rows of codelists, what was told of those that have trees, must be looked at, or are long."""
        with self._connected() as connection:
            return records.trees(connection, self.revision)

    def _listed(self, exact: Ref) -> Codelist:
        """A codelist with the codes that it inherits."""
        return extended(cast("Codelist", self._artefact(exact)), lambda ref: self.get(ref) if self.index.resolve(ref) else None)

    def stubs(self, refs: list[Ref]) -> list[Artefact]:
        """What every artefact has, of exact refs, in their order: names, validity, annotations, but no content."""
        keys = [*map(self.keys.get, refs)]
        if None not in keys:
            return self._many(refs, [("stub", key) for key in keys], records.heads)
        lists = {ref: derived_from(ref) for ref in refs if ref not in self.keys}
        wanted = list(dict.fromkeys(lists.get(ref, ref) for ref in refs))
        read = self._many(wanted, [("stub", self.keys[ref]) for ref in wanted], records.heads)
        found = {one.ref: one for one in read}
        made = {ref: stub_of(found[codelist], ref) for ref, codelist in lists.items() if codelist in found}
        return [one for ref in refs if (one := made.get(ref) or found.get(ref))]

    def items(self, ref: Ref) -> Iterator[tuple[Item, ...]]:
        """The items of a scheme some at a time, as they are read."""
        exact = self.index.exact(ref)
        with self._connected() as connection:
            yield from item_records.items(connection, exact, self.keys[exact])

    def is_long(self, ref: Ref) -> bool:
        """Whether a codelist has so many codes that it had better not be held: told when it was stored."""
        return self._heard(self.index.exact(ref)).long

    def item(self, ref: Ref, id: str) -> Item | None:
        """One item of a scheme, found without reading the others."""
        exact = self.index.exact(ref)
        with self._connected() as connection:
            return item_records.item(connection, exact, self.keys[exact], id)

    def frame(self, ref: Ref) -> Artefact:
        """The artefact without its items."""
        exact = self.exact(ref)
        if not issubclass(TYPES[exact.kind], ItemScheme):
            return self._artefact(exact)
        return self.memory.recall(("frame", self.keys[exact]), lambda: self._read(exact, records.frame))

    def outline(self, ref: Ref) -> Outline:
        """Where the items of a scheme stand, or the codes of a list in a tree that it gives by itself."""
        exact = self.exact(ref)
        tree = exact.id.partition(NAMED_PART)[2] if exact not in self.keys else ""
        codelist = exact if exact in self.keys else derived_from(exact)
        key = self.keys[codelist]

        def read() -> Outline:
            takes_long()
            with self._connected() as connection:
                return item_records.outline(connection, codelist, key, tree)

        return self.memory.recall(("outline", key, tree), read)

    def items_at(self, ref: Ref, places: Sequence[int]) -> list[Item]:
        """The items of a scheme at some places of its outline, in the order given."""
        exact = self.index.exact(ref)
        if len(self.outline(exact)) <= SHORT:
            whole = cast("ItemScheme", self._artefact(exact)).items
            return [whole[place] for place in places]
        with self._connected() as connection:
            return item_records.items_at(connection, exact, self.keys[exact], places)

    def specimens(self, ref: Ref) -> Iterator[list[Specimen]]:
        """One item of each sort there is in a scheme, some at a time."""
        exact = self.index.exact(ref)
        with self._connected() as connection:
            yield from item_records.specimens(connection, exact, self.keys[exact])

    def search_items(self, ref: Ref, text: str) -> Iterator[Item]:
        """The items of a scheme whose id, names or descriptions hold every word, without regard to case and diacritics."""
        takes_long()
        exact = self.index.exact(ref)
        with self._connected() as connection:
            yield from item_records.search(connection, exact, self.keys[exact], fold(text).split())

    def search_all_items(self, kind: Kind, text: str) -> Iterator[tuple[Ref, Item | Unavailable]]:
        """The same in the latest versions of all schemes of a kind; each item with its scheme, as they are found. Of one
        that no longer reads the error."""
        takes_long()
        with self._connected() as connection:
            for ref, item in item_records.search_kind(connection, kind, self.revision, fold(text).split()):
                if self.index.is_latest(ref):
                    yield ref, item

    def search(self, kind: Kind, text: str) -> list[Ref]:
        """Latest versions whose id, names or descriptions hold every word, without regard to case and diacritics. The tree of
        a codelist is found by the words of the list."""
        found = self.index.search(kind, text)
        if kind != Kind.HIERARCHY:
            return found
        lists = self.index.search(Kind.CODELIST, text)
        return sorted({*found, *(tree for one in lists if not self.is_long(one) for tree in self.trees(one))})

    def parents(self, ref: Ref) -> list[Ref]:
        """The artefacts that name this one."""
        return self.index.parents(self.exact(ref))

    def references(self, ref: Ref) -> dict[Ref, Ref | None]:
        """What an artefact names: as it was written, and the exact version that this means here; None where there is none."""
        exact = self.exact(ref)
        named = self.index.references.get(exact, ()) if exact in self.keys else (derived_from(exact),)
        return {written: next(reversed(self.index.resolve(written)), None) for written in sorted(named)}

    def original(self, ref: Ref) -> Message | None:
        """The message an artefact came in; None where it came in none."""
        exact = self.exact(ref)
        if exact not in self.keys:
            return None
        with self._connected() as connection:
            return records.original(connection, self.keys[exact])

    def history(self, ref: Ref) -> list[Entry]:
        """Who changed an artefact, when, by what and why, oldest first; it need not stand any more."""
        with self._connected() as connection:
            return records.history(connection, ref, self.revision)

    @cached_property
    def changed(self) -> datetime | None:
        """When the registry became what it is here; None while there is nothing in it."""
        with self._connected() as connection:
            return records.moment(connection, self.revision)

    def revisions(self, before: int | None = None, most: int = 50) -> list[Revision]:
        """What was done to the registry, newest first, only before a revision where one is given."""
        takes_long()
        with self._connected() as connection:
            return records.revisions(connection, self.revision, before, most)

    def structure(self, dataflow: Ref) -> Structure:
        """The dataflow with its DSD, codelists and concepts, ready to read data with."""
        exact = self.index.exact(dataflow)
        return self.memory.recall((self.revision, exact), lambda: assemble(exact, self.get))

    def correspondence(self, source: Ref, target: Ref) -> Correspondence:
        """The way from one codelist version to another by as few stored tables as can be; :class:`NotFound`
        CORRESPONDENCE_NOT_FOUND else."""
        source, target = self.index.exact(source), self.index.exact(target)
        found = self.memory.recall((self.revision, source, target), lambda: self._leading.way(source, target))
        if found is None:
            raise self._leading.no_way(source, target)
        return found

    def correspondences(self, codelist: Ref) -> list[Correspondence | Unavailable]:
        """The stored tables from or to a codelist version, both ends exact; for one that no longer reads its error."""
        return self._leading.told(self.index.exact(codelist))

    @property
    def _leading(self) -> Leading:
        return Leading(self.index, self._artefact, lambda ref, make: self.memory.recall(("table", self.keys[ref]), make))

    def _artefact(self, exact: Ref) -> Artefact:
        if exact not in self.keys:  # the tree of a codelist
            codelist = derived_from(exact)
            made = self.memory.recall(("tree", exact.id, self.keys[codelist]), lambda: tree_of(self._listed(codelist), exact))
            return cast("Artefact", made)
        found = self.memory.recall(self.keys[exact], lambda: self._read(exact))
        if isinstance(found, Unread):  # remembered from a listing
            raise found.error()
        return found

    def _many(self, refs: list[Ref], held: Sequence[Hashable], read: Reading) -> list[Artefact]:
        """``held``: under what each is remembered; the others are read together. What no longer reads is left out."""

        def make(places: list[int]) -> list[Artefact | Unread]:
            with self._connected() as connection:
                return list(read(connection, {refs[place]: self.keys[refs[place]] for place in places}))

        return [found for found in self.memory.recall_all(held, make) if not isinstance(found, Unread)]

    def _read(self, exact: Ref, read: Callable[[Connection, Ref, int], Artefact] = records.read) -> Artefact:
        with self._connected() as connection:
            return read(connection, exact, self.keys[exact])
