"""A classification through time: versions, levels and notes, what changed between two, and the life of a code.

The provinces of 2025 are the worked example, as they are shipped; what they have nothing of is drawn.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import cast

from registry.classification import (
    CLASSIFICATION,
    Change,
    CodeChange,
    Event,
    Happening,
    biography,
    changes,
    codes_at,
    families,
    family_names,
    index_terms,
    legal_basis,
    levels,
    notes,
    spans,
    version_at,
    versions,
)
from registry.content import shipped
from registry.correspondence import Correspondence, Link
from registry.model import Annotation, Code, Codelist, RepresentationMap
from registry.ref import Kind, Ref

SHIPPED = {f"{made.ref.kind.value} {made.ref}": made for made in shipped()}
OLD, NEW = (cast(Codelist, SHIPPED[f"Codelist NSO:CL_PROVINCE({version}.0)"]) for version in (1, 2))
MERGER = cast(
    Correspondence, Correspondence.of(cast(RepresentationMap, SHIPPED["RepresentationMap NSO:COR_PROVINCE_63_34(1.0)"]))
)
REUSED = ("15", "24", "44", "52", "80", "82", "91")


def told(code: str, names: str = "", **rest: object) -> Code:
    return Code(code, {"en": names or code}, **rest)  # type: ignore[arg-type]


def crops(version: str, *codes: Code, start: date | None = None, end: date | None = None, **head: object) -> Codelist:
    ref = Ref(Kind.CODELIST, "SEN", "CL_CROP", version)
    return Codelist(ref=ref, names={"en": f"Crops {version}"}, items=codes, valid_from=start, valid_to=end, **head)  # type: ignore[arg-type]


def between(old: Codelist, new: Codelist, *links: Link, ended: tuple[str, ...] = ()) -> Correspondence:
    ref = Ref(Kind.REPRESENTATION_MAP, "SEN", "COR", "1.0")
    return Correspondence(ref=ref, names={"en": "Way"}, from_list=old.ref, to_list=new.ref, links=links, ended=ended)


# Versions


def test_the_provinces_have_two_versions_and_each_day_has_one() -> None:
    members = versions([NEW, OLD])
    assert members == (OLD, NEW)
    days = [date(2025, 6, 30), date(2025, 7, 1), date(2004, 7, 7)]
    assert [version_at(members, day) for day in days] == [OLD, NEW, None]


def test_lists_of_other_ids_are_versions_of_one_classification_when_they_say_so() -> None:
    note = Annotation(type=CLASSIFICATION, title="HS", texts={"vi": "Hệ thống hài hòa", "en": "Harmonized System"})
    older = replace(crops("1.0", start=date(2017, 1, 1)), annotations=(Annotation(type=CLASSIFICATION, title="HS"),))
    newer = replace(crops("1.0", start=date(2022, 1, 1)), annotations=(note,))
    newer = replace(newer, ref=replace(newer.ref, id="CL_CROP_22"))
    found = families([newer, OLD, older])
    assert found["SEN", "HS"] == (older, newer)
    assert family_names(found["SEN", "HS"])["vi"] == "Hệ thống hài hòa"
    assert family_names([OLD]) != {} and found["NSO", "PROVINCE"] == (OLD,)


def test_of_versions_that_hold_together_the_latest_counts_that_is_no_draft() -> None:
    members = [crops("1.0.0"), crops("1.0.1"), crops("1.1.0-draft")]
    assert version_at(members, date(2025, 1, 1)) == members[1]
    assert version_at(members[2:], date(2025, 1, 1)) == members[2]


def test_codes_come_and_go_within_a_version() -> None:
    made = crops("1.0", told("LUA"), told("NGO", valid_from=date(2020, 1, 1)), told("KHOAI", valid_to=date(2019, 12, 31)))
    assert [item.id for item in codes_at(made, date(2019, 12, 31))] == ["LUA", "KHOAI"]
    assert [item.id for item in codes_at(made, date(2020, 1, 1))] == ["LUA", "NGO"]


# What a version says


def test_levels_are_named_by_the_version_and_counted_by_its_codes() -> None:
    head = (Annotation(type="LEVEL", title="1", texts={"vi": "Nhóm", "en": "Group"}),)
    level = (Annotation(type="level", title="1"),), (Annotation(type="level", title="2"),)
    made = crops("1.0", told("A", annotations=level[0]), told("A1", annotations=level[1]), told("A2", annotations=level[1]))
    found = levels(replace(made, annotations=head))
    assert [(one.id, one.names.get("en"), one.depth, one.count) for one in found] == [("1", "Group", 1, 1), ("2", None, 2, 2)]


def test_notes_and_index_terms_are_told_by_language() -> None:
    made = told(
        "LUA",
        annotations=(
            Annotation(type="INCLUDES", texts={"vi": "Lúa nếp", "en": "Sticky rice"}),
            Annotation(type="RULING", texts={"en": "Straw is not rice"}),
            Annotation(type="RULING", texts={"en": "Seed is"}),
            Annotation(type="INDEX", texts={"vi": "thóc; gạo; thóc", "en": "paddy; gạo"}),
        ),
    )
    said = notes(made)
    assert (said.includes["vi"], said.excludes) == ("Lúa nếp", {})
    assert [ruling["en"] for ruling in said.rulings] == ["Straw is not rice", "Seed is"]
    assert index_terms(made, "vi") == ("thóc", "gạo") and index_terms(made) == ("thóc", "gạo", "paddy")


# What changed


def test_of_63_provinces_11_are_unchanged_and_52_merged_into_23() -> None:
    found = [one for one in changes(OLD, NEW, MERGER) if not {"_T", "_X"} & {*one.sources}]
    assert Counter(one.kind for one in found) == {Change.UNCHANGED: 11, Change.MERGED: 23}
    assert sum(len(one.sources) for one in found if one.kind is Change.MERGED) == 52


def test_seven_codes_are_reused_and_sixteen_names_survive_with_another_territory() -> None:
    found = changes(OLD, NEW, MERGER)
    assert tuple(sorted(code for one in found for code in one.reused)) == REUSED
    assert sum(len(one.surviving) for one in found) == 16
    moved = sorted(pair for one in found for pair in one.moved)
    assert moved == [("10", "15"), ("27", "24"), ("45", "44"), ("64", "52"), ("72", "80"), ("87", "82"), ("89", "91")]
    assert all(one.code_reused for one in found if one.moved) and not any(one.name_survives for one in found if one.moved)


def test_without_a_table_nothing_is_known_to_go_on_but_what_kept_code_and_name() -> None:
    found = changes(OLD, NEW, None)
    assert tuple(sorted(code for one in found for code in one.reused)) == REUSED
    kinds = Counter(one.kind for one in found)
    assert (kinds[Change.REUSED], kinds[Change.ENDED], kinds[Change.NEW]) == (7, len(OLD.items) - len(NEW.items), 0)


def test_every_kind_of_change_is_told_apart() -> None:
    old = crops("1.0", *map(told, "ABCDEFGHIJ"))
    new = crops("2.0", told("A"), told("B", "Rice"), told("X", "C"), *map(told, ("D", "F1", "F2", "G1", "G2", "I", "N")))
    table = between(
        *(
            old,
            new,
            Link("A", "A"),
            Link("B", "B"),
            Link("C", "X"),
            Link("D", "D"),
            Link("E", "D"),
            Link("F", "F1"),
            Link("F", "F2"),
        ),
        *(Link("G", "G1"), Link("G", "G2"), Link("H", "G2"), Link("J", "G2")),
        ended=("I",),
    )
    assert [(one.kind.value, "".join(one.sources), "+".join(one.targets)) for one in changes(old, new, table)] == [
        ("unchanged", "A", "A"),
        ("renamed", "B", "B"),
        ("recoded", "C", "X"),
        ("merged", "DE", "D"),
        ("split", "F", "F1+F2"),
        ("reorganised", "GHJ", "G1+G2"),
        ("ended", "I", ""),
        ("reused", "", "I"),
        ("new", "", "N"),
    ]


def test_a_code_that_another_took_over_is_reused_though_both_go_on() -> None:
    old, new = crops("1.0", told("A"), told("B")), crops("2.0", told("B", "A"), told("C", "B"))
    found = changes(old, new, between(old, new, Link("A", "B"), Link("B", "C")))
    assert found == (CodeChange(Change.RECODED, ("A",), ("B",), reused=("B",)), CodeChange(Change.RECODED, ("B",), ("C",)))


# The life of a code


def tables(*known: Correspondence):  # type: ignore[no-untyped-def]
    return lambda old, new: next((one for one in known if (one.from_list, one.to_list) == (old, new)), None)


def life(code: str, version: Codelist) -> list[tuple[str, str, str, str]]:
    events = biography(code, version, [OLD, NEW], tables(MERGER))
    return [(one.kind.value, str(one.day), "+".join(one.predecessors), "+".join(one.successors)) for one in events]


def test_yen_bai_went_into_lao_cai_and_left_it_its_code() -> None:
    assert life("15", OLD) == [
        ("born", "2004-07-08", "", ""),
        ("merged", "2025-07-01", "10+15", "15"),
        ("reused", "2025-07-01", "10", "15"),
    ]
    assert life("15", NEW) == [
        *(("born", "2004-07-08", "", ""), ("born", "2004-07-08", "", "")),
        *(("merged", "2025-07-01", "10+15", "15"), ("reused", "2025-07-01", "10", "15")),
    ]


def test_a_province_that_nothing_happened_to_is_only_born() -> None:
    assert life("01", OLD) == life("01", NEW) == [("born", "2004-07-08", "", "")]
    assert life("00", NEW) == []


def test_a_life_through_three_versions_with_its_legal_bases() -> None:
    law = (Annotation(type="LEGAL_BASIS", texts={"vi": "Quyết định 2", "en": "Decision 2"}),)
    first = crops("1.0", told("A"), told("B"), start=date(2000, 1, 1), end=date(2009, 12, 31))
    second = crops("2.0", told("C"), start=date(2010, 1, 1), end=date(2019, 12, 31), annotations=law)
    third = crops("3.0", told("D", valid_to=date(2024, 12, 31)), told("E"), start=date(2020, 1, 1))
    known = tables(
        between(first, second, Link("A", "C"), Link("B", "C")), between(second, third, Link("C", "D"), Link("C", "E"))
    )
    assert biography("C", second, [first, second, third], known) == (
        Event(Happening.BORN, date(2000, 1, 1), first.ref, "A"),
        Event(Happening.BORN, date(2000, 1, 1), first.ref, "B"),
        Event(Happening.MERGED, date(2010, 1, 1), second.ref, "C", ("A", "B"), ("C",), legal_basis(second)),
        Event(Happening.SPLIT, date(2020, 1, 1), third.ref, "C", ("C",), ("D", "E")),
        Event(Happening.DIED, date(2024, 12, 31), third.ref, "D"),
    )
    assert legal_basis(second)["vi"] == "Quyết định 2"


def test_a_code_without_successor_died_with_its_version_and_one_from_nothing_was_born_with_it() -> None:
    first = crops("1.0", told("A"), start=date(2000, 1, 1), end=date(2009, 12, 31))
    second = crops("2.0", told("N"), start=date(2010, 1, 1))
    known = tables(between(first, second, ended=("A",)))
    assert [(one.kind, one.day) for one in biography("A", first, [first, second], known)] == [
        (Happening.BORN, date(2000, 1, 1)),
        (Happening.DIED, date(2009, 12, 31)),
    ]
    assert [(one.kind, one.day) for one in biography("N", second, [first, second], known)] == [
        (Happening.BORN, date(2010, 1, 1))
    ]


# Codes outside their time


def test_a_province_counts_only_while_its_version_held() -> None:
    assert spans(OLD)["15"] == (date(2004, 7, 8), date(2025, 6, 30))
    assert spans(NEW)["15"] == (date(2025, 7, 1), date.max)


def test_the_validity_of_a_code_goes_before_that_of_its_version() -> None:
    made = crops("1.0", told("LUA"), told("NGO", valid_to=date(2019, 12, 31)))
    assert spans(made) == {"NGO": (date.min, date(2019, 12, 31))}
    assert spans(crops("1.0", told("LUA"))) == {}
