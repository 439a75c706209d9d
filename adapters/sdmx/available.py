"""Availability questions: which codes and periods have data, as a content constraint.

Source: SDMX REST 1.5.0, "Data availability"; SDMX REST 2.2, "Data availability queries".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from adapters.sdmx.dataflows import only_provider
from adapters.sdmx.missing import Missing
from adapters.sdmx.presence import availability_constraint
from adapters.sdmx.request import Parameters
from adapters.sdmx.writing.shown import Shown
from registry.answers import Availability
from registry.errors import Invalid, suggest
from registry.held import held
from registry.model import Codelist, DataConstraint, ItemScheme, ProvisionAgreement, Structure
from registry.ports import Catalogue
from registry.ref import Ref

_REFERENCES = ("codelist", "valuelist", "datastructure", "conceptscheme", "dataflow", "dataproviderscheme", "none", "all")
_EVERY = frozenset({"all", "*"})


@dataclass(frozen=True, kw_only=True)
class Sought:
    """What is wanted to know. ``components`` is None for all dimensions; ``mode`` exact or available."""

    structure: Structure
    mode: str
    components: frozenset[str] | None
    references: frozenset[str]

    def codes(self, found: Availability) -> dict[str, tuple[str, ...]]:
        every = found.open_codes if self.mode == "available" else found.codes
        return {name: every[name] for name in self.structure.dsd.key if self._wants(name)}

    def constraint(self, found: Availability, moments: bool, agreement: ProvisionAgreement | None) -> DataConstraint:
        """The constraint, with the span of time as moments or as periods; ``agreement``: what was asked about instead."""
        time = self.structure.dsd.time.id if self.structure.dsd.time else None
        shown = time if time is not None and self._wants(time) else None
        about = agreement or self.structure.dataflow
        return availability_constraint(about, found, self.codes(found), shown, moments)

    def along(self, found: Availability, catalogue: Catalogue, missing: Missing) -> list[Shown]:
        """The artefacts that go with the constraint, item schemes with only the items that it uses. Value lists are none of
        them: no dimension has one."""
        words = frozenset(_REFERENCES) if "all" in self.references else self.references
        structure, codes = self.structure, self.codes(found)
        shown = [Shown(structure.dataflow)] if "dataflow" in words else []
        shown += [Shown(structure.dsd)] if "datastructure" in words else []
        shown += _codelists(structure, codes) if "codelist" in words else []
        shown += _concepts(structure, codes, catalogue) if "conceptscheme" in words else []
        with missing.around():
            shown += _providers(structure, catalogue) if "dataproviderscheme" in words else []
        return shown

    def _wants(self, name: str) -> bool:
        return self.components is None or name in self.components


def sought(structure: Structure, components: Sequence[str], parameters: Parameters) -> Sought:
    """Read what is left of an availability question."""
    valid = [dimension.id for dimension in structure.dsd.dimensions]
    wanted = frozenset(components)
    if unknown := sorted(wanted - {*valid, *_EVERY}):
        near = suggest(unknown[0], valid) or valid
        raise Invalid("SDMX_NO_SUCH_COMPONENT", found=unknown[0][:60], near=", ".join(near))
    references = (parameters.take("references") or "none").split(",")
    for word in references:
        if word not in _REFERENCES:
            raise Invalid("SDMX_BAD_PARAMETER", name="references", found=word[:60], valid=", ".join(_REFERENCES))
    mode = parameters.choice("mode", ("exact", "available"), "exact")
    named = None if not wanted or wanted & _EVERY else wanted
    return Sought(structure=structure, mode=mode, components=named, references=frozenset(references))


def once(shown: Iterable[Shown]) -> list[Shown]:
    """Each artefact once, with all the items that are wanted of it anywhere."""
    found: dict[Ref, Shown] = {}
    for one in shown:
        before = found.get(one.artefact.ref)
        items = one.items if before is None or before.items is None or one.items is None else before.items | one.items
        found[one.artefact.ref] = replace(one, items=items)
    return list(found.values())


def _codelists(structure: Structure, codes: Mapping[str, Sequence[str]]) -> list[Shown]:
    lists = {name: structure.codelists[name] for name in codes if name in structure.codelists}
    used: dict[str, set[str]] = {}
    for name, codelist in lists.items():
        used.setdefault(codelist.ref.urn, set()).update(_with_parents(codelist, codes[name]))
    each = {codelist.ref.urn: codelist for codelist in lists.values()}
    return [_of(each[urn], ids) for urn, ids in used.items()]


def _with_parents(codelist: Codelist, codes: Sequence[str]) -> set[str]:
    found: set[str] = set()
    edge = set(codes)
    while edge := edge - found:
        found |= edge
        edge = {item.parent for code in edge if (item := codelist.by_id.get(code)) and item.parent}
    return found


def _concepts(structure: Structure, codes: Mapping[str, Sequence[str]], catalogue: Catalogue) -> list[Shown]:
    used: dict[Ref, set[str]] = {}
    for part in structure.dsd.dimensions:
        if part.concept_scheme and (part.id in codes or part.is_time):
            used.setdefault(part.concept_scheme, set()).add(part.concept)
    found = ((held(catalogue, ref), ids) for ref, ids in used.items())
    return [_of(scheme, ids) for scheme, ids in found if isinstance(scheme, ItemScheme)]


def _providers(structure: Structure, catalogue: Catalogue) -> list[Shown]:
    """The scheme of who gave the data, with nobody else in it."""
    provider = only_provider(catalogue, structure.dataflow.ref)
    if provider is None or (scheme := held(catalogue, provider.of)) is None:
        return []
    return [_of(scheme, {provider.id})] if isinstance(scheme, ItemScheme) else []


def _of(scheme: ItemScheme, ids: set[str]) -> Shown:
    """What is used of a scheme; one of which everything is used is no partial one."""
    whole = ids >= {item.id for item in scheme.items}
    return Shown(scheme) if whole else Shown(scheme, items=frozenset(ids))
