"""The registry as stored, on SQLite and PostgreSQL: what was put in comes out, and nothing wrong gets in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from hub.database import connect, writing
from registry.actions import digest, put
from registry.check import check
from registry.correspondence import Correspondence, Link
from registry.document import from_document, to_document
from registry.errors import Conflict, HubError, Invalid, NotFound
from registry.model import (
    Annotation,
    Artefact,
    Attribute,
    Code,
    Codelist,
    CodelistExtension,
    Concept,
    Dataflow,
    DataStructure,
    Dimension,
    Group,
    HierarchicalCode,
    Hierarchy,
    Level,
    Maintainable,
    MetadataProviderScheme,
    coded,
    notes,
)
from registry.ref import ItemRef, Kind, Ref
from registry.store import Store
from registry.tables import metadata
from tests import world
from tests.world import AGENCIES, ARTEFACTS, CONCEPTS, CROP, DATAFLOW, DSD, FREQ, PROVINCE, STRUCTURE

NOON = datetime(2025, 7, 1, 5, tzinfo=UTC)
LATER = datetime(2025, 7, 2, 5, tzinfo=UTC)

MERGED = replace(
    PROVINCE,
    ref=replace(PROVINCE.ref, version="2.0"),
    items=(PROVINCE.items[0], Code("02", {"vi": "Đồng Sen mới", "en": "New Lotus Field"}, parent="_T")),
    valid_from=date(2025, 7, 1),
    is_final=False,
)
MERGER_LINKS = Correspondence(
    ref=Ref(Kind.REPRESENTATION_MAP, "SEN", "COR_PROVINCE"),
    names={"vi": "Sáp nhập", "en": "Merger"},
    from_list=PROVINCE.ref,
    to_list=MERGED.ref,
    links=(Link("01", "02"), Link("02", "02"), Link("03", "02", "0.25")),
)
MERGER = MERGER_LINKS.map


class Registry:
    """A database with a registry: ``put`` in one transaction, and a store to read with."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.store = Store(engine)

    def put(self, *artefacts: Artefact, at: datetime = NOON) -> list[Ref]:
        with writing(self.engine) as connection:
            return put(connection, artefacts, world.act(at))


@pytest.fixture
def empty(database_url: str) -> Iterator[Registry]:
    engine = connect(database_url)
    with writing(engine) as connection:
        metadata.create_all(connection)
    yield Registry(engine)
    engine.dispose()


@pytest.fixture
def registry(empty: Registry) -> Registry:
    """The invented country's artefacts, stored."""
    empty.put(*ARTEFACTS)
    return empty


def refused(code: str, action: Callable[[], object]) -> HubError:
    """The error with that code that the action must raise."""
    with pytest.raises(HubError) as caught:
        action()
    assert caught.value.code == code
    return caught.value


# Coming out as it went in


@pytest.mark.parametrize("made", [*ARTEFACTS, MERGED, MERGER], ids=lambda made: made.ref.id)
def test_an_artefact_is_the_same_after_a_journey_through_its_document(made: Artefact) -> None:
    assert from_document(to_document(made)) == made


WORDS = st.text("abcđêĐ ,\"'{}\n", max_size=12)
NAMES = st.dictionaries(st.sampled_from(["vi", "en", "fr"]), WORDS)
DATES = st.none() | st.dates()
ITEMS = st.lists(
    st.builds(
        Code,
        id=st.text("AB01_", min_size=1, max_size=4),
        names=NAMES,
        descriptions=NAMES,
        valid_from=DATES,
        valid_to=DATES,
        annotations=NAMES.map(notes),
    ),
    unique_by=lambda item: item.id,
).map(tuple)
LISTS = st.builds(
    lambda items, **more: Codelist(ref=CROP.ref, items=items, **more),
    items=ITEMS,
    names=NAMES,
    descriptions=NAMES,
    source=WORDS,
    valid_from=DATES,
    valid_to=DATES,
    is_final=st.booleans(),
)


@given(LISTS)
def test_any_codelist_is_the_same_after_a_journey_through_its_document(made: Codelist) -> None:
    assert from_document(to_document(made)) == made
    assert digest(from_document(to_document(made))) == digest(made)


def test_what_is_stored_is_read_back_equal(registry: Registry) -> None:
    registry.put(MERGED, MERGER)
    for made in (*ARTEFACTS, MERGED, MERGER):
        assert registry.store.get(made.ref) == made
        assert Store(registry.engine).get(made.ref) == made


def test_a_list_of_thousands_keeps_its_order(registry: Registry) -> None:
    items = tuple(Code(f"C{number * 7919 % 5000:04d}", {"vi": f"Mã {number}"}) for number in range(5000))
    registry.put(big := Codelist(ref=Ref(Kind.CODELIST, "SEN", "CL_BIG"), names={"vi": "Lớn"}, items=items))
    assert registry.store.get(big.ref) == big


# Writing


def test_the_same_content_again_is_no_change(registry: Registry) -> None:
    before = registry.store.revision
    assert registry.put(*ARTEFACTS, at=LATER) == []
    assert registry.store.revision == before


def test_a_change_grows_the_revision_and_is_seen_by_every_store(registry: Registry) -> None:
    other = Store(registry.engine)
    assert registry.store.get(CONCEPTS.ref) == other.get(CONCEPTS.ref) == CONCEPTS
    before = other.revision
    new = replace(CONCEPTS, names={"vi": "Khái niệm mới"}, items=CONCEPTS.items[:-1])
    assert registry.put(new, at=LATER) == [CONCEPTS.ref]
    assert other.revision == before + 1
    assert registry.store.get(CONCEPTS.ref) == other.get(CONCEPTS.ref) == new


def test_artefacts_of_one_batch_may_need_each_other_in_any_order(empty: Registry) -> None:
    assert empty.put(*reversed(ARTEFACTS)) == [made.ref for made in reversed(ARTEFACTS)]


def test_a_missing_reference_is_named_with_the_artefact_that_needs_it(empty: Registry) -> None:
    error = refused("REFERENCE_MISSING", lambda: empty.put(*(made for made in ARTEFACTS if made is not PROVINCE)))
    assert "SEN:CL_PROVINCE(1.0)" in error.detail() and "SEN:MUA(1.0)" in error.detail("vi")
    assert empty.store.revision == 0
    assert empty.store.find(Kind.CODELIST) == []


def test_a_reference_may_leave_the_version_open(registry: Registry) -> None:
    flow = replace(DATAFLOW, ref=replace(DATAFLOW.ref, version="2.0"), structure=replace(DSD.ref, version="1.0+"))
    registry.put(flow)
    assert registry.store.structure(flow.ref).dsd == DSD
    assert flow.ref in registry.store.parents(DSD.ref)


def test_a_final_artefact_does_not_change(registry: Registry) -> None:
    for other in (
        replace(FREQ, items=(*FREQ.items, Code("W", {"vi": "Tuần"}))),
        replace(FREQ, names={"vi": "Nhịp độ"}),
        replace(FREQ, items=(Code("A", {"en": "Yearly"}), *FREQ.items[1:])),
        replace(DSD, dimensions=DSD.dimensions[::-1]),
    ):
        error = refused("ARTEFACT_FINAL", lambda other=other: registry.put(other))  # type: ignore[misc]
        assert str(other.ref) in error.detail()
    assert registry.store.get(FREQ.ref) == FREQ


def test_a_partial_copy_of_a_final_list_neither_replaces_nor_breaks_it(registry: Registry) -> None:
    before = registry.store.revision
    registry.put(replace(FREQ, items=(), names={"en": "Frequency"}, is_final=False))
    registry.put(replace(FREQ, items=(Code("Q", {"en": "Quarterly"}),)))
    assert registry.store.get(FREQ.ref) == FREQ
    assert registry.store.revision == before


def test_a_copy_may_bring_the_texts_a_final_list_lacked(registry: Registry) -> None:
    assert registry.put(replace(FREQ, items=(Code("Q", {"fr": "Trimestriel"}),), descriptions={"vi": "Bao lâu một lần"}))
    kept = registry.store.get(FREQ.ref)
    assert isinstance(kept, Codelist) and kept.is_final
    assert kept.by_id["Q"].names == {"vi": "Quý", "en": "Quarterly", "fr": "Trimestriel"}
    assert kept.descriptions == {"vi": "Bao lâu một lần"}
    assert [item.id for item in kept.items] == ["A", "Q", "M"]


def test_a_copy_may_bring_notes_of_other_types_but_no_other_note_of_the_same(empty: Registry) -> None:
    twice = (*notes({"level": "1"}), *notes({"level": "2"}), Annotation(texts={"vi": "ghi chú"}))
    empty.put(final := replace(FREQ, annotations=twice))
    assert empty.put(replace(final, annotations=twice[:1])) == []
    refused("ARTEFACT_FINAL", lambda: empty.put(replace(final, annotations=notes({"level": "3"}))))
    more = (*notes({"unit": "kg"}), Annotation(texts={"vi": "khác"}))
    assert empty.put(replace(final, annotations=more))
    assert empty.store.get(FREQ.ref).annotations == (*twice, *more)


def test_one_wrong_artefact_keeps_the_whole_batch_out(registry: Registry) -> None:
    refused("ARTEFACT_FINAL", lambda: registry.put(MERGED, replace(FREQ, names={"vi": "Nhịp"})))
    assert registry.store.find(Kind.CODELIST, id="CL_PROVINCE") == [PROVINCE.ref]


def test_writers_stand_in_line(registry: Registry) -> None:
    lists = [Codelist(ref=Ref(Kind.CODELIST, "SEN", f"CL_{number}"), names={"vi": str(number)}) for number in range(8)]
    failures: list[Exception] = []

    def work(made: Codelist) -> None:
        try:
            registry.put(made)
        except Exception as error:
            failures.append(error)

    before = registry.store.revision
    threads = [threading.Thread(target=work, args=[made]) for made in lists]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert registry.store.revision == before + len(lists)


# What contradicts itself

LONG = "A" * 300

CHAIN = tuple(Code(f"C{depth}", {}, parent=f"C{depth - 1}" if depth > 1 else None) for depth in range(1, 26))
"""Codes one below the other, one more than a tree may have."""


def _beside(code: Code) -> tuple[Annotation, ...]:
    """The parent of a code, in a tree beside that of the list."""
    return notes({"parent:SEASON": code.parent}) if code.parent else ()


def _nested(depth: int) -> Hierarchy:
    codes: tuple[HierarchicalCode, ...] = ()
    for at in range(depth, 0, -1):
        codes = (HierarchicalCode(id=f"C{at}", code=ItemRef("Code", CROP.ref, "LUA"), children=codes),)
    return Hierarchy(ref=replace(CROP.ref, kind=Kind.HIERARCHY, id="H_DEEP"), names={}, codes=codes)


def test_a_tree_may_have_24_levels(registry: Registry) -> None:
    deep = (replace(CROP, ref=_named("CL_DEEP"), items=CHAIN[:24]), _nested(24))
    assert registry.put(*deep) == [made.ref for made in deep]


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (replace(CROP, ref=replace(CROP.ref, version="latest")), "BAD_VERSION"),
        (replace(CROP, ref=replace(CROP.ref, id="CL CROP")), "BAD_REFERENCE"),
        (replace(CROP, ref=replace(CROP.ref, agency=LONG)), "BAD_REFERENCE"),
        (replace(CROP, valid_from=date(2025, 1, 1), valid_to=date(2024, 1, 1)), "VALIDITY_REVERSED"),
        (
            replace(CROP, items=(replace(CROP.items[0], valid_from=date(2025, 1, 1), valid_to=date(2024, 1, 1)),)),
            "VALIDITY_REVERSED",
        ),
        (replace(CROP, items=(*CROP.items, CROP.items[0])), "NAMED_TWICE"),
        (replace(CROP, items=(Code("LUA", {}, parent="CAY"),)), "PARENT_MISSING"),
        (replace(CROP, items=(Code("A", {}, parent="B"), Code("B", {}, parent="A"))), "PARENT_CIRCLE"),
        (replace(CROP, items=CHAIN), "TREE_TOO_DEEP"),
        (replace(CROP, items=tuple(replace(code, parent=None, annotations=_beside(code)) for code in CHAIN)), "TREE_TOO_DEEP"),
        (_nested(5000), "TREE_TOO_DEEP"),
        (replace(CROP, items=(Code("", {}),)), "BAD_ITEM"),
        (replace(CROP, items=(Code(LONG, {}),)), "BAD_ITEM"),
        (replace(CROP, items=(Code("A\0", {}),)), "BAD_ITEM"),
        (replace(CROP, ref=replace(CROP.ref, id="1CL")), "ID_NO_NAME"),
        (replace(CROP, ref=replace(CROP.ref, agency="SEN.4F")), "ID_NO_NAME"),
        (replace(CONCEPTS, ref=replace(CONCEPTS.ref, id="_C")), "ID_NO_NAME"),
        (replace(CONCEPTS, items=(*CONCEPTS.items, Concept("1X"))), "ID_NO_NAME"),
        (replace(DSD, dimensions=(*DSD.dimensions, Dimension(id="A@X"))), "ID_NO_NAME"),
        (
            MetadataProviderScheme(ref=Ref(Kind.METADATA_PROVIDER_SCHEME, "SEN", "NHA_CUNG_CAP", "1.0"), names={"vi": "?"}),
            "ID_FIXED",
        ),
        (replace(DSD, dimensions=()), "BAD_KEY"),
        (replace(CONCEPTS, items=(Concept("A", core=coded(replace(CROP.ref, id=LONG))),)), "BAD_REFERENCE"),
        (replace(DATAFLOW, structure=replace(DSD.ref, version="1" * 65)), "BAD_REFERENCE"),
        (replace(DATAFLOW, structure=None), "STRUCTURE_NOT_NAMED"),
        (replace(CROP, extensions=(CodelistExtension(replace(CROP.ref, version="1.0+")),)), "EXTENSION_CIRCLE"),
        (replace(DSD, dimensions=(Dimension(id="T1", is_time=True), Dimension(id="T2", is_time=True))), "BAD_KEY"),
        (replace(DSD, dimensions=(*DSD.dimensions, DSD.dimensions[0])), "NAMED_TWICE"),
        (replace(DSD, dimensions=(Dimension(id="MÙA VỤ"),)), "BAD_COMPONENT"),
        (replace(DSD, groups=(Group(id="Sibling", dimensions=("CROPS",)),)), "DIMENSION_MISSING"),
        (replace(DSD, attributes=(Attribute(id="N", level=Level.GROUP, dimensions=("X",)),)), "DIMENSION_MISSING"),
        (replace(MERGER_LINKS, links=(Link("01", "02"), Link("01", "02", "0.5"))).map, "NAMED_TWICE"),
    ],
)
def test_what_contradicts_itself_is_not_stored(empty: Registry, made: Artefact, code: str) -> None:
    error = refused(code, lambda: empty.put(made))
    assert len(str(error)) < 700 and "{" not in str(error)


def test_ids_that_need_not_be_names_may_begin_with_a_digit(registry: Registry) -> None:
    """Codes, dataflows and structures have identifiers: 2024$ is one, and every format holds it."""
    flow = replace(DATAFLOW, ref=replace(DATAFLOW.ref, id="2024$"))
    assert registry.put(flow, replace(CROP, ref=_named("CL_2"), items=(Code("1@", {"vi": "Một"}),)))[0] == flow.ref


def test_what_is_only_announced_may_stand_without_a_structure(registry: Registry) -> None:
    announced = replace(DATAFLOW, ref=replace(DATAFLOW.ref, id="SAP_CO"), structure=None, is_external_reference=True)
    assert registry.put(announced) == [announced.ref]


def test_code_lists_do_not_extend_each_other_in_a_circle(registry: Registry) -> None:
    """Rice extends grain extends crops; crops may not extend rice, whether they come together or one after another."""
    grain, rice = (_extending(id, of) for id, of in (("CL_GRAIN", CROP), ("CL_RICE", replace(CROP, ref=_named("CL_GRAIN")))))
    crops = replace(CROP, ref=_named("CL_CROPS"), extensions=(CodelistExtension(rice.ref),))
    turned = replace(grain, extensions=(CodelistExtension(crops.ref), CodelistExtension(CROP.ref)))
    refused("EXTENSION_CIRCLE", lambda: registry.put(crops, rice, turned))
    assert registry.put(grain, rice, crops) == [grain.ref, rice.ref, crops.ref]
    refused("EXTENSION_CIRCLE", lambda: registry.put(turned))
    assert registry.put(replace(grain, extensions=())) == [grain.ref]


def _named(id: str) -> Ref:
    return replace(CROP.ref, id=id)


def _extending(id: str, other: Codelist) -> Codelist:
    return replace(CROP, ref=_named(id), is_final=False, extensions=(CodelistExtension(replace(other.ref, version="1.0")),))


def test_two_contents_for_one_artefact_are_refused(empty: Registry) -> None:
    refused("ARTEFACT_TWICE", lambda: empty.put(CROP, replace(CROP, items=())))
    assert empty.put(CROP, CROP) == [CROP.ref]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"kind": "Codelists"}, "kind"),
        ({"kind": None}, "kind"),
        ({"ref": None}, " /:"),
        ({"name": {"vi": "Sai từ"}}, "SEN:CL_CROP(1.0)"),
        ({"names": "Cây"}, "names"),
        ({"names": {"vi": 5}}, "names vi"),
        ({"names": {"vi": "\ud800"}}, "names vi"),
        ({"valid_from": "hôm nay"}, "valid_from"),
        ({"is_final": "yes"}, "is_final"),
        ({"items": {"LUA": "Lúa"}}, "items"),
        ({"items": [{"id": "LUA", "names": {}, "parents": "A"}]}, "items[0]"),
        ({"items": [{"id": 1, "names": {}}]}, "items[0] id"),
        ({"items": ["LUA"]}, "items[0]"),
        ({"items": [{"names": {}}]}, "items[0]"),
    ],
)
def test_a_document_that_is_not_understood_is_refused_at_its_place(change: dict[str, object], place: str) -> None:
    error = refused("BAD_DOCUMENT", lambda: from_document({**to_document(CROP), **change}))
    assert place in error.detail() and place in error.detail("vi")


def test_a_share_lies_above_0_and_is_at_most_1() -> None:
    endless = "1e-999999999"  # would be worked out to a thousand million digits
    for share in ("0", "1.1", "-1", "NaN", "một nửa", endless, f"0.{'3' * 41}", "٠.٥", "1_0e-1"):
        made = replace(MERGER_LINKS, links=(Link("01", "02", share),)).map
        refused("BAD_SHARE", lambda made=made: check(made))  # type: ignore[misc]
    for share in ("1", "0.30000000000000004", "5e-05", ".5"):
        check(replace(MERGER_LINKS, links=(Link("01", "02", share),)).map)


# Reading


def test_versions_are_chosen_as_asked(registry: Registry) -> None:
    registry.put(MERGED)
    ask = registry.store
    assert ask.get(replace(PROVINCE.ref, version="latest")) == MERGED
    assert ask.get(replace(PROVINCE.ref, version="1.0")) == PROVINCE
    assert ask.find(Kind.CODELIST, "SEN", "CL_PROVINCE") == [PROVINCE.ref, MERGED.ref]
    assert ask.find(Kind.CODELIST, "SEN,XXX", "CL_PROVINCE,CL_FREQ", "latest") == [FREQ.ref, MERGED.ref]
    assert ask.find(Kind.CODELIST, id="CL_PROVINCE", version="1.0,9.0") == [PROVINCE.ref]
    assert ask.find(Kind.CODELIST, "XXX") == ask.find(Kind.REPRESENTATION_MAP) == []


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        (Ref(Kind.CODELIST, "SEN", "CL_PROVINCES", "1.0"), "SEN:CL_PROVINCE(1.0)"),
        (Ref(Kind.CODELIST, "SEN", "CL_PROVINCE", "7.0"), "SEN:CL_PROVINCE(1.0)"),
        (Ref(Kind.CODELIST, "XXX", "CL_CROP", "latest"), "SEN:CL_CROP(1.0)"),
        (Ref(Kind.DATAFLOW, "XXX", "%%%", "latest"), "SEN:MUA(1.0)"),
        (Ref(Kind.REPRESENTATION_MAP, "SEN", "x" * 10_000, "latest"), "nothing else of this kind"),
    ],
)
def test_what_does_not_exist_is_an_error_that_names_the_nearest(registry: Registry, asked: Ref, near: str) -> None:
    error = refused("ARTEFACT_NOT_FOUND", lambda: registry.store.get(asked))
    assert isinstance(error, NotFound)
    assert near in error.help() and len(str(error)) < 500


def test_names_are_found_without_diacritics_and_in_any_order_of_words(registry: Registry) -> None:
    registry.put(MERGED)
    assert registry.store.search(Kind.CODELIST, "TRONG cay") == [CROP.ref]
    assert registry.store.search(Kind.CODELIST, "cl_province") == [MERGED.ref]
    assert registry.store.search(Kind.DATAFLOW, "san luong tinh") == [DATAFLOW.ref]
    assert registry.store.search(Kind.DATAFLOW, "sản lượng xã") == []
    assert len(registry.store.search(Kind.CODELIST, "  ")) == 6


def test_a_dataflow_comes_with_everything_to_read_its_data(registry: Registry) -> None:
    structure = registry.store.structure(replace(DATAFLOW.ref, version="latest"))
    assert (structure.dataflow, structure.dsd, structure.codelists) == (DATAFLOW, DSD, STRUCTURE.codelists)
    assert structure.concepts == {name: CONCEPTS.by_id[name] for name in DSD.components}
    assert registry.store.structure(DATAFLOW.ref) is structure


def test_a_structure_is_read_anew_when_its_lists_change(registry: Registry) -> None:
    registry.store.structure(DATAFLOW.ref)
    registry.put(replace(CONCEPTS, items=tuple(replace(item, names={"vi": "mới"}) for item in CONCEPTS.items)))
    assert registry.store.structure(DATAFLOW.ref).names("CROP") == {"vi": "mới"}


def test_who_names_an_artefact_can_be_asked(registry: Registry) -> None:
    registry.put(MERGED, MERGER)
    assert registry.store.parents(DSD.ref) == [DATAFLOW.ref]
    assert registry.store.parents(PROVINCE.ref) == [DSD.ref, MERGER.ref]
    assert registry.store.parents(MERGED.ref) == [MERGER.ref]
    assert registry.store.parents(AGENCIES.ref) == []


def test_a_correspondence_is_found_by_the_versions_it_joins(registry: Registry) -> None:
    registry.put(MERGED, MERGER)
    assert registry.store.correspondence(PROVINCE.ref, replace(MERGED.ref, version="latest")) == MERGER_LINKS
    error = refused("CORRESPONDENCE_NOT_FOUND", lambda: registry.store.correspondence(PROVINCE.ref, CROP.ref))
    assert "SEN:CL_CROP(1.0)" in error.detail("vi") and "SEN:CL_PROVINCE(2.0)" in error.help()


def test_a_correspondence_leads_back_and_on_through_others(registry: Registry) -> None:
    later = replace(MERGED, ref=replace(MERGED.ref, version="3.0"))
    onward = replace(MERGER_LINKS, ref=replace(MERGER.ref, id="COR_LATER"), from_list=MERGED.ref, to_list=later.ref)
    onward = replace(onward, links=(Link("02", "02", basis="area"),))
    registry.put(MERGED, MERGER, later, onward.map)
    back = registry.store.correspondence(MERGED.ref, PROVINCE.ref)
    assert back.steps == ((MERGER.ref, True),) and {link.source for link in back.links} == {"02"}
    through = registry.store.correspondence(PROVINCE.ref, later.ref)
    assert through.steps == ((MERGER.ref, False), (onward.ref, False)) and through.to_list == later.ref
    assert registry.store.correspondence(PROVINCE.ref, later.ref) is through, "made once"


def test_a_hierarchy_of_groups_is_a_step_on_the_way(registry: Registry) -> None:
    shores = replace(CROP, ref=replace(CROP.ref, id="CL_SHORE"), items=(Code("BIEN", {"vi": "Ven biển"}),))
    low = HierarchicalCode(id="02", code=ItemRef("Code", MERGED.ref, "02"))
    top = HierarchicalCode(id="BIEN", code=ItemRef("Code", shores.ref, "BIEN"), children=(low,))
    variant = Hierarchy(ref=Ref(Kind.HIERARCHY, "SEN", "SHORES"), names={"vi": "Bờ biển"}, codes=(top,))
    registry.put(MERGED, MERGER, shores, variant)
    found = registry.store.correspondence(PROVINCE.ref, shores.ref)
    assert found.steps == ((MERGER.ref, False), (variant.ref, False)) and {link.target for link in found.links} == {"BIEN"}
    assert registry.store.correspondences(shores.ref) == [], "it is kept as a hierarchy, not as a table"


def test_of_versions_of_a_table_the_latest_that_is_no_draft_counts(registry: Registry) -> None:
    draft = replace(MERGER, ref=replace(MERGER.ref, version="2.0.0-draft"))
    registry.put(MERGED, MERGER, draft)
    assert registry.store.correspondences(PROVINCE.ref) == [MERGER_LINKS]
    settled = replace(MERGER, ref=replace(MERGER.ref, version="2.0.0"))
    registry.put(settled)
    assert registry.store.correspondences(MERGED.ref) == [Correspondence.of(settled)]


def test_a_small_memory_forgets_but_never_errs(registry: Registry) -> None:
    small = Store(registry.engine, most_items=1)
    for _ in range(2):
        assert [small.get(made.ref) for made in ARTEFACTS] == list(ARTEFACTS)
        assert small.structure(DATAFLOW.ref).dsd == DSD


def test_an_empty_registry_answers(empty: Registry) -> None:
    assert empty.store.revision == 0
    assert empty.store.find(Kind.DATAFLOW) == empty.store.search(Kind.DATAFLOW, "x") == []
    refused("ARTEFACT_NOT_FOUND", lambda: empty.store.structure(DATAFLOW.ref))


def test_many_readers_while_it_changes_see_one_state_or_the_other(registry: Registry) -> None:
    states = [replace(CONCEPTS, source=str(number)) for number in range(5)]
    registry.put(states[0])
    failures: list[object] = []

    def read() -> None:
        for _ in range(30):
            seen = registry.store.get(CONCEPTS.ref)
            if seen not in states:
                failures.append(seen)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for state in states[1:]:
        registry.put(state)
    for reader in readers:
        reader.join()
    assert failures == []
    assert registry.store.get(CONCEPTS.ref) == states[-1]


def test_the_kinds_of_error_are_those_of_the_house() -> None:
    assert issubclass(NotFound, HubError) and (Invalid.status, Conflict.status, NotFound.status) == (400, 409, 404)
    assert all(issubclass(kind, Maintainable) for kind in (Codelist, Dataflow, DataStructure))


def test_data_are_read_with_the_codes_that_a_list_inherits(registry: Registry) -> None:
    """A list of crops that another one extends: its own codes, and those of the other."""
    wider = replace(
        CROP,
        ref=replace(CROP.ref, id="CL_CROP_WIDER"),
        items=(Code("SEN", {"vi": "Sen", "en": "Lotus"}),),
        extensions=(CodelistExtension(CROP.ref),),
    )
    crop = next(part for part in DSD.dimensions if part.codelist == CROP.ref)
    dimensions = tuple(replace(part, representation=coded(wider.ref)) if part is crop else part for part in DSD.dimensions)
    dsd = replace(DSD, ref=replace(DSD.ref, id="VU_SEN"), dimensions=dimensions)
    flow = replace(DATAFLOW, ref=replace(DATAFLOW.ref, id="VU_SEN"), structure=dsd.ref)
    registry.put(*ARTEFACTS, wider, dsd, flow)
    assert {*registry.store.structure(flow.ref).codelists[crop.id].by_id} == {"LUA", "NGO", "SEN"}
