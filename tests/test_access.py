"""Who may do what: published data is open, everything else needs a token; one function decides, denying by default."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from sqlalchemy import select

from hub.access import ALLOWED, LOCAL_ADMINISTRATOR, Action, Rules
from hub.tables import audit, token
from hub.wiring import Hub
from registry.errors import Denied, Invalid, NotFound, Unauthenticated
from registry.ports import PUBLIC, Role, Viewer
from tests.conftest import Hands

MATRIX = """
                      public  ministry  statistician  publisher  administrator
deliver                 -        x           x            x            x
see-own-deliveries      -        x           x            x            x
see-all-deliveries      -        -           x            x            x
compile                 -        -           x            x            x
import                  -        -           x            x            x
see-drafts              -        -           x            x            x
approve                 -        -           x            x            x
release                 -        -           -            x            x
plan-releases           -        -           x            x            x
preview-embargoed       -        -           -            x            x
grant-previews          -        -           -            x            x
thin-vintages           -        -           -            -            x
change-registry         -        -           x            x            x
subscribe               -        x           x            x            x
manage-tokens           -        -           -            -            x
"""


def cells() -> list[tuple[Action, Role, bool]]:
    heading, *lines = MATRIX.strip("\n").splitlines()
    roles = [Role(name) for name in heading.split()]
    rows = [line.split() for line in lines]
    return [(Action(row[0]), role, mark == "x") for row in rows for role, mark in zip(roles, row[1:], strict=True)]


@pytest.mark.parametrize(("action", "role", "allowed"), cells())
def test_the_whole_matrix(action: Action, role: Role, allowed: bool) -> None:
    assert Rules().allows(Viewer(role, "GDT", "lan"), action) is allowed


def test_the_matrix_above_is_complete() -> None:
    assert {(action, role) for action, role, _ in cells()} == {(action, role) for action in Action for role in Role}
    assert set(ALLOWED) == set(Role)


def test_a_ministry_has_its_own_deliveries_only() -> None:
    tax = Viewer(Role.MINISTRY, "GDT", "lan")
    assert Rules().allows(tax, Action.SEE_OWN_DELIVERIES, "GDT")
    assert not Rules().allows(tax, Action.SEE_OWN_DELIVERIES, "GDC")
    with pytest.raises(Denied):
        Rules().demand(tax, Action.RELEASE)
    with pytest.raises(Unauthenticated):
        Rules().demand(PUBLIC, Action.DELIVER)


def test_a_token_says_who_one_is_and_is_kept_as_a_digest_only(empty_hub: Hub) -> None:
    id, text = empty_hub.tokens.create("ministry", "GDT", "Máy chủ thuế", None, LOCAL_ADMINISTRATOR)
    assert empty_hub.tokens.viewer(f"Bearer {text}") == Viewer(Role.MINISTRY, "GDT", "Máy chủ thuế")
    with empty_hub.engine.connect() as connection:
        row = connection.execute(select(token)).mappings().one()
        trail = connection.execute(select(audit)).mappings().all()
    assert text not in repr(dict(row)) and text not in repr([dict(entry) for entry in trail])
    assert [(each.id, each.role) for each in empty_hub.tokens.list(LOCAL_ADMINISTRATOR)] == [(id, "ministry")]


@pytest.mark.parametrize(
    "header", ["Bearer hub_1_wrong", "Bearer", "Basic abc", "Bearer eyJhbGciOiJub25lIn0.e30.", "hub_x", ""]
)
def test_a_wrong_token_is_an_error_never_the_public(empty_hub: Hub, header: str) -> None:
    with pytest.raises(Unauthenticated):
        empty_hub.tokens.viewer(header)


def test_no_header_is_the_public(empty_hub: Hub) -> None:
    assert empty_hub.tokens.viewer(None) == PUBLIC


def test_a_revoked_or_expired_token_no_longer_works(empty_hub: Hub, clock: Hands) -> None:
    gone, revoked = empty_hub.tokens.create("publisher", "NSO", "", None, LOCAL_ADMINISTRATOR)
    _, short = empty_hub.tokens.create("publisher", "NSO", "", 30, LOCAL_ADMINISTRATOR)
    empty_hub.tokens.revoke(gone, LOCAL_ADMINISTRATOR)
    with pytest.raises(Unauthenticated):
        empty_hub.tokens.viewer(f"Bearer {revoked}")
    with pytest.raises(NotFound):
        empty_hub.tokens.revoke(gone, LOCAL_ADMINISTRATOR)
    clock.time += timedelta(days=29)
    assert empty_hub.tokens.viewer(f"Bearer {short}").role == Role.PUBLISHER
    clock.time += timedelta(days=1)
    with pytest.raises(Unauthenticated):
        empty_hub.tokens.viewer(f"Bearer {short}")


def test_only_an_administrator_makes_tokens_and_only_of_known_roles(empty_hub: Hub) -> None:
    with pytest.raises(Denied):
        empty_hub.tokens.create("publisher", "NSO", "", None, Viewer(Role.PUBLISHER, "NSO", "lan"))
    for role in ("king", "public", ""):
        with pytest.raises(Invalid, match="Unknown role"):
            empty_hub.tokens.create(role, "NSO", "", None, LOCAL_ADMINISTRATOR)
    with pytest.raises(Invalid, match="organisation is needed"):
        empty_hub.tokens.create("publisher", " ", "", None, LOCAL_ADMINISTRATOR)


def test_a_token_may_come_as_the_password_of_basic_authentication(hub: Hub) -> None:
    _, text = hub.tokens.create("statistician", "NSO", "registry client", None, LOCAL_ADMINISTRATOR)
    told = base64.b64encode(f"anybody:{text}".encode()).decode()
    assert hub.tokens.viewer(f"Basic {told}").name == "registry client"
    for wrong in ("Basic", "Basic x", f"Basic {told[:-6]}", "Basic Og=="):
        with pytest.raises(Unauthenticated):
            hub.tokens.viewer(wrong)
