"""The address of the same question at another door, absolute by ``HUB_PUBLIC_URL``."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from registry.model import Structure
from registry.selection import MOST_CODES, Selection

ADDRESS_FORMATS = {"sdmx": "structurespecificdata", "csv": "csv"}
"""Format of a link -> the door's ``format`` parameter."""

LONGEST = 8000
"""Characters of an address that every client, proxy and server takes (RFC 9110, 4.1)."""


class Addresses:
    """Implements :class:`registry.ports.Links`."""

    def __init__(self, public_url: str) -> None:
        self._base = public_url

    def path(self, path: str) -> str:
        return self._base + path

    def comparison(self, kind: str, selection: Selection, structure: Structure, releases: Mapping[str, str]) -> str:
        """See :mod:`hub.comparison_files`."""
        flow = structure.dataflow.ref
        wanted = {
            **releases,
            **{f"c[{name}]": ",".join(selection.codes.get(name, ())) for name in structure.dsd.key},
            "startPeriod": str(selection.periods.start or ""),
            "endPeriod": str(selection.periods.end or ""),
            "asOf": selection.as_of.isoformat() if selection.as_of else "",
            "preview": "true" if selection.preview else "",
        }
        query = urlencode({name: text for name, text in wanted.items() if text}, safe="[],")
        return f"{self._base}/dataflows/{flow.agency}/{flow.id}/{flow.version}/{kind}.csv" + (f"?{query}" if query else "")

    def data(self, selection: Selection, structure: Structure, format: str) -> str | None:
        """SDMX REST 1.x, the form every client understands; the key names the codes of each dimension joined by ``+``."""
        if any(len(codes) > MOST_CODES for codes in selection.codes.values()):
            return None
        flow = structure.dataflow.ref
        key = ".".join("+".join(selection.codes.get(name, ())) for name in structure.dsd.key)
        wanted = {
            "startPeriod": str(selection.periods.start or ""),
            "endPeriod": str(selection.periods.end or ""),
            "firstNObservations": str(selection.first_n or ""),
            "lastNObservations": str(selection.last_n or ""),
            "updatedAfter": selection.updated_after.isoformat() if selection.updated_after else "",
            "asOf": selection.as_of.isoformat() if selection.as_of else "",
            "preview": "true" if selection.preview else "",
            "includeHistory": "true" if selection.history else "",
            "format": ADDRESS_FORMATS[format],
        }
        query = urlencode({name: text for name, text in wanted.items() if text})
        path = f"/sdmx/v1/data/{flow.agency},{flow.id},{flow.version}/{quote(key if key.strip('.') else 'all', safe='+._@$-')}"
        address = f"{self._base}{path}?{query}"
        return address if len(address) <= LONGEST else None
