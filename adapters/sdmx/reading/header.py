"""The header of an SDMX-ML data message: which structure its data sets name, and what is to be done."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from adapters.sdmx.elements import local
from registry.errors import Invalid
from registry.raw import Action, Described, StructureUse

TIME_PERIOD = "TIME_PERIOD"

_URN = re.compile(r"\.(DataStructure|Dataflow|ProvisionAgreement)=([^:()]+):([^:()]+)(?:\(([^()]+)\))?$")
_USES = {
    "Structure": Described.DATA_STRUCTURE,
    "StructureUsage": Described.DATAFLOW,
    "ProvisionAgrement": Described.PROVISION_AGREEMENT,  # spelt so in the schema of SDMX-ML 2.1
    "ProvisionAgreement": Described.PROVISION_AGREEMENT,
}
_ACTIONS = {
    "": Action.MERGE,
    "information": Action.MERGE,
    "append": Action.MERGE,
    "merge": Action.MERGE,
    "i": Action.MERGE,
    "a": Action.MERGE,
    "m": Action.MERGE,
    "replace": Action.REPLACE,
    "r": Action.REPLACE,
    "delete": Action.DELETE,
    "d": Action.DELETE,
}


@dataclass(frozen=True, slots=True)
class Arrangement:
    """One ``Structure`` of a header. ``explicit``: an observation names its measure by its type (SDMX 2.1)."""

    use: StructureUse | None = None
    at_observation: str = TIME_PERIOD
    explicit: bool = False


@dataclass
class Header:
    """What data sets need of the header."""

    arrangements: dict[str, Arrangement] = field(default_factory=dict)
    action: str = ""

    def arrangement(self, name: str | None) -> Arrangement:
        """The one a data set names, else the only one."""
        found = self.arrangements.get(name or "")
        if found is None and len(self.arrangements) == 1:
            found = next(iter(self.arrangements.values()))
        return found or Arrangement()


def read_action(text: str) -> Action:
    """The action a message names by word or letter; :class:`Invalid` ACTION_UNKNOWN else."""
    action = _ACTIONS.get(text.strip().casefold())
    if action is None:
        raise Invalid("ACTION_UNKNOWN", found=text[:40])
    return action


def read_header(element: etree._Element) -> Header:
    """Read a finished ``Header`` element of SDMX-ML 2.1 or 3.x."""
    header = Header()
    for child in element:
        if local(child) == "DataSetAction":
            header.action = child.text or ""
        elif local(child) == "Structure":
            header.arrangements[child.get("structureID") or ""] = _arrangement(child)
    return header


def _arrangement(element: etree._Element) -> Arrangement:
    uses = (read_use(local(child), child) for child in element if local(child) in _USES)
    return Arrangement(
        next(uses, None),
        element.get("dimensionAtObservation") or TIME_PERIOD,
        element.get("explicitMeasures") in ("true", "1"),
    )


def read_use(name: str, element: etree._Element) -> StructureUse | None:
    """A reference as a URN (SDMX 3.0, and ``URN`` in 2.1) or as a ``Ref`` (2.1)."""
    for part in element.iter():
        if local(part) == "Ref" and part.get("id"):
            return StructureUse(_USES[name], part.get("agencyID") or "", part.get("id") or "", part.get("version") or "latest")
        if found := use_of_urn((part.text or "").strip()):
            return found
    return None


def use_of_urn(urn: str) -> StructureUse | None:
    """What a URN of a data structure, dataflow or provision agreement names."""
    if not (match := _URN.search(urn)):
        return None
    what, agency, id_, version = match.groups()
    return StructureUse(Described(what), agency, id_, version or "latest")
