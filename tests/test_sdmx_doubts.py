"""References to items, and what is taken though it is probably not meant: at the SDMX doors and in the advisor's answer.

Source: SDMX REST 2.2, "Structural Metadata maintenance": 409 for missing references, and ``Warning`` among the statuses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
import pytest
from lxml import etree

from hub.wiring import Hub
from registry.advisor import advise
from registry.document import to_document
from registry.model import (
    Artefact,
    Categorisation,
    Code,
    CodelistExtension,
    Dimension,
    HierarchicalCode,
    Hierarchy,
    MappedValue,
    RepresentationMap,
    ValueDomain,
    ValueMapping,
    coded,
)
from registry.ref import Kind, Ref
from registry.submission import Order, Purpose
from tests import world
from tests.asking import TOKENS, Asker
from tests.test_registry_damaged import damage
from tests.test_sdmx_maintenance import THEMES
from tests.test_sdmx_submitting import SCHEMAS, SOIL, Office, json_message, told

HERE = "/sdmx/v2/structure"
CLAY = replace(
    SOIL,
    ref=replace(SOIL.ref, id="CL_CLAY"),
    items=(Code("SET", {"en": "Clay"}),),
)
MAP = RepresentationMap(
    ref=Ref(Kind.REPRESENTATION_MAP, "SEN", "DAT_SET", "1.0"),
    names={"en": "Soils"},
    sources=(ValueDomain(enumeration=SOIL.ref),),
    targets=(ValueDomain(enumeration=CLAY.ref),),
    mappings=(
        ValueMapping(sources=(MappedValue("CAT"),), targets=("SET",)),
        ValueMapping(sources=(MappedValue("DA"),), targets=("BUN",)),
        ValueMapping(sources=(MappedValue("P.*", is_regex=True),), targets=("SET",)),
    ),
)


def tree(*codes: str, of: Ref = SOIL.ref) -> Hierarchy:
    nested = tuple(HierarchicalCode(id=code, code=of.item(code)) for code in codes)
    return Hierarchy(ref=Ref(Kind.HIERARCHY, "SEN", "CAY_DAT", "1.0"), names={"en": "Tree"}, codes=nested)


@pytest.fixture
def office(empty_hub: Hub) -> Iterator[Office]:
    yield Office(empty_hub)


def submitted(office: Office, *artefacts: Artefact, **how: Any) -> dict[str, str]:
    """The code of what went wrong with each, ``-`` for nothing; straight at the desk, which knows more than formats can say."""
    order = Order(what="test", **how)
    results = office.hub.ports.maintenance.submit(artefacts, Purpose.REPLACE, order, TOKENS["publisher"])
    return {one.ref.id: one.error.code if one.error else "-" for one in results}


def anew(office: Office) -> Office:
    """The same registry for a process that remembers nothing of it."""
    return Office(Hub.build(office.hub.settings, office.hub.clock))


def test_a_tree_of_codes_that_no_list_has_is_refused(office: Office) -> None:
    office.post(SOIL)
    assert submitted(office, tree("CAT", "DA")) == {"CAY_DAT": "ITEM_MISSING"}
    assert submitted(office, tree("CAT", "PHUSA")) == {"CAY_DAT": "-"}
    more = replace(SOIL, items=(*SOIL.items, Code("DA", {"en": "Stone"})))
    assert submitted(office, tree("CAT", "DA"), more) == {"CAY_DAT": "-", "CL_SOIL": "-"}, "it may come in the same message"


def test_a_structure_of_concepts_that_no_scheme_has_is_refused(office: Office) -> None:
    strange = Dimension(id="SOIL", concept_identity=world.CONCEPTS.ref.item("SOIL"), representation=coded(world.CROP.ref))
    made = replace(world.DSD, ref=replace(world.DSD.ref, id="DAT"), dimensions=(strange, *world.DSD.dimensions))
    assert office.post(made) == (409, {"DAT": 409})


def test_a_category_is_named_by_its_path(office: Office) -> None:
    office.post(THEMES)
    made = Categorisation(
        ref=Ref(Kind.CATEGORISATION, "SEN", "XEP", "1.0"),
        names={"en": "Sorted"},
        object=world.DATAFLOW.ref,
        category=THEMES.ref.item("KT.NN"),
    )
    assert submitted(office, replace(made, category=THEMES.ref.item("NN"))) == {"XEP": "ITEM_MISSING"}
    assert submitted(office, made) == {"XEP": "-"}
    fewer = replace(THEMES, items=(THEMES.items[0], *THEMES.items[2:]))
    assert submitted(office, fewer) == {"THEMES": "ITEM_REFERENCED"}


def test_inherited_codes_are_there_and_of_parts_and_damaged_lists_nobody_can_say(office: Office) -> None:
    office.post(SOIL, CLAY)
    heir = replace(CLAY, ref=replace(SOIL.ref, id="CL_HEIR"), extensions=(CodelistExtension(codelist=SOIL.ref, prefix="D_"),))
    assert submitted(office, heir, tree("SET", "D_CAT", of=heir.ref)) == {"CL_HEIR": "-", "CAY_DAT": "-"}
    part = replace(SOIL, ref=replace(SOIL.ref, id="CL_PART"), is_partial=True)
    assert submitted(office, part, tree("X", of=part.ref)) == {"CL_PART": "-", "CAY_DAT": "-"}
    damage(office.hub, "CL_SOIL", body="{")
    assert submitted(anew(office), tree("X")) == {"CAY_DAT": "-"}


def test_an_old_fault_does_not_keep_other_words_from_being_put_right(office: Office) -> None:
    office.post(SOIL)
    assert submitted(office, tree("CAT")) == {"CAY_DAT": "-"}
    damage(office.hub, "CAY_DAT", "Hierarchy", body=orjson.dumps({"codes": to_document(tree("DA"))["codes"]}).decode())
    fresh = anew(office)
    assert submitted(fresh, replace(tree("DA"), names={"en": "Soils"})) == {"CAY_DAT": "-"}
    assert submitted(fresh, tree("DA", "BUN")) == {"CAY_DAT": "ITEM_MISSING"}


def test_a_proposal_is_held_to_the_same(office: Office) -> None:
    office.post(SOIL)
    answer = Asker(office.hub.ports).ask(
        'mutation ($content: String!) { propose(content: $content, why: "x") { id } }',
        token="publisher",
        content=orjson.dumps(to_document(tree("DA"))).decode(),
    )
    assert answer["errors"][0]["extensions"]["code"] == "ITEM_MISSING"


def test_a_map_of_codes_that_its_lists_do_not_have_is_taken_with_a_warning(office: Office) -> None:
    office.post(SOIL, CLAY)
    result = office.hub.ports.maintenance.submit([MAP], Purpose.REPLACE, Order("test", dry=True), TOKENS["publisher"])[0]
    assert [(one.code, one.facts["found"]) for one in result.warnings] == [
        ("MAP_SOURCES_UNKNOWN", "DA"),
        ("MAP_TARGETS_UNKNOWN", "BUN"),
    ]
    answer = office.send("POST", HERE, json_message(MAP))
    assert told(answer) == (201, {"DAT_SET": 201})
    (told_of,) = orjson.loads(answer.content)["data"]["results"]
    assert told_of["status"] == "Warning" and told_of["warnings"][0]["code"] == "MAP_SOURCES_UNKNOWN"


def test_a_warning_in_markup(office: Office) -> None:
    office.post(SOIL, CLAY)
    root = etree.fromstring(office.send("POST", HERE, json_message(MAP), Accept="*/*").content)
    SCHEMAS["3.1.0"].assertValid(root)
    (status,) = root.iterfind(".//{*}StatusMessage")
    assert status.get("status") == "Warning" and len(status.findall("{*}MessageText")) == 3


def test_two_versions_in_force_at_once_are_told(office: Office) -> None:
    first = replace(SOIL, valid_from=datetime(2020, 1, 1), valid_to=datetime(2025, 6, 30))
    second = replace(SOIL, ref=replace(SOIL.ref, version="2.0"), valid_from=datetime(2025, 7, 1))
    early = replace(second, valid_from=datetime(2025, 1, 1))
    office.post(first)
    (advice,) = advise([early], office.hub.catalogue)
    assert [(one.code, str(one.facts["start"]), one.facts["end"]) for one in advice.warnings] == [
        ("VALIDITY_SHARED", "2025-01-01", "2025-06-30")
    ]
    assert not advise([second], office.hub.catalogue)[0].warnings
    added = replace(early, ref=replace(SOIL.ref, version="1.1"))
    assert not advise([added], office.hub.catalogue)[0].warnings, "a minor version adds to what is in force"


def test_the_advisor_tells_it_over_graphql(office: Office) -> None:
    office.post(SOIL, CLAY)
    query = 'query ($content: String!) { advice(content: $content) { ref warnings { code detail(lang: "en") } } }'
    content = orjson.dumps(to_document(MAP)).decode()
    (found,) = Asker(office.hub.ports).data(query, token="publisher", content=content)["advice"]
    assert [one["code"] for one in found["warnings"]] == ["MAP_SOURCES_UNKNOWN", "MAP_TARGETS_UNKNOWN"]
    assert found["warnings"][0]["detail"] == "SEN:DAT_SET(1.0) maps 1 values that SEN:CL_SOIL(1.0) does not have: DA."
