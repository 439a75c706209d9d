"""Processes as GraphQL shows them: steps, what goes in and out, and which step follows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import strawberry

from registry import model
from registry.ports import Catalogue
from registry.ref import Kind
from registry.text import Names
from schema.context import Info
from schema.fields import described
from schema.metadata import Artefact, Lang, LocalText, Reference, reference, shows, texts


@strawberry.type(description="Which step follows under which condition.")
class Transition:
    said: strawberry.Private[Names]
    target: str = strawberry.field(description="The path of the step.")

    @strawberry.field
    def condition(self, info: Info, lang: Lang = None) -> str | None:
        return info.context.text(self.said, lang) or None


@strawberry.type(description="A step of a process; `path` is made of the ids from the top.")
class ProcessStep:
    catalogue: strawberry.Private[Catalogue]
    held: strawberry.Private[model.ProcessStep]
    id: str
    path: str

    @strawberry.field
    def name(self, info: Info, lang: Lang = None) -> str:
        return info.context.text(self.held.names, lang)

    @strawberry.field
    def names(self) -> list[LocalText]:
        return texts(self.held.names)

    @strawberry.field
    def description(self, info: Info, lang: Lang = None) -> str | None:
        return info.context.text(self.held.descriptions, lang) or None

    @strawberry.field
    def inputs(self) -> list[Reference]:
        return [reference(self.catalogue, one.object) for one in self.held.inputs]

    @strawberry.field
    def outputs(self) -> list[Reference]:
        return [reference(self.catalogue, one.object) for one in self.held.outputs]

    @described("What it does.")
    def computation(self, info: Info, lang: Lang = None) -> str | None:
        held = self.held.computation
        return info.context.text(held.descriptions, lang) or None if held else None

    @strawberry.field
    def transitions(self) -> list[Transition]:
        return [Transition(said=one.conditions, target=one.target_step) for one in self.held.transitions]


def _steps(catalogue: Catalogue, held: Sequence[model.ProcessStep], above: str = "") -> Iterator[ProcessStep]:
    for one in held:
        path = f"{above}.{one.id}" if above else one.id
        yield ProcessStep(catalogue=catalogue, held=one, id=one.id, path=path)
        yield from _steps(catalogue, one.steps, path)


@shows(Kind.PROCESS)
@strawberry.type(description="How statistics are made.")
class Process(Artefact):
    @described("Its steps, each before those it consists of.")
    def steps(self) -> list[ProcessStep]:
        return list(_steps(self.catalogue, self.content(model.Process).steps))
