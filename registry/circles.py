"""Code lists that would extend themselves, straight or by way of others: of such a list nobody could say what is in it.

Source: SDMX 3.0 and 3.1 section 2, "Codelist extension".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, and_

from registry.errors import Invalid
from registry.index import Index
from registry.model import Artefact, Codelist
from registry.records import references, versions
from registry.ref import SAME_URN, Kind, Ref
from registry.tables import artefact

_LISTS = tuple(kind.value for kind in SAME_URN[Kind.CODELIST])
_STANDING = and_(artefact.c.kind.in_(_LISTS), artefact.c.until.is_(None))


def circles(connection: Connection, batch: Iterable[Artefact]) -> dict[Ref, Invalid]:
    """What is wrong with the code lists of a batch that extend themselves, as the registry would stand with all of it."""
    lists = {made.ref: tuple(one.codelist for one in made.extensions) for made in batch if isinstance(made, Codelist)}
    if not any(lists.values()):
        return {}
    named = {**references(connection, _STANDING), **lists}
    families = {
        (kind, one.agency, one.id) for some in named.values() for one in some for kind in SAME_URN.get(one.kind, (one.kind,))
    }
    index = Index.of(dict.fromkeys([*versions(connection, families), *lists], ""), {})
    extended = {ref: [found[-1] for one in some if (found := index.resolve(one))] for ref, some in named.items()}
    return {
        ref: Invalid("EXTENSION_CIRCLE", ref=str(ref), by=" - ".join(map(str, way)))
        for ref in lists
        if (way := _way_back(ref, extended))
    }


def _way_back(start: Ref, extended: Mapping[Ref, Iterable[Ref]]) -> tuple[Ref, ...]:
    """The lists by which one leads back to itself; empty where it does not."""
    ways: list[tuple[Ref, ...]] = [(start,)]
    seen: set[Ref] = set()
    while ways:
        way = ways.pop()
        for following in extended.get(way[-1], ()):
            if following == start:
                return (*way, start)
            if following not in seen:
                seen.add(following)
                ways.append((*way, following))
    return ()
