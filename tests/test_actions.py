"""What a file wants done: merged, replaced or deleted, at any level, in the order in which it says so.

The harvest of :mod:`tests.world` is published; each story imports one file and looks at what everybody then sees.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from hub.access import LOCAL_ADMINISTRATOR
from hub.import_report import ImportReport
from hub.imports import Hands, import_files, registry_writer
from hub.wiring import Hub
from registry.checking import Checker
from registry.model import Attribute, Level, Measure, coded, typed
from registry.raw import Action, Parts, RawDataSet, RawSeries
from registry.selection import select
from registry.series import Series
from registry.staging import Delta, Removal
from tests import world
from tests.messages import Statement, json_data, specific
from tests.reading import check, put

RICE = Statement("Q.01.LUA", "2023-Q1", "1", {"NOTE": "đo lại"})


def csv(*rows: str, columns: str = "FREQ,PROVINCE,CROP,TIME_PERIOD,OBS_VALUE,OBS_STATUS,NOTE,UNIT_MEASURE,UNIT_MULT") -> bytes:
    """SDMX-CSV 2.1: each row an action and the cells of the columns."""
    lines = [f"STRUCTURE,STRUCTURE_ID,ACTION,{columns}"]
    lines += [f"datastructure,SEN:MUA(1.0),{row}" for row in rows]
    return "\n".join(lines).encode()


def bring(hub: Hub, folder: Path, *contents: bytes) -> ImportReport:
    """Import and publish."""
    paths = [folder / f"{number}" for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    hands = Hands(
        hub.catalogue, registry_writer(hub.catalogue, hub.engine, hub.clock, LOCAL_ADMINISTRATOR), hub.drafts, hub.cube
    )
    report = import_files(paths, hands, LOCAL_ADMINISTRATOR)
    for draft in report.drafts.values():
        hub.releases.approve(draft, LOCAL_ADMINISTRATOR)
        hub.releases.release(draft, LOCAL_ADMINISTRATOR)
    return report


def seen(hub: Hub) -> dict[str, Series]:
    answer = hub.cube.ask(select(hub.catalogue.structure(world.DATAFLOW.ref)), LOCAL_ADMINISTRATOR)
    return {".".join(series.key): series for series in answer.series}


def values(hub: Hub) -> dict[str, dict[str, Decimal | None]]:
    """Key -> period -> value."""
    return {
        key: {
            period: None if text is None else Decimal(text)
            for period, text in zip(series.periods(), series.values, strict=True)
        }
        for key, series in seen(hub).items()
    }


def note(hub: Hub, key: str, attribute: str = "NOTE") -> str | None:
    """An attribute of the first observation of a series."""
    return (seen(hub)[key].observation_attributes.get(attribute) or [None])[0]


MERGES = ("Information", "Append", "Merge")


@pytest.mark.parametrize("word", MERGES)
def test_merging_leaves_what_is_not_stated(word: str, hub: Hub, tmp_path: Path) -> None:
    bring(hub, tmp_path, specific([replace(RICE, key="Q.01.NGO", value=None)], action=word))
    assert note(hub, "Q.01.NGO") == "đo lại"
    assert note(hub, "Q.01.NGO", "OBS_STATUS") == "P"
    assert values(hub)["Q.01.NGO"] == {"2023-Q1": Decimal("15.1")}


def test_what_is_known_of_a_series_need_not_be_said_again(hub: Hub, tmp_path: Path) -> None:
    report = bring(hub, tmp_path, specific([replace(RICE, upper={}), replace(RICE, key="Q.03.LUA", upper={})]))
    assert (report.files[0].accepted, report.files[0].rules) == (1, {"MISSING_ATTRIBUTE": 1})
    assert values(hub)["Q.01.LUA"]["2023-Q1"] == Decimal(1)
    assert seen(hub)["Q.01.LUA"].attributes == world.TONNES


def test_replacing_leaves_only_what_is_stated_of_the_observation(hub: Hub, tmp_path: Path) -> None:
    before = values(hub)["Q.01.LUA"]
    bring(hub, tmp_path, specific([replace(RICE, key="Q.01.NGO", value=None), RICE], action="Replace"))
    assert values(hub)["Q.01.NGO"] == {"2023-Q1": None}
    assert note(hub, "Q.01.NGO", "OBS_STATUS") is None
    assert values(hub)["Q.01.LUA"] == before | {"2023-Q1": Decimal(1)}
    assert seen(hub)["Q.01.NGO"].attributes == world.TONNES


def test_series_attributes_may_come_alone(hub: Hub, tmp_path: Path) -> None:
    before = values(hub)
    text = specific([]).replace(
        b"</m:DataSet>", b'<Series FREQ="Q" PROVINCE="02" CROP="LUA" UNIT_MEASURE="TA" UNIT_MULT="0"/></m:DataSet>'
    )
    bring(hub, tmp_path, text)
    assert values(hub) == before
    assert seen(hub)["Q.02.LUA"].attributes == {"UNIT_MEASURE": "TA", "UNIT_MULT": "0"}
    bring(hub, tmp_path, csv("M,Q,02,LUA,,,,,,3"))
    assert seen(hub)["Q.02.LUA"].attributes == {"UNIT_MEASURE": "TA", "UNIT_MULT": "3"}


DELETED = {
    "an observation": ([Statement("Q.02.LUA", "2023-Q1", None, upper={})], b"D,Q,02,LUA,2023-Q1,,,,,"),
    "two neighbours": (
        [Statement("Q.01.LUA", period, None, upper={}) for period in ("2023-Q1", "2023-Q2")],
        b"D,Q,01,LUA,2023-Q1,,,,,\ndatastructure,SEN:MUA(1.0),D,Q,01,LUA,2023-Q2,,,,,",
    ),
}


@pytest.mark.parametrize("what", DELETED)
def test_an_observation_that_is_only_named_is_deleted_whole(what: str, hub: Hub, tmp_path: Path) -> None:
    said, row = DELETED[what]
    expected = values(hub)
    for one in said:
        del expected[one.key][one.period]
    report = bring(hub, tmp_path, specific(said, action="Delete"))
    assert (report.files[0].observations, report.files[0].removed, report.files[0].refused) == (len(said), len(said), 0)
    assert values(hub) == expected
    assert bring(hub, tmp_path, csv(row.decode())).drafts == {}  # what is not there may be deleted


def test_named_values_and_attributes_are_emptied_and_the_observation_stays(hub: Hub, tmp_path: Path) -> None:
    bring(hub, tmp_path, csv("D,Q,01,NGO,2023-Q1,,-,,,"))
    assert note(hub, "Q.01.NGO", "OBS_STATUS") is None
    assert values(hub)["Q.01.NGO"] == {"2023-Q1": Decimal("15.1")}
    bring(hub, tmp_path, specific([Statement("Q.01.NGO", "2023-Q1", "0")], action="Delete"))
    assert values(hub)["Q.01.NGO"] == {"2023-Q1": None}
    assert seen(hub)["Q.01.NGO"].attributes == world.TONNES  # they only describe the series of what is deleted


def test_part_of_a_key_deletes_all_series_under_it(hub: Hub, tmp_path: Path) -> None:
    bring(hub, tmp_path, specific([]).replace(b"</m:DataSet>", b'<Series PROVINCE="01"/></m:DataSet>'), b"")
    assert len(values(hub)) == 4  # without Delete a part of a key says nothing
    text = specific([], action="Delete").replace(b"</m:DataSet>", b'<Series PROVINCE="01"/></m:DataSet>')
    bring(hub, tmp_path, text)
    assert list(values(hub)) == ["Q.02.LUA"]


def test_a_series_attribute_is_deleted_for_its_series(hub: Hub, tmp_path: Path) -> None:
    bring(hub, tmp_path, csv("D,Q,,LUA,,,,,-,"))
    assert seen(hub)["Q.02.LUA"].attributes == {"UNIT_MULT": "3"}
    assert seen(hub)["Q.01.NGO"].attributes == world.TONNES


def test_a_year_is_not_its_quarters(hub: Hub, tmp_path: Path) -> None:
    expected = values(hub)
    del expected["A.01.LUA"]
    bring(hub, tmp_path, csv("D,,01,,2023,,,,,"))
    assert values(hub) == expected


def test_a_delete_data_set_that_says_nothing_more_deletes_everything(hub: Hub, tmp_path: Path) -> None:
    bring(hub, tmp_path, specific([], action="Delete"))
    assert values(hub) == {}


def test_a_file_is_done_in_its_order(hub: Hub, tmp_path: Path) -> None:
    """Everything is deleted and one observation said again: together they replace a whole data set."""
    bring(hub, tmp_path, csv("M,Q,03,LUA,2023-Q1,7,,,TAN,3", "D,,,,,,,,,", "M,Q,03,LUA,2023-Q1,8,,,TAN,3"))
    assert values(hub) == {"Q.03.LUA": {"2023-Q1": Decimal(8)}}


def test_data_sets_of_one_message_may_want_different_things(hub: Hub, tmp_path: Path) -> None:
    gone = specific([Statement("Q.02.LUA", "2023-Q1", None)], action="Merge").decode()
    gone = gone.replace("<m:DataSet ", '<m:DataSet d:action="Delete" ')
    kept = specific([RICE]).decode()
    kept = kept[kept.index("<m:DataSet ") : kept.index("</m:StructureSpecificData>")]
    report = bring(hub, tmp_path, gone.replace("</m:StructureSpecificData>", kept + "</m:StructureSpecificData>").encode())
    assert report.files[0].error is None
    assert (report.files[0].accepted, report.files[0].removed) == (1, 1)
    assert "2023-Q1" not in values(hub)["Q.02.LUA"]
    assert values(hub)["Q.01.LUA"]["2023-Q1"] == Decimal(1)


def test_json_deletes_too(hub: Hub, tmp_path: Path) -> None:
    said = json_data([Statement("Q.02.LUA", "2023-Q1", None, upper={})]).replace(b"Information", b"Delete")
    bring(hub, tmp_path, said)
    assert list(values(hub)["Q.02.LUA"]) == ["2023-Q3"]
    bring(hub, tmp_path, said.replace(b'"0:0:0:0"', b'":0::"'))
    assert list(values(hub)) == ["A.01.LUA", "Q.01.LUA", "Q.01.NGO"]


def test_a_deletion_that_cannot_be_meant_is_refused_alone(tmp_path: Path) -> None:
    rows = ("D,Q,99,LUA,,,,,,", "D,Q,01,LUA,2023-Q7,,,,,", "D,Q,01,LUA,2023-04,,,,,", "D,Q,01,~,~,,,,,-")
    checked, rejects = check(put(tmp_path, csv(*rows)))
    assert [(reject.rule, reject.place) for reject in rejects] == [
        ("UNKNOWN_CODE", "2"),
        ("BAD_PERIOD", "3"),
        ("PERIOD_FREQUENCY", "4"),
    ]
    assert (checked.observations, checked.removed, checked.refused) == (4, 1, 3)
    assert list(checked.content()) == [Removal({"FREQ": "Q", "PROVINCE": "01"}, components=frozenset({"UNIT_MULT"}))]


def _deltas(checker: Checker) -> Sequence[Delta]:
    return [one for one in checker.finish().content() if isinstance(one, Delta)]


def test_several_measures_are_taken_in_each_by_its_own_kind() -> None:
    measures = (
        Measure(id="SAN_LUONG"),
        Measure(id="LOI_BINH", representation=typed("String")),
        Measure(id="CAY", representation=coded(world.CROP.ref)),
    )
    structure = replace(
        world.STRUCTURE,
        dsd=replace(world.DSD, measures=measures),
        codelists={**world.STRUCTURE.codelists, "CAY": world.CROP},
    )
    rules: list[str] = []
    checker = Checker(structure, "thu", lambda reject: rules.append(f"{reject.rule} {reject.column}"))
    checker.dataset(RawDataSet(None, Action.REPLACE))
    said: list[tuple[int, Parts]] = [
        (1, {"TIME_PERIOD": "2023-Q1", "SAN_LUONG": "5.0", "LOI_BINH": "5.0", "CAY": "LUA"}),
        (2, {"TIME_PERIOD": "2023-Q2", "LOI_BINH": "tốt"}),
        (3, {"TIME_PERIOD": "2023-Q3", "SAN_LUONG": "tốt"}),
        (4, {"TIME_PERIOD": "2023-Q4", "CAY": "??"}),
        (5, {"TIME_PERIOD": "2024-Q1", "OBS_VALUE": "5"}),
    ]
    checker.series(RawSeries({"FREQ": "Q", "PROVINCE": "01", "CROP": "LUA", **world.TONNES}, said))
    (delta,) = _deltas(checker)
    texts = {name: None if column.texts is None else column.texts.tolist() for name, column in delta.batch.measures.items()}
    assert delta.batch.measures["SAN_LUONG"].floats.tolist()[0] == 5.0
    assert texts == {"SAN_LUONG": None, "LOI_BINH": ["5.0", "tốt"], "CAY": ["LUA", None]}
    assert rules == ["NOT_A_NUMBER SAN_LUONG", "UNKNOWN_ATTRIBUTE_CODE CAY", "UNKNOWN_COMPONENT OBS_VALUE"]


def test_an_attribute_of_a_group_is_deleted_where_it_lies() -> None:
    region = Attribute(id="VUNG", level=Level.GROUP, dimensions=("PROVINCE",))
    dsd = replace(world.DSD, attributes=(*world.DSD.attributes, region))
    checker = Checker(replace(world.STRUCTURE, dsd=dsd), "thu", lambda reject: None)
    checker.dataset(RawDataSet(None, Action.DELETE))
    checker.series(RawSeries({"FREQ": "Q", "PROVINCE": "01", "CROP": "LUA", "VUNG": "-"}, []))
    assert list(checker.finish().content()) == [Removal({"PROVINCE": "01"}, components=frozenset({"VUNG"}))]
