"""Figures that are asked for by provision agreement are told to be of that agreement, in every format that has a word for it.

Source: SDMX REST 2.2, "Data queries", context: "services must respect the requested context type when returning data".
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import pytest
from lxml import etree

from adapters.sdmx.reading.csvdata import read_csv
from adapters.sdmx.reading.generic import read_generic
from adapters.sdmx.reading.specific import read_specific
from hub.wiring import Hub
from registry.raw import Described, Raw, RawDataSet, StructureUse
from tests import world
from tests.conftest import publish
from tests.doors import Door, valid
from tests.test_sdmx_schemas import XML_TYPES, compiled, schema_of
from tests.test_sdmx_structures import country as country

PATH = "/v2/data/provisionagreement/SEN/BNN_MUA"
AGREED = StructureUse(Described.PROVISION_AGREEMENT, "SEN", "BNN_MUA", "1.0")
URN = "urn:sdmx:org.sdmx.infomodel.registry.ProvisionAgreement=SEN:BNN_MUA(1.0)"
READERS: dict[str, Callable[[BinaryIO], Iterator[Raw]]] = {
    "genericdata+xml;version=2.1": read_generic,
    "generictimeseriesdata+xml;version=2.1": read_generic,
    "structurespecificdata+xml;version=2.1": read_specific,
    "data+xml;version=3.0.0": read_specific,
    "data+xml;version=3.1.0": read_specific,
    "data+csv;version=2.0.0": read_csv,
    "data+csv;version=2.1.0": read_csv,
}


@pytest.fixture(scope="module")
def door(country: Hub) -> Iterator[Door]:
    """The country whose ministry of agriculture reports the harvest by agreement."""
    publish(country, world.harvest())
    yield Door(country.ports)


@pytest.mark.parametrize("media", READERS)
def test_a_message_names_the_agreement(door: Door, media: str) -> None:
    answer = door.get(PATH, Accept=f"application/vnd.sdmx.{media}")
    assert answer.status_code == 200, answer.text
    (head,) = (one for one in READERS[media](io.BytesIO(answer.content)) if isinstance(one, RawDataSet))
    assert head.use == AGREED
    assert "BNN_MUA" not in door.get("/v2/data/dataflow/SEN/MUA", Accept=f"application/vnd.sdmx.{media}").text


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0", "2.1.0"])
def test_json_links_to_the_agreement_and_to_what_that_is_of(door: Door, version: str) -> None:
    answer = door.get(PATH, Accept=f"application/vnd.sdmx.data+json;version={version}").json()
    (found,) = answer["data"]["dataSets"]
    assert [one["rel"] for one in found["links"]] == ["provisionagreement", "dataflow", "datastructure"]
    assert found["links"][0]["urn"] == URN


@pytest.mark.parametrize("version", XML_TYPES)
def test_what_names_an_agreement_fits_the_schema_of_the_agreement(door: Door, tmp_path: Path, version: str) -> None:
    schema = compiled(schema_of(door, "/v2/schema/provisionagreement/SEN/BNN_MUA", version), version, tmp_path)
    message = door.get(f"{PATH}/1.0/Q.01.LUA", Accept=XML_TYPES[version]).content
    schema.assertValid(etree.fromstring(message))
    valid(door.get(PATH, Accept="application/vnd.sdmx.genericdata+xml;version=2.1"))


def test_a_table_with_names_has_that_of_the_agreement(door: Door) -> None:
    row = door.get(f"{PATH}?format=csv&labels=name&lang=en").text.splitlines()[1]
    assert row.startswith("dataprovision,SEN:BNN_MUA(1.0),BNN_MUA,R,")
    first = door.get(PATH, Accept="application/vnd.sdmx.data+csv;version=1.0.0").text.splitlines()[1]
    assert first.startswith("SEN:MUA(1.0),"), "SDMX-CSV 1.0 knows dataflows only"


def test_what_there_is_of_an_agreement_is_attached_to_it(door: Door) -> None:
    path = "/v2/availability/provisionagreement/SEN/BNN_MUA"
    (found,) = door.get(path).json()["data"]["availabilityConstraints"]
    assert found["constraintAttachment"] == {"provisionAgreement": URN}
    for version in ("2.1", "3.0.0", "3.1.0"):
        answer = door.get(path, Accept=f"application/vnd.sdmx.structure+xml;version={version}")
        (attached,) = etree.fromstring(answer.content).iterfind(".//{*}ConstraintAttachment")
        assert etree.QName(attached[0]).localname == "ProvisionAgreement", answer.text
        assert "BNN_MUA" in etree.tostring(attached).decode()
