"""pysdmx's clients ask both SDMX doors over a real socket, as others do; the harvest of tests/world.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pysdmx.api.fmr import RegistryClient
from pysdmx.api.qb.data import DataContext, DataFormat, DataQuery
from pysdmx.api.qb.service import RestService
from pysdmx.api.qb.structure import StructureFormat, StructureQuery, StructureReference, StructureType
from pysdmx.api.qb.util import ApiVersion
from pysdmx.io import read_sdmx

from hub.app import application
from hub.wiring import Hub
from tests import world
from tests.one_database import database_url as database_url
from tests.serving import free_port, served

VERSIONS = {"v1": ApiVersion.V1_5_0, "v2": ApiVersion.V2_2_1}
STRUCTURES = [
    StructureFormat.SDMX_ML_2_1,
    StructureFormat.SDMX_ML_3_0,
    StructureFormat.SDMX_ML_3_1,
    StructureFormat.SDMX_JSON_2_0_0,
]
DATA = [
    DataFormat.SDMX_ML_2_1_GEN,
    DataFormat.SDMX_ML_2_1_STR,
    DataFormat.SDMX_ML_3_0,
    DataFormat.SDMX_ML_3_1,
    DataFormat.SDMX_CSV_1_0_0,
    DataFormat.SDMX_CSV_2_0_0,
    DataFormat.SDMX_CSV_2_1_0,
]


@pytest.fixture
def address(hub: Hub) -> Iterator[str]:
    with served(application(hub), free_port()) as address:
        yield f"{address}/sdmx"


@pytest.mark.parametrize("door", VERSIONS)
@pytest.mark.parametrize("format", STRUCTURES, ids=lambda each: each.name)
def test_a_data_structure_comes_with_all_it_needs(address: str, door: str, format: StructureFormat) -> None:
    wanted = StructureQuery(StructureType.DATAFLOW, "SEN", "MUA", references=StructureReference.DESCENDANTS)
    answer = RestService(f"{address}/{door}", VERSIONS[door], structure_format=format).structure(wanted)
    found = read_sdmx(answer.decode(), validate=False)
    (dsd,) = found.get_data_structure_definitions()
    assert [each.id for each in dsd.components.dimensions][:3] == ["FREQ", "PROVINCE", "CROP"]
    lists = {each.id: {code.id for code in each.codes} for each in found.get_codelists()}
    assert lists[world.CROP.ref.id] == set(world.CROP.by_id)


@pytest.mark.parametrize("door", VERSIONS)
@pytest.mark.parametrize("format", DATA, ids=lambda each: each.name)
def test_the_figures_are_the_same_in_every_format(address: str, door: str, format: DataFormat) -> None:
    wanted = DataQuery(DataContext.DATAFLOW, "SEN", "MUA", "1.0", key="Q.01.LUA")
    answer = RestService(f"{address}/{door}", VERSIONS[door], data_format=format).data(wanted)
    (dataset,) = read_sdmx(answer.decode(), validate=False).get_datasets()
    told = {str(row["TIME_PERIOD"]): str(row["OBS_VALUE"]) for row in dataset.data.to_dict("records")}
    assert told["2023-Q2"] == "98.25" and len(told) > 3, told


def test_the_client_of_the_fusion_registry_finds_its_way(address: str) -> None:
    client = RegistryClient(f"{address}/v2")
    assert "MUA" in {each.id for each in client.get_dataflows("SEN")}
    assert {code.id for code in client.get_codes("SEN", world.CROP.ref.id, world.CROP.ref.version).codes} == set(
        world.CROP.by_id
    )
    assert client.get_dataflow_details("SEN", "MUA", "1.0").components
