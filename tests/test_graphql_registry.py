"""The registry in GraphQL: all kinds of artefacts, references both ways, items, past states, search, the log.

Đất Nước Sen also has: a category Mùa vụ with the harvest under it, a provider of its data, a constraint, a hierarchy of
provinces, an older list of them with a map to the new one, a process and a program.
"""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, get_args, get_type_hints

import pytest
from graphql import Undefined, execute_sync, get_named_type, is_leaf_type, parse
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.database import writing
from hub.wiring import Hub
from registry import model
from registry.actions import put, remove
from registry.attribution import Act
from registry.classification import derivable
from registry.correspondence import Correspondence, Link
from registry.errors import NotFound
from registry.model import TYPES, Codelist, ItemScheme, references
from registry.outline import Outline
from registry.ports import PUBLIC
from registry.ref import ItemRef, Kind, Ref
from schema.build import build
from schema.context import Context
from schema.items import ITEM_TYPES, Listed, shown_item
from schema.metadata import BUILDERS
from tests import world
from tests.asking import Asker
from tests.conftest import Hands
from tests.drawn_artefacts import artefacts


def ref(kind: Kind, id: str, version: str = "1.0") -> Ref:
    return Ref(kind, "SEN", id, version)


NAMES = {"vi": "Tên", "en": "Name"}
SUBJECTS = model.CategoryScheme(
    ref=ref(Kind.CATEGORY_SCHEME, "SUBJECTS"),
    names={"vi": "Chủ đề", "en": "Subjects"},
    items=(model.Category("ECO", {"en": "Economy"}), model.Category("ECO.CROPS", {"vi": "Mùa vụ", "en": "Crops"})),
)
CROPS = ItemRef("Category", SUBJECTS.ref, "ECO.CROPS")
UNDER = model.Categorisation(
    ref=ref(Kind.CATEGORISATION, "MUA_ECO"),
    names=NAMES,
    object=world.DATAFLOW.ref,
    category=CROPS,
)
PROVIDERS = model.DataProviderScheme(
    ref=ref(Kind.DATA_PROVIDER_SCHEME, "DATA_PROVIDERS"),
    names=NAMES,
    items=(
        model.DataProvider(
            "FARMS", {"en": "Farms"}, contacts=(model.Contact(names={"en": "Bà Ba"}, emails=("ba@farms.example",)),)
        ),
    ),
)
AGREEMENT = model.ProvisionAgreement(
    ref=ref(Kind.PROVISION_AGREEMENT, "FARMS_MUA"),
    names=NAMES,
    dataflow=world.DATAFLOW.ref,
    provider=ItemRef("DataProvider", PROVIDERS.ref, "FARMS"),
)
ALLOWED = model.DataConstraint(
    ref=ref(Kind.DATA_CONSTRAINT, "MUA_ALLOWED"),
    names=NAMES,
    attachment=model.Attachment(structures=(world.DATAFLOW.ref,)),
    regions=(model.Region(key_values=(model.MemberSelection(id="CROP", values=(model.SelectedValue("LUA"),)),)),),
)
REGIONS = model.Hierarchy(
    ref=ref(Kind.HIERARCHY, "REGIONS"),
    names={"vi": "Vùng", "en": "Regions"},
    levels=(model.HierarchyLevel(id="WHOLE", names={"en": "Whole"}),),
    codes=(
        model.HierarchicalCode(
            id="_T",
            level="WHOLE",
            code=ItemRef("Code", world.PROVINCE.ref, "_T"),
            children=(model.HierarchicalCode(id="01", code=ItemRef("Code", world.PROVINCE.ref, "01")),),
        ),
    ),
)
OLD_PROVINCES = replace(world.PROVINCE, ref=replace(world.PROVINCE.ref, version="0.9"), names={"en": "Old provinces"})
LINKED = model.HierarchyAssociation(
    ref=ref(Kind.HIERARCHY_ASSOCIATION, "REGIONS_MUA"),
    names=NAMES,
    hierarchy=REGIONS.ref,
    linked_object=ItemRef("Dimension", world.DSD.ref, "PROVINCE"),
)
MAKING = model.Process(
    ref=ref(Kind.PROCESS, "MAKING"),
    names=NAMES,
    steps=(
        model.ProcessStep(
            id="COUNT", names={"en": "Counting"}, steps=(model.ProcessStep(id="SACKS", names={"en": "Counting sacks"}),)
        ),
    ),
)
PROGRAM = model.TransformationScheme(
    ref=ref(Kind.TRANSFORMATION_SCHEME, "PROGRAM"),
    names=NAMES,
    vtl_version="2.0",
    items=(model.Transformation("T1", {"en": "Sum"}, expression="sum(MUA)", result="TOTAL", is_persistent=True),),
)
MERGER = Correspondence(
    ref=ref(Kind.REPRESENTATION_MAP, "COR_PROVINCE"),
    names=NAMES,
    from_list=OLD_PROVINCES.ref,
    to_list=world.PROVINCE.ref,
    links=(Link("01", "01"), Link("02", "01", "0.5"), Link("02", "03", "0.5")),
).map
MORE = (MERGER, SUBJECTS, UNDER, PROVIDERS, AGREEMENT, ALLOWED, REGIONS, OLD_PROVINCES, LINKED, MAKING, PROGRAM)

TREES = [tree for made in (*world.ARTEFACTS, *MORE) if isinstance(made, Codelist) for tree in derivable(made)]
"""The trees of code lists, which nobody stored."""


@pytest.fixture
def asker(hub: Hub, clock: Hands) -> Asker:
    with writing(hub.engine) as connection:
        put(connection, MORE, Act(clock.now(), "An", "import more.xml", "what the office also has"))
    return Asker(hub.ports)


def registry(asker: Asker, inside: str, as_of: str | None = None, **how: Any) -> dict[str, Any]:
    question = f"query ($at: DateTime) {{ registry(asOf: $at) {{ {inside} }} }}"
    found: dict[str, Any] = asker.data(question, at=as_of, **how)["registry"]
    return found


def artefact(asker: Asker, made: model.Artefact, inside: str, **how: Any) -> dict[str, Any]:
    found = registry(asker, f'artefact(ref: "{made.ref.urn}", kind: "{made.ref.kind}") {{ {inside} }}', **how)
    shown: dict[str, Any] = found["artefact"]
    return shown


# Every kind


def test_every_kind_of_artefact_and_of_item_has_a_type() -> None:
    assert BUILDERS.keys() == set(Kind)
    for kind, type_ in TYPES.items():
        if issubclass(type_, ItemScheme):
            (item, *_) = get_args(get_type_hints(type_)["items"])
            assert type(shown_item(Listed(None, ref(kind, "X")), item("A"))) in ITEM_TYPES  # type: ignore[arg-type]


def test_any_artefact_is_found_by_urn_or_by_kind_and_reference(asker: Asker) -> None:
    for made in (*world.ARTEFACTS, *MORE):
        for how in (f'ref: "{made.ref.urn}"', f'ref: "{made.ref}", kind: "{made.ref.kind}"'):
            found = registry(asker, f"artefact({how}) {{ kind ref urn name names {{ lang value }} }}")["artefact"]
            assert (found["kind"], found["ref"], found["urn"]) == (made.ref.kind, str(made.ref), made.ref.urn)
            assert {name["lang"]: name["value"] for name in found["names"]} == made.names


def test_what_is_not_there_is_an_error_that_names_the_nearest(asker: Asker) -> None:
    for inside, code in (
        ('artefact(ref: "SEN:CL_CROPS", kind: "Codelist")', "ARTEFACT_NOT_FOUND"),
        ('artefact(ref: "SEN:CL_CROP", kind: "Codelists")', "UNKNOWN_KIND"),
    ):
        error = asker.error(f"{{ registry {{ {inside} {{ id }} }} }}")
        assert error["code"] == code and any(word in ("SEN:CL_CROP(1.0)", "Codelist") for word in error["suggestions"])
    assert asker.error('{ registry { artefact(ref: "SEN:CL_CROP") { id } } }')["code"] == "BAD_REFERENCE"


def test_nothing_is_suggested_where_nothing_is_near(asker: Asker) -> None:
    error = asker.error('{ registry(asOf: "2000-01-01T00:00:00Z") { artefact(ref: "SEN:CL_CROP", kind: "Codelist") { id } } }')
    assert (error["code"], error["suggestions"]) == ("ARTEFACT_NOT_FOUND", [])


def test_the_kinds_there_are_are_counted(asker: Asker) -> None:
    kinds = {kind["id"]: kind["count"] for kind in registry(asker, "kinds { id count hasItems }")["kinds"]}
    assert kinds["Codelist"] == 7 and kinds["Hierarchy"] == 1 + len(TREES) and "StructureSet" not in kinds


def test_artefacts_of_all_kinds_are_paged_in_one_order(asker: Asker) -> None:
    seen: list[str] = []
    after = None
    while True:
        found = asker.data(
            """query ($after: String) { registry { artefacts(first: 4, after: $after, version: "*") {
                 totalCount nodes { urn kind } pageInfo { endCursor hasNextPage } } } }""",
            after=after,
        )["registry"]["artefacts"]
        seen += [node["urn"] for node in found["nodes"]]
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            break
    assert sorted(seen) == sorted([*(made.ref.urn for made in (*world.ARTEFACTS, *MORE)), *(tree.urn for tree in TREES)])
    assert len(seen) == found["totalCount"]


@pytest.mark.parametrize("search", ["vung", "Vùng", "REGIONS"])
def test_artefacts_of_all_kinds_are_searched_with_and_without_diacritics(asker: Asker, search: str) -> None:
    found = registry(asker, f'artefacts(search: "{search}") {{ nodes {{ kind id }} }}')["artefacts"]["nodes"]
    assert {"kind": "Hierarchy", "id": "REGIONS"} in found


class Alone:
    """A registry of one artefact."""

    revision = 1

    def __init__(self, made: model.Artefact) -> None:
        self._made = made

    def exact(self, ref: Ref) -> Ref:
        if ref != self._made.ref:
            raise NotFound("ARTEFACT_NOT_FOUND", kind=ref.kind.value, ref=str(ref), near="-")
        return ref

    def find(self, kind: Kind, *_name: str) -> list[Ref]:
        return [self._made.ref] if kind == self._made.ref.kind else []

    def get(self, _ref: Ref) -> model.Artefact:
        return self._made

    def correspondences(self, _ref: Ref) -> list[Correspondence]:
        return []

    def stubs(self, refs: list[Ref]) -> list[model.Artefact]:
        return [self._made for _ in refs]

    get_all = stubs

    def frame(self, _ref: Ref) -> model.Artefact:
        return replace(self._made, items=()) if isinstance(self._made, ItemScheme) else self._made

    def references(self, _ref: Ref) -> dict[Ref, Ref | None]:
        return dict.fromkeys(references(self._made))

    def parents(self, _ref: Ref) -> list[Ref]:
        return []

    def trees(self, _ref: Ref) -> list[Ref]:
        return []

    def outline(self, _ref: Ref) -> Outline:
        assert isinstance(self._made, ItemScheme)
        return Outline.of((item.id, item.parent) for item in self._made.items)

    def items_at(self, _ref: Ref, places: list[int]) -> list[model.Item]:
        assert isinstance(self._made, ItemScheme)
        return [self._made.items[place] for place in places]


def everything(type_: Any, depth: int) -> str:
    """All that can be selected of a type without saying more, so deep."""
    parts = ["__typename"]
    for name, field in type_.fields.items():
        inner: Any = get_named_type(field.type)
        if {name, f"{type_.name}.{name}"} & ELSEWHERE or any(
            argument.default_value is Undefined for argument in field.args.values()
        ):
            continue
        if is_leaf_type(inner):
            parts.append(name)
        elif depth > 1:
            parts.append(f"{name} {{ {everything(inner, depth - 1)} }}")
    return " ".join(parts)


ELSEWHERE = {
    "Dataflow.structure",
    "log",
    "versions",
    "data",
    "history",
    "changes",
    "revisions",
    "releases",
    "latestRelease",
    "availability",
    "edges",
}
SCHEMA = build()._schema


@settings(max_examples=100)
@given(data=st.data())
def test_whatever_an_artefact_says_can_be_shown(data: st.DataObject) -> None:
    """Every field of every type, of any artefact; what it names is not there."""
    made = data.draw(st.sampled_from(Kind).flatmap(artefacts))
    shown = BUILDERS[made.ref.kind].__name__
    inside = everything(SCHEMA.get_type(shown), 3)
    whole = f"registry {{ artefact(ref: $ref, kind: $kind) {{ ... on {shown} {{ {inside} }} }} }}"
    answer = execute_sync(
        SCHEMA,
        parse(f"query ($ref: String!, $kind: String) {{ {whole} }}"),
        context_value=Context(SimpleNamespace(catalogue=Alone(made)), PUBLIC, ("vi",), 0, {}),  # type: ignore[arg-type]
        variable_values={"ref": str(made.ref), "kind": made.ref.kind.value},
    )
    assert not answer.errors, answer.errors
    found = answer.data["registry"]["artefact"]  # type: ignore[index]
    assert {one["urn"] for one in found["references"]} == {one.urn for one in references(made)}
    assert found["document"]["ref"] == str(made.ref)


# References, both ways


def test_references_are_told_as_written_and_as_resolved(asker: Asker, hub: Hub, clock: Hands) -> None:
    following = replace(
        AGREEMENT, ref=ref(Kind.PROVISION_AGREEMENT, "ANY"), dataflow=replace(world.DATAFLOW.ref, version="1.0+")
    )
    with writing(hub.engine) as connection:
        put(connection, [following], world.act(clock.now()))
    found = artefact(
        asker, following, "references { urn resolved artefact { name } } ... on ProvisionAgreement { provider { urn item } }"
    )
    flow = next(one for one in found["references"] if "Dataflow" in one["urn"])
    assert flow["urn"].endswith("SEN:MUA(1.0+)") and flow["resolved"] == "SEN:MUA(1.0)"
    assert flow["artefact"] == {"name": "Mùa màng"}
    assert found["provider"] == {"urn": AGREEMENT.provider.urn, "item": "FARMS"}


def test_what_names_an_artefact_is_paged_and_narrowed_by_kind(asker: Asker) -> None:
    inside = """all: referencedBy(first: 1) { totalCount nodes { kind } pageInfo { hasNextPage } }
                maps: referencedBy(kind: "Categorisation") { nodes { kind ref } }"""
    found = artefact(asker, world.DATAFLOW, inside)
    assert found["all"]["totalCount"] == 3 and found["all"]["pageInfo"]["hasNextPage"]
    assert found["maps"]["nodes"] == [{"kind": "Categorisation", "ref": str(UNDER.ref)}]


def test_each_kind_says_what_it_is_about(asker: Asker) -> None:
    found = artefact(asker, UNDER, "... on Categorisation { object { resolved } category { item } }")
    assert found == {"object": {"resolved": "SEN:MUA(1.0)"}, "category": {"item": "ECO.CROPS"}}
    found = artefact(
        asker, ALLOWED, "... on Constraint { role constrains { urn } regions { include keyValues { id include values } } }"
    )
    assert (found["role"], found["constrains"]) == ("Allowed", [{"urn": world.DATAFLOW.ref.urn}])
    assert found["regions"] == [{"include": True, "keyValues": [{"id": "CROP", "include": True, "values": ["LUA"]}]}]
    found = artefact(asker, MAKING, "... on Process { steps { path name } }")
    assert [step["path"] for step in found["steps"]] == ["COUNT", "COUNT.SACKS"]
    found = artefact(asker, PROGRAM, "... on VtlScheme { vtlVersion items { nodes { ... on VtlItem { text } } } }")
    assert found == {"vtlVersion": "2.0", "items": {"nodes": [{"text": "TOTAL <- sum(MUA)"}]}}
    found = artefact(
        asker, PROVIDERS, "... on ItemScheme { items { nodes { ... on Organisation { contacts { name emails } } } } }"
    )
    assert found["items"]["nodes"] == [{"contacts": [{"name": "Bà Ba", "emails": ["ba@farms.example"]}]}]


def test_a_correspondence_leads_from_one_list_to_the_other_and_is_narrowed_by_either_end(asker: Asker) -> None:
    inside = """... on Correspondence { fromCodelist { ref } toCodelist { version } links { totalCount }
      from: links(source: "02") { nodes { target share } } to: links(target: "01") { nodes { source } }
      sources { enumeration { resolved } } mappings(first: 1) { totalCount nodes { sources targets isPattern } } }"""
    found = artefact(asker, MERGER, inside)
    assert (found["fromCodelist"], found["toCodelist"]) == ({"ref": "SEN:CL_PROVINCE(0.9)"}, {"version": "1.0"})
    assert found["from"]["nodes"] == [{"target": "01", "share": "0.5"}, {"target": "03", "share": "0.5"}]
    assert found["to"]["nodes"] == [{"source": "01"}, {"source": "02"}]
    assert found["sources"] == [{"enumeration": {"resolved": "SEN:CL_PROVINCE(0.9)"}}]
    assert found["mappings"] == {"totalCount": 3, "nodes": [{"sources": ["01"], "targets": ["01"], "isPattern": [False]}]}


def test_a_hierarchy_is_walked_down_and_leads_to_the_codes(asker: Asker) -> None:
    inside = """... on Hierarchy { levels { id name } associations { linkedObject { item } }
      codes { nodes { path level hasChildren children { nodes { path code { name } refersTo { item } } } } }
      below: codes(below: "_T") { nodes { path } } }"""
    found = artefact(asker, REGIONS, inside, lang="en")
    assert found["levels"] == [{"id": "WHOLE", "name": "Whole"}]
    assert found["associations"] == [{"linkedObject": {"item": "PROVINCE"}}]
    (top,) = found["codes"]["nodes"]
    assert (top["path"], top["level"], top["hasChildren"]) == ("_T", "WHOLE", True)
    assert top["children"]["nodes"] == [{"path": "_T.01", "code": {"name": "Lotus Field"}, "refersTo": {"item": "01"}}]
    assert found["below"]["nodes"] == [{"path": "_T.01"}]
    error = asker.error(
        """query ($ref: String!) { registry { artefact(ref: $ref) {
             ... on Hierarchy { codes(below: "_T.09") { totalCount } } } } }""",
        ref=REGIONS.ref.urn,
    )
    assert error["code"] == "ITEM_NOT_FOUND"


# Items


def test_an_item_knows_what_stands_above_and_below_it(asker: Asker) -> None:
    inside = """item(urn: "%s") { id hasChildren parent { id } children(first: 2) { totalCount nodes { id } }
      descendants { nodes { id ancestors { id } } } document }"""
    found = registry(asker, inside % world.PROVINCE.ref.item_urn("_T"))["item"]
    assert (found["id"], found["hasChildren"], found["parent"]) == ("_T", True, None)
    assert found["children"] == {"totalCount": 3, "nodes": [{"id": "01"}, {"id": "02"}]}
    assert [item["id"] for item in found["descendants"]["nodes"]] == ["01", "02", "03"]
    assert found["descendants"]["nodes"][0]["ancestors"] == [{"id": "_T"}]
    assert found["document"]["names"]["en"] == "Whole country"


def test_a_category_tells_what_is_under_it(asker: Asker) -> None:
    found = registry(
        asker,
        f'item(urn: "{CROPS.urn}") {{ id parentId ... on Category {{ categorised {{ nodes {{ resolved }} }} }} }}',
    )
    assert found["item"] == {"id": "ECO.CROPS", "parentId": "ECO", "categorised": {"nodes": [{"resolved": "SEN:MUA(1.0)"}]}}


@pytest.mark.parametrize("search", ["dong sen", "Đồng Sen", "LOTUS field"])
def test_items_of_all_lists_are_searched_in_their_latest_versions(asker: Asker, search: str) -> None:
    found = registry(asker, f'findItems(kind: "Codelist", search: "{search}") {{ scheme {{ ref }} item {{ id name }} }}')[
        "findItems"
    ]
    assert found == [{"scheme": {"ref": "SEN:CL_PROVINCE(1.0)"}, "item": {"id": "01", "name": "Đồng Sen"}}]
    assert registry(asker, 'findItems(kind: "Dataflow", search: "x") { item { id } }')["findItems"] == []


# The past


def test_the_registry_is_read_as_it_stood_and_so_is_all_that_is_reached_from_it(asker: Asker, hub: Hub, clock: Hands) -> None:
    before = clock.now().isoformat()
    clock.pass_by(hours=1)
    renamed = replace(
        world.CONCEPTS, items=(replace(world.CONCEPTS.items[0], names={"vi": "Kỳ hạn"}), *world.CONCEPTS.items[1:])
    )
    with writing(hub.engine) as connection:
        put(connection, [renamed], Act(clock.now(), "Bình", "import", "another word"))
        remove(connection, [UNDER.ref, LINKED.ref], Act(clock.now(), "Bình", "DELETE"))
    parts = "... on DataStructure { dimensions { name concept { name } } }"
    inside = f'artefact(ref: "{world.DSD.ref.urn}") {{ {parts} }} revision'
    then, now = registry(asker, inside, as_of=before), registry(asker, inside)
    assert then["artefact"]["dimensions"][0] == {"name": "Tần suất", "concept": {"name": "Tần suất"}}
    assert now["artefact"]["dimensions"][0] == {"name": "Kỳ hạn", "concept": {"name": "Kỳ hạn"}}
    assert then["revision"] < now["revision"]
    inside = f'artefact(ref: "{UNDER.ref.urn}") {{ id }}'
    assert registry(asker, inside, as_of=before)["artefact"] == {"id": "MUA_ECO"}
    assert asker.error(f"{{ registry {{ {inside} }} }}")["code"] == "ARTEFACT_NOT_FOUND"


def test_a_moment_without_zone_is_refused(asker: Asker) -> None:
    assert asker.error('{ registry(asOf: "2025-07-01T00:00:00") { revision } }')["code"] == "TIME_WITHOUT_ZONE"


# The log


def test_who_changed_what_is_told_to_those_with_a_token_and_why_to_everybody(asker: Asker) -> None:
    inside = "log { outcome by what why revision }"
    (entry,) = artefact(asker, SUBJECTS, inside)["log"]
    assert (entry["outcome"], entry["by"], entry["what"], entry["why"]) == ("added", None, None, "what the office also has")
    (entry,) = artefact(asker, SUBJECTS, inside, token="publisher")["log"]
    assert (entry["by"], entry["what"]) == ("An", "import more.xml")


def test_the_log_of_the_registry_is_told_the_newest_first(asker: Asker) -> None:
    newest, first = registry(asker, "log { revision count outcomes { kind ref outcome } by }")["log"]
    assert newest["count"] == len(MORE) and newest["by"] is None
    assert {"kind": "Hierarchy", "ref": "SEN:REGIONS(1.0)", "outcome": "added"} in newest["outcomes"]
    assert registry(asker, f"log(before: {newest['revision']}) {{ revision }}")["log"] == [{"revision": first["revision"]}]
