"""Metadata messages in SDMX-JSON 2.0 and 2.1, every report by itself.

Source: sdmx-twg/sdmx-json, field guides and schemas of the metadata message.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from adapters.sdmx.jsonshape.references import THIRD
from adapters.sdmx.jsonshape.reports import metadata_set
from adapters.sdmx.jsonshape.texts import first_language
from adapters.sdmx.reading.jsonstructures import UNREAD, fault_of, parsed
from adapters.sdmx.reading.message import Fault
from registry.errors import Invalid
from registry.model import MetadataSet


def json_metadata_sets(content: bytes) -> tuple[tuple[MetadataSet, ...], tuple[Fault, ...]]:
    """The reports, and what could not be read; :class:`Invalid` JSON_BROKEN where it is no such message."""
    message = parsed(content)
    data = message.get("data") or {}
    found = data.get("metadataSets") or [] if isinstance(data, dict) else None
    if not isinstance(found, list):
        raise Invalid("JSON_BROKEN", place="data.metadataSets", reason="a list is expected")
    read = tuple(_read(found, first_language(message.get("meta"))))
    return tuple(one for one in read if isinstance(one, MetadataSet)), tuple(one for one in read if isinstance(one, Fault))


def _read(found: list[Mapping[str, Any]], lang: str) -> Iterator[MetadataSet | Fault]:
    for index, one in enumerate(found):
        try:
            yield metadata_set(THIRD).read(one, lang)
        except UNREAD as error:
            yield fault_of(f"data.metadataSets[{index}]", error)
