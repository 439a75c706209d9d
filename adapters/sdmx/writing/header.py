"""The header that every SDMX-ML message begins with.

Source: SDMX 2.1 and 3.0 section 3A part I, "Header".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from adapters.sdmx.writing.xml import element, texts
from registry.ref import Kind, Ref
from registry.text import Names

if TYPE_CHECKING:
    from adapters.sdmx.writing.shown import Lost

_NOT_ID = re.compile(r"[^A-Za-z0-9_@$-]")


@dataclass(frozen=True)
class Header:
    """``sender`` is the id of the agency whose hub this is; ``prepared`` is aware.

    names      what is to be said of the message as a whole, in both languages
    embargo    until when its content is not public
    lacking    what belongs in the message and is not there, for its footer
    languages  those that the reader wants, best first
    """

    sender: str
    prepared: datetime
    names: Names = field(default_factory=dict)
    embargo: datetime | None = None
    lacking: tuple[Lost, ...] = ()
    languages: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """A new id for each message."""
        return f"MSG{uuid4().hex}"

    @property
    def sender_id(self) -> str:
        """The sender as an SDMX id."""
        return _NOT_ID.sub("_", self.sender)

    def xml(self, structure: str = "") -> str:
        """The header element; ``structure`` is the payload's structure, XML already."""
        parts = (
            element("mes:ID", content=self.id),
            element("mes:Test", content="false"),
            element("mes:Prepared", content=timestamp(self.prepared)),
            element("mes:Sender", {"id": self.sender_id}),
            texts("com:Name", self.names),
            structure,
            element("mes:EmbargoDate", content=timestamp(self.embargo)) if self.embargo else "",
        )
        return element("mes:Header", content="".join(parts))


def timestamp(moment: datetime) -> str:
    """An aware moment as ``2025-07-01T00:00:00Z``."""
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def reference(tag: str, ref: Ref, class_name: str | None = None, package: str | None = None) -> str:
    """An element that refers to a maintainable artefact."""
    values = {"id": ref.id, "version": ref.version, "agencyID": ref.agency, "class": class_name or ref.kind.value}
    return element(tag, content=element("Ref", values | ({"package": package} if package else {})))


def payload(of: Ref, name: str, at: str, namespace: str | None = None, version: str = "2.1") -> str:
    """The header's word on what the data is structured by, a dataflow or a provision agreement, and how it is packed."""
    values = {"structureID": name, "namespace": namespace, "dimensionAtObservation": at}
    agreed = of.kind is Kind.PROVISION_AGREEMENT
    if version == "2.1":
        # The schema of 2.1 spells the agreement so.
        tag, package = ("com:ProvisionAgrement", "registry") if agreed else ("com:StructureUsage", "datastructure")
        usage = reference(tag, of, of.kind.value, package)
    else:
        usage = element("com:ProvisionAgreement" if agreed else "com:StructureUsage", content=of.urn)
    return element("mes:Structure", values, usage)


def structure_id(dataflow: Ref) -> str:
    """An XML id for a dataflow among several."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", f"DF_{dataflow.agency}_{dataflow.id}_{dataflow.version}")
