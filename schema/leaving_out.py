"""Lists of artefacts without those that no longer read: the rest is answered, and an error names what is missing.

By the letter of GraphQL one bad member of such a list takes the whole answer with it. Here it is left out, as the SDMX doors
leave it out of their listings; the error stands for the list, since the places in it have moved up. Asked for by itself it is
an error as ever. Source: GraphQL specification, "Handling Execution Errors"; the exception is ours.
"""

from __future__ import annotations

from typing import Any

from graphql import GraphQLError
from graphql.pyutils import Path

from registry.errors import Unavailable
from registry.held import UNREADABLE
from schema.calendar import PlannedRelease
from schema.deliveries import Draft
from schema.metadata import Artefact
from schema.paging import Edge
from schema.proposals import Proposal
from schema.registry import FoundItem
from schema.tables import CorrespondenceTable

_WHOLE = (Artefact, CorrespondenceTable, Draft, FoundItem, PlannedRelease, Proposal, Unavailable)
"""What may be missing from a list without making something else wrong, as a dimension missing from a structure would; or the
error of it that stands there already. Of a page also the edge to it."""


class LeavingOut:
    """Part of an executor; :mod:`schema.columnar` has the rest."""

    collected_errors: Any

    def complete_list_item_value(
        self,
        item: Any,
        complete_results: list[Any],
        item_type: Any,
        field_details_list: Any,
        info: Any,
        item_path: Path,
        position_context: Any,
    ) -> bool:
        try:
            # The other parent of the executor has it.
            found: bool = super().complete_list_item_value(  # type: ignore[misc]
                item, complete_results, item_type, field_details_list, info, item_path, position_context
            )
        except GraphQLError as error:
            why = error.original_error
            if (
                not isinstance(item.node if isinstance(item, Edge) else item, _WHOLE)
                or not isinstance(why, Unavailable)
                or why.code != UNREADABLE
            ):
                raise
            told = Unavailable("MEMBER_LEFT_OUT", **why.facts)
            self._forget(item_path.as_list())
            path = item_path.as_list()[:-1]
            self.collected_errors.add(GraphQLError(str(told), error.nodes, path=path, original_error=told), item_path)
            return False
        return found

    def _forget(self, path: list[str | int]) -> None:
        """What was wrong inside of a member that is left out is no longer in the answer."""
        errors = self.collected_errors.errors
        errors[:] = [error for error in errors if (error.path or [])[: len(path)] != path]
