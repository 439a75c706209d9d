"""Which HTTP status and SDMX error code an error has in either version of the standard.

Source: SDMX REST 1.5.0, "SDMX to HTTP Error Mapping"; SDMX REST 2.2, "Error handling and status information", where an empty
result is 204 and a semantic error 422.
"""

from __future__ import annotations

from registry.errors import (
    Conflict,
    Denied,
    HubError,
    NotAcceptable,
    NotFound,
    TooLarge,
    Unauthenticated,
    Unavailable,
    Unsupported,
)

NO_RESULTS, UNAUTHORIZED, TOO_LARGE, SYNTAX, SEMANTIC = 100, 110, 130, 140, 150
INTERNAL, NOT_IMPLEMENTED, UNAVAILABLE, NOT_ACCEPTABLE = 500, 501, 503, 1406

_SEMANTIC = frozenset(
    {
        "UNKNOWN_DIMENSION",
        "TOO_MANY_CODES",
        "PERIODS_REVERSED",
        "SDMX_SEVERAL_DATAFLOWS",
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
    (Unsupported, NOT_IMPLEMENTED),
    (Conflict, SEMANTIC),
    (Unavailable, UNAVAILABLE),
)


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
