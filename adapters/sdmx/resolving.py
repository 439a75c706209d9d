"""From a structure question to the artefacts in its answer: those that match, and those that come along.

Source: SDMX REST 1.5.0 and 2.2, ``references`` and ``detail`` of structure queries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from adapters.sdmx.artefacts import SPREADS, WORDS, Wanted
from adapters.sdmx.faults import no_results
from adapters.sdmx.versions import wanted_versions
from adapters.sdmx.writing.shown import Form, Shown
from registry.errors import HubError, NotFound
from registry.model import Artefact, Component, DataStructure, ItemScheme, references
from registry.ports import Catalogue, Links
from registry.ref import Kind, Ref
from registry.version import is_version


def find(catalogue: Catalogue, wanted: Wanted) -> list[Ref]:
    """The refs that match; ARTEFACT_NOT_FOUND where exactly one was named, no results where many could have been."""
    listed = [ref for kind in wanted.kinds for ref in _matching(catalogue, kind, wanted)]
    if not listed:
        raise _nothing(catalogue, wanted)
    return listed


def _matching(catalogue: Catalogue, kind: Kind, wanted: Wanted) -> list[Ref]:
    """The versions are chosen for each artefact by itself."""
    agencies, ids = (",".join(names) if names else "*" for names in (wanted.agencies, wanted.ids))
    groups: dict[tuple[str, str], dict[str, Ref]] = {}
    for ref in catalogue.find(kind, agencies, ids, "*"):
        groups.setdefault((ref.agency, ref.id), {})[ref.version] = ref
    chosen: dict[Ref, None] = {}
    for group in groups.values():
        for query in wanted.versions:
            chosen.update({group[version]: None for version in wanted_versions(query, group)})
    return list(chosen)


def _nothing(catalogue: Catalogue, wanted: Wanted) -> HubError:
    names = (wanted.kinds, wanted.agencies or (), wanted.ids or (), wanted.versions)
    exact = all(len(part) == 1 for part in names) and (is_version(wanted.versions[0]) or wanted.versions[0] in "latest~+")
    if exact and wanted.agencies and wanted.ids:
        try:
            catalogue.get(Ref(wanted.kinds[0], wanted.agencies[0], wanted.ids[0], wanted.versions[0]))
        except NotFound as error:
            return error
    return no_results()


def resolve(catalogue: Catalogue, wanted: Wanted, links: Links) -> list[Shown]:
    """Everything to show, the artefacts asked for first."""
    matched = find(catalogue, wanted)
    chosen = _with_items([catalogue.get(ref) for ref in matched], wanted.items)
    along = [ref for ref in _along(catalogue, matched, wanted.related) if ref not in set(matched)]
    others = [artefact for ref in along if (artefact := held(catalogue, ref)) is not None]
    own, reference = _forms(wanted.detail)
    used = _used_concepts([shown.artefact for shown in chosen] + others) if wanted.detail == "referencepartial" else {}
    return [
        *(_shown(one.artefact, own, one.items, links) for one in chosen),
        *(_shown(artefact, reference, used.get(artefact.ref), links) for artefact in others),
    ]


def _with_items(artefacts: Iterable[Artefact], items: frozenset[str] | None) -> list[Shown]:
    if items is None:
        return [Shown(artefact) for artefact in artefacts]
    fitting = [one for one in artefacts if isinstance(one, ItemScheme) and items & one.by_id.keys()]
    if not fitting:
        raise no_results()
    return [Shown(one, items=items) for one in fitting]


def _forms(detail: str) -> tuple[Form, Form]:
    """How much is shown of what was asked for, and of what comes along."""
    form = Form.COMPLETE_STUB if detail.endswith("completestubs") else Form.STUB
    if detail.startswith("all"):
        return form, form
    return Form.FULL, form if detail.endswith("stubs") else Form.FULL


def _shown(artefact: Artefact, form: Form, items: frozenset[str] | None, links: Links) -> Shown:
    return Shown(artefact, form, items, None if form is Form.FULL else links.path(address(artefact.ref)))


def address(ref: Ref) -> str:
    """The path of an artefact at the 1.x door."""
    word = next(word for word, kind in WORDS[1].items() if kind == ref.kind)
    return f"/sdmx/v1/{word}/{ref.agency}/{ref.id}/{ref.version}"


def _used_concepts(artefacts: Iterable[Artefact]) -> dict[Ref, frozenset[str]]:
    return used_concepts(
        part for artefact in artefacts if isinstance(artefact, DataStructure) for part in artefact.components.values()
    )


def used_concepts(parts: Iterable[Component]) -> dict[Ref, frozenset[str]]:
    """Concept scheme -> the concepts that the components use of it."""
    used: dict[Ref, set[str]] = {}
    for part in parts:
        if part.concept_scheme:
            used.setdefault(part.concept_scheme, set()).add(part.concept or part.id)
    return {ref: frozenset(ids) for ref, ids in used.items()}


def held(catalogue: Catalogue, ref: Ref) -> Artefact | None:
    """A referenced artefact, None where the registry does not hold it."""
    try:
        return catalogue.get(ref)
    except NotFound:
        return None


Spread = Callable[[Catalogue, Iterable[Ref]], dict[Ref, None]]
"""From some refs to those that come along, in order and each once."""


def _children(catalogue: Catalogue, refs: Iterable[Ref]) -> dict[Ref, None]:
    found = (artefact for ref in refs if (artefact := held(catalogue, ref)) is not None)
    return {child: None for artefact in found for child in sorted(references(artefact))}


def _parents(catalogue: Catalogue, refs: Iterable[Ref]) -> dict[Ref, None]:
    return {parent: None for ref in refs for parent in catalogue.parents(ref)}


def _transitive(step: Spread) -> Spread:
    def spread(catalogue: Catalogue, refs: Iterable[Ref]) -> dict[Ref, None]:
        found: dict[Ref, None] = {}
        edge = list(refs)
        while edge:
            edge = [ref for ref in step(catalogue, edge) if ref not in found]
            found |= dict.fromkeys(edge)
        return found

    return spread


_descendants, _ancestors = _transitive(_children), _transitive(_parents)


def _family(catalogue: Catalogue, refs: Iterable[Ref]) -> dict[Ref, None]:
    parents = _parents(catalogue, refs)
    return parents | _children(catalogue, parents)


def _all(catalogue: Catalogue, refs: Iterable[Ref]) -> dict[Ref, None]:
    listed = list(refs)
    return _family(catalogue, listed) | _descendants(catalogue, listed)


def _none(catalogue: Catalogue, refs: Iterable[Ref]) -> dict[Ref, None]:
    return {}


_SPREADS: Mapping[str, Spread] = dict(
    zip(SPREADS, (_none, _parents, _family, _ancestors, _children, _descendants, _all), strict=True)
)


def _along(catalogue: Catalogue, refs: list[Ref], related: str | frozenset[Kind]) -> dict[Ref, None]:
    if isinstance(related, str):
        return _SPREADS[related](catalogue, refs)
    return {ref: None for ref in _all(catalogue, refs) if ref.kind in related}
