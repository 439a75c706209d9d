"""Every method of pysdmx's client of the Fusion Metadata Registry finds at this hub what it asks for, waiting or not."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from pysdmx.api.fmr import AsyncRegistryClient, RegistryClient

from hub.app import application
from hub.wiring import Hub
from registry.actions import put
from tests import every_kind, world
from tests import test_sdmx_structures as some
from tests.one_database import database_url as database_url
from tests.serving import free_port, served

CROPS, PLACES = set(world.CROP.by_id), world.PROVINCE.ref

Told = Callable[[Any], Any]
ASKED: dict[str, tuple[tuple[str, ...], Told, Any]] = {
    "get_agencies": (("SDMX",), lambda found: all(one.id for one in found), True),
    "get_categories": (("SEN", "CHU_DE"), lambda found: [one.id for one in found.categories], ["KT", "XH"]),
    "get_categorisation": (("SEN", "XEP_MUA"), lambda found: found.id, "XEP_MUA"),
    "get_code_map": (
        ("SEN", "REPRESENTATIONMAP"),
        lambda found: [(one.source, one.target) for one in found.maps],
        [("LUA", "LUA")],
    ),
    "get_codes": (("SEN", world.CROP.ref.id), lambda found: {one.id for one in found.codes}, CROPS),
    "get_concepts": (
        ("SEN", world.CONCEPTS.ref.id),
        lambda found: {one.id for one in found.concepts},
        set(world.CONCEPTS.by_id),
    ),
    "get_data_constraint": (("SEN", "CHI_LUA"), lambda found: found.id, "CHI_LUA"),
    "get_data_structures": (("SEN", "MUA"), lambda found: [one.id for one in found], ["MUA"]),
    "get_dataflow_details": (("SEN", "MUA"), lambda found: found.name, "Mùa màng"),
    "get_dataflows": (("SEN",), lambda found: [one.id for one in found], ["MUA"]),
    "get_hierarchy": (("SEN", "CAY_TINH"), lambda found: [one.id for one in found.codes], ["_T", "03"]),
    "get_mapping": (("SEN", some.MAP.ref.id), lambda found: found.id, some.MAP.ref.id),
    "get_metadata_providers": (("SEN",), lambda found: [one.id for one in found], ["BNN"]),
    "get_metadata_provision_agreement": (("SEN", "METADATAPROVISIONAGREEMENT"), lambda found: found.id[:8], "METADATA"),
    "get_metadata_structures": (("SEN",), lambda found: [one.id for one in found], ["METADATASTRUCTURE"]),
    "get_metadataflows": (("SEN",), lambda found: [one.id for one in found], ["METADATAFLOW"]),
    "get_providers": (("SEN", True), lambda found: [one.id for one in found], ["BNN", "BTC"]),  # type: ignore[dict-item]
    "get_provision_agreement": (("SEN", "BNN_MUA"), lambda found: found.id, "BNN_MUA"),
    "get_report": (("SEN", "METADATASET"), lambda found: [one.id for one in found.attributes], ["CONTACT"]),
    "get_reports": (("dataflow", "SEN", "MUA", "1.0"), lambda found: [one.id for one in found], ["METADATASET"]),
    "get_schema": (
        ("dataflow", "SEN", "MUA", "1.0"),
        lambda found: [one.id for one in found.components.dimensions][1:3],
        ["PROVINCE", "CROP"],
    ),
    "get_vtl_transformation_scheme": (("SEN", "TRANSFORMATIONSCHEME"), lambda found: [one.id for one in found.items], ["T1"]),
}


@pytest.fixture
def address(hub: Hub) -> Iterator[str]:
    lot = [some.THEMES, some.UNDER_FARMING, some.TREE, some.PROVIDERS, some.AGREEMENT, some.ONLY_RICE, some.MAP]
    # pysdmx takes what a hierarchy is associated with for a component.
    used = replace(every_kind.USED, linked_object=world.DSD.ref.item("PROVINCE"))
    others = [used if one is every_kind.USED else one for one in every_kind.EVERY_OTHER]
    with hub.engine.begin() as connection:
        put(connection, [*lot, *others], world.act(hub.clock.now()))
    with served(application(hub), free_port()) as address:
        yield f"{address}/sdmx/v2"


def test_every_method_of_the_client_finds_what_it_asks_for(address: str) -> None:
    now, later = RegistryClient(address), AsyncRegistryClient(address)
    methods = {name for name, _ in inspect.getmembers(RegistryClient, inspect.isfunction) if name.startswith("get_")}
    assert methods == set(ASKED), "pysdmx has other methods now"
    for name, (given, told, wanted) in ASKED.items():
        assert told(getattr(now, name)(*given)) == wanted, name
        assert told(asyncio.run(getattr(later, name)(*given))) == wanted, name
