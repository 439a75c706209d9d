"""One long series of several versions of a dataflow, each as its viewer sees it.

Đất Nước Sen counts its harvest by the old provinces (SEN:MUA(1.0)) up to 2024 and by those drawn anew since (SEN:MUA(2.0)): 01
is N1, 02 and 03 join in S1, but of 03 a third goes to N1. Rice, thousands of tonnes:

    SEN:MUA(1.0)   2022   2023   2024          SEN:MUA(2.0)   2024   2025
    A.01.LUA         99    100    101          A.N1.LUA        111    112
    A.02.LUA          -     10     11          A.S1.LUA          -     40       "-": absent
    A.03.LUA          -     20     30
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from hub.access import LOCAL_ADMINISTRATOR
from hub.wiring import Hub
from registry import content
from registry.actions import put
from registry.calculation import Splice
from registry.correspondence import Correspondence, Link
from registry.errors import Invalid
from registry.model import Artefact, Code, Codelist, DataStructure, coded
from registry.ports import PUBLIC
from registry.recoding import ORIGIN, RECODING
from registry.ref import Kind, Ref
from registry.selection import select
from registry.series import Series
from tests import world
from tests.asking import Asker
from tests.conftest import Hands
from tests.test_formats import WRITERS, wish
from tests.test_questions import NEXT, TABLE

OLD, NEW = world.DATAFLOW.ref, replace(world.DATAFLOW.ref, version="2.0")


def newly(target: Codelist = NEXT, version: str = "2.0") -> list[Artefact]:
    """The structure and the dataflow with other provinces."""
    dimensions = tuple(
        replace(each, representation=coded(target.ref)) if each.id == "PROVINCE" else each for each in world.DSD.dimensions
    )
    dsd = replace(world.DSD, ref=replace(world.DSD.ref, version=version), dimensions=dimensions)
    return [target, dsd, replace(world.DATAFLOW, ref=replace(OLD, version=version), structure=dsd.ref)]


def add(hub: Hub, *artefacts: Artefact) -> None:
    with hub.engine.begin() as connection:
        put(connection, artefacts, world.act(hub.clock.now()))


def release(hub: Hub, flow: Ref, series: Iterable[Series], embargo: datetime | None = None) -> str:
    ordered: list[Series] = sorted(series, key=lambda one: one.key)
    draft = hub.drafts.draft(hub.catalogue.structure(flow), [*ordered], LOCAL_ADMINISTRATOR)
    assert draft is not None
    hub.releases.approve(draft.id, LOCAL_ADMINISTRATOR)
    return hub.releases.release(draft.id, LOCAL_ADMINISTRATOR, embargo).id


OLD_RICE = (
    world.series("A.01.LUA", {"2022": "99", "2023": "100", "2024": "101"}),
    world.series("A.02.LUA", {"2023": "10", "2024": "11"}),
    world.series("A.03.LUA", {"2023": "20", "2024": "30"}),
)
NEW_RICE = (world.series("A.N1.LUA", {"2024": "111", "2025": "112"}), world.series("A.S1.LUA", {"2025": "40"}))


@pytest.fixture
def sen(empty_hub: Hub, clock: Hands) -> Hub:
    """Both versions released; the clock stands an hour later."""
    add(empty_hub, *newly(), TABLE.map)
    release(empty_hub, OLD, OLD_RICE)
    release(empty_hub, NEW, NEW_RICE)
    clock.pass_by(hours=1)
    return empty_hub


def asked(hub: Hub, flow: Ref = NEW, **how: Any) -> Any:
    """The answer to a splice of everything."""
    structure = hub.catalogue.structure(flow)
    splice = {"dimensions": ("PROVINCE",), "versions": (OLD, NEW), **how.pop("splice", {})}
    return hub.cube.ask(select(structure, splice=Splice(**splice), **how), PUBLIC)


def told(answer: Any) -> dict[str, dict[str, tuple[str | None, ...]]]:
    """key -> period -> value, state, version."""
    found = {}
    for one in answer.series:
        said = (one.observation_attributes[name] for name in (RECODING, ORIGIN))
        found[".".join(one.key)] = dict(zip(one.periods(), zip(one.values, *said, strict=True), strict=True))
    return found


def test_a_long_series_says_of_each_value_how_sure_it_is_and_where_it_comes_from(sen: Hub) -> None:
    """What could only be estimated is not given; where both tell a year, the dataflow asked counts."""
    assert told(asked(sen)) == {
        "A.N1.LUA": {
            "2022": ("99", "EXACT", "1.0"),
            "2023": (None, "ESTIMATED", "1.0"),
            "2024": ("111", "EXACT", "2.0"),
            "2025": ("112", "EXACT", "2.0"),
        },
        "A.S1.LUA": {
            "2023": (None, "ESTIMATED", "1.0"),
            "2024": (None, "ESTIMATED", "1.0"),
            "2025": ("40", "EXACT", "2.0"),
        },
    }
    estimated = told(asked(sen, splice={"estimated": True}))
    assert estimated["A.S1.LUA"]["2024"] == ("31.01", "ESTIMATED", "1.0")
    assert estimated["A.N1.LUA"]["2023"] == ("106.66", "ESTIMATED", "1.0")


def test_codes_and_periods_are_chosen_as_in_the_dataflow_asked(sen: Hub) -> None:
    found = told(asked(sen, codes={"PROVINCE": ["N1"]}, start="2022", end="2024", last_n=2, splice={"estimated": True}))
    assert found == {"A.N1.LUA": {"2023": ("106.66", "ESTIMATED", "1.0"), "2024": ("111", "EXACT", "2.0")}}


def test_what_the_answer_tells_beside_the_structure_can_be_chosen(sen: Hub) -> None:
    (one, _) = asked(sen, attributes=[ORIGIN]).series
    assert set(one.observation_attributes) == {ORIGIN}
    with pytest.raises(Invalid) as raised:
        select(sen.catalogue.structure(NEW), attributes=[RECODING])
    assert raised.value.code == "COMPONENT_UNKNOWN"


def test_the_other_way_round_nobody_knows_what_went_where(sen: Hub) -> None:
    """On the old provinces: all of S1 was 02 and 03, but how much of each?"""
    found = told(asked(sen, OLD))
    assert found["A.01.LUA"]["2024"] == ("101", "EXACT", "1.0")
    assert found["A.02.LUA"]["2025"] == (None, "BROKEN", "2.0")


def test_the_answer_names_every_release_and_what_came_through(sen: Hub) -> None:
    answer = asked(sen, splice={"estimated": True})
    assert [(str(flow), release.number) for flow, release in answer.releases] == [("SEN:MUA(2.0)", 1), ("SEN:MUA(1.0)", 1)]
    (crossing,) = answer.crossings
    assert str(crossing.dataflow) == "SEN:MUA(1.0)"
    assert list(crossing.tally().observations.values()) == [1, 6, 0]
    assert any("SEN:MUA(1.0)" in step["vi"] and "DATAFLOW_VERSION" in step["vi"] for step in answer.computed)


def test_the_wrong_join_is_refused_with_its_reason(empty_hub: Hub) -> None:
    """The old 02 and the new 02 are not the same province."""
    again = replace(NEXT, items=(*NEXT.items, replace(NEXT.items[1], id="02")))
    add(empty_hub, *newly(again), TABLE.map)
    with pytest.raises(Invalid) as raised:
        asked(empty_hub, splice={"dimensions": ()})
    assert raised.value.code == "JOIN_REFUSED" and "(02)" in raised.value.detail("vi")
    assert "SEN:COR(1.0)" in raised.value.help("en")


def test_without_a_correspondence_nothing_is_joined(empty_hub: Hub) -> None:
    again = replace(NEXT, items=(*NEXT.items, replace(NEXT.items[1], id="02")))
    add(empty_hub, *newly(again))
    with pytest.raises(Invalid) as raised:
        asked(empty_hub)
    assert raised.value.code == "JOIN_REFUSED"


def test_a_list_that_only_grew_is_joined_by_its_codes(empty_hub: Hub) -> None:
    grown = replace(
        world.PROVINCE,
        ref=replace(world.PROVINCE.ref, version="1.1"),
        items=(*world.PROVINCE.items, replace(world.PROVINCE.items[1], id="04")),
    )
    add(empty_hub, *newly(grown))
    release(empty_hub, OLD, OLD_RICE[:1])
    release(empty_hub, NEW, [world.series("A.01.LUA", {"2025": "102"}), world.series("A.04.LUA", {"2025": "1"})])
    found = told(asked(empty_hub, splice={"dimensions": ()}))
    assert found["A.01.LUA"] == {
        "2022": ("99", "EXACT", "1.0"),
        "2023": ("100", "EXACT", "1.0"),
        "2024": ("101", "EXACT", "1.0"),
        "2025": ("102", "EXACT", "2.0"),
    }


def test_a_version_without_anything_wanted_leaves_the_series_to_the_others(empty_hub: Hub) -> None:
    add(empty_hub, *newly(), TABLE.map)
    release(empty_hub, OLD, OLD_RICE[1:2])
    release(empty_hub, NEW, NEW_RICE)
    found = told(asked(empty_hub, codes={"PROVINCE": ["N1"]}))
    assert found == {"A.N1.LUA": {"2024": ("111", "EXACT", "2.0"), "2025": ("112", "EXACT", "2.0")}}


def test_dataflows_of_other_names_are_told_apart_by_their_whole_names(empty_hub: Hub) -> None:
    _, dsd, flow = newly()
    other = replace(flow, ref=replace(OLD, id="MUA_MOI"))
    add(empty_hub, NEXT, dsd, other, TABLE.map)
    release(empty_hub, OLD, OLD_RICE[:1])
    release(empty_hub, other.ref, NEW_RICE)
    found = told(asked(empty_hub, other.ref, splice={"versions": (OLD,)}))["A.N1.LUA"]
    assert found["2023"] == ("100", "EXACT", "SEN:MUA(1.0)") and found["2024"] == ("111", "EXACT", "SEN:MUA_MOI(1.0)")


def test_dataflows_of_other_dimensions_make_no_series(empty_hub: Hub) -> None:
    _, dsd, flow = newly(world.PROVINCE)
    assert isinstance(dsd, DataStructure)
    without = replace(dsd, dimensions=tuple(each for each in dsd.dimensions if each.id != "CROP"))
    add(empty_hub, without, flow)
    release(empty_hub, OLD, OLD_RICE)
    release(empty_hub, NEW, [replace(world.series("A.01", {"2025": "102"}))])
    with pytest.raises(Invalid) as raised:
        asked(empty_hub)
    assert raised.value.code == "SPLICE_DIFFERS" and "CROP" in raised.value.detail("vi")


def test_nothing_to_splice_is_an_error(hub: Hub) -> None:
    with pytest.raises(Invalid) as raised:
        asked(hub, OLD, splice={"versions": (OLD,)})
    assert raised.value.code == "NOTHING_TO_SPLICE"


def test_different_multipliers_are_brought_to_one(empty_hub: Hub) -> None:
    add(empty_hub, *newly(), TABLE.map)
    release(empty_hub, OLD, OLD_RICE[:1])
    release(empty_hub, NEW, [replace(NEW_RICE[0], attributes={**world.TONNES, "UNIT_MULT": "0"})])
    (one,) = asked(empty_hub).series
    assert one.values == ["99000", "100000", "111", "112"] and one.attributes["UNIT_MULT"] == "0"


# Releases, vintages, embargoes


def test_one_version_is_published_first(empty_hub: Hub, clock: Hands) -> None:
    """Before the new dataflow has anything to tell, the old one tells it; of one that waits nothing is seen."""
    add(empty_hub, *newly(), TABLE.map)
    assert told(asked(empty_hub)) == {}
    release(empty_hub, OLD, OLD_RICE[:1])
    release(empty_hub, NEW, NEW_RICE, embargo=clock.now() + timedelta(days=1))
    answer = asked(empty_hub)
    assert told(answer) == {
        "A.N1.LUA": {year: (value, "EXACT", "1.0") for year, value in (("2022", "99"), ("2023", "100"), ("2024", "101"))}
    }
    assert [release and release.number for _, release in answer.releases] == [None, 1]
    clock.pass_by(days=1)
    assert told(asked(empty_hub))["A.N1.LUA"]["2024"] == ("111", "EXACT", "2.0")


def test_every_version_is_as_it_stood_at_the_time(sen: Hub, clock: Hands) -> None:
    before = clock.now()
    clock.pass_by(hours=1)
    release(sen, OLD, [world.series("A.01.LUA", {"2022": "98"})])
    assert told(asked(sen))["A.N1.LUA"]["2022"] == ("98", "EXACT", "1.0")
    assert told(asked(sen, as_of=before))["A.N1.LUA"]["2022"] == ("99", "EXACT", "1.0")


# At the doors

QUERY = """query($selection: SelectionInput, $first: Int = 50, $after: String) {
  dataflow(ref: "SEN:MUA(2.0)") { data(selection: $selection, first: $first, after: $after) {
    release { number } sources { dataflow release { number } } totalCount pageInfo { endCursor }
    recodings { dataflow dimension fromCodelist toCodelist tables { ref inverted } weights { basis period source }
      shares { state observations observationShare valueShare } brokenCodes unlinkedCodes partialCodes }
    series { key columns { periods valueTexts attributes { id values } } } } } }"""


def wanted(**how: Any) -> dict[str, Any]:
    return {"splice": {"dimensions": ["PROVINCE"], **how}}


def test_graphql_gives_the_long_series_in_one_question(sen: Hub) -> None:
    data = Asker(sen.ports).data(QUERY, selection=wanted(estimated=True))["dataflow"]["data"]
    assert data["sources"] == [
        {"dataflow": "SEN:MUA(2.0)", "release": {"number": 1}},
        {"dataflow": "SEN:MUA(1.0)", "release": {"number": 1}},
    ]
    (recoding,) = data["recodings"]
    assert recoding["tables"] == [{"ref": "SEN:COR(1.0)", "inverted": False}]
    assert [(each["state"], each["observations"]) for each in recoding["shares"]] == [
        ("EXACT", 1),
        ("ESTIMATED", 6),
        ("BROKEN", 0),
    ]
    north = data["series"][0]
    assert north["key"] == "A.N1.LUA" and north["columns"]["valueTexts"] == ["99", "106.66", "111", "112"]
    assert {each["id"]: each["values"] for each in north["columns"]["attributes"]} == {
        "RECODING": ["EXACT", "ESTIMATED", "EXACT", "EXACT"],
        "DATAFLOW_VERSION": ["1.0", "1.0", "2.0", "2.0"],
    }


def test_an_answer_is_kept_until_any_of_its_dataflows_has_a_new_release(sen: Hub, clock: Hands) -> None:
    asker = Asker(sen.ports)

    def first() -> str:
        value: str = asker.data(QUERY, selection=wanted())["dataflow"]["data"]["series"][0]["columns"]["valueTexts"][0]
        return value

    def tag() -> str:
        return asker.send(
            "GET",
            params={
                "query": '{ dataflow(ref: "SEN:MUA(2.0)") { data(selection: {splice: '
                '{dimensions: ["PROVINCE"]}}) { series { key columns { valueTexts } } } } }'
            },
        ).headers["etag"]

    assert first() == first() == "99"
    before = tag()
    assert tag() == before
    clock.pass_by(hours=1)
    release(sen, OLD, [world.series("A.01.LUA", {"2022": "98"})])
    assert first() == "98" and tag() != before


def test_pages_are_of_the_same_releases_or_begin_anew(sen: Hub, clock: Hands) -> None:
    asker = Asker(sen.ports)
    page = asker.data(QUERY, selection=wanted(), first=1)["dataflow"]["data"]
    cursor = page["pageInfo"]["endCursor"]
    onward = asker.data(QUERY, selection=wanted(), first=1, after=cursor)["dataflow"]["data"]
    assert [each["key"] for each in onward["series"]] == ["A.S1.LUA"] and onward["pageInfo"]["endCursor"] is None
    clock.pass_by(hours=1)
    release(sen, OLD, [world.series("A.01.LUA", {"2022": "98"})])
    assert asker.error(QUERY, selection=wanted(), first=1, after=cursor)["code"] == "OUTDATED_CURSOR"


def test_a_recoding_is_asked_in_graphql(sen: Hub) -> None:
    query = QUERY.replace("MUA(2.0)", "MUA(1.0)")
    selection = {"recode": [{"dimension": "PROVINCE", "to": "SEN:CL_PROVINCE(2.0)", "by": "SEN:COR(1.0)"}]}
    data = Asker(sen.ports).data(query, selection=selection)["dataflow"]["data"]
    assert data["sources"] == [{"dataflow": "SEN:MUA(1.0)", "release": {"number": 1}}]
    (recoding,) = data["recodings"]
    assert (recoding["fromCodelist"], recoding["toCodelist"]) == ("SEN:CL_PROVINCE(1.0)", "SEN:CL_PROVINCE(2.0)")
    assert str(recoding["shares"][1]["valueShare"]) == "0.733154"


def test_a_way_over_several_tables_is_told_step_by_step(sen: Hub) -> None:
    """From 2.0 back to 1.0 and on to two halves. S1 goes to N whichever way, of N1 nobody knows how much: N has no value."""
    halves = replace(edition("CL_HALF", "B", "N"), names={"vi": "Nửa", "en": "Halves"})
    onward = replace(
        TABLE,
        ref=replace(TABLE.ref, id="COR_HALF"),
        to_list=halves.ref,
        links=(Link("01", "B"), Link("02", "N"), Link("03", "N")),
    )
    add(sen, halves, onward.map)
    selection = {"recode": [{"dimension": "PROVINCE", "to": "SEN:CL_HALF(1.0)"}]}
    (recoding,) = Asker(sen.ports).data(QUERY, selection=selection)["dataflow"]["data"]["recodings"]
    assert recoding["tables"] == [{"ref": "SEN:COR(1.0)", "inverted": True}, {"ref": "SEN:COR_HALF(1.0)", "inverted": False}]
    assert [each["observations"] for each in recoding["shares"]] == [0, 0, 3]
    assert recoding["brokenCodes"] == ["N1"]


def test_csv_shows_how_sure_each_value_is(sen: Hub) -> None:
    answer = asked(sen, splice={"estimated": True})
    text = b"".join(WRITERS["csv-plain"](answer, wish(answer.structure))).decode()
    assert "RECODING" in text.splitlines()[0] and "DATAFLOW_VERSION" in text.splitlines()[0]
    assert any("106.66" in line and "ESTIMATED" in line and "1.0" in line for line in text.splitlines())


# The provinces of Viet Nam, as shipped


def test_a_provincial_series_of_2015_to_2026_on_the_34_provinces(sen: Hub) -> None:
    """Population of invented numbers by the 63 provinces to 2024, by the 34 since: every year adds up."""
    shipped = {str(made.ref): made for made in content.shipped()}
    old, new, table = (shipped[f"NSO:{id}"] for id in ("CL_PROVINCE(1.0)", "CL_PROVINCE(2.0)", "COR_PROVINCE_63_34(1.0)"))
    assert isinstance(old, Codelist) and isinstance(new, Codelist)
    add(sen, *(shipped[name] for name in shipped if name.startswith("SDMX:AGENCIES")), old, new, table)
    add(sen, *newly(old, "3.0"), *newly(new, "4.0"))
    codes = {name: [code for code in held.by_id if not code.startswith("_")] for name, held in (("3.0", old), ("4.0", new))}
    for version, first, last in (("3.0", 2015, 2024), ("4.0", 2025, 2026)):
        series = [
            world.series(f"A.{code}.LUA", {str(year): f"{year}.{place:03}" for year in range(first, last + 1)})
            for place, code in enumerate(codes[version], 1)
        ]
        release(sen, replace(OLD, version=version), series)
    query = QUERY.replace("MUA(2.0)", "MUA(4.0)")
    data = Asker(sen.ports).data(query, selection=wanted(versions=["SEN:MUA(3.0)"]))["dataflow"]["data"]
    assert data["totalCount"] == 34
    found = {each["key"].split(".")[1]: each["columns"] for each in data["series"]}
    for columns in found.values():
        assert columns["periods"] == [str(year) for year in range(2015, 2027)]
    place = {code: number for number, code in enumerate(codes["3.0"], 1)}
    for number, year in enumerate(range(2015, 2025)):
        total = sum(round(float(columns["valueTexts"][number]) * 1000) for columns in found.values())
        assert total == 63 * year * 1000 + 63 * 64 // 2
    assert round(float(found["15"]["valueTexts"][0]) * 1000) == 2 * 2015000 + place["15"] + place["10"]
    for code in ("15", "24", "44", "52", "80", "82", "91"):
        assert round(float(found[code]["valueTexts"][0]) * 1000) != 2015000 + place[code]
    error = Asker(sen.ports).error(query, lang="en", selection={"splice": {"dimensions": [], "versions": ["SEN:MUA(3.0)"]}})
    assert error["code"] == "JOIN_REFUSED" and "15, 24, 44, 52, 80, 82, 91" in str(error)


def edition(id: str, *codes: str) -> Codelist:
    items = tuple(Code(code, {"vi": f"Hàng {code}", "en": f"Goods {code}"}) for code in codes)
    return Codelist(ref=Ref(Kind.CODELIST, "SEN", id, "1.0"), names={"vi": id, "en": id}, items=items)


HS2017 = edition("CL_HS2017", "010121", "851712", "854370", "903149")
HS2022 = edition("CL_HS2022", "010121", "851713", "851714", "852411", "854370", "903149")
EDITIONS = Correspondence(
    ref=Ref(Kind.REPRESENTATION_MAP, "SEN", "HS2017_HS2022", "1.0"),
    names={"vi": "HS 2017 sang HS 2022", "en": "HS 2017 to HS 2022"},
    from_list=HS2017.ref,
    to_list=HS2022.ref,
    links=(
        Link("010121", "010121"),
        Link("851712", "851713", "0.9"),
        Link("851712", "851714", "0.1"),
        Link("854370", "854370"),
        Link("854370", "852411"),
        Link("903149", "903149"),
    ),
    basis="value",
    period="2022",
)


def test_trade_of_two_editions_of_the_harmonized_system(empty_hub: Hub) -> None:
    """Telephones of 2017 are parted into smartphones and others by their value; of 854370 nobody knows what became displays."""
    add(empty_hub, *newly(HS2017, "3.0"), *newly(HS2022, "4.0"), EDITIONS.map)
    before = {"010121": "1", "851712": "1000.50", "854370": "100", "903149": "8.5"}
    after = {"010121": "2", "851713": "900", "851714": "90", "852411": "7", "854370": "60", "903149": "9"}
    for version, year, said in (("3.0", "2021", before), ("4.0", "2022", after)):
        release(
            empty_hub,
            replace(OLD, version=version),
            [world.series(f"A.{code}.LUA", {year: value}) for code, value in said.items()],
        )
    query, selection = QUERY.replace("MUA(2.0)", "MUA(4.0)"), wanted(versions=["SEN:MUA(3.0)"], estimated=True)
    data = Asker(empty_hub.ports).data(query, selection=selection)["dataflow"]["data"]
    found = {each["key"].split(".")[1]: each["columns"]["valueTexts"] for each in data["series"]}
    assert found == {
        "010121": ["1", "2"],
        "851713": ["900.45", "900"],
        "851714": ["100.05", "90"],
        "852411": [None, "7"],
        "854370": [None, "60"],
        "903149": ["8.5", "9"],
    }
    (recoding,) = data["recodings"]
    assert recoding["weights"] == [{"basis": "value", "period": "2022", "source": None}]
    assert recoding["brokenCodes"] == ["854370"]
    assert [(each["state"], each["observations"], str(each["valueShare"])) for each in recoding["shares"]] == [
        ("EXACT", 2, "0.008559"),
        ("ESTIMATED", 1, "0.901351"),
        ("BROKEN", 1, "0.09009"),
    ]
    error = Asker(empty_hub.ports).error(query, selection={"splice": {"dimensions": [], "versions": ["SEN:MUA(3.0)"]}})
    assert error["code"] == "JOIN_REFUSED"
    assert "không phải là một danh mục" in error["detail"] and "phiên bản" not in error["detail"]


def test_and_back_in_the_edition_of_2017(empty_hub: Hub) -> None:
    """Smartphones and other telephones are telephones again, to the last unit; displays are in 854370 again."""
    add(empty_hub, *newly(HS2017, "3.0"), *newly(HS2022, "4.0"), EDITIONS.map)
    after = {"010121": "2", "851713": "900", "851714": "90.5", "852411": "7", "854370": "60", "903149": "9"}
    release(empty_hub, replace(OLD, version="3.0"), [world.series("A.851712.LUA", {"2021": "1000.50"})])
    release(
        empty_hub,
        replace(OLD, version="4.0"),
        [world.series(f"A.{code}.LUA", {"2022": value}) for code, value in after.items()],
    )
    query, selection = QUERY.replace("MUA(2.0)", "MUA(3.0)"), wanted(versions=["SEN:MUA(4.0)"])
    data = Asker(empty_hub.ports).data(query, selection=selection)["dataflow"]["data"]
    found = {each["key"].split(".")[1]: each["columns"]["valueTexts"] for each in data["series"]}
    assert found == {"010121": ["2"], "851712": ["1000.5", "990.5"], "854370": ["67"], "903149": ["9"]}
    assert [each["observations"] for each in data["recodings"][0]["shares"]] == [6, 0, 0]
