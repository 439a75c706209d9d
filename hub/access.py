"""Who may do what: one function for every door, denying by default.

Published data is open. Everything else needs a token; this is where later rules (provinces, purposes) go. Who may see a release
under embargo beyond these roles stands in grants, release by release: hub/visibility.py.
"""

from __future__ import annotations

from enum import StrEnum

from registry.errors import Denied, Unauthenticated
from registry.ports import Role, Viewer


class Action(StrEnum):
    """Everything that is not open to everybody."""

    DELIVER = "deliver"
    SEE_OWN_DELIVERIES = "see-own-deliveries"
    SEE_ALL_DELIVERIES = "see-all-deliveries"
    COMPILE = "compile"
    IMPORT = "import"
    SEE_DRAFTS = "see-drafts"
    APPROVE = "approve"
    RELEASE = "release"
    PLAN_RELEASES = "plan-releases"
    PREVIEW_EMBARGOED = "preview-embargoed"
    GRANT_PREVIEWS = "grant-previews"
    THIN_VINTAGES = "thin-vintages"
    CHANGE_REGISTRY = "change-registry"
    SUBSCRIBE = "subscribe"
    MANAGE_TOKENS = "manage-tokens"


_MINISTRY = {Action.DELIVER, Action.SEE_OWN_DELIVERIES, Action.SUBSCRIBE}
_STATISTICIAN = _MINISTRY | {
    Action.SEE_ALL_DELIVERIES,
    Action.COMPILE,
    Action.IMPORT,
    Action.SEE_DRAFTS,
    Action.APPROVE,
    Action.PLAN_RELEASES,
    Action.CHANGE_REGISTRY,
}
_PUBLISHER = _STATISTICIAN | {Action.RELEASE, Action.PREVIEW_EMBARGOED, Action.GRANT_PREVIEWS}
ALLOWED: dict[Role, frozenset[Action]] = {
    Role.PUBLIC: frozenset(),
    Role.MINISTRY: frozenset(_MINISTRY),
    Role.STATISTICIAN: frozenset(_STATISTICIAN),
    Role.PUBLISHER: frozenset(_PUBLISHER),
    Role.ADMINISTRATOR: frozenset(Action),
}
"""The whole access matrix."""

LOCAL_ADMINISTRATOR = Viewer(Role.ADMINISTRATOR, "NSO", "local administrator")
"""The command line acts as this one: who can open the database file can do everything anyway."""


class Rules:
    """The one place that decides. A class, so that a later rule may look at the database."""

    def allows(self, viewer: Viewer, action: Action, organisation: str | None = None) -> bool:
        """Whether the viewer may do this; ``organisation`` names whose delivery or source it is about."""
        if action not in ALLOWED.get(viewer.role, frozenset()):
            return False
        own = organisation is None or organisation == viewer.organisation
        return own or Action.SEE_ALL_DELIVERIES in ALLOWED[viewer.role]

    def demand(self, viewer: Viewer, action: Action, organisation: str | None = None) -> None:
        """:class:`Unauthenticated` without a token, :class:`Denied` with the wrong one."""
        if self.allows(viewer, action, organisation):
            return
        if viewer.role == Role.PUBLIC:
            raise Unauthenticated("TOKEN_NEEDED", action=action.value)
        if organisation and action in ALLOWED[viewer.role]:
            raise Denied("OTHER_ORGANISATION", found=viewer.organisation, expected=organisation)
        raise Denied("NOT_ALLOWED", action=action.value, role=viewer.role.value)
