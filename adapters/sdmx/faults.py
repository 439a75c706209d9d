"""Which HTTP status and SDMX error code an error has in either version of the standard.

Source: SDMX REST 1.5.0, "SDMX to HTTP Error Mapping"; SDMX REST 2.2, "Error handling and status information", where an empty
result is 204 and a semantic error 422.
"""

from __future__ import annotations

from collections.abc import Sequence

from registry.attribution import Outcome
from registry.errors import (
    Conflict,
    Denied,
    HubError,
    NotAcceptable,
    NotFound,
    TooLarge,
    Unauthenticated,
    Unavailable,
)
from registry.submission import Result

NO_RESULTS, UNAUTHORIZED, TOO_LARGE, SYNTAX, SEMANTIC = 100, 110, 130, 140, 150
INTERNAL, UNAVAILABLE, NOT_ACCEPTABLE = 500, 503, 1406

_SEMANTIC = frozenset(
    {
        "UNKNOWN_DIMENSION",
        "TOO_MANY_CODES",
        "PERIODS_REVERSED",
        "SDMX_SEVERAL_ARTEFACTS",
        "SDMX_UPDATED_AFTER_AS_OF",
        "SDMX_NO_SUCH_COMPONENT",
    }
)
"""Well written, but against the structure or against reason."""

_CODES: tuple[tuple[type[HubError], int], ...] = (
    (NotFound, NO_RESULTS),
    (Unauthenticated, UNAUTHORIZED),
    (Denied, SEMANTIC),
    (TooLarge, TOO_LARGE),
    (NotAcceptable, NOT_ACCEPTABLE),
    (Conflict, SEMANTIC),
    (Unavailable, UNAVAILABLE),
)


_CONFLICTS = frozenset({"REFERENCE_MISSING"})
"""Invalid in themselves, but at another time they might not be."""

WAITING = 202
"""Nothing is wrong with it, and it is done once a second person agrees."""

HELD = 424
"""Nothing is wrong with it, but it came with others that cannot be taken (RFC 4918)."""


def outcome_status(result: Result) -> int:
    """The HTTP status of one submitted artefact."""
    if result.error is None:
        return WAITING if result.waits else 201 if result.outcome == Outcome.ADDED else 200
    if result.unread:
        return result.error.status
    return error_status(result.error)


def error_status(error: HubError) -> int:
    """The HTTP status of something handed in that was not taken."""
    if error.code == "SUBMISSION_HELD":
        return HELD
    if error.code in _CONFLICTS:
        return 409
    return 422 if error.status == 400 else error.status


def submission_status(results: Sequence[Result], broken: bool) -> int:
    """The status of a whole submission. ``broken``: something of it could not be read.

    202 where it waits for a second person, 201 where something is new, 200 where nothing is, 207 where some was taken and some
    not; where nothing was taken the gravest reason, conflicts before what is wrong by itself.
    """
    codes = {outcome_status(one) for one in results}
    good = codes & {200, 201, WAITING}
    failed = codes - good - {HELD} | ({422} if broken else set())
    if not failed:
        return next((code for code in (WAITING, 201) if code in good), 200)
    if good:
        return 207
    return 409 if 409 in failed else min(failed)


def no_results() -> NotFound:
    """The question was understood and nothing fits."""
    return NotFound("SDMX_NO_RESULTS")


def verdict(error: HubError, major: int) -> tuple[int, int]:
    """HTTP status and SDMX code; ``major`` is the version of the REST standard, 1 or 2."""
    if error.code == "SDMX_NO_RESULTS":
        return (404 if major == 1 else 204), NO_RESULTS
    if error.code == "SDMX_METHOD":
        return 405, SYNTAX
    if error.code in _SEMANTIC:
        return (403 if major == 1 else 422), SEMANTIC
    if error.status == INTERNAL:
        return 500, INTERNAL
    return error.status, next((code for kind, code in _CODES if isinstance(error, kind)), SYNTAX)
