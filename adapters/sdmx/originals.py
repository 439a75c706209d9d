"""An artefact in the very message that it came in, byte for byte.

That is what ``detail=raw`` of one artefact gives whoever takes any format, and ``format=original`` whoever wants nothing else.
"""

from __future__ import annotations

from adapters.sdmx.artefacts import Wanted
from adapters.sdmx.call import Call
from adapters.sdmx.reply import Reply
from adapters.sdmx.resolving import find
from registry.errors import Invalid, NotFound
from registry.ports import Catalogue

ORIGINAL = "original"


def original(call: Call, wanted: Wanted, catalogue: Catalogue) -> Reply | None:
    """The message; None where another answer is wanted, or where any will do and there is none."""
    insisted = call.wished[0] == ORIGINAL
    if not insisted and not _will_do(call, wanted):
        return None
    call.parameters.finish()
    found = find(catalogue, wanted)
    message = catalogue.original(found[0]) if len(found) == 1 else None
    if message is None:
        if not insisted:
            return None
        raise _missing(len(found), str(found[0]))
    # Bytes that never change have a tag of their own.
    headers = {"Content-Type": message.media_type, "ETag": f'"{message.digest[:32]}"', "Cache-Control": "public, no-cache"}
    same = headers["ETag"] in call.request.headers.get("if-none-match", "")
    return Reply(304, headers) if same else Reply(200, headers, message.content)


def _will_do(call: Call, wanted: Wanted) -> bool:
    anything = call.wished[0] is None and call.request.headers.get("accept", "*/*") in ("", "*/*")
    alone = wanted.spreads <= {"none"} and not wanted.related and wanted.items is None
    return wanted.detail == "raw" and anything and alone


def _missing(count: int, ref: str) -> Invalid | NotFound:
    if count > 1:
        return Invalid("SDMX_SEVERAL_ARTEFACTS", found=count, near=ref)
    return NotFound("SDMX_NO_ORIGINAL", ref=ref)
