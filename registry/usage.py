"""How many published figures use a part of a structure: what an adviser on changes needs from the roof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from registry.ports import Viewer
from registry.ref import Ref


@dataclass(frozen=True, slots=True)
class Use:
    """How many published series and observations use something."""

    series: int
    observations: int


class Usage(Protocol):
    """What of the published figures a change of the registry would reach."""

    def used(self, dataflow: Ref, component: str | None, viewer: Viewer) -> Mapping[str, Use]:
        """By code, for a dimension or an attribute of series, in the newest release that the viewer sees; without codes that
        nothing uses. ``component`` None: everything, under the empty text. Empty where nothing is published, and for components
        that are not counted. ``dataflow`` is an exact reference."""
        ...
