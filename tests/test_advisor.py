"""The version advisor: what a proposed artefact changes, before anything is stored.

Lotus Country merges its provinces. Everything is numbered as SDMX 3 wants it here:

    SEN:CL_TINH(1.2.0)   _T  Cả nước        proposed as 1.3.0:   _T
                         01  Đồng Sen                            01  Đồng Sen và Bến Đá ("Lotus Field and Stone Quay")
                         02  Bến Đá                              03  Ấp Mới
                         03  Ấp Mới                              04  Núi Xa   ("Far Mountain")
                         04  Cồn Gió ("Windy Dune")                   another territory under an old code

    SEN:MUA(1.0.0), the DSD:  FREQ . TINH . CROP . TIME_PERIOD,  TINH from SEN:CL_TINH(1.2.0)
    SEN:MUA(1.0.0), the dataflow
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.advisor import Advice, Severity, advise
from registry.advisor.comparing import differences
from registry.advisor.mapping import Why, draft_map
from registry.advisor.numbering import following
from registry.correspondence import Correspondence, Link, exactness
from registry.errors import LANGUAGES
from registry.model import (
    Agency,
    Annotation,
    Artefact,
    Attribute,
    Code,
    Codelist,
    Dataflow,
    DataStructure,
    Dimension,
    Group,
    HierarchicalCode,
    Hierarchy,
    Level,
    coded,
    notes,
)
from registry.overlay import Overlay
from registry.ports import Viewer
from registry.ref import ItemRef, Kind, Ref
from registry.usage import Use
from registry.version import is_version, sort_key
from tests import world
from tests.test_versions import VERSIONS


def ref(kind: Kind, id: str, version: str) -> Ref:
    return Ref(kind, "SEN", id, version)


def item(id: str, vi: str, en: str, **more: Any) -> Code:
    return Code(id, {"vi": vi, "en": en}, **more)


TINH = Codelist(
    ref=ref(Kind.CODELIST, "CL_TINH", "1.2.0"),
    names={"vi": "Tỉnh", "en": "Provinces"},
    is_final=True,
    items=(
        item("_T", "Cả nước", "Whole country"),
        item("01", "Đồng Sen", "Lotus Field", parent="_T"),
        item("02", "Bến Đá", "Stone Quay", parent="_T"),
        item("03", "Ấp Mới", "New Hamlet", parent="_T"),
        item("04", "Cồn Gió", "Windy Dune", parent="_T"),
    ),
)
MERGED = replace(
    TINH,
    ref=replace(TINH.ref, version="1.3.0"),
    items=(
        TINH.items[0],
        item("01", "Đồng Sen và Bến Đá", "Lotus Field and Stone Quay", parent="_T"),
        TINH.items[3],
        item("04", "Núi Xa", "Far Mountain", parent="_T"),
    ),
)
DSD = replace(
    world.DSD,
    ref=ref(Kind.DATA_STRUCTURE, "MUA", "1.0.0"),
    dimensions=(
        world.DSD.dimensions[0],
        Dimension(id="TINH", concept_identity=world.CONCEPTS.ref.item("PROVINCE"), representation=coded(TINH.ref)),
        *world.DSD.dimensions[2:],
    ),
)
FLOW = replace(world.DATAFLOW, ref=ref(Kind.DATAFLOW, "MUA", "1.0.0"), structure=DSD.ref)


class Empty:
    """A registry with nothing in it."""

    revision = 0

    def get(self, ref: Ref) -> Artefact:
        raise AssertionError(ref)

    def find(self, kind: Kind, agency: str = "*", id: str = "*", version: str = "*") -> list[Ref]:
        return []

    def stubs(self, refs: list[Ref]) -> list[Artefact]:
        return []

    def parents(self, ref: Ref) -> list[Ref]:
        return []

    def structure(self, dataflow: Ref) -> Any:
        raise AssertionError(dataflow)


def registry(*more: Artefact) -> Overlay:
    return Overlay(Empty(), [*world.ARTEFACTS, TINH, DSD, FLOW, *more])


def advice(proposed: Artefact, *more: Artefact) -> Advice:
    return advise([proposed], registry(*more))[0]


def found(told: Advice) -> dict[str, tuple[str, Severity]]:
    return {one.place: (one.code, one.severity) for one in told.findings}


def with_items(*items: Code, version: str = "1.2.0", base: Codelist = TINH) -> Codelist:
    return replace(base, ref=replace(base.ref, version=version), items=items)


# What breaks, what is compatible, what is cosmetic


def test_provinces_that_merge_need_a_new_major_version() -> None:
    told = advice(MERGED)
    assert told.base == TINH.ref and told.severity is Severity.MAJOR
    assert (told.next_version, told.legal, told.in_place) == ("2.0.0", False, False)
    assert found(told) == {
        "items/01/names/vi": ("TEXT_CHANGED", Severity.PATCH),
        "items/01/names/en": ("TEXT_CHANGED", Severity.PATCH),
        "items/02": ("PART_REMOVED", Severity.MAJOR),
        "items/04/names/vi": ("TEXT_CHANGED", Severity.PATCH),
        "items/04/names/en": ("TEXT_CHANGED", Severity.PATCH),
    }
    gone = next(one for one in told.findings if one.code == "PART_REMOVED")
    assert (gone.part, gone.old, gone.new) == ("02", "Bến Đá", "")


def test_a_code_that_is_only_renamed_is_a_patch() -> None:
    told = advice(with_items(*TINH.items[:4], item("04", "Cồn Gió Lớn", "Great Windy Dune", parent="_T"), version="1.2.1"))
    assert (told.severity, told.next_version, told.legal) == (Severity.PATCH, "1.2.1", True)


def test_a_new_code_is_a_minor_change() -> None:
    told = advice(with_items(*TINH.items, item("05", "Đảo Xanh", "Green Island", parent="_T"), version="1.2.1"))
    assert (told.severity, told.next_version, told.legal) == (Severity.MINOR, "1.3.0", False)
    assert found(told) == {"items/05": ("PART_ADDED", Severity.MINOR)}


def test_another_order_of_codes_is_shown_otherwise_and_means_the_same() -> None:
    told = advice(with_items(*TINH.items[::-1]))
    assert found(told) == {"items": ("ORDER_CHANGED", Severity.PATCH)} and told.next_version == "1.2.1"


@pytest.mark.parametrize(
    "moved", [replace(TINH.items[4], parent="01"), replace(TINH.items[4], annotations=notes({"parent:COAST": "03"}))], ids=str
)
def test_a_code_elsewhere_in_a_tree_changes_sums(moved: Code) -> None:
    told = advice(with_items(*TINH.items[:4], moved))
    assert [one.code for one in told.findings] == ["PARENT_CHANGED"] and told.next_version == "2.0.0"


def test_dates_notes_and_sources_are_words() -> None:
    noted = replace(TINH.items[4], annotations=notes({"level": "1"}), valid_to=date(2025, 6, 30))
    told = advice(replace(with_items(*TINH.items[:4], noted), source="Nghị quyết / Resolution", valid_from=date(2004, 1, 1)))
    assert {one.code for one in told.findings} == {"TEXT_CHANGED"} and told.severity is Severity.PATCH


def test_a_structure_that_loses_a_dimension_breaks_every_key() -> None:
    told = advice(replace(DSD, ref=replace(DSD.ref, version="1.1.0"), dimensions=(*DSD.dimensions[:2], DSD.dimensions[3])))
    assert found(told) == {"dimensions/CROP": ("PART_REMOVED", Severity.MAJOR)}
    assert (told.next_version, told.legal) == ("2.0.0", False)
    assert [one.ref for one in told.affected] == [FLOW.ref]


SEASON = world.CONCEPTS.ref.item("SEASON")
GROUP = Group(id="G", dimensions=("TINH",))


def attribute(**more: Any) -> Attribute:
    return Attribute(**{"id": "SEED", "representation": coded(world.CROP.ref), **more})


@pytest.mark.parametrize(
    ("before", "after", "code", "severity"),
    [
        ({}, {"dimensions": (DSD.dimensions[1], DSD.dimensions[0], *DSD.dimensions[2:])}, "ORDER_CHANGED", Severity.MAJOR),
        ({}, {"dimensions": (*DSD.dimensions, Dimension(id="SEX"))}, "PART_ADDED", Severity.MAJOR),
        ({}, {"attributes": (*DSD.attributes, attribute())}, "PART_ADDED", Severity.MINOR),
        ({}, {"attributes": (*DSD.attributes, attribute(mandatory=True))}, "PART_ADDED", Severity.MAJOR),
        ({}, {"attributes": DSD.attributes[::-1]}, "ORDER_CHANGED", Severity.PATCH),
        ({}, {"measures": ()}, "PART_REMOVED", Severity.MAJOR),
        ({}, {"groups": (GROUP,)}, "PART_ADDED", Severity.MINOR),
        (
            {"groups": (GROUP,)},
            {"groups": (replace(GROUP, dimensions=("TINH", "CROP")),)},
            "VALUE_CHANGED",
            Severity.MAJOR,
        ),
        ({"attributes": (attribute(mandatory=True),)}, {"attributes": (attribute(),)}, "USAGE_CHANGED", Severity.MINOR),
        ({"attributes": (attribute(),)}, {"attributes": (attribute(mandatory=True),)}, "USAGE_CHANGED", Severity.MAJOR),
        (
            {"attributes": (attribute(),)},
            {"attributes": (attribute(level=Level.SERIES),)},
            "ATTACHMENT_CHANGED",
            Severity.MAJOR,
        ),
        (
            {"attributes": (attribute(),)},
            {"attributes": (attribute(representation=None),)},
            "REPRESENTATION_CHANGED",
            Severity.MAJOR,
        ),
        (
            {"attributes": (attribute(),)},
            {"attributes": (attribute(concept_identity=SEASON),)},
            "CONCEPT_CHANGED",
            Severity.MAJOR,
        ),
        (
            {"attributes": (attribute(),)},
            {"attributes": (attribute(representation=coded(TINH.ref)),)},
            "REFERENCE_CHANGED",
            Severity.MAJOR,
        ),
    ],
)
def test_what_a_structure_may_change(before: dict[str, Any], after: dict[str, Any], code: str, severity: Severity) -> None:
    old, new = replace(DSD, **before), replace(DSD, **{**before, **after})
    findings = differences(old, new, registry(), registry())
    assert [(one.code, one.severity) for one in findings] == [(code, severity)]


def test_the_codelist_of_a_concept_is_its_representation() -> None:
    frequency, *others = world.CONCEPTS.items
    told = advice(replace(world.CONCEPTS, items=(replace(frequency, core=coded(world.FREQ.ref)), *others)))
    assert [(one.code, one.severity) for one in told.findings] == [("REPRESENTATION_CHANGED", Severity.MAJOR)]


WAY = Correspondence(
    ref=ref(Kind.REPRESENTATION_MAP, "COR", "1.0.0"),
    names={"vi": "Bảng", "en": "Table"},
    from_list=TINH.ref,
    to_list=TINH.ref,
    links=(Link("01", "01"), Link("02", "01")),
)


def test_links_of_a_correspondence_may_be_corrected_in_a_patch() -> None:
    told = advice(replace(WAY, links=(Link("01", "01"), Link("02", "03", "0.5"))).map, WAY.map)
    assert [(one.code, one.old, one.new) for one in told.findings] == [
        ("PART_REMOVED", "02 01", ""),
        ("PART_ADDED", "", "02 03 SHARE 0.5"),
    ]
    assert told.next_version == "1.0.1"


@dataclass(frozen=True)
class Leaf:
    id: str
    size: int = 0


@dataclass(frozen=True)
class Strange:
    """A type that no rule knows."""

    names: Mapping[str, str]
    leaves: tuple[Leaf, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    inner: Leaf | None = None


def test_a_type_without_rules_gets_a_sound_answer() -> None:
    def severities(new: Strange) -> list[Severity]:
        old = Strange({"en": "A"}, (Leaf("x"), Leaf("y")), (("a", "b"),), Leaf("z"))
        return [one.severity for one in differences(old, new, registry(), registry())]

    old = Strange({"en": "A"}, (Leaf("x"), Leaf("y")), (("a", "b"),), Leaf("z"))
    assert severities(old) == []
    assert severities(replace(old, names={"en": "B"})) == [Severity.PATCH]
    assert severities(replace(old, leaves=(*old.leaves, Leaf("w")))) == [Severity.MINOR]
    assert severities(replace(old, leaves=(Leaf("x"),))) == [Severity.MAJOR]
    assert severities(replace(old, leaves=(Leaf("x", 1), Leaf("y")))) == [Severity.MAJOR]
    assert severities(replace(old, leaves=(Leaf("x"), Leaf("x"), Leaf("y")))) == [Severity.MINOR], "ids that say nothing"
    assert severities(replace(old, pairs=(("a", "c"),))) == [Severity.MAJOR]
    assert severities(replace(old, inner=Leaf("z", 2))) == severities(replace(old, inner=None)) == [Severity.MAJOR]


# References


@pytest.mark.parametrize(
    ("was", "now", "severity"),
    [
        ("1.2.0", "1.2.1", Severity.PATCH),
        ("1.2.0", "1.3.0", Severity.MINOR),
        ("1.2.0", "2.0.0", Severity.MAJOR),
        ("1.3.0", "1.2.1", Severity.MAJOR),
        ("1.2.1", "1.2.0", Severity.PATCH),
        ("1.2.0", "1.2.0+", Severity.PATCH),
        ("1.2.0", "1.2+.0", Severity.MINOR),
        ("1.2.0", "1+.2.0", Severity.MAJOR),
        ("1.2+.0", "1.3.0", Severity.MINOR),
        ("1.0", "1.1", Severity.MINOR),
        ("1.2.0", "3.0+.0", Severity.MAJOR),
    ],
)
def test_a_changed_reference_weighs_as_much_as_the_step_it_takes(was: str, now: str, severity: Severity) -> None:
    """The tables "Changing an artefact reference"; the list has 1.2.0, 1.2.1, 1.3.0 and 2.0.0."""
    lists = [replace(TINH, ref=replace(TINH.ref, version=version)) for version in ("1.0", "1.1", "1.2.1", "1.3.0", "2.0.0")]

    def pointing(version: str) -> DataStructure:
        dimension = replace(DSD.dimensions[1], representation=coded(replace(TINH.ref, version=version)))
        return replace(DSD, dimensions=(DSD.dimensions[0], dimension, *DSD.dimensions[2:]))

    told = advise([pointing(now)], Overlay(registry(*lists), [pointing(was)]))[0]
    assert found(told) == {"dimensions/TINH/representation/enumeration": ("REFERENCE_CHANGED", severity)}


def test_a_message_is_held_together_its_references_may_lead_into_it() -> None:
    new = replace(MERGED, ref=replace(MERGED.ref, version="2.0.0"))
    dimension = replace(DSD.dimensions[1], representation=coded(new.ref))
    dsd = replace(DSD, ref=replace(DSD.ref, version="2.0.0"), dimensions=(DSD.dimensions[0], dimension, *DSD.dimensions[2:]))
    flow: Dataflow = replace(FLOW, ref=replace(FLOW.ref, version="2.0.0"), structure=dsd.ref)
    assert [(one.next_version, one.legal) for one in advise([new, dsd, flow], registry())] == [("2.0.0", True)] * 3


# Versions


def test_nothing_changed_needs_no_version() -> None:
    told = advice(TINH)
    assert (told.findings, told.next_version, told.legal, told.affected) == ((), None, True, ())


def test_what_is_new_takes_the_version_it_has_and_so_does_what_is_older_than_all() -> None:
    for ref in (replace(TINH.ref, id="CL_XA"), replace(TINH.ref, version="1.0")):
        told = advice(replace(MERGED, ref=ref))
        assert (told.base, told.next_version, told.legal) == (None, ref.version, True)


def test_a_copy_that_leaves_things_out_takes_nothing_away() -> None:
    """As an import has it: a message with another agency's structures carries copies of final lists, with the codes it uses."""
    copy = replace(TINH, names={"en": "Provinces"}, items=TINH.items[:2])
    theirs = replace(FLOW, ref=replace(FLOW.ref, agency="IMF"))

    def carried(made: Codelist) -> Advice:
        return advise([made, theirs], registry())[0]

    way = replace(WAY, ref=replace(WAY.ref, agency="IMF")).map
    assert advise([copy, way], registry())[0].legal, "a map brings the lists it needs as a flow does"
    told = carried(copy)
    assert (told.findings, told.next_version, told.legal) == ((), None, True)
    told = carried(replace(copy, descriptions={"fr": "Les provinces"}))
    assert (told.severity, told.legal, told.in_place) == (Severity.PATCH, True, True), "words that were not known may be added"
    assert carried(replace(copy, names={"en": "Regions"})).legal is False
    assert advice(copy).next_version == "2.0.0", "by itself it is a list that shall become shorter"


def test_a_draft_may_change_as_often_as_it_likes_but_no_more_than_what_it_is_a_draft_of() -> None:
    draft = with_items(*TINH.items[:4], version="1.3.0-draft")
    told = advice(draft, replace(draft, items=(*TINH.items, item("05", "Đảo Xanh", "Green Island"))))
    assert told.base == TINH.ref, "what counts is the last version that stands"
    assert (told.next_version, told.legal) == ("2.0.0-draft", False)
    assert advice(replace(draft, ref=replace(draft.ref, version="2.0.0-draft"))).legal


def test_while_there_are_only_drafts_anything_may_change() -> None:
    draft = replace(TINH, ref=Ref(Kind.CODELIST, "SEN", "CL_XA", "1.0.0-draft"), is_final=False)
    told = advice(replace(draft, items=()), draft)
    assert (told.severity, told.next_version, told.legal, told.in_place) == (Severity.MAJOR, "1.0.0-draft", True, True)
    assert advice(replace(draft, ref=replace(draft.ref, version="1.0.0"), items=()), draft).next_version == "1.0.0"


def test_legacy_versions_grow_by_their_two_numbers_and_change_in_place_until_they_are_final() -> None:
    old = replace(TINH, ref=Ref(Kind.CODELIST, "SEN", "CL_XA", "1.2"))
    fewer, renamed = replace(old, items=old.items[:4]), replace(old, names={"vi": "Xã"})
    assert [advice(one, old).next_version for one in (fewer, renamed)] == ["2.0", "1.3"]
    assert not advice(fewer, old).legal
    open_ = advice(fewer, replace(old, is_final=False))
    assert open_.legal and open_.in_place and open_.next_version == "2.0"


def test_the_old_numbers_do_not_say_anew_what_the_new_ones_promised() -> None:
    fewer = replace(TINH, ref=replace(TINH.ref, version="1.2"), items=TINH.items[:4])
    told = advice(fewer)
    assert (told.base, told.severity, told.next_version, told.legal) == (TINH.ref, Severity.MAJOR, "2.0.0", False)
    assert advice(replace(fewer, ref=replace(fewer.ref, version="3.0"))).legal
    one = replace(TINH, ref=replace(TINH.ref, version="1.0"))
    assert not advice(replace(fewer, ref=replace(fewer.ref, version="1")), one).legal


def test_what_leaves_legacy_numbers_keeps_them_where_only_words_changed() -> None:
    old = replace(TINH, ref=Ref(Kind.CODELIST, "SEN", "CL_XA", "1.2"))
    told = advice(replace(old, ref=replace(old.ref, version="1.2.0"), names={"vi": "Xã"}), old)
    assert (told.next_version, told.legal) == ("1.2.0", True)


def test_a_version_that_is_taken_is_the_one_to_go_on_from() -> None:
    """1.3.0 has added a code already; a change of 1.2.0 must keep it."""
    later = with_items(*TINH.items, item("05", "Đảo Xanh", "Green Island", parent="_T"), version="1.3.0")
    told = advice(with_items(*TINH.items, item("06", "Suối", "Brook", parent="_T")), later)
    assert told.base == later.ref and found(told)["items/05"] == ("PART_REMOVED", Severity.MAJOR)
    assert told.next_version == "2.0.0"
    same = advice(replace(later, ref=TINH.ref), later)
    assert (same.next_version, same.legal) == (None, False), "1.3.0 has it already, and 1.2.0 cannot"
    between = advice(replace(later, ref=replace(TINH.ref, version="1.2.1")), later)
    assert (between.next_version, between.legal) == (None, False), "a patch of 1.2.0 does not add what 1.3.0 added"


def test_an_agency_scheme_stays_at_its_version() -> None:
    told = advice(replace(world.AGENCIES, items=(*world.AGENCIES.items, Agency("XYZ", {"en": "Agency"}))))
    assert (told.severity, told.next_version, told.legal, told.in_place) == (Severity.MINOR, "1.0", True, True)


@given(VERSIONS, VERSIONS, st.sampled_from([Severity.PATCH, Severity.MINOR, Severity.MAJOR]))
def test_the_next_version_is_legal_and_greater_and_worse_changes_need_no_smaller_one(
    base: str, proposed: str, severity: Severity
) -> None:
    told = following(base, severity, proposed)
    assert is_version(told)
    assert sort_key(told) > sort_key(base) or ("-" in base and told == base)
    assert sort_key(told) <= sort_key(following(base, Severity.MAJOR, proposed))


NOTES = st.dictionaries(st.sampled_from(["level", "x"]), st.sampled_from(["1", "2"])).map(notes)
NAMES = st.dictionaries(st.sampled_from(["vi", "en"]), st.text("abc ", max_size=5))
ITEMS = st.lists(
    st.builds(Code, st.sampled_from("ABCDE"), NAMES, annotations=NOTES),
    unique_by=lambda one: one.id,
)
LISTS = st.builds(
    lambda version, names, items: Codelist(ref=ref(Kind.CODELIST, "CL_X", version), names=names, items=tuple(items)),
    VERSIONS,
    NAMES,
    ITEMS,
)


@given(LISTS)
def test_an_artefact_held_against_itself_has_not_changed(codelist: Codelist) -> None:
    told = advise([codelist], Overlay(Empty(), [codelist]))[0]
    assert (told.findings, told.next_version, told.legal) == ((), None, True)


@given(LISTS, LISTS)
def test_the_version_advised_is_free_greater_and_taken_without_objection(old: Codelist, new: Codelist) -> None:
    stored = Overlay(Empty(), [old])
    told = advise([new], stored)[0]
    if told.next_version is None or told.base is None:
        assert told.severity is Severity.NONE
        return
    assert is_version(told.next_version)
    assert sort_key(told.next_version) > sort_key(old.ref.version) or told.next_version == old.ref.version == told.base.version
    again = advise([replace(new, ref=replace(new.ref, version=told.next_version))], stored)[0]
    assert again.legal and again.next_version == told.next_version


# What is reached


class Counted:
    """Published figures by hand."""

    def used(self, dataflow: Ref, component: str | None, viewer: Viewer) -> Mapping[str, Use]:
        if component is None:
            return {"": Use(9, 90)}
        return {"01": Use(2, 20), "02": Use(3, 30)} if component in ("TINH", "ORIGIN") else {}


def test_what_breaks_reaches_the_series_with_that_code() -> None:
    told = advise([MERGED], registry(), Counted())[0]
    assert [(one.ref, one.through) for one in told.affected] == [(DSD.ref, (TINH.ref,)), (FLOW.ref, (TINH.ref, DSD.ref))]
    assert [(one.dataflow, one.component, one.code, one.use) for one in told.series] == [(FLOW.ref, "TINH", "02", Use(3, 30))]


def test_what_changes_where_it_stands_reaches_what_rests_on_it_though_a_newer_version_stands() -> None:
    """The newer one has taken the next number, but it is the older one that figures lose a code of."""
    older = replace(TINH, ref=replace(TINH.ref, version="1.0"), is_final=False)
    newer = with_items(*TINH.items, item("05", "Đảo Xanh", "Green Island", parent="_T"), version="2.0")
    place = replace(DSD.dimensions[1], representation=coded(older.ref))
    structure = replace(DSD, dimensions=(DSD.dimensions[0], place, *DSD.dimensions[2:]))
    stored = Overlay(Empty(), [*world.ARTEFACTS, older, newer, structure, FLOW])
    told = advise([replace(older, items=(*older.items[:2], *older.items[3:]))], stored, Counted())[0]
    assert (told.base, told.next_version, told.legal, told.in_place) == (older.ref, "3.0", True, True)
    assert set(found(told)) == {"items/02"}, "and not what the two versions differ in"
    assert {one.ref for one in told.affected} == {DSD.ref, FLOW.ref}
    assert [(one.dataflow, one.component, one.code, one.use) for one in told.series] == [(FLOW.ref, "TINH", "02", Use(3, 30))]


def test_a_new_version_of_a_classification_reaches_what_rests_on_any_earlier_one() -> None:
    """Under another id too: HS 2022 comes after HS 2017. Dataflows, hierarchies and correspondences, and no series breaks."""
    said = (Annotation(type="CLASSIFICATION", title="TINH"),)
    earlier = replace(TINH, annotations=said)
    newer = replace(MERGED, ref=replace(TINH.ref, id="CL_TINH_2025", version="1.0"), annotations=said)
    way = replace(WAY, from_list=TINH.ref, to_list=newer.ref).map
    code = HierarchicalCode(id="01", code=ItemRef("Code", TINH.ref, "01"))
    coast = Hierarchy(ref=Ref(Kind.HIERARCHY, "SEN", "COAST"), names={"en": "Coast"}, codes=(code,))
    told = advise([newer], Overlay(registry(), [earlier, way, coast]), Counted())[0]
    assert told.base is None and told.legal and told.series == ()
    assert {one.ref for one in told.affected} == {DSD.ref, FLOW.ref, way.ref, coast.ref}
    assert {one.through[0] for one in told.affected} == {TINH.ref}
    assert [one.ref for one in told.affected if one.follows] == [way.ref], "which names the new version already"
    unsaid = advise([replace(newer, annotations=())], Overlay(registry(), [earlier, coast]))[0]
    assert unsaid.affected == (), "nothing says that they belong together"


def test_a_component_with_another_version_of_the_list_is_not_reached() -> None:
    earlier = replace(TINH, ref=replace(TINH.ref, version="1.1.0"))
    origin = replace(DSD.dimensions[1], id="ORIGIN", representation=coded(earlier.ref))
    told = advise([MERGED], Overlay(registry(earlier), [replace(DSD, dimensions=(*DSD.dimensions, origin))]), Counted())[0]
    assert [one.component for one in told.series] == ["TINH"]


def test_a_structure_that_breaks_reaches_all_series() -> None:
    for proposed in (replace(DSD, dimensions=DSD.dimensions[1:]), replace(FLOW, structure=replace(DSD.ref, id="OTHER"))):
        told = advise([proposed], registry(), Counted())[0]
        assert [(one.code, one.use) for one in told.series] == [("", Use(9, 90))]
    concepts = replace(world.CONCEPTS, items=world.CONCEPTS.items[1:])
    assert [one.use for one in advise([concepts], registry(), Counted())[0].series if one.dataflow == FLOW.ref] == [Use(9, 90)]


def test_words_reach_no_series() -> None:
    assert advise([replace(TINH, names={"vi": "Tỉnh thành"})], registry(), Counted())[0].series == ()


def test_what_is_named_with_a_wildcard_follows_by_itself() -> None:
    dimension = replace(DSD.dimensions[1], representation=coded(replace(TINH.ref, version="1.2+.0")))
    open_ = replace(DSD, ref=replace(DSD.ref, id="OPEN"), dimensions=(DSD.dimensions[0], dimension, *DSD.dimensions[2:]))
    more = with_items(*TINH.items, item("05", "Đảo Xanh", "Green Island", parent="_T"))
    follows = {one.ref: one.follows for one in advice(more, open_).affected}
    assert follows == {DSD.ref: False, open_.ref: True, FLOW.ref: False}
    follows = {one.ref: one.follows for one in advice(MERGED, open_).affected}
    assert follows[open_.ref] is False, "2.0.0 is out of its reach"


# The draft of a correspondence


def test_the_draft_links_what_goes_on_and_leaves_open_what_does_not() -> None:
    told = advice(MERGED)
    assert told.draft_map is not None
    drawn = told.draft_map
    assert (drawn.source, drawn.target) == (TINH.ref, replace(TINH.ref, version="2.0.0"))
    assert [(one.code, one.why) for one in drawn.linked] == [("_T", Why.SAME_ID), ("01", Why.JOINED), ("03", Why.SAME_ID)]
    assert [(one.code, [(each.code, each.why) for each in one.candidates]) for one in drawn.open] == [
        ("02", [("01", Why.MERGED)]),
        ("04", [("04", Why.SAME_ID_OTHER_NAME)]),
    ], "a code may go on and mean another territory"
    assert drawn.new == ()
    made = drawn.correspondence()
    read = Correspondence.of(made)
    assert read is not None and {(link.source, link.target) for link in read.links} == {
        ("_T", "_T"),
        ("01", "01"),
        ("03", "03"),
    }
    assert exactness(read).exact == 3 and not made.is_final


def test_candidates_are_found_by_name_by_split_and_by_likeness() -> None:
    new = with_items(
        item("S1", "Đồng", "Lotus"),
        item("S2", "Sen", "Field"),
        item("77", "Bến Đá", "Stone Quay"),
        item("78", "Ấp Mới Lớn", "Great New Hamlet"),
        item("79", "Cồn Giò", "Windy Dunes"),
        item("80", "Không liên quan", "Unrelated"),
    )
    drawn = draft_map(TINH, new)
    reasons = {one.code: [(each.code, each.why) for each in one.candidates] for one in drawn.open}
    assert reasons == {
        "_T": [],
        "01": [("S1", Why.SPLIT), ("S2", Why.SPLIT)],
        "02": [("77", Why.SAME_NAME)],
        "03": [("78", Why.MERGED)],
        "04": [("79", Why.ALIKE)],
    }
    assert drawn.linked == () and drawn.new == ("80",)


def test_long_names_may_be_spelt_otherwise_short_ones_may_not() -> None:
    old = with_items(item("24", "Bắc Giang", "Bac Giang"), Code("0101", {"en": "Live horses, asses, mules and hinnies"}))
    new = with_items(item("24", "Bắc Ninh", "Bac Ninh"), Code("0101", {"en": "Live horses, asses, mules, hinnies"}))
    drawn = draft_map(old, new)
    assert [(one.code, one.why) for one in drawn.linked] == [("0101", Why.REWORDED)]
    assert [(each.code, each.why) for each in drawn.open[0].candidates] == [("24", Why.SAME_ID_OTHER_NAME)]


@given(ITEMS, ITEMS)
def test_every_old_code_is_linked_or_open_once_and_every_candidate_exists(old: list[Code], new: list[Code]) -> None:
    before, after = with_items(*old), with_items(*new)
    drawn = draft_map(before, after)
    codes = [*(one.code for one in drawn.linked), *(one.code for one in drawn.open)]
    assert sorted(codes) == sorted(before.by_id)
    mentioned = {*(one.code for one in drawn.linked), *drawn.new, *(each.code for one in drawn.open for each in one.candidates)}
    assert mentioned == set(after.by_id)


def test_every_finding_has_words_in_both_languages() -> None:
    for lang in LANGUAGES:
        texts = [one.texts(lang) for one in advice(MERGED).findings]
        assert all(text["title"] and text["detail"] and text["help"] for text in texts)
        assert any("Bến Đá" in text["detail"] for text in texts)
