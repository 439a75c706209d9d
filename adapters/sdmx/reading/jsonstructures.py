"""Structure messages in SDMX-JSON 1.0, 2.0 and 2.1, metadata messages in 2.0 and 2.1.

Every artefact by itself, so that a wrong one does not hide the others.

Source: sdmx-twg/sdmx-json, field guides and schemas of both messages. A message does not say its version: what only one
version has tells it, and where nothing does, the newest reads it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import orjson

from adapters.sdmx.jsonshape.references import FIRST, SECOND, THIRD
from adapters.sdmx.jsonshape.reports import METADATA_SETS, metadata_set
from adapters.sdmx.jsonshape.shapes import arrays, shape_of
from adapters.sdmx.jsonshape.texts import first_language
from adapters.sdmx.jsonshape.ways import Unlike
from adapters.sdmx.reading.message import Fault, StructureMessage
from registry.errors import HubError, Invalid, TooLarge
from registry.model import Artefact
from registry.ref import Kind, Ref

MOST = 200 * 1024 * 1024
"""Bytes of a message, which is read as a whole."""

_ANSWER = "availabilityConstraints"
"""What is there, in 2.1: said beside artefacts, and none itself, for it has neither id nor version."""

_FIRST_ONLY = frozenset({"hierarchicalCodelists", "structureSets", "attachmentConstraints", "contentConstraints"})


def json_structures(content: bytes) -> StructureMessage:
    """What the message says; :class:`Invalid` JSON_BROKEN where it is none, :class:`TooLarge` where it is too long."""
    message = parsed(content)
    data = message.get("data") or {}
    if not isinstance(data, dict):
        raise Invalid("JSON_BROKEN", place="data", reason="an object is expected")
    version = _version(message, data)
    meta = message.get("meta")
    read = tuple(_read(data, version, first_language(meta)))
    return StructureMessage(
        tuple(one for one in read if not isinstance(one, Fault)),
        tuple(one for one in read if isinstance(one, Fault)),
        version,
        **header_facts(meta if isinstance(meta, dict) else {}),
    )


def parsed(content: bytes) -> dict[str, Any]:
    """The JSON of a message."""
    if len(content) > MOST:
        raise TooLarge("MESSAGE_TOO_LARGE", found=len(content), most=MOST)
    try:
        message = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise Invalid("JSON_BROKEN", place=f"line {error.lineno}", reason=error.msg) from error
    if not isinstance(message, dict):
        raise Invalid("JSON_BROKEN", place="the beginning", reason="an object is expected")
    _each_name_once(content)
    return message


def _each_name_once(content: bytes) -> None:
    """:class:`Invalid` JSON_BROKEN where an object has a name twice: parsers would silently keep the last of what it says."""
    try:
        json.loads(content, object_pairs_hook=_once, parse_float=str, parse_int=str)
    except RecursionError as error:
        raise Invalid("JSON_BROKEN", place="-", reason="nested too deep") from error


def _once(pairs: list[tuple[str, Any]]) -> None:
    """Nothing is kept of an object that was looked at."""
    if len(dict(pairs)) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for place, name in enumerate(names) if name in names[:place])
        raise Invalid("JSON_BROKEN", place=twice[:60], reason="a name stands twice in one object")


def header_facts(meta: Mapping[str, Any]) -> dict[str, Any]:
    """What of the header is kept."""
    sender = meta.get("sender")
    return {
        "id": str(meta.get("id") or ""),
        "sender": str(sender.get("id") or "") if isinstance(sender, dict) else "",
        "prepared": _time(meta.get("prepared")),
        "test": meta.get("test") is True,
    }


def _time(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None


def _version(message: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    meta = message.get("meta")
    named = str(message.get("$schema") or (meta.get("schema") if isinstance(meta, dict) else None) or "")
    found = next((version for version in (FIRST, SECOND, THIRD) if f"/{version.removesuffix('.0')}" in named), None)
    return found or (FIRST if _FIRST_ONLY & data.keys() or _says_first(data) else THIRD)


def _says_first(data: Mapping[str, Any]) -> bool:
    """Whether an artefact, or the first attribute of a structure, has a word that only 1.0 has."""
    every = [one for found in data.values() if isinstance(found, list) for one in found if isinstance(one, dict)]
    return any("isFinal" in one for one in every) or any(b'"assignmentStatus"' in orjson.dumps(one) for one in _inside(every))


def _inside(artefacts: list[dict[str, Any]]) -> list[Any]:
    return [one["dataStructureComponents"] for one in artefacts if "dataStructureComponents" in one]


def _read(data: Mapping[str, Any], version: str, lang: str) -> Iterator[Artefact | Fault]:
    known = _lists(FIRST if version == FIRST else THIRD)  # 2.1 reads what 2.0 says too
    for name, record_of in known.items():
        found = data.get(name)
        if found is not None and not isinstance(found, list):
            yield Fault(f"data.{name}", _wrong("", "a list is expected"))
            continue
        for index, one in enumerate(found or ()):
            try:
                yield record_of(one).read(one, lang)
            except UNREAD as error:
                yield replace(fault_of(f"data.{name}[{index}]", error), ref=_ref(record_of(one), one))
    for name in data.keys() - known.keys() - {_ANSWER}:
        if not name.startswith("x-"):
            yield Fault(f"data.{name}", _wrong("", "artefacts of another kind are expected"))


def _ref(record: Any, said: Any) -> Ref | None:
    """Who an artefact that could not be read says it is."""
    facts = said if isinstance(said, dict) else {}
    agency, id_, version = facts.get("agencyID"), facts.get("id"), facts.get("version") or "1.0"
    if not (isinstance(agency, str) and isinstance(id_, str) and agency and id_):
        return None
    return Ref(getattr(record, "kind", Kind.METADATA_SET), agency, id_, str(version))


def _lists(version: str) -> dict[str, Callable[[Any], Any]]:
    """What may stand in the data of a message, and how each of it is read."""
    reports = {METADATA_SETS: lambda _one: metadata_set(THIRD)} if version != FIRST else {}
    return {name: partial(shape_of, among) for name, among in arrays(version).items()} | reports


UNREAD = (Unlike, HubError, RecursionError)
"""What reading an artefact may raise."""


def fault_of(place: str, error: Exception) -> Fault:
    """What could not be read at a place of a message, and why."""
    if isinstance(error, Unlike):
        return Fault(place, _wrong(error.place, f"{error.expected} is expected"))
    return Fault(place, error if isinstance(error, HubError) else _wrong("", "nested too deep"))


def _wrong(place: str, reason: str) -> Invalid:
    return Invalid("JSON_BROKEN", place=place or "the artefact", reason=reason)
