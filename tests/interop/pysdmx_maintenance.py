"""pysdmx's maintenance client against a running hub: structures handed in, refused and read back.

In an environment of its own with pysdmx (``pip install "pysdmx[json]"``), beside a hub that runs::

    hub token create --role statistician --org NSO
    python tests/interop/pysdmx_maintenance.py http://127.0.0.1:8000 TOKEN
"""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable

import httpx
from pysdmx.api.fmr import RegistryClient
from pysdmx.api.fmr.maintenance import RegistryMaintenanceClient, StructureAction
from pysdmx.errors import Invalid, Unauthorized
from pysdmx.model import Agency, Code, Codelist, Concept, ConceptScheme, MetadataAttribute, MetadataReport

AGENCY = Agency("NSO")


def main(base: str, token: str) -> None:
    name = f"CL_{uuid.uuid4().hex[:8].upper()}"
    client = RegistryMaintenanceClient(base, access_token=token)
    client.put_structures([codes(name, "A", "B"), concepts(name)], action=StructureAction.Append)
    assert stored(base, name) == ["A", "B"]
    client.put_structures([codes(name, "C")], action=StructureAction.Merge)
    assert stored(base, name) == ["A", "B", "C"]
    client.put_structures([codes(name, "D")])
    assert stored(base, name) == ["D"]
    must_fail(lambda: client.put_structures([codes(name, "E")], action=StructureAction.Append), Exception)
    stranger = RegistryMaintenanceClient(f"{base}/sdmx/v2", access_token="nobody")
    must_fail(lambda: stranger.put_structures([codes(name, "E")]), (Unauthorized, Invalid))
    with_password = RegistryMaintenanceClient(base, user="anybody", password=token)
    with_password.put_structures([codes(name, "F")])
    assert stored(base, name) == ["F"]
    reports(client, base, name)
    print("pysdmx's maintenance client works")


def reports(client: RegistryMaintenanceClient, base: str, name: str) -> None:
    """A quality report of the shipped structure, handed in and read back; one that lacks a field is refused."""
    said = [
        field("CONTACT", field("CONTACT_ORGANISATION", value="NSO")),
        field("STAT_PRES", field("DATA_DESCR", value="Trade")),
    ]
    client.put_metadata_reports([report(name, *said)])
    found = RegistryClient(f"{base}/sdmx/v2").get_report("NSO", name, "1.0.0")
    assert [one.id for one in found.attributes] == ["CONTACT", "STAT_PRES"]
    must_fail(lambda: client.put_metadata_reports([report(f"{name}_2", said[0])]), Invalid)


def field(id: str, *below: MetadataAttribute, value: str | None = None) -> MetadataAttribute:
    return MetadataAttribute(id, value=value, attributes=below)


def report(name: str, *said: MetadataAttribute) -> MetadataReport:
    urn = "urn:sdmx:org.sdmx.infomodel."
    flow, target = (
        f"{urn}metadatastructure.Metadataflow=NSO:QUALITY_REPORTS(1.0)",
        f"{urn}datastructure.Dataflow=NSO:TRADE(1.0)",
    )
    return MetadataReport(
        id=name, name=name, agency="NSO", version="1.0.0", metadataflow=flow, targets=[target], attributes=said
    )


def codes(name: str, *ids: str) -> Codelist:
    return Codelist(name, name=name, agency=AGENCY, version="1.0", items=[Code(id, name=id) for id in ids])


def concepts(name: str) -> ConceptScheme:
    return ConceptScheme(f"CS_{name}", name=name, agency=AGENCY, version="1.0", items=[Concept("X", name="X")])


def stored(base: str, name: str) -> list[str]:
    answer = httpx.get(
        f"{base}/sdmx/v2/structure/codelist/NSO/{name}/1.0",
        headers={"Accept": "application/vnd.sdmx.structure+xml;version=2.1"},
    )
    answer.raise_for_status()
    return [part.split('"')[1] for part in answer.text.split("<str:Code id=")[1:]]


def must_fail(do: Callable[[], object], errors: type[Exception] | tuple[type[Exception], ...]) -> None:
    try:
        do()
    except errors:
        return
    raise AssertionError("this should have been refused")


if __name__ == "__main__":
    main(*sys.argv[1:])
