"""Constraints as GraphQL shows them: what of a structure's possible data, or reports, is allowed or there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import strawberry

from registry import model
from registry.ref import Kind
from schema.fields import described
from schema.metadata import After, Artefact, First, Reference, reference, shows
from schema.paging import DEFAULT_PAGE, Connection, pages_by_place


@strawberry.type(description="Values of one component, or all others where `include` is false. Neither values nor times: any.")
class MemberSelection:
    id: str
    include: bool
    values: list[str] = strawberry.field(description="% stands for any characters.")
    cascades: list[str] = strawberry.field(description="For each value whether codes below it are meant too.")
    start: str | None = strawberry.field(description="The first period of a time range.")
    end: str | None = strawberry.field(description="Its last period.")


@strawberry.type(description="A cube, or a key: what all its members say together.")
class Region:
    include: bool
    key_values: list[MemberSelection] = strawberry.field(description="Of dimensions.")
    components: list[MemberSelection] = strawberry.field(description="Of attributes and measures.")


def _member(held: model.MemberSelection) -> MemberSelection:
    times = held.time_range
    return MemberSelection(
        id=held.id,
        include=held.include,
        values=[value.value for value in held.values],
        cascades=[value.cascade.value for value in held.values],
        start=times.start.period if times and times.start else None,
        end=times.end.period if times and times.end else None,
    )


def _region(held: model.Region) -> Region:
    return Region(
        include=held.include,
        key_values=[_member(one) for one in held.key_values],
        components=[_member(one) for one in held.components],
    )


@strawberry.type(description="Full or partial keys that are in, or out.")
class KeySet:
    held: strawberry.Private[model.KeySet]
    is_included: bool

    @strawberry.field
    def keys(self, first: First = DEFAULT_PAGE, after: After = None) -> Connection[Region]:
        return pages_by_place(self.held.keys, first, after, _region)


def _key_sets(held: Sequence[model.KeySet]) -> list[KeySet]:
    return [KeySet(held=one, is_included=one.is_included) for one in held]


@shows(Kind.DATA_CONSTRAINT, Kind.METADATA_CONSTRAINT, Kind.ATTACHMENT_CONSTRAINT)
@strawberry.type(description="What of possible data or reports is allowed, or there. What else it says: `document`.")
class Constraint(Artefact):
    @described("Allowed or Actual; null for an attachment constraint.")
    def role(self) -> str | None:
        role = getattr(self._held, "role", None)
        return role.value if role else None

    @described("What it is about: structures, flows, provision agreements, a provider.")
    def constrains(self) -> list[Reference]:
        about = self._held.attachment
        if about is None:
            return []
        provider = about.data_provider or about.metadata_provider
        named = [*about.structures, *about.provisions, *([provider] if provider else [])]
        return [reference(self.catalogue, one) for one in named]

    @described("Cubes that are allowed or there, or are not.")
    def regions(self) -> list[Region]:
        return [_region(one) for one in getattr(self._held, "regions", ())]

    @strawberry.field
    def key_sets(self) -> list[KeySet]:
        held = self._held
        if isinstance(held, model.AttachmentConstraint):
            return _key_sets((*held.data_key_sets, *held.metadata_key_sets))
        return _key_sets(held.key_sets)

    @property
    def _held(self) -> Any:
        return self.content(model.Maintainable)
