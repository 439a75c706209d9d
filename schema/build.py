"""The GraphQL schema, put together; ``python -m schema.build`` writes its text to ``schema/schema.graphql``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import strawberry
from strawberry.schema.config import StrawberryConfig

from schema import constraints, flows, hierarchies, processes, reports  # noqa: F401  each says which kinds it shows
from schema.columnar import ColumnarExecutor
from schema.direct import straighten
from schema.items import ITEM_TYPES
from schema.leaving_out import LeavingOut
from schema.metadata import BUILDERS
from schema.mutations import Mutation
from schema.queries import Query
from schema.scalars import NUMBER, Number

SDL = Path(__file__).parent / "schema.graphql"


class Executor(LeavingOut, ColumnarExecutor):
    """Lists as columns where they can be, and without what no longer reads."""


@cache
def build() -> strawberry.Schema:
    """The schema, one for all doors of a process; it does not depend on what the registry holds."""
    config = StrawberryConfig(scalar_map={Number: NUMBER})
    return straighten(
        strawberry.Schema(
            query=Query,
            mutation=Mutation,
            types=[*dict.fromkeys((*BUILDERS.values(), *ITEM_TYPES))],
            config=config,
            execution_context_class=Executor,
        )
    )


@cache
def sdl(schema: strawberry.Schema) -> str:
    """The schema as text, as committed and as served at ``/schema.graphql``."""
    return schema.as_str().rstrip() + "\n"


if __name__ == "__main__":
    SDL.write_text(sdl(build()), encoding="utf-8")
