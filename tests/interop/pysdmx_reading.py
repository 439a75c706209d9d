"""pysdmx's reading clients against a running hub with the sample data, both API versions: structures and data.

In an environment of its own with pysdmx (``pip install "pysdmx[xml,json,data]"``), beside a hub that runs::

    hub demo --no-serve && hub serve &
    python tests/interop/pysdmx_reading.py http://127.0.0.1:8000
"""

from __future__ import annotations

import sys

from pysdmx.api.fmr import RegistryClient
from pysdmx.api.qb.availability import AvailabilityFormat, AvailabilityQuery
from pysdmx.api.qb.data import DataContext, DataFormat, DataQuery
from pysdmx.api.qb.schema import SchemaContext, SchemaFormat, SchemaQuery
from pysdmx.api.qb.service import RestService
from pysdmx.api.qb.structure import StructureFormat, StructureQuery, StructureReference, StructureType
from pysdmx.api.qb.util import ApiVersion
from pysdmx.io import read_sdmx

AGENCY, FLOW = "NSO", "TRADE"
DATA = (
    DataFormat.SDMX_ML_2_1_GEN,
    DataFormat.SDMX_ML_2_1_STR,
    DataFormat.SDMX_ML_2_1_GENTS,
    DataFormat.SDMX_ML_2_1_STRTS,
    DataFormat.SDMX_ML_3_0,
    DataFormat.SDMX_ML_3_1,
    DataFormat.SDMX_CSV_1_0_0,
    DataFormat.SDMX_CSV_2_0_0,
    DataFormat.SDMX_CSV_2_1_0,
)


def main(base: str) -> None:
    for major, version in ((1, ApiVersion.V1_5_0), (2, ApiVersion.V2_2_1)):
        structures(f"{base}/sdmx/v{major}", version)
        figures(f"{base}/sdmx/v{major}", version)
        what_there_is(f"{base}/sdmx/v{major}", version)
    registry(f"{base}/sdmx/v2")
    print("pysdmx's reading clients work")


def structures(door: str, version: ApiVersion) -> None:
    """A data structure with all it needs, in every format that pysdmx reads."""
    query = StructureQuery(StructureType.DATAFLOW, AGENCY, FLOW, references=StructureReference.DESCENDANTS)
    known = StructureFormat
    for format in (known.SDMX_ML_2_1, known.SDMX_ML_3_0, known.SDMX_ML_3_1, known.SDMX_JSON_2_0_0):
        found = read_sdmx(RestService(door, version, structure_format=format).structure(query).decode(), validate=False)
        (dsd,) = found.get_data_structure_definitions()
        assert (dsd.id, len(dsd.components.dimensions)) == ("TRADE", 6), format
        assert len(found.get_codelists()) > 3, format
    print(door, "structures in 4 formats")


def figures(door: str, version: ApiVersion) -> None:
    """The same observations, whatever they travel in."""
    query = DataQuery(DataContext.DATAFLOW, AGENCY, FLOW, version="1.0", key="M.X.10..VALUE_USD", last_n_obs=2)
    if version > ApiVersion.V1_5_0:
        query = DataQuery(DataContext.DATAFLOW, AGENCY, FLOW, version="1.0", key="M.X.10.*.VALUE_USD", last_n_obs=2)
    counts = {}
    for format in DATA:
        answer = RestService(door, version, data_format=format).data(query).decode()
        (dataset,) = read_sdmx(answer, validate=False).get_datasets()
        counts[format] = len(dataset.data)
    assert len(set(counts.values())) == 1 and counts[DataFormat.SDMX_CSV_1_0_0] > 10, counts
    print(door, "data in", len(counts), "formats:", counts[DataFormat.SDMX_CSV_1_0_0], "observations")


def what_there_is(door: str, version: ApiVersion) -> None:
    query = AvailabilityQuery(DataContext.DATAFLOW, AGENCY, FLOW, version="1.0", key="M....")
    service = RestService(door, version, avail_format=AvailabilityFormat.SDMX_JSON_2_0_0)
    assert b"TRADE" in service.availability(query)
    schema = SchemaQuery(SchemaContext.DATAFLOW, AGENCY, FLOW, version="1.0")
    assert b"CL_" in RestService(door, version, schema_format=SchemaFormat.SDMX_JSON_2_0_0_STRUCTURE).schema(schema)
    print(door, "availability and schema")


def registry(door: str) -> None:
    """The client of the Fusion Metadata Registry."""
    client = RegistryClient(door)
    assert {"TRADE", "VAT"} <= {one.id for one in client.get_dataflows("NSO")}
    schema = client.get_schema("dataflow", "NSO", "TRADE", "1.0")
    assert [one.id for one in schema.components.dimensions][:2] == ["FREQ", "FLOW"]
    assert len(client.get_codes("NSO", "CL_PROVINCE", "2.0").codes) > 30
    assert client.get_concepts("NSO", "CONCEPTS").concepts
    assert client.get_data_structures("NSO", "TRADE")
    assert client.get_dataflow_details("NSO", "TRADE", "1.0").components
    report, *_ = client.get_reports("dataflow", "NSO", "VAT", "1.0")
    assert client.get_report("NSO", report.id, report.version).attributes[0].id == "CONTACT"
    print(door, "as a registry: dataflows, schema, codes, concepts, structures, details, reports")


if __name__ == "__main__":
    main(sys.argv[1])
