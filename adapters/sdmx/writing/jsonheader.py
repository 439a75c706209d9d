"""The header of every SDMX-JSON message, ``meta``, and the message that is nothing but errors.

Source: field guides of SDMX-JSON 1.0, 2.0 and 2.1, "meta" and "statusInformation".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from adapters.sdmx.writing.best_text import reader_first
from adapters.sdmx.writing.header import Header, timestamp
from registry.errors import LANGUAGES, HubError
from registry.text import Names, pick

Json = dict[str, Any]
NEWEST = "2.1.0"
_SCHEMAS = "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master"


def header_meta(header: Header, wanted: Sequence[str], spoken: Iterable[str]) -> Json:
    """``wanted``: languages, best first; ``spoken``: those in the message. The first of the message is its main language."""
    languages = reader_first(spoken, wanted)
    return {
        "id": header.id,
        "test": False,
        "prepared": timestamp(header.prepared),
        "contentLanguages": languages,
        "sender": {"id": header.sender_id},
    } | ({"name": pick(header.names, *languages[:1]), "names": dict(header.names)} if header.names else {})


def opening(version: str, kind: str, meta: Json) -> bytes:
    """A message of a kind up to its header. The schema is named at the root in 2.1, before that in the header."""
    name = f"sdmx-json-{kind}-schema.json"
    if version == NEWEST:
        return b'{"$schema":' + orjson.dumps(f"https://json.sdmx.org/2.1/{name}") + b',"meta":' + orjson.dumps(meta)
    folder = f"{_SCHEMAS}/{kind}-message/tools/schemas/{'1.0' if version == '1.0.0' else version}"
    return b'{"meta":' + orjson.dumps({"schema": f"{folder}/{name}", **meta})


def json_error_message(
    header: Header, code: int, error: HubError, languages: Sequence[str], version: str = NEWEST, kind: str = "structure"
) -> bytes:
    """The error in every language we speak, the reader's first, in a message for ``kind``; detail and help are one text."""
    meta = header_meta(header, languages, LANGUAGES)
    status = {"code": code, **_said("title", {lang: error.title(lang) for lang in LANGUAGES}, meta)}
    status |= _said("detail", {lang: f"{error.detail(lang)} {error.help(lang)}" for lang in LANGUAGES}, meta)
    return opening(version, kind, meta) + b',"errors":[' + orjson.dumps(status) + b"]}"


def _said(name: str, names: Names, meta: Json) -> Json:
    return {name: pick(names, meta["contentLanguages"][0]), f"{name}s": names}
