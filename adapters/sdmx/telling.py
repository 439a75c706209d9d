"""In which message an error is told.

Source: SDMX REST 1.5.0, "Error handling and status information"; the ``Error`` of SDMX-ML 2.1, 3.0 and 3.1; the field guides of
SDMX-JSON, "errors".
"""

from __future__ import annotations

from dataclasses import dataclass

from adapters.sdmx.negotiation import JSON, JSON_VERSIONS, XML, ranges, same_version


@dataclass(frozen=True, slots=True)
class Telling:
    """How an error is told: in SDMX-ML or SDMX-JSON, in which version, in the message for what, and what that calls itself."""

    kind: str = XML
    version: str = "2.1"
    message: str = "structure"
    content_type: str = "application/xml"


def telling(format: str | None, version: str | None, accept: str) -> Telling:
    """An error in the message that was asked for in so many words; else in SDMX-ML 2.1, which all clients have met."""
    if format is not None:
        return _json_telling(format, version, "application/json") if "json" in format else _xml_telling(version)
    named = [one for one in ranges(accept) if one.quality > 0 and one.precision > 1]
    best = max(named, key=lambda one: one.rank, default=None)
    if best is None or not best.media.endswith((XML, JSON)):
        return Telling()
    version = best.parameters.get("version")
    if best.media.endswith(XML):
        return _xml_telling(version)
    content_type = f"{best.media};version={version}" if version in JSON_VERSIONS else best.media
    return _json_telling(best.media, version, content_type)


def _xml_telling(version: str | None) -> Telling:
    fitting = [one for one in ("3.1", "3.0") if version is not None and same_version(version, f"{one}.0")]
    return Telling(version=fitting[0]) if fitting else Telling()


def _json_telling(words: str, version: str | None, content_type: str) -> Telling:
    """``words`` name the message: ``jsondata``, or a media type."""
    message = next((one for one in ("metadata", "data") if one in words), "structure")
    fitting = [one for one in reversed(JSON_VERSIONS) if version is None or same_version(version, one)]
    return Telling(JSON, (fitting or JSON_VERSIONS[-1:])[0], message, content_type)
