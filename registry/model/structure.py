"""A dataflow with everything needed to read its data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from registry.model.codelists import Codelist
from registry.model.data import Dataflow, DataStructure
from registry.model.items import Item
from registry.text import Names


@dataclass(frozen=True)
class Structure:
    """A dataflow with its DSD, the codelist of each component, concept names."""

    dataflow: Dataflow
    dsd: DataStructure
    codelists: Mapping[str, Codelist]
    concepts: Mapping[str, Item]

    def names(self, component: str) -> Names:
        """The names of a component's concept; its id where the concept is not known."""
        concept = self.concepts.get(component)
        return concept.names if concept else {"en": component}

    def code_names(self, component: str, code: str) -> Names:
        """The names of a code of a component; the code itself where it has none."""
        codelist = self.codelists.get(component)
        item = codelist.by_id.get(code) if codelist else None
        return item.names if item else {"en": code}

    @cached_property
    def frequency_index(self) -> int | None:
        """Where FREQ stands in the series key."""
        return self.dsd.key.index("FREQ") if "FREQ" in self.dsd.key else None
