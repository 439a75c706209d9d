"""Little things that the schemas allow and hardly anybody sends: what came in is there again, or its loss is told.

The messages are written by hand from the official schemas, not by our own writers.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.sdmx.reading import structures_of
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.jsonstructures import JSON_STRUCTURES
from adapters.sdmx.writing.markup_structures import ML_STRUCTURES
from adapters.sdmx.writing.shown import Shown, StructureFormat
from registry.document import from_document, to_document
from registry.model import Artefact, Categorisation
from registry.ref import HOLDERS, SAME_URN, ItemRef, Kind, Ref
from tests.official import assert_valid, is_back

FORMATS = (*ML_STRUCTURES.values(), *JSON_STRUCTURES.values())
every_format = pytest.mark.parametrize("format", FORMATS, ids=lambda one: f"{one.kind} {one.version}")
NEW = pytest.mark.parametrize("version", ["3.0.0", "3.1.0"])
HEADER = Header("SEN", datetime(2025, 7, 1, tzinfo=UTC))
CONCEPT = "urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept=SEN:C(1.0).{}"


def markup(version: str, inside: str) -> bytes:
    """A structure message in SDMX-ML that the official schema allows."""
    space = f"http://www.sdmx.org/resources/sdmxml/schemas/v{version[:3].replace('.', '_')}"
    names = " ".join(
        f'xmlns:{short}="{space}/{long}"' for short, long in (("m", "message"), ("s", "structure"), ("c", "common"))
    )
    head = "<m:ID>M</m:ID><m:Test>false</m:Test><m:Prepared>2025-07-01T00:00:00Z</m:Prepared><m:Sender id='SEN'/>"
    text = f"<m:Structure {names}><m:Header>{head}</m:Header><m:Structures>{inside}</m:Structures></m:Structure>"
    content = text.encode()
    assert_valid(ML_STRUCTURES[version], content)
    return content


def json_message(version: str, name: str, artefact: dict[str, Any]) -> bytes:
    """The same in SDMX-JSON."""
    said = {"id": "X", "agencyID": "SEN", "version": "1.0", "name": "Lúa", "names": {"vi": "Lúa"}, **artefact}
    address = "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/structure-message/tools/schemas/{}/schema.json"
    meta = {
        "id": "M",
        "prepared": "2025-07-01T00:00:00Z",
        "test": False,
        "sender": {"id": "SEN"},
        "schema": address.format(version),
    }
    content = json.dumps({"meta": meta, "data": {name: [said]}}).encode()
    assert_valid(JSON_STRUCTURES[version], content)
    return content


def taken(content: bytes) -> Artefact:
    """The one artefact of a message, as it is after a journey through the registry."""
    message = structures_of(content)
    assert message.faults == ()
    (made,) = message.artefacts
    assert from_document(to_document(made)) == made
    return made


def written(format: StructureFormat, made: Artefact) -> str:
    content = b"".join(format.write(HEADER, [Shown(made)]))
    assert_valid(format, content)
    return content.decode()


def is_there_or_told(made: Artefact, *words: str) -> None:
    """In every format each word stands in the message, or the format names something that it cannot hold; and it comes back."""
    for format in FORMATS:
        content = written(format, made)
        lost = format.unheld(Shown(made))
        assert lost or all(word in content for word in words), (format.kind, format.version)
        assert is_back(format, Shown(made), next(iter(structures_of(content.encode()).artefacts), None))


# Structures


def structure(version: str, lists: str) -> bytes:
    inside = f"<s:DataStructureComponents>{lists}</s:DataStructureComponents>"
    name = '<c:Name xml:lang="vi">Mùa</c:Name>'
    one = f'<s:DataStructure id="MUA" agencyID="SEN" version="1.0">{name}{inside}</s:DataStructure>'
    return markup(version, f"<s:DataStructures>{one}</s:DataStructures>")


def meaning(version: str, id: str) -> str:
    if version != "2.1":
        return f"<s:ConceptIdentity>{CONCEPT.format(id)}</s:ConceptIdentity>"
    ref = f'<Ref id="{id}" maintainableParentID="C" agencyID="SEN" class="Concept" package="conceptscheme"/>'
    return f"<s:ConceptIdentity>{ref}</s:ConceptIdentity>"


@NEW
def test_a_list_of_components_has_an_address_and_links_of_its_own(version: str) -> None:
    link = '<c:Link rel="help" url="https://sen.example/{}" type="Trợ giúp"/>'
    dimension = f'<s:Dimension id="CAY">{meaning(version, "CAY")}</s:Dimension>'
    measure = f'<s:Measure id="GIA_TRI">{meaning(version, "GIA_TRI")}</s:Measure>'
    made = taken(
        structure(
            version,
            f'<s:DimensionList uri="https://sen.example/chieu">{link.format("cay")}{dimension}</s:DimensionList>'
            f"<s:MeasureList>{link.format('do')}{measure}</s:MeasureList>",
        )
    )
    for format in (ML_STRUCTURES[version], JSON_STRUCTURES[f"2.{version[2]}.0"]):
        content = written(format, made)
        assert all(word in content for word in ("sen.example/chieu", "sen.example/cay", "sen.example/do", "Trợ giúp"))
        assert format.unheld(Shown(made)) == []
    is_there_or_told(made, "sen.example/chieu", "sen.example/cay", "sen.example/do")


@pytest.mark.parametrize("version", ["3.0.0", "3.1.0"])
def test_the_list_of_a_metadata_structure_too(version: str) -> None:
    link = {"rel": "help", "href": "https://sen.example/bao-cao", "titles": {"vi": "Báo cáo"}, "title": "Báo cáo"}
    field = {"id": "LIEN_HE", "conceptIdentity": CONCEPT.format("LIEN_HE")}
    listed = {"id": "MetadataAttributeDescriptor", "metadataAttributes": [field], "links": [link]}
    version = f"2.{version[2]}.0"
    made = taken(
        json_message(version, "metadataStructures", {"metadataStructureComponents": {"metadataAttributeList": listed}})
    )
    assert JSON_STRUCTURES[version].unheld(Shown(made)) == []
    assert "Báo cáo" in written(JSON_STRUCTURES[version], made)
    is_there_or_told(made, "sen.example/bao-cao", "Báo cáo")


@NEW
def test_the_use_of_a_metadata_attribute_has_an_address(version: str) -> None:
    usage = (
        '<s:MetadataAttributeUsage uri="https://sen.example/dung"><s:MetadataAttributeReference>LIEN_HE'
        "</s:MetadataAttributeReference><s:AttributeRelationship><s:Dataflow/></s:AttributeRelationship></s:MetadataAttributeUsage>"
    )
    dimension = f'<s:Dimension id="CAY">{meaning(version, "CAY")}</s:Dimension>'
    lists = f"<s:DimensionList>{dimension}</s:DimensionList><s:AttributeList>{usage}</s:AttributeList>"
    is_there_or_told(taken(structure(version, lists)), "sen.example/dung")


@pytest.mark.parametrize("version", ML_STRUCTURES)
def test_what_may_have_only_one_id_has_it_where_none_is_said(version: str) -> None:
    """And not that of its concept, with which no format could hold the structure."""
    looks = '<s:LocalRepresentation><s:TextFormat textType="MonthDay"/></s:LocalRepresentation>'
    time = "<s:LocalRepresentation><s:TextFormat/></s:LocalRepresentation>"
    about = "<s:AttributeRelationship><s:None/></s:AttributeRelationship>"
    start = f'<s:ReportingYearStartDay assignmentStatus="Conditional">{meaning(version, "NGAY")}{looks}{about}'
    start += "</s:ReportingYearStartDay>"
    measure = f"<s:MeasureList><s:PrimaryMeasure>{meaning(version, 'TRI')}</s:PrimaryMeasure></s:MeasureList>"
    rest = f"<s:AttributeList>{start}</s:AttributeList>{measure}" if version == "2.1" else ""
    made: Any = taken(
        structure(
            version,
            f'<s:DimensionList><s:Dimension id="CAY">{meaning(version, "CAY")}</s:Dimension>'
            f"<s:TimeDimension>{meaning(version, 'KY')}{time}</s:TimeDimension></s:DimensionList>{rest}",
        )
    )
    assert made.time.id == "TIME_PERIOD"
    if rest:
        assert [one.id for one in (*made.attributes, *made.measures)] == ["REPORTING_YEAR_START_DAY", "OBS_VALUE"]
    assert ML_STRUCTURES[version].unheld(Shown(made)) == []
    is_there_or_told(made, "TIME_PERIOD")


# Contacts and links


@pytest.mark.parametrize("version", ML_STRUCTURES)
def test_a_contact_has_an_id(version: str) -> None:
    contact = '<s:Contact id="BA_SEN"><c:Name xml:lang="vi">Bà Sen</c:Name></s:Contact>'
    agency = f'<s:Agency id="LA"><c:Name xml:lang="vi">Lá</c:Name>{contact}</s:Agency>'
    one = f'<s:AgencyScheme id="AGENCIES" agencyID="SEN"><c:Name xml:lang="vi">Cơ quan</c:Name>{agency}</s:AgencyScheme>'
    holder = "OrganisationSchemes" if version == "2.1" else "AgencySchemes"
    made = taken(markup(version, f"<s:{holder}>{one}</s:{holder}>"))
    assert [format.kind for format in FORMATS if format.unheld(Shown(made))] == ["sdmx-json"]
    is_there_or_told(made, "BA_SEN")


@pytest.mark.parametrize("version", JSON_STRUCTURES)
@pytest.mark.parametrize(
    "link",
    [
        {"rel": "help", "href": "https://sen.example/tro-giup", "uri": "https://sen.example/trang"},
        {"rel": "self", "href": "https://sen.example/tro-giup", "title": "Trang", "titles": {"vi": "trang"}},
        {"rel": "self", "href": "https://sen.example/tro-giup", "uri": "https://sen.example/trang", "hreflang": "vi"},
    ],
)
def test_a_link_says_everything_it_said_wherever_it_stands(version: str, link: dict[str, Any]) -> None:
    note = {"type": "GHI_CHU", "links": [link]}
    code = {"id": "LUA", "name": "Lúa", "names": {"vi": "Lúa"}, "links": [link], "annotations": [note]}
    made = taken(json_message(version, "codelists", {"codes": [code], "links": [link], "annotations": [note]}))
    content = written(JSON_STRUCTURES[version], made)
    assert content.count("sen.example/tro-giup") >= 4 and content.count("trang") >= 4
    assert JSON_STRUCTURES[version].unheld(Shown(made)) == []
    is_there_or_told(made, "tro-giup", "trang")


@pytest.mark.parametrize("version", JSON_STRUCTURES)
def test_a_link_that_only_names_the_part_it_stands_in_says_nothing(version: str) -> None:
    """Others write one for every code; in SDMX-ML, where links have addresses, each would be a loss."""
    own = {"rel": "self", "urn": "urn:sdmx:org.sdmx.infomodel.codelist.Code=SEN:X(1.0).LUA"}
    code = {"id": "LUA", "name": "Lúa", "names": {"vi": "Lúa"}, "links": [own]}
    made = taken(json_message(version, "codelists", {"codes": [code]}))
    assert [format.unheld(Shown(made)) for format in FORMATS] == [[]] * len(FORMATS)


# Sets of maps


def test_the_maps_of_structures_in_a_set_of_json_1_0_are_read() -> None:
    """They go out in SDMX-ML 2.1; 1.0 wants the class of each component, which a set does not know, and that is told."""
    urn = "urn:sdmx:org.sdmx.infomodel.datastructure.{}=SEN:MUA(1.0)"
    part = {"source": urn.format("Dimension") + ".CAY", "target": urn.format("Dimension") + ".CROP"}
    pairs = {"valueMappings": [{"source": "Lúa", "target": "RICE"}]}
    components = [
        {**part, "representationMapping": {"valueMap": pairs}, "annotations": [{"title": "Cây trồng"}]},
        {
            **part,
            "representationMapping": {"codelistMap": "urn:sdmx:org.sdmx.infomodel.mapping.CodelistMap=SEN:X(1.0).CAY_CROP"},
        },
        {**part, "representationMapping": {"toTextFormat": {"textType": "String", "maxLength": 17}, "toValueType": "Name"}},
    ]
    ends = {"source": urn.format("DataStructure"), "target": urn.format("DataStructure")}
    inner = {
        "id": "MUA_SEASON",
        "name": "Mùa",
        "names": {"vi": "Mùa"},
        **ends,
        "isExtension": True,
        "componentMaps": components,
    }
    made = taken(json_message("1.0.0", "structureSets", {"structureMaps": [inner]}))
    content = written(ML_STRUCTURES["2.1"], made)
    assert all(
        word in content for word in ("MUA_SEASON", "CROP", "RICE", "Cây trồng", "CAY_CROP", '"17"', "Name", "isExtension")
    )
    assert ML_STRUCTURES["2.1"].unheld(Shown(made)) == []
    assert [one.place for one in JSON_STRUCTURES["1.0.0"].unheld(Shown(made))] == ["structure_maps"]
    is_there_or_told(made, "MUA_SEASON", "RICE")


# What cannot be kept is refused


def test_a_constraint_of_2_1_is_not_of_data_and_of_reports_at_once() -> None:
    """As one of reports it had lost what it says of data, without a word."""
    target = '<s:MetadataTargetRegion report="R" metadataTarget="T" include="true"/>'
    cube = '<s:CubeRegion include="true"><c:KeyValue id="CAY"><c:Value>LUA</c:Value></c:KeyValue></s:CubeRegion>'
    head = '<s:ContentConstraint id="X" agencyID="SEN" type="Allowed"><c:Name xml:lang="vi">Ràng buộc</c:Name>'
    one = f"{head}{target}{cube}</s:ContentConstraint>"
    message = structures_of(markup("2.1", f"<s:Constraints>{one}</s:Constraints>"))
    assert message.artefacts == () and "CubeRegion" in message.faults[0].error.detail()


def test_nor_is_one_of_json_1_0() -> None:
    value = {"id": "CAY", "values": ["LUA"], "include": True}
    regions = {"metadataTargetRegions": [{"report": "R", "metadataTarget": "T", "include": True}]}
    both = {"type": "Allowed", **regions, "cubeRegions": [{"isIncluded": True, "keyValues": [value]}]}
    message = structures_of(json_message("1.0.0", "contentConstraints", both))
    assert message.artefacts == () and "cubeRegions" in message.faults[0].error.detail()


@pytest.mark.parametrize("version", ML_STRUCTURES)
def test_two_texts_in_one_language_are_refused(version: str) -> None:
    """The last had counted, and the others were gone. What says the same twice does no harm."""
    for second, fine in (("Lúa", True), ("Ngô", False)):
        note = "".join(f"<c:AnnotationText>{text}</c:AnnotationText>" for text in ("Lúa", second))
        names = "".join(f'<c:Name xml:lang="vi">{text}</c:Name>' for text in ("Lúa", second))
        for inside in (
            names,
            f'<c:Annotations><c:Annotation>{note}</c:Annotation></c:Annotations><c:Name xml:lang="vi">L</c:Name>',
        ):
            one = f'<s:Codelist id="X" agencyID="SEN" version="1.0">{inside}</s:Codelist>'
            message = structures_of(markup(version, f"<s:Codelists>{one}</s:Codelists>"))
            assert bool(message.artefacts) is fine
            assert fine or "Ngô" in message.faults[0].error.detail()


def test_a_reference_with_dots_in_the_id_of_an_artefact_is_refused_with_its_line() -> None:
    """The schema of 2.1 allows it; as it has no URN, a message with it had been refused as a whole, without a place."""
    source = '<Ref id="MUA.VU" agencyID="SEN" class="Dataflow" package="datastructure"/>'
    target = '<Ref id="LUA" maintainableParentID="CHU_DE" agencyID="SEN" class="Category" package="categoryscheme"/>'
    inside = f'<c:Name xml:lang="vi">Mùa</c:Name><s:Source>{source}</s:Source><s:Target>{target}</s:Target>'
    one = f'<s:Categorisation id="X" agencyID="SEN">{inside}</s:Categorisation>'
    message = structures_of(markup("2.1", f"<s:Categorisations>{one}</s:Categorisations>"))
    assert message.artefacts == () and "SEN:MUA.VU" in message.faults[0].error.detail()


# References to anything


@every_format
def test_whatever_is_referred_to_is_there_again_or_told_as_lost(format: StructureFormat) -> None:
    """A categorisation of a structure set, say, had made a message of SDMX-ML 3.x that its schema does not allow."""
    whole: list[Ref | ItemRef] = [Ref(kind, "SEN", "X") for kind in Kind if kind not in SAME_URN[Kind.CODELIST][1:]]
    parts: list[Ref | ItemRef] = [ItemRef(part, Ref(kind, "SEN", "X"), "LUA") for part, kind in HOLDERS.items()]
    subject = Ref(Kind.CATEGORY_SCHEME, "SEN", "CHU_DE").item("LUA")
    for named in whole + parts:
        ref = Ref(Kind.CATEGORISATION, "SEN", "X")
        made = Categorisation(ref=ref, names={"vi": "Lúa"}, object=named, category=subject)
        back = structures_of(written(format, made).encode())
        assert is_back(format, Shown(made), next(iter(back.artefacts), None)), named.urn


# What the schemas say otherwise


@pytest.mark.parametrize("version", JSON_STRUCTURES)
@pytest.mark.parametrize("first", [0, 1])
def test_time_is_the_last_dimension_wherever_positions_begin(version: str, first: int) -> None:
    """The text counts from 0, the official samples from 1: from there on time had been taken for the first."""
    plain = [{"id": id, "conceptIdentity": CONCEPT.format(id), "position": first + n} for n, id in enumerate(["CAY", "TINH"])]
    looks = {"textFormat": {"textType": "ReportingYear"}} if version == "1.0.0" else {"format": {"dataType": "ReportingYear"}}
    time = {"id": "TIME_PERIOD", "conceptIdentity": CONCEPT.format("KY"), "localRepresentation": looks}
    lists: dict[str, Any] = {"dimensionList": {"id": "DimensionDescriptor", "dimensions": plain, "timeDimension": time}}
    if version == "1.0.0":
        typed = [one | {"type": "Dimension"} for one in plain]
        lists["dimensionList"] = {"dimensions": typed, "timeDimensions": [time | {"type": "TimeDimension"}]}
        lists["measureList"] = {"primaryMeasure": {"id": "OBS_VALUE", "conceptIdentity": CONCEPT.format("TRI")}}
    made: Any = taken(json_message(version, "dataStructures", {"dataStructureComponents": lists}))
    assert [one.id for one in made.dimensions] == ["CAY", "TINH", "TIME_PERIOD"]
    is_there_or_told(made, "TINH")


def test_the_metadata_sets_of_a_constraint_have_no_place_where_the_schema_lets_no_name_of_one_pass() -> None:
    """In SDMX-ML 3.0 the patterns of such a reference exclude each other; our message had not been valid."""
    about = {"metadataSets": ["urn:sdmx:org.sdmx.infomodel.metadatastructure.MetadataSet=SEN:BAO_CAO(1.0)"]}
    made = taken(json_message("2.0.0", "metadataConstraints", {"role": "Allowed", "constraintAttachment": about}))
    assert "attachment" in [one.place for one in ML_STRUCTURES["3.0.0"].unheld(Shown(made))]
    is_there_or_told(made, "BAO_CAO")


def test_what_is_said_of_the_lists_of_a_structure_without_any_is_told_as_lost() -> None:
    note = [{"type": "GHI_CHU", "title": "Chiều"}]
    lists = {"dimensionList": {"id": "DimensionDescriptor", "annotations": note}}
    made = taken(json_message("2.1.0", "dataStructures", {"dataStructureComponents": lists}))
    assert [one.place for one in ML_STRUCTURES["3.1.0"].unheld(Shown(made))] == ["lists"]


def test_times_that_do_not_say_how_they_look_are_the_same_in_every_format() -> None:
    """Else a structure from SDMX-JSON was another one when it came back from SDMX-ML, and a conflict if it was final."""
    time = {"id": "TIME_PERIOD", "conceptIdentity": CONCEPT.format("KY")}
    plain = [{"id": "CAY", "conceptIdentity": CONCEPT.format("CAY")}]
    measures = {"id": "MeasureDescriptor", "measures": [{"id": "OBS_VALUE", "conceptIdentity": CONCEPT.format("TRI")}]}
    listed = {"id": "DimensionDescriptor", "dimensions": plain, "timeDimension": time}
    components = {"dimensionList": listed, "measureList": measures}
    made = taken(json_message("2.1.0", "dataStructures", {"dataStructureComponents": components}))
    for format in FORMATS:
        assert format.unheld(Shown(made)) == []
        assert taken(written(format, made).encode()) == made


def test_what_is_there_is_passed_over_in_json_as_in_markup() -> None:
    """Our own answer about it, with the structures it is about, could not be read."""
    about = {"dataflow": "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=SEN:MUA(1.0)"}
    region = {"keyValues": [{"id": "CAY", "values": ["LUA"]}]}
    told = json.loads(json_message("2.1.0", "codelists", {}))
    told["data"]["availabilityConstraints"] = [{"constraintAttachment": about, "cubeRegion": region}]
    assert [one.ref.id for one in structures_of(json.dumps(told).encode()).artefacts] == ["X"]
    assert taken(json.dumps(told).encode()).ref.id == "X"
