"""Classifications in GraphQL: versions in time, correspondences both ways, what changed, and the lives of codes.

Đất Nước Sen is divided into zones (ZONE), in three versions:

    CL_ZONE(1.0)    to 2019      A Núi      B Sông     C Biển     D Đảo
    CL_ZONE(2.0)    2020-2024    B Sông (A and B)      A Biển     D1, D2 (D, 6 to 4 by population)     E Trời (new)
    CL_ZONE(3.0)    from 2025    B Sông     A Biển     D Đảo (D1 and D2); E has ended

So in 2020 the code A was used again, for what had been C, and the name Sông survived with another extent.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hub.database import writing
from hub.wiring import Hub
from registry import model
from registry.actions import put
from registry.correspondence import Correspondence, Link
from registry.model import Annotation, Code, Codelist
from registry.ref import ItemRef, Kind, Ref
from tests import world
from tests.asking import Asker
from tests.conftest import Hands

NAMES = {"A": ("Núi", "Mountains"), "B": ("Sông", "Rivers"), "C": ("Biển", "Sea"), "D": ("Đảo", "Islands")}
LEVEL = Annotation(type="LEVEL", title="zone", texts={"vi": "Vùng", "en": "Zone"})
FAMILY = Annotation(type="CLASSIFICATION", title="ZONE", texts={"vi": "Các vùng", "en": "Zones"})
NOTES = (
    Annotation(type="INCLUDES", texts={"vi": "bãi cát", "en": "beaches"}),
    Annotation(type="EXCLUDES", texts={"vi": "đầm phá", "en": "lagoons"}),
    Annotation(type="RULING", texts={"vi": "Cửa sông thuộc biển.", "en": "Estuaries are sea."}),
    Annotation(type="INDEX", texts={"vi": "đại dương; khơi", "en": "ocean"}),
)


def zone(id: str, vi: str, en: str, *more: Annotation, **life: Any) -> Code:
    return Code(id, {"vi": vi, "en": en}, annotations=(Annotation(type="level", title="zone"), *more), **life)


def version(number: str, start: date | None, end: date | None, *codes: Code) -> Codelist:
    return Codelist(
        ref=Ref(Kind.CODELIST, "SEN", "CL_ZONE", number),
        names={"vi": f"Vùng {number}", "en": f"Zones {number}"},
        annotations=(
            FAMILY,
            LEVEL,
            Annotation(type="LEGAL_BASIS", texts={"vi": f"Nghị quyết {number}", "en": f"Act {number}"}),
        ),
        valid_from=start,
        valid_to=end,
        items=codes,
    )


OLD = version("1.0", None, date(2019, 12, 31), *(zone(id, *NAMES[id]) for id in NAMES))
MIDDLE = version(
    "2.0",
    date(2020, 1, 1),
    date(2024, 12, 31),
    zone("A", *NAMES["C"], *NOTES),
    zone("B", *NAMES["B"]),
    zone("D1", "Đảo gần", "Near islands"),
    zone("D2", "Đảo xa", "Far islands"),
    zone("E", "Trời", "Sky", valid_to=date(2022, 6, 30)),
)
NEW = version("3.0", date(2025, 1, 1), None, zone("A", *NAMES["C"]), zone("B", *NAMES["B"]), zone("D", *NAMES["D"]))
FIRST = Correspondence(
    ref=Ref(Kind.REPRESENTATION_MAP, "SEN", "COR_ZONE_1_2", "1.0"),
    names={"vi": "Vùng cũ sang vùng mới", "en": "Old to new zones"},
    from_list=OLD.ref,
    to_list=MIDDLE.ref,
    links=(Link("A", "B"), Link("B", "B"), Link("C", "A"), Link("D", "D1", "0.6"), Link("D", "D2", "0.4")),
    basis="population",
    period="2019",
).map
SECOND = Correspondence(
    ref=Ref(Kind.REPRESENTATION_MAP, "SEN", "COR_ZONE_2_3", "1.0"),
    names={"vi": "Vùng 2 sang 3", "en": "Zones 2 to 3"},
    from_list=MIDDLE.ref,
    to_list=NEW.ref,
    links=(Link("A", "A"), Link("B", "B"), Link("D1", "D"), Link("D2", "D")),
    ended=("E",),
).map
COASTS = model.Hierarchy(
    ref=Ref(Kind.HIERARCHY, "SEN", "COASTS", "1.0"),
    names={"vi": "Ven biển", "en": "Coasts"},
    codes=(model.HierarchicalCode(id="A", code=ItemRef("Code", NEW.ref, "A")),),
)
MADE: tuple[model.Artefact, ...] = (OLD, MIDDLE, NEW, FIRST, SECOND, COASTS)


@pytest.fixture
def asker(hub: Hub, clock: Hands) -> Asker:
    with writing(hub.engine) as connection:
        put(connection, MADE, world.act(clock.now()))
    return Asker(hub.ports)


def codelist(asker: Asker, number: str, inside: str, **how: Any) -> dict[str, Any]:
    found: dict[str, Any] = asker.data(f'{{ codelist(ref: "SEN:CL_ZONE({number})") {{ {inside} }} }}', **how)["codelist"]
    return found


def ids(codes: list[dict[str, Any]]) -> list[str]:
    return [code["id"] for code in codes]


# Versions


def test_every_codelist_is_a_version_of_a_classification(asker: Asker) -> None:
    found = asker.data('{ classifications(search: "cac vung") { nodes { id agency name versions { version } } } }', lang="en")
    assert found["classifications"]["nodes"] == [
        {
            "id": "ZONE",
            "agency": "SEN",
            "name": "Zones",
            "versions": [{"version": "1.0"}, {"version": "2.0"}, {"version": "3.0"}],
        }
    ]
    everything = asker.data("{ classifications { totalCount nodes { id } } }")["classifications"]
    assert everything["totalCount"] == 7 and {"CL_CROP", "ZONE"} <= set(ids(everything["nodes"]))
    first = asker.data("{ classifications(first: 1) { nodes { id } pageInfo { endCursor } } }")["classifications"]
    after = "query ($after: String) { classifications(first: 6, after: $after) { nodes { id } } }"
    rest = asker.data(after, after=first["pageInfo"]["endCursor"])["classifications"]
    assert ids(first["nodes"]) + ids(rest["nodes"]) == ids(everything["nodes"])


@pytest.mark.parametrize(
    ("day", "number"), [("1990-01-01", "1.0"), ("2020-01-01", "2.0"), ("2024-12-31", "2.0"), ("2030-01-01", "3.0")]
)
def test_the_version_of_a_day_is_the_one_that_held(asker: Asker, day: str, number: str) -> None:
    found = asker.data(f'{{ classification(id: "ZONE") {{ versionAt(date: "{day}") {{ version }} }} }}')
    assert found["classification"]["versionAt"]["version"] == number
    error = asker.error('{ classification(id: "ZONES") { id } }', lang="vi")
    assert error["code"] == "CLASSIFICATION_NOT_FOUND" and "ZONE" in error["detail"]


def test_a_version_tells_its_levels_its_legal_basis_and_the_codes_of_a_day(asker: Asker) -> None:
    inside = "levels { id name depth count } legalBasis classification { id } {of}"
    of = 'before: codesAt(date: "2022-06-30") { totalCount } after: codesAt(date: "2022-07-01") { nodes { id level } }'
    found = codelist(asker, "2.0", inside.replace("{of}", of), lang="en")
    assert found["levels"] == [{"id": "zone", "name": "Zone", "depth": 1, "count": 5}]
    assert (found["legalBasis"], found["classification"]) == ("Act 2.0", {"id": "ZONE"})
    assert found["before"]["totalCount"] == 5 and ids(found["after"]["nodes"]) == ["A", "B", "D1", "D2"]
    assert found["after"]["nodes"][0]["level"] == "zone"


def test_a_code_tells_what_belongs_to_it_and_what_else_it_is_called(asker: Asker) -> None:
    found = codelist(
        asker, "2.0", 'code(id: "A") { includes excludes rulings indexTerms own: indexTerms(lang: "en") }', lang="en"
    )
    assert found["code"] == {
        "includes": "beaches",
        "excludes": "lagoons",
        "rulings": ["Estuaries are sea."],
        "indexTerms": ["đại dương", "khơi", "ocean"],
        "own": ["ocean"],
    }
    (deep,) = asker.data('{ codelist(ref: "SEN:CL_PROVINCE") { codes(search: "01") { nodes { level } } } }')["codelist"][
        "codes"
    ]["nodes"]
    assert deep == {"level": "2"}, "its depth where none is said"
    bare = codelist(asker, "2.0", 'code(id: "B") { includes excludes rulings indexTerms }')["code"]
    assert bare == {"includes": None, "excludes": None, "rulings": [], "indexTerms": []}


def test_a_version_leads_to_its_variants(asker: Asker) -> None:
    assert codelist(asker, "3.0", "variants { id name }", lang="en")["variants"] == [{"id": "COASTS", "name": "Coasts"}]
    assert codelist(asker, "2.0", "variants { id }")["variants"] == []


# Correspondences


TABLE = """ref name basis period fromCodelist { version } toCodelist { version } steps { ref inverted }
  kinds { kind sources links } exactness { exact estimated broken }
  links { totalCount nodes { source target kind state share basis sourceCode { name } targetCode { name } } }
  groups { nodes { id kind sources { id } targets { id } } } ended { nodes { id } }"""


def test_a_table_tells_its_kinds_its_groups_and_how_exact_it_is(asker: Asker) -> None:
    found = codelist(asker, "1.0", f'correspondence(to: "SEN:CL_ZONE(2.0)") {{ {TABLE} }}', lang="en")["correspondence"]
    assert (found["ref"], found["basis"], found["period"]) == ("SEN:COR_ZONE_1_2(1.0)", "population", "2019")
    assert found["kinds"] == [
        {"kind": "1:1", "sources": 1, "links": 1},
        {"kind": "n:1", "sources": 2, "links": 2},
        {"kind": "1:n", "sources": 1, "links": 2},
        {"kind": "n:m", "sources": 0, "links": 0},
    ]
    assert found["exactness"] == {"exact": 3, "estimated": 1, "broken": 0}
    assert found["links"]["nodes"][3] == {
        "source": "D",
        "target": "D1",
        "kind": "1:n",
        "state": "estimated",
        "share": "0.6",
        "basis": "population",
        "sourceCode": {"name": "Islands"},
        "targetCode": {"name": "Near islands"},
    }
    assert [(group["id"], group["kind"], ids(group["sources"])) for group in found["groups"]["nodes"]] == [
        ("A>B", "n:1", ["A", "B"]),
        ("C>A", "1:1", ["C"]),
        ("D>D1", "1:n", ["D"]),
    ]
    assert found["steps"] == [{"ref": "SEN:COR_ZONE_1_2(1.0)", "inverted": False}]


def test_a_table_is_turned_round_and_made_of_others(asker: Asker) -> None:
    back = codelist(asker, "2.0", f'correspondence(to: "SEN:CL_ZONE(1.0)") {{ {TABLE} }}')["correspondence"]
    assert back["steps"] == [{"ref": "SEN:COR_ZONE_1_2(1.0)", "inverted": True}]
    assert back["exactness"] == {"exact": 3, "estimated": 0, "broken": 1}
    unknown = [link for link in back["links"]["nodes"] if link["share"] is None]
    assert {(link["source"], link["target"], link["state"]) for link in unknown} == {("B", "A", "broken"), ("B", "B", "broken")}
    whole = codelist(asker, "1.0", f'correspondence(to: "SEN:CL_ZONE(3.0)") {{ {TABLE} }}')["correspondence"]
    assert [step["ref"] for step in whole["steps"]] == ["SEN:COR_ZONE_1_2(1.0)", "SEN:COR_ZONE_2_3(1.0)"]
    assert whole["exactness"] == {"exact": 4, "estimated": 0, "broken": 0}
    assert asker.error('{ codelist(ref: "SEN:CL_ZONE") { correspondence(to: "SEN:CL_CROP") { ref } } }')["code"] == (
        "CORRESPONDENCE_NOT_FOUND"
    )


@pytest.mark.parametrize(
    ("narrowed", "links"),
    [
        ('source: "D"', ["D>D1", "D>D2"]),
        ('target: "B"', ["A>B", "B>B"]),
        ('kind: "n:1"', ["A>B", "B>B"]),
        ('state: "estimated"', ["D>D1", "D>D2"]),
        ('group: "A>B"', ["A>B", "B>B"]),
        ('search: "bien"', ["C>A"]),
        ('search: "FAR"', ["D>D2"]),
        ('kind: "1:1", search: "zzz"', []),
    ],
)
def test_links_are_narrowed(asker: Asker, narrowed: str, links: list[str]) -> None:
    inside = f'correspondence(to: "SEN:CL_ZONE(2.0)") {{ links({narrowed}) {{ nodes {{ source target }} }} }}'
    found = codelist(asker, "1.0", inside)["correspondence"]["links"]["nodes"]
    assert [f"{link['source']}>{link['target']}" for link in found] == links


@pytest.mark.parametrize(
    ("narrowed", "code"),
    [('kind: "2:1"', "UNKNOWN_LINK_FILTER"), ('state: "sure"', "UNKNOWN_LINK_FILTER"), ('group: "A>A"', "GROUP_NOT_FOUND")],
)
def test_a_filter_that_means_nothing_is_refused(asker: Asker, narrowed: str, code: str) -> None:
    inside = f'correspondence(to: "SEN:CL_ZONE(2.0)") {{ links({narrowed}) {{ totalCount }} }}'
    assert asker.error(f'{{ codelist(ref: "SEN:CL_ZONE(1.0)") {{ {inside} }} }}')["code"] == code


def test_a_version_leads_to_its_correspondences_in_both_directions(asker: Asker) -> None:
    inside = "correspondences { toCodelist { version } steps { ref inverted } ended { nodes { id } } }"
    back, on = codelist(asker, "2.0", inside)["correspondences"]
    assert (back["toCodelist"], back["steps"][0]["inverted"]) == ({"version": "1.0"}, True)
    assert (on["toCodelist"], on["ended"]) == ({"version": "3.0"}, {"nodes": [{"id": "E"}]})
    stored = asker.data('{ correspondence(ref: "SEN:COR_ZONE_2_3") { table { exactness { exact broken } } } }')[
        "correspondence"
    ]
    assert stored["table"]["exactness"] == {"exact": 4, "broken": 1}


# What changed


def test_what_changed_is_told_with_the_codes_and_names_that_mislead(asker: Asker) -> None:
    inside = """changes(to: "SEN:CL_ZONE(2.0)") { reusedCodes survivingNames counts { kind count } table { ref }
      changes { nodes { kind sources { id name } targets { id name } reused surviving moved { source target } } }
      split: changes(kind: "split") { totalCount } }"""
    found = codelist(asker, "1.0", inside, lang="en")["changes"]
    assert (found["reusedCodes"], found["survivingNames"], found["table"]) == (["A"], 1, {"ref": "SEN:COR_ZONE_1_2(1.0)"})
    assert {(one["kind"], one["count"]) for one in found["counts"]} == {("merged", 1), ("recoded", 1), ("split", 1), ("new", 1)}
    merged, recoded, split, new = found["changes"]["nodes"]
    assert (merged["kind"], ids(merged["sources"]), ids(merged["targets"]), merged["surviving"]) == (
        "merged",
        ["A", "B"],
        ["B"],
        ["B"],
    )
    assert (recoded["sources"], recoded["targets"], recoded["reused"]) == (
        [{"id": "C", "name": "Sea"}],
        [{"id": "A", "name": "Sea"}],
        ["A"],
    )
    assert (ids(split["targets"]), new["sources"], ids(new["targets"])) == (["D1", "D2"], [], ["E"])
    assert found["split"] == {"totalCount": 1}


def test_without_a_table_codes_are_compared_by_id_and_name(asker: Asker) -> None:
    question = """{ codelist(ref: "SEN:CL_CROP") { changes(to: "SEN:CL_UNIT") { table { ref }
      counts { kind count } changes(kind: "ended") { nodes { sources { id } } } } } }"""
    found = asker.data(question)["codelist"]["changes"]
    assert found["table"] is None and {(one["kind"], one["count"]) for one in found["counts"]} == {("ended", 2), ("new", 2)}
    wrong = '{ codelist(ref: "SEN:CL_CROP") { changes(to: "SEN:CL_UNIT") { changes(kind: "lost") { totalCount } } } }'
    assert asker.error(wrong)["code"] == "UNKNOWN_LINK_FILTER"


def test_a_code_has_a_life(asker: Asker) -> None:
    inside = """biography(code: "%s") { kind day code legalBasis version { version } predecessors { id } successors { id } }"""
    life = codelist(asker, "1.0", inside % "D", lang="en")["biography"]
    assert [(event["kind"], event["day"], event["code"], event["version"]["version"]) for event in life] == [
        ("born", None, "D", "1.0"),
        ("split", "2020-01-01", "D", "2.0"),
        ("merged", "2025-01-01", "D1", "3.0"),
        ("merged", "2025-01-01", "D2", "3.0"),
    ]
    assert (ids(life[1]["predecessors"]), ids(life[1]["successors"]), life[1]["legalBasis"]) == (["D"], ["D1", "D2"], "Act 2.0")
    sea = codelist(asker, "3.0", inside % "A")["biography"]
    assert [event["kind"] for event in sea][:2] == ["born", "recoded"] and ids(sea[1]["predecessors"]) == ["C"]
    sky = codelist(asker, "2.0", inside % "E")["biography"]
    assert (sky[0]["kind"], sky[-1]["kind"]) == ("born", "died")
    assert asker.error('{ codelist(ref: "SEN:CL_ZONE(1.0)") { biography(code: "E") { kind } } }')["code"] == "ITEM_NOT_FOUND"


def test_a_list_too_long_to_be_read_whole_says_so(asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schema.classifications.MOST_READ", 3)
    found = codelist(asker, "2.0", 'levels { id } biography(code: "A") { kind } correspondences { ref }')
    assert (found["levels"], found["biography"], len(found["correspondences"])) == ([], None, 2)
    for inside in ('changes(to: "SEN:CL_ZONE(3.0)") { reusedCodes }', 'codesAt(date: "2022-07-01") { totalCount }'):
        error = asker.error(f'{{ codelist(ref: "SEN:CL_ZONE(2.0)") {{ {inside} }} }}')
        assert error["code"] == "LIST_TOO_LONG_TO_COMPARE"
