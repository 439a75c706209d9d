"""References to artefacts: ``AGENCY:ID(1.0)`` and the canonical URN.

Source: SDMX 2.1 section 5, "Universal Resource Name", and SDMX 3.0 section 6.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from registry.errors import Invalid


class Kind(StrEnum):
    """The artefact types the hub keeps; the value is the SDMX class name."""

    AGENCY_SCHEME = "AgencyScheme"
    CODELIST = "Codelist"
    CONCEPT_SCHEME = "ConceptScheme"
    DATA_STRUCTURE = "DataStructure"
    DATAFLOW = "Dataflow"
    CORRESPONDENCE = "RepresentationMap"


PACKAGES = {
    Kind.AGENCY_SCHEME: "base",
    Kind.CODELIST: "codelist",
    Kind.CONCEPT_SCHEME: "conceptscheme",
    Kind.DATA_STRUCTURE: "datastructure",
    Kind.DATAFLOW: "datastructure",
    Kind.CORRESPONDENCE: "structuremapping",
}
ITEM_CLASSES = {Kind.AGENCY_SCHEME: "Agency", Kind.CODELIST: "Code", Kind.CONCEPT_SCHEME: "Concept"}

_ID = r"[A-Za-z0-9_@$-]+"
_AGENCY = rf"{_ID}(?:\.{_ID})*"
_SHORT = re.compile(rf"({_AGENCY}):({_ID})(?:\(([^()\s]+)\))?")
_URN = re.compile(rf"urn:sdmx:org\.sdmx\.infomodel\.\w+\.(\w+)=({_AGENCY}):({_ID})\(([^()\s]+)\)")


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """Names one version of one maintainable artefact."""

    kind: Kind
    agency: str
    id: str
    version: str = "1.0"

    @classmethod
    def parse(cls, text: str, kind: Kind, default_version: str = "latest") -> Ref:
        """Read ``AGENCY:ID(1.0)``, ``AGENCY:ID`` or a URN of that kind; else :class:`Invalid` BAD_REFERENCE."""
        if match := _SHORT.fullmatch(text):
            agency, id_, version = match.groups()
            return cls(kind, agency, id_, version or default_version)
        match = _URN.fullmatch(text)
        if match is None or match.group(1) != kind.value:
            raise Invalid("BAD_REFERENCE", found=text[:120], kind=kind.value)
        return cls(kind, *match.groups()[1:])

    @property
    def urn(self) -> str:
        return f"urn:sdmx:org.sdmx.infomodel.{PACKAGES[self.kind]}.{self.kind.value}={self}"

    def item_urn(self, item: str) -> str:
        """The URN of an item (code, concept, agency) of this scheme."""
        return f"urn:sdmx:org.sdmx.infomodel.{PACKAGES[self.kind]}.{ITEM_CLASSES[self.kind]}={self}.{item}"

    def __str__(self) -> str:
        return f"{self.agency}:{self.id}({self.version})"
