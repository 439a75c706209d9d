"""What a change weighs in each type of artefact, as the recommendations of the SDMX technical working group have it.

Lotus Country (tests/world.py) has one artefact of each group of types; every test says what becomes of it.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.advisor import Severity, advise
from registry.advisor.comparing import differences
from registry.advisor.rules import FIXED, SILENT, SPECIAL
from registry.errors import LANGUAGES
from registry.model import (
    UNBOUNDED,
    Artefact,
    Artifact,
    Attachment,
    Cascade,
    Categorisation,
    Category,
    CategoryScheme,
    Code,
    Codelist,
    CodelistExtension,
    ComponentMap,
    Computation,
    DataConstraint,
    Dataflow,
    EpochMap,
    FixedValueMap,
    Format,
    GeoFeatureSetCode,
    GeographicCodelist,
    HierarchicalCode,
    Hierarchy,
    HierarchyAssociation,
    HierarchyLevel,
    IsoConcept,
    ItemMap,
    KeySet,
    MappedValue,
    MemberSelection,
    MemberValue,
    MetadataAttribute,
    MetadataAttributeUsage,
    Metadataflow,
    MetadataProvisionAgreement,
    MetadataStructure,
    Process,
    ProcessStep,
    ProvisionAgreement,
    Region,
    ReportingCategory,
    ReportingTaxonomy,
    RepresentationMap,
    SelectedValue,
    StructureMap,
    TimeBound,
    TimeRange,
    Transformation,
    TransformationScheme,
    Transition,
    ValueDomain,
    ValueItem,
    ValueList,
    ValueMapping,
    coded,
    typed,
)
from registry.model.mapping import ConceptSchemeMap
from registry.overlay import Overlay
from registry.ref import ItemRef, Kind, Ref
from tests import world
from tests.drawn_artefacts import artefacts
from tests.test_advisor import DSD, FLOW, TINH, Empty, registry

NONE, PATCH, MINOR, MAJOR = Severity

NAMES = {"vi": "Tên", "en": "Name"}


def ref(kind: Kind, version: str = "1.0.0", id: str = "X") -> Ref:
    return Ref(kind, "SEN", id, version)


def weight(old: Artefact, new: Artefact, *around: Artefact) -> Severity:
    known = registry(*around)
    return max((one.severity for one in differences(old, new, known, known)), default=NONE)


# Lists


def test_values_of_a_value_list_weigh_what_codes_do() -> None:
    values = ValueList(ref=ref(Kind.VALUE_LIST), names=NAMES, items=(ValueItem("$"), ValueItem("€")))
    assert weight(values, replace(values, items=(*values.items, ValueItem("₫")))) is MINOR
    assert weight(values, replace(values, items=values.items[:1])) is MAJOR
    assert weight(values, replace(values, items=(ValueItem("$", NAMES), values.items[1]))) is PATCH
    assert weight(values, replace(values, items=values.items[::-1])) is PATCH


def test_where_a_place_lies_may_be_corrected() -> None:
    places = GeographicCodelist(ref=ref(Kind.GEOGRAPHIC_CODELIST), names=NAMES, items=(GeoFeatureSetCode("01", value="C,1,2"),))
    assert weight(places, replace(places, items=(GeoFeatureSetCode("01", value="C,1,3"),))) is PATCH
    assert weight(places, replace(places, items=())) is MAJOR


EXTENSION = CodelistExtension(codelist=TINH.ref, prefix="P_")
EXTENDED = Codelist(ref=ref(Kind.CODELIST), names=NAMES, items=(Code("A"),), extensions=(EXTENSION,))
CHOSEN = replace(EXTENSION, members=(MemberValue("01"), MemberValue("02")))
OTHERS = replace(CHOSEN, exclusive=True)


@pytest.mark.parametrize(
    ("old", "new", "severity"),
    [
        (EXTENSION, None, MAJOR),
        (None, EXTENSION, MINOR),
        (EXTENSION, replace(EXTENSION, prefix="Q_"), MAJOR),
        (EXTENSION, replace(EXTENSION, codelist=replace(TINH.ref, version="1.2.1")), PATCH),
        (EXTENSION, CHOSEN, MAJOR),
        (CHOSEN, EXTENSION, MINOR),
        (CHOSEN, replace(CHOSEN, members=(*CHOSEN.members, MemberValue("03"))), MINOR),
        (CHOSEN, replace(CHOSEN, members=CHOSEN.members[:1]), MAJOR),
        (CHOSEN, replace(CHOSEN, members=CHOSEN.members[::-1]), PATCH),
        (CHOSEN, replace(CHOSEN, members=(MemberValue("01", Cascade.YES), MemberValue("02"))), MINOR),
        (CHOSEN, OTHERS, MAJOR),
        (OTHERS, replace(OTHERS, members=OTHERS.members[:1]), MINOR),
        (OTHERS, replace(OTHERS, members=(*OTHERS.members, MemberValue("03"))), MAJOR),
    ],
)
def test_what_a_list_takes_over_from_another(
    old: CodelistExtension | None, new: CodelistExtension | None, severity: Severity
) -> None:
    was, now = (replace(EXTENDED, extensions=(one,) if one else ()) for one in (old, new))
    assert weight(was, now, replace(TINH, ref=replace(TINH.ref, version="1.2.1"))) is severity


def test_what_a_concept_means_may_be_said_more_exactly_but_not_otherwise() -> None:
    frequency, *others = world.CONCEPTS.items

    def meaning(**more: Any) -> Artefact:
        return replace(world.CONCEPTS, items=(replace(frequency, **more), *others))

    iso, other = IsoConcept("ISO", "A", "B"), IsoConcept("ISO", "A", "C")
    assert weight(meaning(), meaning(iso=iso)) is MINOR
    assert weight(meaning(iso=iso), meaning(iso=other)) is weight(meaning(iso=iso), meaning()) is MAJOR
    listed = coded(world.FREQ.ref)
    assert listed is not None
    limited = replace(listed, format=Format(max_length=1))
    assert weight(meaning(core=limited), meaning(core=listed)) is MINOR, "the limit is taken off"
    assert weight(meaning(core=listed), meaning(core=limited)) is MAJOR
    assert weight(meaning(core=listed), meaning(core=typed("String"))) is MAJOR


SUBJECTS = CategoryScheme(ref=ref(Kind.CATEGORY_SCHEME), names=NAMES, items=(Category("ECO"), Category("ECO.PRICES")))


def test_a_subject_elsewhere_in_the_tree_is_another_subject() -> None:
    moved = replace(SUBJECTS, items=(Category("ECO"), Category("PRICES")))
    assert weight(SUBJECTS, moved) is MAJOR
    assert weight(SUBJECTS, replace(SUBJECTS, items=(*SUBJECTS.items, Category("ECO.TRADE")))) is MINOR


def test_what_is_reported_in_a_section_may_change_but_not_be_of_the_other_sort() -> None:
    def taxonomy(structures: tuple[Ref, ...] = (), flows: tuple[Ref, ...] = ()) -> Artefact:
        item = ReportingCategory("A", structural_metadata=structures, provisioning_metadata=flows)
        return ReportingTaxonomy(ref=ref(Kind.REPORTING_TAXONOMY), names=NAMES, items=(item,))

    other = replace(FLOW.ref, version="3.0.0")
    assert weight(taxonomy(flows=(FLOW.ref,)), taxonomy(flows=())) is MINOR
    assert weight(taxonomy(flows=(FLOW.ref,)), taxonomy(flows=(other,))) is MINOR, "a major step, but nobody can refer to it"
    assert weight(taxonomy(flows=(FLOW.ref,)), taxonomy((DSD.ref,))) is MAJOR


@pytest.mark.parametrize("kind", sorted(FIXED))
def test_organisations_and_categorisations_stay_at_their_version(kind: Kind) -> None:
    @settings(max_examples=10)
    @given(artefacts(kind), artefacts(kind))
    def story(old: Artefact, new: Artefact) -> None:
        new = replace(new, ref=old.ref)
        told = advise([new], Overlay(Empty(), [old]))[0]
        assert told.legal and told.next_version in (None, old.ref.version)

    story()


def test_a_categorisation_may_name_another_category() -> None:
    made = Categorisation(ref=ref(Kind.CATEGORISATION, "1.0"), names=NAMES, object=FLOW.ref, category=SUBJECTS.ref.item("ECO"))
    told = advise([replace(made, category=SUBJECTS.ref.item("ECO.PRICES"))], registry(made))[0]
    assert (told.next_version, told.legal, told.in_place) == ("1.0", True, True)


# Hierarchies


def place(id: str, code: str, *children: HierarchicalCode, version: str = "1.2.0") -> HierarchicalCode:
    return HierarchicalCode(id=id, code=replace(TINH.ref, version=version).item(code), children=children)


TREE = Hierarchy(
    ref=ref(Kind.HIERARCHY),
    names=NAMES,
    levels=(HierarchyLevel(id="1"), HierarchyLevel(id="2")),
    codes=(place("_T", "_T", place("01", "01"), place("02", "02")),),
)


@pytest.mark.parametrize(
    ("change", "severity"),
    [
        ({"codes": (place("_T", "_T", place("01", "01"), place("02", "02"), place("03", "03")),)}, MINOR),
        ({"codes": (place("_T", "_T", place("01", "01")),)}, MAJOR),
        ({"codes": (place("_T", "_T", place("01", "01")), place("02", "02"))}, MAJOR),
        ({"codes": (place("_T", "_T", place("02", "02"), place("01", "01")),)}, PATCH),
        ({"codes": (place("_T", "_T", place("01", "03"), place("02", "02")),)}, MAJOR),
        ({"levels": (*TREE.levels, HierarchyLevel(id="3"))}, MINOR),
        ({"levels": TREE.levels[:1]}, MAJOR),
        ({"levels": (HierarchyLevel(id="1", names=NAMES, coding_format=Format()), TREE.levels[1])}, PATCH),
        ({"has_formal_levels": True}, PATCH),
    ],
)
def test_a_hierarchy_weighs_what_sums_over_it_do(change: dict[str, Any], severity: Severity) -> None:
    assert weight(TREE, replace(TREE, **change)) is severity


def test_where_a_hierarchy_is_used_may_be_corrected() -> None:
    use = HierarchyAssociation(
        ref=ref(Kind.HIERARCHY_ASSOCIATION),
        names=NAMES,
        hierarchy=TREE.ref,
        linked_object=ItemRef("Dimension", DSD.ref, "TINH"),
    )
    assert weight(use, replace(use, hierarchy=replace(TREE.ref, id="Y"), linked_object=TINH.ref, context=FLOW.ref)) is PATCH


# Structures and flows


def test_a_structure_that_evolves_may_grow_by_dimensions() -> None:
    evolving = replace(DSD, is_evolving=True)
    longer = replace(evolving, dimensions=(*DSD.dimensions, replace(DSD.dimensions[0], id="SEX")))
    assert weight(evolving, longer) is MINOR
    assert weight(DSD, evolving) is MAJOR and weight(evolving, DSD) is MINOR


@pytest.mark.parametrize(
    ("was", "now", "severity"),
    [
        ((), ("FREQ", "TINH", "CROP", "TIME_PERIOD"), PATCH),
        (("FREQ", "TINH", "CROP", "TIME_PERIOD"), (), PATCH),
        ((), ("FREQ", "TINH", "TIME_PERIOD"), MAJOR),
        (("FREQ", "TINH", "TIME_PERIOD"), ("FREQ", "TINH", "CROP", "TIME_PERIOD"), MAJOR),
    ],
)
def test_a_flow_has_the_dimensions_it_says(was: tuple[str, ...], now: tuple[str, ...], severity: Severity) -> None:
    assert weight(replace(FLOW, dimension_constraint=was), replace(FLOW, dimension_constraint=now)) is severity


REPORT = MetadataStructure(
    ref=ref(Kind.METADATA_STRUCTURE),
    names=NAMES,
    attributes=(
        MetadataAttribute(id="CONTACT", children=(MetadataAttribute(id="MAIL", min_occurs=0),)),
        MetadataAttribute(id="QUALITY", min_occurs=0, max_occurs=2),
    ),
)
CONTACT, QUALITY = REPORT.attributes


@pytest.mark.parametrize(
    ("change", "severity"),
    [
        ((CONTACT, QUALITY, MetadataAttribute(id="NOTE", min_occurs=0)), MINOR),
        ((CONTACT, QUALITY, MetadataAttribute(id="NOTE")), MAJOR),
        ((CONTACT,), MAJOR),
        ((replace(CONTACT, children=()), QUALITY, *CONTACT.children), MAJOR),
        ((replace(CONTACT, children=(*CONTACT.children, MetadataAttribute(id="NOTE", min_occurs=0))), QUALITY), MINOR),
        ((replace(CONTACT, min_occurs=0), QUALITY), MINOR),
        ((CONTACT, replace(QUALITY, min_occurs=1)), MAJOR),
        ((CONTACT, replace(QUALITY, max_occurs=3)), MINOR),
        ((CONTACT, replace(QUALITY, max_occurs=UNBOUNDED)), MINOR),
        ((CONTACT, replace(QUALITY, max_occurs=1)), MAJOR),
        ((CONTACT, replace(QUALITY, is_presentational=True)), MAJOR),
        ((CONTACT, replace(QUALITY, representation=typed("Integer"))), MAJOR),
    ],
)
def test_what_a_report_must_hold(change: tuple[MetadataAttribute, ...], severity: Severity) -> None:
    assert weight(REPORT, replace(REPORT, attributes=change)) is severity


def test_a_field_of_reports_used_in_data_must_be_filled_if_it_must_be_in_reports() -> None:
    def using(*attributes: str) -> Artefact:
        usages = tuple(MetadataAttributeUsage(attribute=one) for one in attributes)
        return replace(DSD, metadata=REPORT.ref, metadata_usages=usages)

    assert weight(DSD, using(), REPORT) is PATCH, "a structure that nothing is used of"
    assert weight(using(), using("CONTACT.MAIL"), REPORT) is MINOR
    assert weight(using(), using("CONTACT"), REPORT) is MAJOR
    assert weight(using(), using("CONTACT.MAIL")) is MAJOR, "nobody knows"
    assert weight(using("QUALITY"), DSD, REPORT) is MAJOR


def test_what_reports_may_be_about() -> None:
    flow = Metadataflow(ref=ref(Kind.METADATAFLOW), names=NAMES, structure=REPORT.ref, targets=("urn:a",))
    assert weight(flow, replace(flow, targets=("urn:a", "urn:b"))) is PATCH
    assert weight(flow, replace(flow, targets=("urn:b",))) is MAJOR
    provided = MetadataProvisionAgreement(
        ref=ref(Kind.METADATA_PROVISION_AGREEMENT),
        names=NAMES,
        metadataflow=flow.ref,
        provider=ref(Kind.METADATA_PROVIDER_SCHEME, "1.0").item("GDT"),
    )
    assert weight(provided, replace(provided, targets=("urn:b",))) is PATCH


def test_another_provider_is_another_agreement() -> None:
    provider = ref(Kind.DATA_PROVIDER_SCHEME, "1.0").item("GDT")
    made = ProvisionAgreement(ref=ref(Kind.PROVISION_AGREEMENT), names=NAMES, dataflow=FLOW.ref, provider=provider)
    assert weight(made, replace(made, provider=replace(provider, id="CUSTOMS"))) is MAJOR
    later: Dataflow = replace(FLOW, ref=replace(FLOW.ref, version="1.1.0"))
    assert weight(made, replace(made, dataflow=later.ref), later) is MINOR


# Constraints: more is compatible, less is not


def chosen(id: str, *values: str, include: bool = True, **more: Any) -> MemberSelection:
    return MemberSelection(id=id, include=include, values=tuple(map(SelectedValue, values)), **more)


def times(start: str, end: str | None = None) -> MemberSelection:
    return MemberSelection(id="TIME_PERIOD", time_range=TimeRange(start=TimeBound(start), end=TimeBound(end) if end else None))


def region(*selections: MemberSelection, include: bool = True) -> Region:
    return Region(key_values=selections, include=include)


def allowing(*regions: Region, keys: tuple[KeySet, ...] = ()) -> DataConstraint:
    attachment = Attachment(structures=(FLOW.ref,))
    return DataConstraint(ref=ref(Kind.DATA_CONSTRAINT), names=NAMES, attachment=attachment, regions=regions, key_sets=keys)


def without(*keys: Region) -> DataConstraint:
    return allowing(keys=(KeySet(keys=keys, is_included=False),))


ONE, BOTH = region(chosen("TINH", "01")), region(chosen("TINH", "01", "02"))


@pytest.mark.parametrize(
    ("less", "more"),
    [
        (allowing(ONE), allowing(BOTH)),
        (allowing(ONE), allowing()),
        (allowing(ONE), allowing(region())),
        (allowing(ONE), allowing(ONE, region(chosen("CROP", "LUA")))),
        (allowing(region(chosen("TINH", "01", "02", include=False))), allowing(region(chosen("TINH", "01", include=False)))),
        (allowing(replace(BOTH, include=False)), allowing(replace(ONE, include=False))),
        (allowing(replace(BOTH, include=False)), allowing()),
        (allowing(replace(BOTH, include=False)), allowing(region(chosen("TINH", "01", "02"), chosen("X", "1"), include=False))),
        (allowing(region(times("2021"))), allowing(region(times("2020")))),
        (allowing(region(times("2021", "2022"))), allowing(region(times("2021")))),
        (allowing(replace(region(times("2020")), include=False)), allowing(replace(region(times("2021")), include=False))),
        (allowing(keys=(KeySet(keys=(ONE,)),)), allowing(keys=(KeySet(keys=(ONE, BOTH)),))),
        (
            allowing(keys=(KeySet(keys=(ONE, BOTH), is_included=False),)),
            allowing(keys=(KeySet(keys=(ONE,), is_included=False),)),
        ),
        (allowing(keys=(KeySet(keys=(ONE,)),)), allowing()),
    ],
)
def test_a_constraint_may_be_loosened_but_not_tightened(less: DataConstraint, more: DataConstraint) -> None:
    assert weight(less, more) is MINOR
    assert weight(more, less) is MAJOR


def test_a_constraint_in_other_words_or_of_other_flows_is_a_patch() -> None:
    turned = region(chosen("TINH", "02", "01"))
    assert weight(allowing(BOTH), allowing(turned)) is PATCH
    elsewhere = replace(allowing(BOTH), attachment=Attachment(structures=(world.DATAFLOW.ref,)))
    assert weight(allowing(BOTH), elsewhere) is PATCH


def test_what_cannot_be_seen_counts_as_less() -> None:
    for other in (chosen("TINH", "01", valid_to="2025"), chosen("TINH", "01", remove_prefix=True)):
        assert weight(allowing(ONE), allowing(region(other))) is MAJOR
        assert weight(allowing(region(other, include=False)), allowing(replace(ONE, include=False))) is MAJOR
    assert weight(allowing(region(times("2021"))), allowing(region(times("2021-01")))) is MAJOR


# Maps and processes


def test_maps_of_items_may_be_corrected() -> None:
    made = ConceptSchemeMap(
        ref=ref(Kind.CONCEPT_SCHEME_MAP),
        names=NAMES,
        source_scheme=world.CONCEPTS.ref,
        target_scheme=world.CONCEPTS.ref,
        maps=(ItemMap(source=MappedValue("FREQ"), target="CROP"),),
    )
    assert weight(made, replace(made, maps=())) is PATCH
    assert weight(made, replace(made, source_scheme=replace(world.CONCEPTS.ref, id="Y"))) is MAJOR


def test_what_values_are_mapped_from_and_to_stays_and_how_may_be_corrected() -> None:
    ends = (ValueDomain(enumeration=TINH.ref), ValueDomain(data_type="Integer"))
    made = RepresentationMap(ref=ref(Kind.REPRESENTATION_MAP), names=NAMES, sources=ends, targets=ends[:1])
    mapped = ValueMapping(sources=(MappedValue("01"), MappedValue("1")), targets=("02",))
    assert weight(made, replace(made, mappings=(mapped,))) is PATCH
    for sources in (ends[::-1], ends[:1], (*ends, ends[0]), (ends[0], ValueDomain(data_type="String"))):
        assert weight(made, replace(made, sources=sources)) is MAJOR
    step = replace(TINH.ref, version="1.3.0")
    assert weight(made, replace(made, targets=(ValueDomain(enumeration=step),)), replace(TINH, ref=step)) is MINOR


EPOCH = EpochMap(id="E", base_period="1970", epoch_period="day", target_frequency="D")
WAY = StructureMap(
    ref=ref(Kind.STRUCTURE_MAP),
    names=NAMES,
    source_structure=DSD.ref,
    target_structure=DSD.ref,
    epoch_maps=(EPOCH,),
    component_maps=(ComponentMap(sources=("TINH",), targets=("TINH",)),),
    fixed_values=(FixedValueMap(target="FREQ", values=("A",)),),
)


@pytest.mark.parametrize(
    "change",
    [
        {"epoch_maps": ()},
        {"epoch_maps": (replace(EPOCH, epoch_period="month"),)},
        {"component_maps": ()},
        {"component_maps": (ComponentMap(sources=("TINH",), targets=("CROP",)),)},
        {"component_maps": (replace(WAY.component_maps[0], representation_map=ref(Kind.REPRESENTATION_MAP)),)},
        {"fixed_values": (FixedValueMap(target="FREQ", values=("Q",)),)},
    ],
    ids=str,
)
def test_a_map_of_structures_gives_other_data_but_breaks_nobody(change: dict[str, Any]) -> None:
    assert weight(WAY, replace(WAY, **change)) is MINOR


STEP = ProcessStep(
    id="CHECK",
    inputs=(Artifact(object=FLOW.ref, local_id="in"),),
    computation=Computation(descriptions={"en": "Sums"}, local_id="sum"),
    transitions=(Transition(id="T", target_step="PUBLISH", local_id="next"),),
    steps=(ProcessStep(id="A"), ProcessStep(id="B")),
)


@pytest.mark.parametrize(
    ("step", "severity"),
    [
        (replace(STEP, inputs=()), PATCH),
        (replace(STEP, inputs=(Artifact(object=DSD.ref, local_id="in"),)), PATCH),
        (replace(STEP, inputs=(Artifact(object=FLOW.ref, local_id="other"),)), MAJOR),
        (replace(STEP, computation=None), PATCH),
        (replace(STEP, computation=Computation(descriptions={"en": "All sums"}, local_id="sum", software_version="2")), PATCH),
        (replace(STEP, computation=Computation(descriptions={"en": "Sums"}, local_id="total")), MAJOR),
        (replace(STEP, transitions=(Transition(id="T", target_step="STOP", local_id="next"),)), PATCH),
        (replace(STEP, transitions=(Transition(id="T", target_step="PUBLISH", local_id="then"),)), MAJOR),
        (replace(STEP, steps=STEP.steps[::-1]), PATCH),
        (replace(STEP, steps=(*STEP.steps, ProcessStep(id="C"))), MINOR),
        (replace(STEP, steps=STEP.steps[:1]), MAJOR),
    ],
)
def test_a_process_keeps_what_can_be_referred_to(step: ProcessStep, severity: Severity) -> None:
    made = Process(ref=ref(Kind.PROCESS), names=NAMES, steps=(STEP,))
    assert weight(made, replace(made, steps=(step,))) is severity


def test_programs_are_judged_by_their_shape() -> None:
    """The recommendations say nothing of VTL."""
    step = Transformation("T1", expression="a + b", result="c")
    program = TransformationScheme(ref=ref(Kind.TRANSFORMATION_SCHEME), names=NAMES, items=(step,), vtl_version="2.0")
    assert weight(program, replace(program, items=(step, replace(step, id="T2", result="d")))) is MINOR
    assert weight(program, replace(program, items=(replace(step, expression="a - b"),))) is MAJOR
    assert weight(program, replace(program, items=(replace(step, names=NAMES),))) is PATCH


# All types


def test_every_line_of_the_table_is_about_a_field_there_is() -> None:
    for cls, field in SPECIAL:
        assert field in {part.name for part in fields(cls)}


def spoken(made: Artefact) -> Artefact:
    """Without what a copy says of itself."""
    silent = {field for (cls, field), rule in SPECIAL.items() if rule is SILENT and isinstance(made, cls) and field != "ref"}
    nothing: Any = dict.fromkeys(silent)
    return replace(made, **nothing)


@pytest.mark.parametrize("kind", Kind)
def test_whatever_differs_is_found_and_has_words_and_nothing_else_does(kind: Kind) -> None:
    @settings(max_examples=10)
    @given(st.data())
    def story(data: st.DataObject) -> None:
        old, new = data.draw(artefacts(kind)), data.draw(artefacts(kind))
        if data.draw(st.booleans()):
            name = data.draw(st.sampled_from([part.name for part in fields(old) if part.name != "ref"]))
            new = replace(old, **{name: getattr(new, name)})
        new = replace(new, ref=old.ref)
        known = Overlay(Empty(), [])
        assert differences(old, old, known, known) == ()
        found = differences(old, new, known, known)
        assert all(one.texts(lang)["title"] for one in found for lang in LANGUAGES)
        assert bool(found) == (spoken(old) != spoken(new))

    story()
