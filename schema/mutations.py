"""What changes something. Every decision about who may is made behind the port."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from schema.context import Info
from schema.deliveries import Draft, draft
from schema.fields import described

DraftId = Annotated[str, strawberry.argument(name="draft", description="The id of the draft.")]
Embargo = Annotated[
    datetime | None, strawberry.argument(description="When it becomes public, with its zone; at once without it.")
]


@strawberry.type
class Mutation:
    @described("Approve a draft; a second person's work where four eyes are required.")
    def approve(self, info: Info, id: DraftId) -> Draft | None:
        return draft(info.context.ports.desk.approve(id, info.context.viewer))

    @described("Publish an approved draft, now or at the end of an embargo.")
    def release(self, info: Info, id: DraftId, embargo: Embargo = None) -> Draft | None:
        return draft(info.context.ports.desk.release(id, info.context.viewer, embargo))

    @described("Throw a draft away.")
    def discard(self, info: Info, id: DraftId) -> Draft | None:
        return draft(info.context.ports.desk.discard(id, info.context.viewer))
