"""How errors look in an answer: a message, and ``extensions`` with code, title, detail, help and suggestions."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from graphql import GraphQLError

from registry.errors import NOTHING, HubError, Unfit

log = logging.getLogger("hub.graphql")

PHASES = {"parse": "QUERY_SYNTAX", "validate": "QUERY_INVALID", "variables": "VARIABLES_INVALID", "field": "FIELD_ERROR"}
"""Errors of the language itself, by the phase they were found in."""


class InternalError(HubError):
    """Something unforeseen; ``id`` is the number under which the log has it."""


def described(error: HubError, lang: str) -> dict[str, Any]:
    """An error of the hub as an entry of ``errors``."""
    parts = {part: getattr(error, part)(lang) for part in ("title", "detail", "help")}
    return {
        "message": f"{parts['title']}: {parts['detail']} {parts['help']}",
        "extensions": {"code": error.code, **parts, "suggestions": suggestions(error), **_faults(error, lang)},
    }


def _faults(error: HubError, lang: str) -> dict[str, Any]:
    """Everything that is wrong with what was given, by place."""
    if not isinstance(error, Unfit):
        return {}
    return {"faults": [{"place": place, "code": one.code, "detail": one.detail(lang)} for place, one in error.parts]}


def suggestions(error: HubError) -> list[str]:
    """The words that would have been valid and are nearest to the one found, best first; none where nothing is near."""
    near = str(error.facts.get("near", ""))
    return [] if near in NOTHING else [word for word in near.split(", ") if word]


def in_document(error: GraphQLError | HubError, phase: str, lang: str) -> dict[str, Any]:
    """An error found before anything was run."""
    if isinstance(error, HubError):
        return described(error, lang)
    named = described(HubError(PHASES[phase], reason=error.message), lang)
    return {**dict(error.formatted), **named, "message": error.message}


def in_field(error: GraphQLError, lang: str) -> dict[str, Any]:
    """An error found while running: what the hub says of it, or a number to ask about when it is unforeseen."""
    cause = error.original_error
    if cause is None or isinstance(cause, GraphQLError):
        return in_document(error, "field", lang)
    known = cause if isinstance(cause, HubError) else unforeseen(cause)
    return {**dict(error.formatted), **described(known, lang)}


def unforeseen(cause: BaseException) -> InternalError:
    """Log an exception nobody planned for and give the error that may be shown instead."""
    number = secrets.token_hex(6)
    log.error("unforeseen error %s", number, exc_info=cause)
    return InternalError("INTERNAL_ERROR", id=number)
