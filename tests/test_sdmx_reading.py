"""Messages are read whatever their format, and checked observation by observation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.sdmx.reading import Format, detect, read_data, read_structures
from registry.checking import Checked, Checker
from registry.errors import LANGUAGES, Invalid, TooLarge, Unsupported, message
from registry.model import Codelist, DataStructure, Measure
from registry.number import plain_number
from registry.ports import Reject
from registry.raw import Action, Described, RawDataSet, RawGroup, RawSeries, StructureUse
from registry.rules import RULES
from tests import world
from tests.messages import HARVEST, Statement, csv_1, csv_2, generic, json_data, specific, structure

Write = Callable[[list[Statement]], bytes]
WAYS: dict[str, tuple[Format, Write]] = {
    "2.1 series": (Format.ML_21_SPECIFIC, specific),
    "2.1 flat": (Format.ML_21_SPECIFIC, lambda said: specific(said, flat=True)),
    "2.1 generic series": (Format.ML_21_GENERIC, generic),
    "2.1 generic flat": (Format.ML_21_GENERIC, lambda said: generic(said, flat=True)),
    "3.0 series": (Format.ML_30_SPECIFIC, lambda said: specific(said, version="3_0")),
    "3.0 flat": (Format.ML_30_SPECIFIC, lambda said: specific(said, version="3_0", flat=True)),
    "CSV 1.0": (Format.CSV_1, csv_1),
    "CSV 2.0": (Format.CSV_2, csv_2),
    "CSV 2.0 semicolons": (Format.CSV_2, lambda said: csv_2(said, between=";")),
    "JSON 1.0": (Format.JSON, json_data),
    "JSON 2.0": (Format.JSON, lambda said: json_data(said, version=2)),
}


def put(folder: Path, content: bytes) -> Path:
    """The content under a name that says nothing."""
    path = folder / "thu"
    path.write_bytes(content)
    return path


def check(path: Path) -> tuple[Checked, list[Reject]]:
    """A data file checked against the harvest's structure."""
    rejects: list[Reject] = []
    checker = Checker(world.STRUCTURE, path.name, rejects.append)
    for raw in read_data(path, detect(path)):
        if isinstance(raw, RawDataSet):
            checker.dataset(raw)
        elif isinstance(raw, RawGroup):
            checker.group(raw)
        else:
            checker.series(raw)
    return checker.finish(), rejects


def check_said(folder: Path, *said: Statement) -> tuple[Checked, list[Reject]]:
    return check(put(folder, specific(said)))


def contents(checked: Checked) -> dict[tuple[str, str], str | None]:
    """Key and period -> value."""
    return {
        (".".join(series.key), period): value
        for series in checked.series
        for period, value in zip(series.periods(), series.values, strict=True)
    }


@pytest.mark.parametrize("way", WAYS)
def test_every_format_says_the_same(way: str, tmp_path: Path) -> None:
    format, write = WAYS[way]
    path = put(tmp_path, write(HARVEST))
    assert detect(path) is format
    checked, rejects = check(path)
    assert not rejects
    assert checked.accepted == checked.observations == len(HARVEST)
    assert contents(checked) == {(one.key, one.period): one.value for one in HARVEST}
    assert all(series.attributes == world.TONNES for series in checked.series)
    rice = next(series for series in checked.series if series.key == ("Q", "01", "LUA"))
    assert rice.observation_attributes == {"OBS_STATUS": [None, "P", None], "NOTE": [None, 'lụt & "bão" <nhẹ>', None]}


@pytest.mark.parametrize("way", WAYS)
def test_the_message_names_its_structure(way: str, tmp_path: Path) -> None:
    format, write = WAYS[way]
    head = next(read_data(put(tmp_path, write(HARVEST)), format))
    what = Described.DATAFLOW if way == "CSV 1.0" else Described.DATA_STRUCTURE
    assert isinstance(head, RawDataSet)
    assert head.use == StructureUse(what, "SEN", "MUA", "1.0")
    assert head.action == Action.MERGE


def test_a_dataflow_or_a_provision_agreement_may_be_named_too(tmp_path: Path) -> None:
    flow = '<c:StructureUsage><Ref agencyID="SEN" id="MUA"/></c:StructureUsage>'
    agreement = (
        "<c:ProvisionAgreement>urn:sdmx:org.sdmx.infomodel.registry.ProvisionAgreement=SEN:TT(2.0)</c:ProvisionAgreement>"
    )
    for use, expected in (
        (flow, StructureUse(Described.DATAFLOW, "SEN", "MUA", "latest")),
        (agreement, StructureUse(Described.PROVISION_AGREEMENT, "SEN", "TT", "2.0")),
    ):
        head = next(read_data(put(tmp_path, specific(HARVEST, use=use)), Format.ML_21_SPECIFIC))
        assert isinstance(head, RawDataSet)
        assert head.use == expected


@pytest.mark.parametrize(("word", "action"), [("Append", Action.MERGE), ("Replace", Action.REPLACE), ("Delete", Action.DELETE)])
def test_the_action_is_read_from_the_header_and_from_the_rows(word: str, action: Action, tmp_path: Path) -> None:
    for content in (specific(HARVEST, action=word), generic(HARVEST, action=word), csv_2(HARVEST, action=word[0])):
        path = put(tmp_path, content)
        head = next(read_data(path, detect(path)))
        assert isinstance(head, RawDataSet)
        assert head.action == action


@pytest.mark.parametrize("version", ["2_1", "3_0"])
def test_structures_come_back_as_they_were_written(version: str, tmp_path: Path) -> None:
    path = put(tmp_path, structure(world.ARTEFACTS, version))
    found = read_structures(path, detect(path))
    read = {made.ref: made for made in found.artefacts}
    assert not found.unsupported
    assert set(read) == {made.ref for made in world.ARTEFACTS}
    for made in world.ARTEFACTS:
        expected = replace(made, is_final=made.is_final and version == "2_1")
        if isinstance(expected, DataStructure):
            time = replace(expected.dimensions[-1], text_type="ObservationalTimePeriod")
            expected = replace(expected, dimensions=(*expected.dimensions[:-1], time))
        assert read[made.ref] == expected


@pytest.mark.parametrize("version", ["2_1", "3_0"])
def test_groups_and_their_attributes_are_read(version: str, tmp_path: Path) -> None:
    def named(id: str) -> str:
        return f'<Ref id="{id}"/>' if version == "2_1" else id

    text = structure(world.ARTEFACTS, version).decode()
    whole = text[text.index(f"<s:AttributeRelationship><s:Dimension>{named('FREQ')}") :]
    whole = whole[: whole.index("</s:AttributeRelationship>")]
    text = text.replace(whole, f"<s:AttributeRelationship><s:Group>{named('NHOM')}</s:Group>")
    dimensions = "".join(
        f"<s:GroupDimension><s:DimensionReference>{named(id)}</s:DimensionReference></s:GroupDimension>"
        for id in ("PROVINCE", "CROP")
    )
    text = text.replace("</s:DimensionList>", f'</s:DimensionList><s:Group id="NHOM">{dimensions}</s:Group>')
    path = put(tmp_path, text.encode())
    dsd = next(made for made in read_structures(path, detect(path)).artefacts if isinstance(made, DataStructure))
    assert dsd.groups == {"NHOM": ("PROVINCE", "CROP")}
    unit = dsd.attributes[0]
    assert (unit.level, unit.dimensions) == ("Group", ("PROVINCE", "CROP"))


def test_artefacts_the_hub_does_not_keep_are_counted_by_kind(tmp_path: Path) -> None:
    text = structure([world.AGENCIES]).decode()
    categories = (
        '<s:CategorySchemes><s:CategoryScheme id="CHU_DE" agencyID="SEN" version="1.0">'
        '<c:Name xml:lang="vi">Chủ đề</c:Name></s:CategoryScheme></s:CategorySchemes>'
    )
    path = put(tmp_path, text.replace("<m:Structures>", f"<m:Structures>{categories}").encode())
    found = read_structures(path, detect(path))
    assert found.unsupported == {"CategoryScheme": 1}
    assert [made.ref for made in found.artefacts] == [world.AGENCIES.ref]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "-"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"tinh,gia_tri\n01,5\n", "tinh,gia_tri"),
        (b"{}", "JSON"),
        (b"<html><body/></html>", "<html>"),
        (b'<m:GenericMetadata xmlns:m="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"/>', "<GenericMetadata>"),
        (b'{"meta": {}, "data": {"codelists": []}}', "SDMX-JSON structure"),
        ("Số liệu".encode("utf-16"), "\\ufffd"),
    ],
)
def test_an_unknown_format_is_named_with_what_is_read(content: bytes, found: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        detect(put(tmp_path, content))
    assert refused.value.code == "FORMAT_UNKNOWN"
    assert found in refused.value.facts["found"]
    assert "SDMX-CSV 2.0" in refused.value.help("vi")


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "xx"><!ENTITY y "&x;&x;">]>'
HOSTILE = {
    "a DOCTYPE": BOMB + specific(HARVEST).split(b"?>", 1)[1],
    "an outside entity": b'<!DOCTYPE a SYSTEM "file:///etc/hostname">' + specific(HARVEST).split(b"?>", 1)[1],
    "depth": specific([]).replace(b"</m:DataSet>", b"<a>" * 40 + b"</a>" * 40 + b"</m:DataSet>"),
    "attributes": specific([]).replace(
        b"</m:DataSet>", b"<Obs " + b" ".join(b'A%d=""' % number for number in range(300)) + b"/></m:DataSet>"
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_xml_is_refused(what: str, tmp_path: Path) -> None:
    path = put(tmp_path, HOSTILE[what])
    with pytest.raises(Invalid) as refused:
        list(read_data(path, detect(path)))
    assert refused.value.code == "XML_UNSAFE"


def test_hostile_structures_are_refused_before_anything_else_reads_them(tmp_path: Path) -> None:
    path = put(tmp_path, BOMB + structure(world.ARTEFACTS).split(b"?>", 1)[1])
    with pytest.raises(Invalid) as refused:
        read_structures(path, Format.ML_21_STRUCTURE)
    assert refused.value.code == "XML_UNSAFE"


@pytest.mark.parametrize("way", WAYS)
def test_a_cut_off_message_says_where(way: str, tmp_path: Path) -> None:
    format, write = WAYS[way]
    path = put(tmp_path, write(HARVEST)[:-25] + (b'"' if "CSV" in way else b""))
    with pytest.raises(Invalid) as refused:
        list(read_data(path, format))
    assert refused.value.code in ("XML_BROKEN", "CSV_BROKEN", "JSON_BROKEN")
    assert refused.value.detail("vi")


@given(
    content=st.binary(max_size=300), start=st.sampled_from([b"", b"<a>", b"DATAFLOW,A\n", b"STRUCTURE,X\n", b'{"dataSets": '])
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_nothing_ends_in_a_traceback(content: bytes, start: bytes, tmp_path: Path) -> None:
    path = put(tmp_path, start + content)
    for format in Format:
        if format.is_structure and not content.startswith(b"<"):
            continue
        try:
            list(read_data(path, format)) if not format.is_structure else read_structures(path, format)
        except (Invalid, TooLarge, Unsupported) as error:
            assert error.detail("en")


def test_numbers_in_json_keep_their_digits(tmp_path: Path) -> None:
    said = Statement("Q.01.LUA", "2023-Q1", "12345678901234567890.12345678901234567890")
    checked, _ = check(put(tmp_path, json_data([said])))
    assert list(contents(checked).values()) == [said.value]


def test_observations_repeated_in_json_are_not_lost_silently(tmp_path: Path) -> None:
    text = json_data(HARVEST[:1])
    path = put(tmp_path, text.replace(b'"observations": {', b'"observations": {"0:0:0:0": [1], '))
    with pytest.raises(Invalid) as refused:
        list(read_data(path, Format.JSON))
    assert "twice" in refused.value.facts["reason"]


def test_csv_labels_and_own_columns_are_left_aside(tmp_path: Path) -> None:
    text = (
        "STRUCTURE;STRUCTURE_ID;ACTION;SERIES_KEY;FREQ: Tần suất;PROVINCE: Tỉnh;CROP: Cây;TIME_PERIOD: Kỳ;OBS_VALUE: Giá trị;"
        "UNIT_MEASURE: Đơn vị;UNIT_MULT: Bội số;NOTE: Ghi chú;UPDATED\n"
        "dataflow;SEN:MUA(1.0): Mùa màng;I;Q.01.LUA;Q: Quý;01: Đồng Sen;LUA: Lúa;2023-Q1;12.5;"
        "TAN: Tấn;3: Nghìn;a: b;2025-01-01\n"
    )
    checked, rejects = check(put(tmp_path, text.encode()))
    assert not rejects
    assert contents(checked) == {("Q.01.LUA", "2023-Q1"): "12.5"}
    assert checked.series[0].observation_attributes == {"NOTE": ["a: b"]}
    assert checked.ignored == {"UPDATED": 1}


def test_csv_names_stand_in_columns_of_their_own(tmp_path: Path) -> None:
    text = (
        "STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,ACTION,FREQ,Tần suất,PROVINCE,Tỉnh,CROP,Cây,TIME_PERIOD,Kỳ,OBS_VALUE,Giá trị,"
        "UNIT_MEASURE,Đơn vị,UNIT_MULT,Bội số\n"
        'dataflow,SEN:MUA(1.0),"Mùa, màng",M,Q,Quý,01,Đồng Sen,LUA,Lúa,2023-Q1,,12.5,,TAN,Tấn,3,Nghìn\n'
    )
    checked, rejects = check(put(tmp_path, text.encode()))
    assert not rejects
    assert contents(checked) == {("Q.01.LUA", "2023-Q1"): "12.5"}


def test_csv_rows_for_part_of_a_key_describe_its_series(tmp_path: Path) -> None:
    text = (
        "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,PROVINCE,CROP,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,UNIT_MULT,COMMENT_DSET\n"
        "dataflow,SEN:MUA(1.0),M,Q,01,LUA,2023-Q1,5,,,\n"
        "dataflow,SEN:MUA(1.0),M,,,LUA,,,TAN,3,\n"
        "dataflow,SEN:MUA(1.0),M,,,NGO,,,TAN,3,\n"
        "dataflow,SEN:MUA(1.0),M,,,,,,,,ghi chú\n"
    )
    checked, rejects = check(put(tmp_path, text.encode()))
    assert not rejects
    assert checked.observations == 1
    assert checked.series[0].attributes == world.TONNES
    assert checked.dataset_attributes == {"COMMENT_DSET": "ghi chú"}
    assert checked.ignored == {"Group": 1}


def test_groups_describe_their_series_and_the_nearer_statement_stays(tmp_path: Path) -> None:
    group = '<Group PROVINCE="01" UNIT_MEASURE="TAN" UNIT_MULT="3"/>'
    near = Statement("Q.01.LUA", "2023-Q1", "5", upper={"UNIT_MULT": "0"})
    far = Statement("Q.02.LUA", "2023-Q1", "6", upper={})
    checked, rejects = check(put(tmp_path, specific([near, far], groups=group)))
    assert checked.series[0].attributes == {"UNIT_MEASURE": "TAN", "UNIT_MULT": "0"}
    assert [reject.rule for reject in rejects] == ["MISSING_ATTRIBUTE"]
    assert rejects[0].series_key == "Q.02.LUA"


GOOD = Statement("Q.01.LUA", "2023-Q1", "5")
BROKEN = {
    "NOT_A_NUMBER": replace(GOOD, period="2023-Q2", value="99,30"),
    "UNKNOWN_CODE": replace(GOOD, key="Q.99.LUA"),
    "UNKNOWN_ATTRIBUTE_CODE": replace(GOOD, period="2023-Q2", attributes={"OBS_STATUS": "ZZ"}),
    "MISSING_DIMENSION": replace(GOOD, key="Q.01."),
    "UNKNOWN_COMPONENT": replace(GOOD, period="2023-Q2", attributes={"MAU": "xanh"}),
    "MISSING_ATTRIBUTE": replace(GOOD, key="Q.02.LUA", upper={"UNIT_MEASURE": "TAN"}),
    "BAD_PERIOD": replace(GOOD, period="2023-Q5"),
    "PERIOD_FREQUENCY": replace(GOOD, period="2023-04"),
    "DUPLICATE": replace(GOOD, value="5.0"),
    "ATTRIBUTE_CONFLICT": replace(GOOD, period="2023-Q2", upper={"UNIT_MEASURE": "TAN", "UNIT_MULT": "0"}),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_wrong_observation_is_refused_alone(rule: str, tmp_path: Path) -> None:
    checked, rejects = check_said(tmp_path, GOOD, BROKEN[rule])
    assert contents(checked) == {("Q.01.LUA", "2023-Q1"): "5"}
    assert (checked.observations, checked.accepted, checked.refused) == (2, 1, 1)
    assert checked.rules == {rule: 1}
    (reject,) = rejects
    assert (reject.rule, reject.place, reject.series_key) == (rule, "Obs[2]", BROKEN[rule].key)
    assert reject.value == BROKEN[rule].value


def test_differing_repeats_are_all_refused(tmp_path: Path) -> None:
    checked, rejects = check_said(tmp_path, GOOD, replace(GOOD, value="6"), replace(GOOD, value="5"))
    assert checked.accepted == 0
    assert checked.rules == {"DUPLICATE_CONFLICT": 3}
    assert {reject.place for reject in rejects} == {"Obs[1]", "Obs[2]", "Obs[3]"}


def test_a_repeat_of_a_refused_observation_is_no_repeat(tmp_path: Path) -> None:
    checked, _ = check_said(tmp_path, replace(GOOD, value="na"), GOOD)
    assert contents(checked) == {("Q.01.LUA", "2023-Q1"): "5"}
    assert checked.rules == {"NOT_A_NUMBER": 1}


def test_not_a_number_and_infinity_are_no_numbers_and_empty_is_no_value(tmp_path: Path) -> None:
    said = [replace(GOOD, period=f"2023-Q{n}", value=value) for n, value in enumerate(("NaN", "INF", "", None), start=1)]
    checked, _ = check_said(tmp_path, *said)
    assert checked.rules == {"NOT_A_NUMBER": 2}
    assert contents(checked) == {("Q.01.LUA", "2023-Q3"): None, ("Q.01.LUA", "2023-Q4"): None}


def test_several_values_of_an_attribute_are_refused(tmp_path: Path) -> None:
    several = b'<Comp id="NOTE"><Value>x</Value><Value>y</Value></Comp>'
    one = b'<Comp id="NOTE"><Value>x</Value></Comp>'
    text = specific([GOOD, replace(GOOD, period="2023-Q2")], version="3_0")
    for extra, value in ((several, "5"), (one, "5")):
        text = text.replace(b'OBS_VALUE="5"/>', b'OBS_VALUE="%s">%s</Obs>' % (value.encode(), extra), 1)
    checked, rejects = check(put(tmp_path, text))
    assert [reject.rule for reject in rejects] == ["MULTIPLE_VALUES"]
    assert checked.series[0].observation_attributes == {"NOTE": ["x"]}


def test_an_unknown_attribute_of_the_data_set_refuses_what_it_describes(tmp_path: Path) -> None:
    checked, rejects = check(put(tmp_path, specific(HARVEST, dataset=' MAU="xanh"')))
    assert checked.accepted == 0
    assert checked.rules == {"UNKNOWN_COMPONENT": len(HARVEST)}
    assert rejects[0].facts["found"] == "MAU"


def test_attributes_without_observations_are_counted(tmp_path: Path) -> None:
    text = specific([GOOD]).replace(
        b"</m:DataSet>", b'<Series FREQ="Q" PROVINCE="03" CROP="NGO" UNIT_MEASURE="TAN" UNIT_MULT="3"/></m:DataSet>'
    )
    checked, rejects = check(put(tmp_path, text))
    assert not rejects
    assert checked.ignored == {"Series": 1}
    assert [series.key for series in checked.series] == [("Q", "01", "LUA")]


def test_a_cross_section_gives_the_same_series(tmp_path: Path) -> None:
    text = specific([]).replace(b'dimensionAtObservation="TIME_PERIOD"', b'dimensionAtObservation="PROVINCE"')
    section = (
        b'<Series FREQ="Q" CROP="LUA" TIME_PERIOD="2023-Q1" UNIT_MEASURE="TAN" UNIT_MULT="3">'
        b'<Obs PROVINCE="01" OBS_VALUE="5"/><Obs PROVINCE="02" OBS_VALUE="6"/></Series>'
    )
    checked, rejects = check(put(tmp_path, text.replace(b"</m:DataSet>", section + b"</m:DataSet>")))
    assert not rejects
    assert contents(checked) == {("Q.01.LUA", "2023-Q1"): "5", ("Q.02.LUA", "2023-Q1"): "6"}


def test_a_structure_without_time_has_one_observation_a_series(tmp_path: Path) -> None:
    dsd = replace(world.DSD, dimensions=tuple(part for part in world.DSD.dimensions if not part.is_time))
    rejects: list[Reject] = []
    checker = Checker(replace(world.STRUCTURE, dsd=dsd), "thu", rejects.append)
    checker.dataset(RawDataSet(None))
    parts = {**GOOD.dimensions, **world.TONNES}
    checker.series(RawSeries(parts, [(1, {"OBS_VALUE": "5"}), (2, {"OBS_VALUE": "6"})]))
    checked = checker.finish()
    assert checked.rules == {"DUPLICATE_CONFLICT": 2}
    assert checked.series == []


def test_several_measures_are_said_to_be_unsupported() -> None:
    dsd = replace(world.DSD, measures=(Measure(id="OBS_VALUE"), Measure(id="SO_HO")))
    with pytest.raises(Unsupported) as refused:
        Checker(replace(world.STRUCTURE, dsd=dsd), "thu", lambda reject: None)
    assert refused.value.code == "MEASURES_UNSUPPORTED"


def test_periods_of_an_irregular_frequency_may_be_any() -> None:
    codes = (*world.FREQ.items, replace(world.FREQ.items[0], id="I"))
    frequencies: Codelist = replace(world.FREQ, items=codes)
    structure_ = replace(world.STRUCTURE, codelists={**world.STRUCTURE.codelists, "FREQ": frequencies})
    checker = Checker(structure_, "thu", lambda reject: None)
    checker.dataset(RawDataSet(None))
    parts = {**GOOD.dimensions, **world.TONNES, "FREQ": "I"}
    checker.series(RawSeries(parts, [(1, {"TIME_PERIOD": "2023-05-01"}), (2, {"TIME_PERIOD": "2024"})]))
    checked = checker.finish()
    assert checked.accepted == 2
    assert {series.frequency for series in checked.series} == {"D", "A"}


values = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str),
    st.sampled_from(["1E-7", "+5", ".5", "5.", "007", "-0", "na", "1,5", "NaN", "12.50", "1e400"]),
    st.none(),
)
statements = st.builds(
    Statement,
    key=st.sampled_from(["Q.01.LUA", "Q.02.LUA", "A.01.NGO", "Q.77.LUA", "Q.01."]),
    period=st.sampled_from(["2023-Q1", "2023-Q2", "2023", "2023-13", "2022-Q4"]),
    value=values,
    attributes=st.sampled_from([{}, {"OBS_STATUS": "A"}, {"OBS_STATUS": "??"}, {"NOTE": "ghi chú, có phẩy"}]),
    upper=st.sampled_from([dict(world.TONNES), {"UNIT_MEASURE": "TAN"}]),
)


@given(said=st.lists(statements, max_size=12), way=st.sampled_from([way for way in WAYS if "JSON" not in way]))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_every_observation_is_accepted_or_refused_once(said: list[Statement], way: str, tmp_path: Path) -> None:
    rows = [one for one in said if not (way.startswith("CSV") and one.key.endswith(".") and not one.value)]
    checked, rejects = check(put(tmp_path, WAYS[way][1](said)))
    assert checked.observations == len(rows)
    assert checked.accepted == sum(len(series.values) for series in checked.series)
    assert checked.accepted + len(rejects) == checked.observations
    assert Counter(reject.rule for reject in rejects) == checked.rules
    assert len({reject.place for reject in rejects}) == len(rejects)
    stated = {(one.key, one.period): {Decimal(v) for v in _numbers(said, one)} for one in said}
    for place, value in contents(checked).items():
        assert value is None or Decimal(value) in stated[place]


def _numbers(said: list[Statement], like: Statement) -> list[str]:
    same = [one.value for one in said if (one.key, one.period) == (like.key, like.period)]
    return [value for value in same if value and plain_number(value)]


@given(number=st.one_of(st.decimals(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False)))
def test_plain_numbers_are_equal_to_what_was_written(number: Decimal | float) -> None:
    text = str(number)
    plain = plain_number(text)
    if plain is None:
        assert len(f"{Decimal(text):f}") > 300
        return
    assert Decimal(plain) == Decimal(text)
    assert "e" not in plain.lower()
    assert not plain.startswith("+")
    assert plain_number(plain) == plain


def test_plain_numbers_keep_their_zeros() -> None:
    assert [plain_number(text) for text in ("15.10", "-0.00", "1.50E+3", " 7 ")] == ["15.10", "0.00", "1500", "7"]


@pytest.mark.parametrize("text", ["na", "99,30", "2.767.229,12", "7 902.3", "519.4sb", "NaN", "-INF", "1_000", "٣", "1e9999"])
def test_other_texts_are_no_numbers(text: str) -> None:
    assert plain_number(text) is None


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_title_and_advice_in_both_languages(rule: str, tmp_path: Path) -> None:
    said = [GOOD, *(BROKEN[rule] if rule in BROKEN else replace(GOOD, value="6") for _ in range(1))]
    _, rejects = check_said(tmp_path, *said)
    facts = rejects[0].facts if rejects[0].rule == rule else {"attribute": "NOTE", "count": "2"}
    for lang in LANGUAGES:
        parts = message(rule, lang, **facts)
        assert all(parts[name] for name in ("title", "detail", "help"))
