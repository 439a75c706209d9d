"""What every web answer of the roof shares: the language wanted, JSON, errors of the family."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from registry.errors import LANGUAGES, HubError, message

log = logging.getLogger("hub")


def language(request: Request) -> str:
    """Vietnamese or English: ``?lang=``, else the first of the two in Accept-Language, else Vietnamese."""
    asked = [request.query_params.get("lang", ""), *request.headers.get("accept-language", "").split(",")]
    tags = [each.split(";")[0].strip()[:2].lower() for each in asked]
    return next((tag for tag in tags if tag in LANGUAGES), LANGUAGES[0])


def json_response(content: Any, status: int = 200) -> Response:
    """JSON that nobody on the way may keep: these answers depend on who asks."""
    return Response(orjson.dumps(content, default=str), status, {"Cache-Control": "no-store"}, "application/json")


async def on_hub_error(request: Request, error: Exception) -> Response:
    """An error of the family as JSON, see :func:`told`."""
    assert isinstance(error, HubError)
    response = json_response(told(request, error.code, error.facts), error.status)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="hub"'
    return response


async def on_gone(_request: Request, _error: Exception) -> Response:
    """The client went away in the middle; nobody reads this, and it is no fault of ours."""
    return Response(status_code=400)


async def on_fault(request: Request, error: Exception) -> Response:
    """A fault of ours: the log gets the trace and a number, the client the number only."""
    number = secrets.token_hex(4)
    log.error("fault %s at %s %s", number, request.method, request.url.path, exc_info=error)
    return json_response(told(request, "FAULT", {"number": number}), 500)


def told(request: Request, code: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """An error in the language asked for, and under ``texts`` in both: who reads it may not be who asked."""
    texts = {lang: message(code, lang, **facts) for lang in LANGUAGES}
    return {"error": {"code": code, **texts[language(request)], "texts": texts}}
