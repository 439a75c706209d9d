"""SDMX-JSON data messages 1.0 and 2.x as a raw stream. Numbers stay the text they are in the file.

Source: sdmx-twg/sdmx-json, field guide of the data message. Read as a whole, so the size is bounded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adapters.sdmx.reading.header import read_action, use_of_urn
from adapters.sdmx.reading.xmldata import PIECE
from registry.errors import Invalid
from registry.raw import OBS_VALUE, Action, Described, Parts, Raw, RawDataSet, RawGroup, RawSeries, RawValue, StructureUse

_HREF = re.compile(r"/(dataflow|datastructure|provisionagreement)/([^/?#]+)/([^/?#]+)(?:/([^/?#]+))?")
_USES = {
    "dataflow": Described.DATAFLOW,
    "provisionagreement": Described.PROVISION_AGREEMENT,
    "datastructure": Described.DATA_STRUCTURE,
}
_NOT_MEANT = ("", "~")
"""Indexes of a dimension that a deletion leaves open, or that an attribute does not depend on."""

_UNEXPECTED = (KeyError, IndexError, TypeError, ValueError, AttributeError)


def read_json(content: bytes) -> Iterator[Raw]:
    """The raw stream; :class:`Invalid` JSON_BROKEN for what is not such a message."""
    try:
        tree = json.loads(
            content.decode("utf-8-sig"), parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_once
        )
    except (ValueError, RecursionError) as error:
        raise Invalid("JSON_BROKEN", place="-", reason=f"{type(error).__name__}: {error}"[:200]) from None
    message = _Message()
    try:
        yield from message.read(tree)
    except _UNEXPECTED as error:
        place = f"Obs[{message.number}]"
        raise Invalid("JSON_BROKEN", place=place, reason=f"{type(error).__name__}: {error}"[:200]) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names are all different: of repeated ones JSON parsers would silently keep the last."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


class _Message:
    def __init__(self) -> None:
        self.number = 0

    def read(self, tree: Any) -> Iterator[Raw]:
        body = tree.get("data", tree)
        structures = body["structures"] if "structures" in body else [body.get("structure") or tree["structure"]]
        for dataset in body["dataSets"]:
            yield from self._dataset(dataset, _Layout(structures[int(dataset.get("structure", 0))]))

    def _dataset(self, dataset: Any, layout: _Layout) -> Iterator[Raw]:
        action = read_action(dataset["action"]) if "action" in dataset else Action.MERGE
        use = _use(dataset.get("links", ())) or layout.use
        yield RawDataSet(use, action, layout.attributes("dataSet", dataset.get("attributes") or ()))
        for key, values in dataset.get("dimensionGroupAttributes", {}).items():
            yield RawGroup(layout.partial_key(key) | layout.attributes("dimensionGroup", values))
        for key, series in dataset.get("series", {}).items():
            parts = layout.key("series", key) | layout.attributes("series", series.get("attributes") or ())
            yield from self._observations(layout, parts, series.get("observations", {}))
        if "observations" in dataset:
            yield from self._observations(layout, layout.key("series", ""), dataset["observations"])

    def _observations(self, layout: _Layout, parts: Parts, found: Mapping[str, Any]) -> Iterator[RawSeries]:
        piece = RawSeries(parts, [])
        for key, values in found.items():
            self.number += 1
            piece.observations.append((self.number, layout.observation(key, values or ())))
            if len(piece.observations) >= PIECE:
                yield piece
                piece = RawSeries(parts, [])
        if piece.observations or not found:
            yield piece


class _Layout:
    """One ``structure`` of a message: which component stands where, and what its indexes mean."""

    def __init__(self, structure: Any) -> None:
        dimensions = structure["dimensions"]
        self._dimensions = {level: dimensions.get(level) or [] for level in ("dataSet", "series", "observation")}
        attributes = structure.get("attributes") or {}
        self._attributes = {
            level: attributes.get(level) or [] for level in ("dataSet", "dimensionGroup", "series", "observation")
        }
        self._measures = (structure.get("measures") or {}).get("observation") or [{"id": OBS_VALUE}]
        self._fixed = {part["id"]: _meant(part, "0") for part in self._dimensions["dataSet"] if part.get("values")}
        self.use = _use(structure.get("links", ()))

    def key(self, level: str, indexes: str) -> dict[str, RawValue]:
        found = indexes.split(":") if indexes else []
        named = zip(self._dimensions[level], found, strict=bool(found))
        parts = {part["id"]: _meant(part, index) for part, index in named if index not in _NOT_MEANT}
        return parts if level == "observation" else self._fixed | parts

    def partial_key(self, indexes: str) -> dict[str, RawValue]:
        """The key of a dimension group: an index for every dimension in the order of the message, empty where not meant."""
        parts = [part for level in self._dimensions.values() for part in level]
        named = zip(parts, indexes.split(":"), strict=False)
        return {part["id"]: _meant(part, index) for part, index in named if index not in _NOT_MEANT}

    def attributes(self, level: str, values: Sequence[Any]) -> dict[str, RawValue]:
        parts: dict[str, RawValue] = {}
        for position, part in enumerate(self._attributes[level]):
            value = values[position] if position < len(values) else part.get("default")
            if value is not None:
                parts[part["id"]] = _meant(part, value) if position < len(values) else str(value)
        return parts

    def observation(self, key: str, values: Sequence[Any]) -> dict[str, RawValue]:
        parts = self.key("observation", key)
        for measure, value in zip(self._measures, values, strict=False):
            if value is not None:
                parts[measure["id"]] = _meant(measure, value)
        return parts | self.attributes("observation", values[len(self._measures) :])


def _meant(part: Any, value: Any) -> RawValue:
    """The text an index or a direct value stands for."""
    if isinstance(value, list):
        found = tuple(text for one in value for text in (_meant(part, one),) if isinstance(text, str))
        return found[0] if len(found) == 1 else found
    if isinstance(value, dict):
        return tuple(str(text) for text in value.values())
    if not part.get("values"):
        return str(value)
    index = int(value)
    if index < 0:
        raise IndexError(index)
    entry = part["values"][index]
    if "values" in entry:
        return tuple(map(str, entry["values"]))
    return str(entry["id"] if "id" in entry else entry["value"] if "value" in entry else entry["name"])


def _use(links: Sequence[Any]) -> StructureUse | None:
    found: dict[Described, StructureUse] = {}
    for link in links:
        use = use_of_urn(link.get("urn") or "") or _use_of_address(link.get("href") or "")
        if use:
            found.setdefault(use.what, use)
    return next((found[what] for what in _USES.values() if what in found), None)


def _use_of_address(href: str) -> StructureUse | None:
    if not (match := _HREF.search(href)):
        return None
    what, agency, id_, version = match.groups()
    return StructureUse(_USES[what], agency, id_, version or "latest")
