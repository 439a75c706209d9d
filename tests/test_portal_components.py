"""What structures consist of, on their pages of the registry: tables of dimensions, measures, attributes and groups, and of the
fields of reports.

Beside the harvest (tests/world.py) Lotus Country counts what farm goods cost:

    structure SEN:GIA(1.0)     key FREQ (its role is that of FREQ) . CROP         time TIME_PERIOD
    measure                    OBS_VALUE   decimals, two places, from 0
    attributes                 UNIT_MEASURE at the group THEO_CAY (CROP), as its concept has it: codes of CL_UNIT
                               NOTE of the measure OBS_VALUE, texts of at most 350 letters, any number of them
                               LA no concept that is here
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from urllib.parse import quote

import pytest

from clients.portal.texts import LANGUAGES
from hub.wiring import Hub
from registry.actions import put
from registry.model import (
    UNBOUNDED,
    Attribute,
    Concept,
    ConceptScheme,
    DataStructure,
    Dimension,
    Format,
    Group,
    Level,
    Measure,
    MetadataStructure,
    ReportStructure,
    Representation,
    coded,
    typed,
)
from registry.ref import Kind, Ref
from tests import metadata, world
from tests.browsing import Reader
from tests.conftest import Hands
from tests.one_database import database_url as database_url
from tests.test_portal import usable

IDEAS = ConceptScheme(
    ref=Ref(Kind.CONCEPT_SCHEME, "SEN", "Y_NIEM", "1.0"),
    names={"vi": "Ý niệm", "en": "Ideas"},
    items=(Concept("DON_VI", {"vi": "Đơn vị giá", "en": "Unit of price"}, core=coded(world.UNIT.ref)),),
)
FREE = Format(text_type="String", max_length=350)
PRICES = DataStructure(
    ref=Ref(Kind.DATA_STRUCTURE, "SEN", "GIA", "1.0"),
    names={"vi": "Cấu trúc giá nông sản", "en": "Structure of farm prices"},
    dimensions=(
        Dimension(
            id="FREQ",
            concept_identity=world.CONCEPTS.ref.item("FREQ"),
            concept_roles=(world.CONCEPTS.ref.item("FREQ"),),
            representation=coded(world.FREQ.ref),
        ),
        Dimension(id="CROP", concept_identity=world.CONCEPTS.ref.item("CROP"), representation=coded(world.CROP.ref)),
        Dimension(
            id="TIME_PERIOD",
            concept_identity=world.CONCEPTS.ref.item("TIME_PERIOD"),
            representation=typed("ObservationalTimePeriod"),
            is_time=True,
        ),
    ),
    measures=(
        Measure(
            id="OBS_VALUE",
            concept_identity=world.CONCEPTS.ref.item("OBS_VALUE"),
            representation=Representation(format=Format(text_type="Decimal", decimals=2, min_value=Decimal(0))),
        ),
    ),
    attributes=(
        Attribute(
            id="UNIT_MEASURE",
            concept_identity=IDEAS.ref.item("DON_VI"),
            level=Level.GROUP,
            group="THEO_CAY",
            dimensions=("CROP",),
            mandatory=True,
        ),
        Attribute(
            id="NOTE",
            concept_identity=world.CONCEPTS.ref.item("NOTE"),
            measures=("OBS_VALUE",),
            representation=Representation(format=FREE, min_occurs=0, max_occurs=UNBOUNDED),
        ),
        Attribute(id="LA"),
    ),
    groups=(Group(id="THEO_CAY", dimensions=("CROP",)),),
)
STRUCTURE = "/registry/DataStructure/SEN/GIA/1.0"
FIELDS = "/registry/MetadataStructure/SEN/CHAT_LUONG/1.0"


@pytest.fixture
def reader(hub: Hub) -> Reader:
    with hub.engine.begin() as connection:
        put(connection, (IDEAS, PRICES, *metadata.STRUCTURES), world.act(hub.clock.now()))
    return Reader(hub)


def test_dimensions_stand_in_the_order_of_the_key(reader: Reader) -> None:
    page = reader.look(f"/en{STRUCTURE}")
    assert page.rows("dimensions") == [
        ["Position", "Id", "Concept", "Code list or format", "Role"],
        ["1", "FREQ", "Frequency", "Frequency SEN:CL_FREQ(1.0)", "FREQ"],
        ["2", "CROP", "Crop", "Crop SEN:CL_CROP(1.0)", "–"],
        ["3", "TIME_PERIOD", "Period", "Time ObservationalTimePeriod", "Time"],
    ]
    assert "/en/codelists/SEN/CL_CROP/1.0" in page.links("//div[@aria-labelledby='dimensions']//td/a")
    assert reader.look(f"/vi{STRUCTURE}").rows("dimensions")[3] == [
        *("3", "TIME_PERIOD", "Kỳ", "Thời gian ObservationalTimePeriod", "Thời gian")
    ]


def test_measures_say_what_numbers_they_have(reader: Reader) -> None:
    assert reader.look(f"/vi{STRUCTURE}").rows("measures") == [
        ["Mã", "Khái niệm", "Danh mục hoặc kiểu giá trị"],
        ["OBS_VALUE", "Giá trị", "Số Decimal minValue = 0, decimals = 2"],
    ]
    assert reader.look("/en/registry/DataStructure/SEN/MUA/1.0").rows("measures")[1][-1] == "Number Double"


def test_attributes_say_whether_they_must_be_there_and_what_of(reader: Reader) -> None:
    page = reader.look(f"/en{STRUCTURE}")
    assert page.rows("attributes") == [
        ["Id", "Concept", "Code list or format", "Usage", "Attached to"],
        ["UNIT_MEASURE", "Unit of price", "Unit SEN:CL_UNIT(1.0)", "Mandatory", "Group THEO_CAY"],
        ["NOTE", "Note", "Text String maxLength = 350 Several at once", "Optional", "Observation Measures: OBS_VALUE"],
        ["LA", "–", "Text String", "Optional", "Observation"],
    ]
    assert [row[-2:] for row in reader.look("/vi/registry/DataStructure/SEN/MUA").rows("attributes")[1:]] == [
        ["Bắt buộc", "Chuỗi"],
        ["Bắt buộc", "Chuỗi"],
        ["Không bắt buộc", "Quan sát"],
        ["Không bắt buộc", "Quan sát"],
        ["Không bắt buộc", "Toàn bộ bộ số liệu"],
    ]


def test_an_attribute_of_some_dimensions_names_them(reader: Reader) -> None:
    some = replace(PRICES.attributes[0], group=None, dimensions=("CROP", "FREQ"))
    with reader.hub.engine.begin() as connection:
        put(connection, [replace(PRICES, attributes=(some,))], world.act(reader.hub.clock.now()))
    assert reader.look(f"/en{STRUCTURE}").rows("attributes")[1][-1] == "Dimensions CROP, FREQ"


def test_groups_name_their_dimensions_and_are_no_table_where_there_are_none(reader: Reader) -> None:
    assert reader.look(f"/vi{STRUCTURE}").rows("groups") == [["Mã", "Chiều"], ["THEO_CAY", "CROP"]]
    page = reader.look("/en/registry/DataStructure/SEN/MUA")
    assert page.all("//h2[@id]")[:4] == ["Names", "Dimensions", "Measures", "Attributes"]


def test_fields_of_reports_say_how_often_they_come(reader: Reader) -> None:
    assert reader.look(f"/en{FIELDS}").rows("fields-1") == [
        ["Path", "Concept", "Code list or format", "How often"],
        ["CONTACT", "Contact", "Heading only", "At most once"],
        ["CONTACT.NAME", "Name", "Text String In several languages", "At most once"],
        ["CONTACT.EMAIL", "Email", "Text String", "Any number of times"],
        ["ACCURACY", "Accuracy", "Text String In several languages", "Once"],
        ["CROPS", "Crops", "Crop SEN:CL_CROP(1.0)", "Any number of times"],
        ["TIMELINESS", "Timeliness", "Number Integer minValue = 0, maxValue = 400", "At most once"],
    ]
    assert reader.look(f"/vi{FIELDS}").rows("fields-1")[1] == ["CONTACT", "Liên hệ", "Chỉ là đề mục", "Tối đa một lần"]


@pytest.mark.parametrize(
    ("least", "most", "said"), [(1, UNBOUNDED, "1 time or more"), (2, UNBOUNDED, "2 times or more"), (0, 3, "0 to 3 times")]
)
def test_other_numbers_of_times_are_said_as_they_are(reader: Reader, least: int, most: int, said: str) -> None:
    one = metadata.attribute("ACCURACY", None, least, most)
    with reader.hub.engine.begin() as connection:
        put(connection, [replace(metadata.STRUCTURE, attributes=(one,))], world.act(reader.hub.clock.now()))
    assert reader.look(f"/en{FIELDS}").rows("fields-1")[1][-1] == said


def test_each_report_of_an_older_structure_has_its_own_table(reader: Reader) -> None:
    old = MetadataStructure(
        ref=replace(metadata.STRUCTURE.ref, id="CU"),
        names={"vi": "Cũ", "en": "Old"},
        reports=tuple(ReportStructure(id=id, attributes=metadata.STRUCTURE.attributes[1:2]) for id in ("NAM", "QUY")),
    )
    with reader.hub.engine.begin() as connection:
        put(connection, [old], world.act(reader.hub.clock.now()))
    page = reader.look("/en/registry/MetadataStructure/SEN/CU")
    assert page.all("//h2[starts-with(@id, 'fields')]") == ["Fields of the report NAM", "Fields of the report QUY"]
    assert page.rows("fields-2")[1][0] == "ACCURACY"


def test_a_structure_is_shown_as_it_stood(reader: Reader, clock: Hands) -> None:
    then = clock.now()
    clock.pass_by(hours=1)
    with reader.hub.engine.begin() as connection:
        put(connection, [replace(PRICES, groups=(), attributes=())], world.act(clock.now()))
    assert reader.look(f"/en{STRUCTURE}").rows("groups") == []
    past = reader.look(f"/en{STRUCTURE}?at={quote(then.isoformat())}")
    assert past.rows("groups")[1] == ["THEO_CAY", "CROP"]
    links = past.links("//div[@aria-labelledby='dimensions']//td/a")
    assert f"/en/registry/Codelist/SEN/CL_CROP/1.0?at={quote(then.isoformat())}" in links


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", [STRUCTURE, FIELDS])
def test_the_tables_can_be_used_by_everybody(reader: Reader, path: str, lang: str) -> None:
    usable(reader, path, lang)
    page = reader.look(f"/{lang}{path}")
    shown = page.tree.xpath("//table[caption]")
    assert all(table.xpath("ancestor::div[@role='region' and @tabindex='0' and @aria-labelledby]") for table in shown)
    assert len(shown) == (4 if path == STRUCTURE else 1)
    assert all(len(row.xpath("th[@scope='row']")) == 1 for table in shown for row in table.xpath("tbody/tr"))
