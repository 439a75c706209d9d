"""Structure queries over a registry that has something of every sort.

SEN:MUA(1.0)  dataflow -> SEN:MUA(1.0)  DSD                  tests/world.py
SEN:CL_PROVINCE: _T 01 02 03      SEN:CL_CROP: LUA NGO

SEN:CHU_DE(1.0)      category scheme   KT (Economy) > KT.NN (Farming) > KT.NN.LUA, XH (Society)
SEN:XEP_MUA(1.0)     categorisation    the dataflow under KT.NN
SEN:XEP_FREQ(1.0)    categorisation    the list of frequencies under XH
SEN:CAY_TINH(1.0)    hierarchy         _T > 01 > 02, over CL_PROVINCE
SEN:DATA_PROVIDERS(1.0)                BNN, BTC
SEN:BNN_MUA(1.0)     provision agreement of BNN
SEN:CHI_LUA(1.0)     data constraint on the dataflow: CROP is LUA, PROVINCE is _T and all below it but 03
SEN:CHI_BNN(1.0)     data constraint on the provision agreement: PROVINCE is 01 or 03
SEN:CO_GI(1.0)       data constraint, Actual: CROP is NGO
SEN:CL_CAY(1.0)      code list         HOA, and CL_CROP with the prefix C_ but NGO
SEN:VL_MAU(1.0)      value list        "xanh lá", "đỏ/cam"
SEN:MUA_2(1.0)       structure map     from the dataflow to itself
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from adapters.sdmx.artefacts import DETAILS, SPREADS, Wanted, structure_question
from adapters.sdmx.request import Parameters
from adapters.sdmx.resolving import Resolver
from adapters.sdmx.resources import WORDS
from adapters.sdmx.writing import markup_structures
from adapters.sdmx.writing.shown import Form, Shown, Written
from hub.settings import Settings
from hub.wiring import Hub
from registry.actions import put
from registry.classification import derivable
from registry.errors import HubError, Invalid, NotFound
from registry.model import (
    Artefact,
    Attachment,
    Cascade,
    Categorisation,
    Category,
    CategoryScheme,
    Code,
    Codelist,
    CodelistExtension,
    DataConstraint,
    DataProvider,
    DataProviderScheme,
    HierarchicalCode,
    Hierarchy,
    ItemScheme,
    MemberSelection,
    MemberValue,
    ProvisionAgreement,
    Region,
    Role,
    SelectedValue,
    StructureMap,
    ValueItem,
    ValueList,
)
from registry.ref import STRUCTURES, ItemRef, Kind, Ref
from registry.state import State
from registry.store import Store
from tests import world
from tests.conftest import Hands
from tests.doors import Door, valid


def named(kind: Kind, id: str) -> dict[str, object]:
    return {"ref": Ref(kind, "SEN", id, "1.0"), "names": {"vi": id, "en": id}}


def chosen(id: str, *values: str | SelectedValue, include: bool = True) -> MemberSelection:
    listed = tuple(one if isinstance(one, SelectedValue) else SelectedValue(one) for one in values)
    return MemberSelection(id=id, include=include, values=listed)


THEMES = CategoryScheme(
    **named(Kind.CATEGORY_SCHEME, "CHU_DE"),  # type: ignore[arg-type]
    items=tuple(
        Category(path, {"vi": path}, parent=path.rpartition(".")[0] or None) for path in ("KT", "KT.NN", "KT.NN.LUA", "XH")
    ),
)
UNDER_FARMING = Categorisation(
    **named(Kind.CATEGORISATION, "XEP_MUA"),  # type: ignore[arg-type]
    object=world.DATAFLOW.ref,
    category=ItemRef("Category", THEMES.ref, "KT.NN"),
)
UNDER_SOCIETY = Categorisation(
    **named(Kind.CATEGORISATION, "XEP_FREQ"),  # type: ignore[arg-type]
    object=world.FREQ.ref,
    category=ItemRef("Category", THEMES.ref, "XH"),
)


def code(id: str, *children: HierarchicalCode) -> HierarchicalCode:
    return HierarchicalCode(id=id, code=world.PROVINCE.ref.item(id), children=children)


TREE = Hierarchy(
    **named(Kind.HIERARCHY, "CAY_TINH"),  # type: ignore[arg-type]
    codes=(code("_T", code("01", code("02"))), code("03")),
)
PROVIDERS = DataProviderScheme(
    ref=Ref(Kind.DATA_PROVIDER_SCHEME, "SEN", "DATA_PROVIDERS", "1.0"),
    names={"vi": "Nhà cung cấp"},
    items=(DataProvider("BNN", {"vi": "Bộ Nông nghiệp"}), DataProvider("BTC", {"vi": "Bộ Tài chính"})),
)
AGREEMENT = ProvisionAgreement(
    **named(Kind.PROVISION_AGREEMENT, "BNN_MUA"),  # type: ignore[arg-type]
    dataflow=world.DATAFLOW.ref,
    provider=PROVIDERS.ref.item("BNN"),
)
ONLY_RICE = DataConstraint(
    **named(Kind.DATA_CONSTRAINT, "CHI_LUA"),  # type: ignore[arg-type]
    attachment=Attachment(structures=(world.DATAFLOW.ref,)),
    regions=(
        Region(key_values=(chosen("CROP", "LUA"), chosen("PROVINCE", SelectedValue("_T", Cascade.YES)))),
        Region(include=False, key_values=(chosen("PROVINCE", "03"),)),
    ),
)
OF_FARMERS = DataConstraint(
    **named(Kind.DATA_CONSTRAINT, "CHI_BNN"),  # type: ignore[arg-type]
    attachment=Attachment(provisions=(AGREEMENT.ref,)),
    regions=(Region(key_values=(chosen("PROVINCE", "01", "03"),)),),
)
THERE_IS = DataConstraint(
    **named(Kind.DATA_CONSTRAINT, "CO_GI"),  # type: ignore[arg-type]
    role=Role.ACTUAL,
    attachment=Attachment(structures=(world.DATAFLOW.ref,)),
    regions=(Region(key_values=(chosen("CROP", "NGO"),)),),
)
PLANTS = Codelist(
    **named(Kind.CODELIST, "CL_CAY"),  # type: ignore[arg-type]
    items=(Code("HOA", {"vi": "Hoa"}),),
    extensions=(CodelistExtension(world.CROP.ref, "C_", (MemberValue("N%"),), exclusive=True),),
)
COLOURS = ValueList(
    **named(Kind.VALUE_LIST, "VL_MAU"),  # type: ignore[arg-type]
    items=(ValueItem("xanh lá"), ValueItem("đỏ/cam")),
)
MAP = StructureMap(
    **named(Kind.STRUCTURE_MAP, "MUA_2"),  # type: ignore[arg-type]
    source_structure=world.DATAFLOW.ref,
    target_structure=world.DATAFLOW.ref,
)
MORE: tuple[Artefact, ...] = (
    THEMES,
    UNDER_FARMING,
    UNDER_SOCIETY,
    TREE,
    PROVIDERS,
    AGREEMENT,
    ONLY_RICE,
    OF_FARMERS,
    THERE_IS,
    PLANTS,
    COLOURS,
    MAP,
)


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """The registry drawn above, for tests that only read."""
    folder: Path = tmp_path_factory.mktemp("country")
    clock = Hands()
    chosen = {"HUB_DATA_DIR": str(folder), "HUB_DATABASE_URL": f"sqlite:///{folder / 'hub.sqlite'}"}
    hub = Hub.build(Settings.load(chosen | {"HUB_PUBLIC_URL": "https://so-lieu.example"}), clock)
    hub.initialise(content=False)
    with hub.engine.begin() as connection:
        put(connection, (*world.ARTEFACTS, *MORE), world.act(clock.now()))
    yield hub
    hub.engine.dispose()


def asked(path: str, major: int) -> Wanted:
    """The question of an address such as ``codelist/SEN?detail=allstubs``."""
    address, _, query = path.partition("?")
    parameters = Parameters.read(query)
    word, *parts = address.split("/")
    found = structure_question(word, parts, parameters, major)
    parameters.finish()
    return found


def answer(country: Hub, path: str, major: int = 2) -> list[Shown]:
    return Resolver(country.ports.catalogue, country.ports.links, major).resolve(asked(path, major))


def ids(country: Hub, path: str, major: int = 2) -> set[str]:
    """What is in an answer, as ``Codelist CL_CROP``."""
    shown = [f"{one.artefact.ref.kind} {one.artefact.ref.id}" for one in answer(country, path, major)]
    assert len(set(shown)) == len(shown)
    return set(shown)


def items(country: Hub, path: str, id: str, major: int = 2) -> list[str]:
    """The items that an answer has of a scheme."""
    found = [one for one in answer(country, path, major) if one.artefact.ref.id == id]
    one = next(one for one in found if isinstance(one.artefact, ItemScheme))
    assert isinstance(one.artefact, ItemScheme)
    return [item.id for item in one.artefact.items if one.items is None or item.id in one.items]


# Which


def test_every_resource_of_both_versions_is_known_and_every_kind_has_one(country: Hub) -> None:
    for major in (1, 2):
        for word in WORDS:
            try:
                answer(country, word, major)
            except NotFound as error:
                assert error.code == "SDMX_NO_RESULTS"
    assert {kind for kinds in WORDS.values() for kind in kinds} == set(STRUCTURES)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("categoryscheme", {"CategoryScheme CHU_DE"}),
        ("organisationscheme/all", {"AgencyScheme AGENCIES", "DataProviderScheme DATA_PROVIDERS"}),
        ("contentconstraint", {"DataConstraint CHI_LUA", "DataConstraint CHI_BNN", "DataConstraint CO_GI"}),
        ("actualconstraint", {"DataConstraint CO_GI"}),
        ("allowedconstraint", {"DataConstraint CHI_LUA", "DataConstraint CHI_BNN"}),
        ("provisionagreement/SEN+XXX/BNN_MUA/1.0+2.0", {"ProvisionAgreement BNN_MUA"}),
        ("valuelist", {"ValueList VL_MAU"}),
    ],
)
def test_resources_of_1(country: Hub, path: str, expected: set[str]) -> None:
    assert ids(country, path, 1) == expected


def test_everything_there_is(country: Hub) -> None:
    """The tree of the list of provinces is there too."""
    every = {f"{one.ref.kind} {one.ref.id}" for one in (*world.ARTEFACTS, *MORE)} | {"Hierarchy CL_PROVINCE"}
    assert ids(country, "structure/all/all/all", 1) == every
    assert ids(country, "*/SEN,SDMX/*/*") == ids(country, "all") == every
    assert ids(country, "codelist/XXX,*/CL_CROP") == {"Codelist CL_CROP"}
    assert ids(country, "*/*/CL_CROP,CHU_DE/~,1.0") == {"Codelist CL_CROP", "CategoryScheme CHU_DE"}


# Single items


def test_an_item_comes_alone_and_a_nested_one_with_those_above_it(country: Hub) -> None:
    assert items(country, "codelist/SEN/CL_PROVINCE/1.0/01,03", "CL_PROVINCE") == ["01", "03"]
    assert items(country, "categoryscheme/SEN/CHU_DE/~/KT.NN", "CHU_DE") == ["KT", "KT.NN"]
    assert items(country, "categoryscheme/SEN/CHU_DE/latest/XH+KT", "CHU_DE", 1) == ["KT", "XH"]
    assert items(country, "dataproviderscheme/SEN/*/*/BTC", "DATA_PROVIDERS") == ["BTC"]
    assert items(country, "valuelist/SEN/VL_MAU/1.0/xanh lá", "VL_MAU") == ["xanh lá"]
    assert items(country, "codelist/SEN/CL_CAY/1.0/C_LUA", "CL_CAY") == ["C_LUA"]
    (tree,) = answer(country, "hierarchy/SEN/CAY_TINH/1.0/_T.01")
    assert isinstance(tree.artefact, Hierarchy)
    assert tree.artefact.codes == (code("_T", code("01")),)


def test_of_many_schemes_only_those_come_that_have_the_item(country: Hub) -> None:
    assert ids(country, "*/SEN/*/*/01,KT") == {"Codelist CL_PROVINCE", "CategoryScheme CHU_DE"}
    assert ids(country, "codelist/*/*/*/LUA,01") == {"Codelist CL_CROP", "Codelist CL_PROVINCE"}
    with pytest.raises(NotFound, match="No results"):
        answer(country, "codelist/SEN/CL_CROP/1.0/XXX")
    with pytest.raises(Invalid, match="no items"):
        answer(country, "dataflow/SEN/MUA/1.0/X")


def test_relatives_of_an_item_are_those_of_the_item_and_not_of_the_whole_scheme(country: Hub) -> None:
    path = "categoryscheme/SEN/CHU_DE/1.0/{}?references=categorisation"
    assert ids(country, path.format("KT.NN")) == {"CategoryScheme CHU_DE", "Categorisation XEP_MUA"}
    assert ids(country, path.format("XH")) == {"CategoryScheme CHU_DE", "Categorisation XEP_FREQ"}
    assert ids(country, path.format("KT")) == {"CategoryScheme CHU_DE"}


# What comes along

FLOW = {"Dataflow MUA"}
LISTS = {f"Codelist {one}" for one in ("CL_FREQ", "CL_PROVINCE", "CL_CROP", "CL_UNIT", "CL_UNIT_MULT", "CL_OBS_STATUS")}
USERS = {
    "Categorisation XEP_MUA",
    "ProvisionAgreement BNN_MUA",
    "DataConstraint CHI_LUA",
    "DataConstraint CO_GI",
    "StructureMap MUA_2",
}


@pytest.mark.parametrize(
    ("references", "expected"),
    [
        ("none", set()),
        ("children", {"DataStructure MUA"}),
        ("descendants", {"DataStructure MUA", "ConceptScheme CONCEPTS", *LISTS}),
        ("parents", USERS),
        ("parentsandsiblings", USERS | {"CategoryScheme CHU_DE", "DataProviderScheme DATA_PROVIDERS"}),
        ("ancestors", USERS | {"DataConstraint CHI_BNN"}),
        ("codelist", LISTS),
        ("categorisation,dataconstraint", {"Categorisation XEP_MUA", "DataConstraint CHI_LUA", "DataConstraint CO_GI"}),
        ("children,categorisation", {"DataStructure MUA", "Categorisation XEP_MUA"}),
        ("process", set()),
        (
            "all",
            USERS
            | LISTS
            | {"CategoryScheme CHU_DE", "DataProviderScheme DATA_PROVIDERS", "DataStructure MUA", "ConceptScheme CONCEPTS"},
        ),
    ],
)
def test_what_comes_along_with_a_dataflow(country: Hub, references: str, expected: set[str]) -> None:
    path = f"dataflow/SEN/MUA/1.0?references={references}"
    assert ids(country, path, 1) == FLOW | expected
    agencies = {"AgencyScheme AGENCIES"} if references in ("children", "descendants", "all") else set()
    siblings = {"AgencyScheme AGENCIES"} if references in ("parentsandsiblings", "children,categorisation") else set()
    assert ids(country, path) == FLOW | expected | agencies | siblings


def test_in_2_an_agency_scheme_is_named_by_all_that_its_agencies_maintain(country: Hub) -> None:
    assert ids(country, "agencyscheme/SDMX/AGENCIES/1.0?references=categorisation") == {
        "AgencyScheme AGENCIES",
        "Categorisation XEP_MUA",
        "Categorisation XEP_FREQ",
    }


@pytest.mark.parametrize("major", [1, 2])
def test_what_comes_along_is_read_together_and_not_one_by_one(
    country: Hub, major: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list more or less does not ask the database once more: on a server each question costs its way."""
    connected, connect = list[str](), State._connected

    def counted(state: State) -> Connection:
        connected.append("")
        return connect(state)

    catalogue = Store(country.engine)
    assert len(catalogue.find(Kind.CODELIST)) > 5
    monkeypatch.setattr(State, "_connected", counted)
    shown = Resolver(catalogue, country.ports.links, major).resolve(
        asked("datastructure/SEN/MUA/1.0?references=descendants", major)
    )
    assert len(shown) > 7 and len(connected) < 6


def test_what_comes_along_with_several_is_written_once_and_anew_when_it_changed(
    country: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept = "application/vnd.sdmx.structure+xml;version=2.1"
    door, write, written = Door(country.ports), markup_structures._written, list[str]()

    def counted(one: Shown, version: str) -> Written:
        written.append(one.artefact.ref.id)
        return write(one, version)

    monkeypatch.setattr(markup_structures, "_written", counted)
    asked = "/v1/datastructure/SEN/MUA/1.0?references=descendants", "/v1/dataflow/SEN/MUA/1.0?references=descendants"
    first, second = (valid(door.get(path, Accept=accept)) for path in asked)
    assert {"CONCEPTS", "MUA"} <= set(written) and sorted(written) == sorted([*set(written), "MUA"]), "structure and dataflow"
    renamed = replace(world.CONCEPTS, names={"vi": "Khái niệm mới", "en": "Concepts"})
    with country.engine.begin() as connection:
        put(connection, [renamed], world.act(country.clock.now()))
    written.clear()
    third = valid(door.get(asked[1], Accept=accept))
    assert written == ["CONCEPTS"]
    path = ".//{*}ConceptScheme[@id='CONCEPTS']/{*}Name"
    assert [each.findtext(path) for each in (first, second, third)] == ["Khái niệm", "Khái niệm", "Khái niệm mới"]


def test_a_word_of_references_that_is_none_is_told_with_what_was_meant() -> None:
    with pytest.raises(Invalid, match="children"):
        asked("dataflow/SEN/MUA?references=chlidren", 2)


# How much


def test_stubs_are_made_without_reading_what_they_stand_for(country: Hub) -> None:
    class Untouched:
        """A catalogue whose documents may not be read, but of what is nothing without what it names."""

        def __getattr__(self, name: str) -> object:
            assert name not in ("get", "items", "item"), "a document was read for a stub"
            return getattr(country.ports.catalogue, name)

        def get_all(self, refs: list[Ref]) -> list[Artefact]:
            assert {ref.kind for ref in refs} <= {Kind.PROVISION_AGREEMENT, Kind.STRUCTURE_MAP}
            return country.ports.catalogue.get_all(refs)

    wanted = asked("structure?detail=allstubs&references=all", 1)
    shown = Resolver(Untouched(), country.ports.links, 1).resolve(wanted)  # type: ignore[arg-type]
    trees = [one for one in world.ARTEFACTS if isinstance(one, Codelist) and derivable(one)]
    assert len(shown) == len(world.ARTEFACTS) + len(MORE) + len(trees) and trees
    assert all(one.form is Form.STUB for one in shown)
    address = next(one.address for one in shown if one.artefact.ref == TREE.ref)
    assert address == "https://so-lieu.example/sdmx/v1/hierarchy/SEN/CAY_TINH/1.0"


@pytest.mark.parametrize(
    ("detail", "own", "others"),
    [
        ("full", Form.FULL, Form.FULL),
        ("raw", Form.FULL, Form.FULL),
        ("referencepartial", Form.FULL, Form.FULL),
        ("allstubs", Form.STUB, Form.STUB),
        ("referencestubs", Form.FULL, Form.STUB),
        ("allcompletestubs", Form.COMPLETE_STUB, Form.COMPLETE_STUB),
        ("referencecompletestubs", Form.FULL, Form.COMPLETE_STUB),
    ],
)
def test_detail(country: Hub, detail: str, own: Form, others: Form) -> None:
    first, *rest = answer(country, f"datastructure/SEN/MUA/1.0?references=children&detail={detail}")
    assert first.form is own
    assert rest
    assert {one.form for one in rest} == {others}


def test_a_list_that_extends_another_has_its_codes_and_raw_it_has_the_extension(country: Hub) -> None:
    assert items(country, "codelist/SEN/CL_CAY", "CL_CAY") == ["C_LUA", "HOA"]
    assert items(country, "codelist/SEN/CL_CAY?detail=raw", "CL_CAY") == ["HOA"]
    assert ids(country, "codelist/SEN/CL_CAY?references=codelist") == {"Codelist CL_CAY"}
    assert ids(country, "codelist/SEN/CL_CAY?references=codelist&detail=raw") == {"Codelist CL_CAY", "Codelist CL_CROP"}


# Partial references: only what is used


def test_the_constraints_of_a_dataflow_leave_the_codes_that_it_may_have(country: Hub) -> None:
    path = "dataflow/SEN/MUA/1.0?references=descendants&detail=referencepartial"
    for major in (1, 2):
        assert items(country, path, "CL_CROP", major) == ["LUA"]
        assert items(country, path, "CL_PROVINCE", major) == ["_T", "01", "02"]
        assert items(country, path, "CL_FREQ", major) == ["A", "Q", "M"]


def test_those_of_a_provision_agreement_narrow_further(country: Hub) -> None:
    path = "provisionagreement/SEN/BNN_MUA/1.0?references=descendants&detail=referencepartial"
    assert items(country, path, "CL_PROVINCE") == ["01"]
    assert items(country, path, "DATA_PROVIDERS") == ["BNN"]


def test_a_data_structure_has_no_constraint_of_its_own_here(country: Hub) -> None:
    path = "datastructure/SEN/MUA/1.0?references=all&detail=referencepartial"
    assert items(country, path, "CL_CROP") == ["LUA", "NGO"]


def test_schemes_hold_what_is_named_of_them(country: Hub) -> None:
    path = "dataflow/SEN/MUA/1.0?references=all&detail=referencepartial"
    assert items(country, path, "CHU_DE") == ["KT", "KT.NN"]
    assert items(country, path, "DATA_PROVIDERS") == ["BNN"]
    assert items(country, path, "AGENCIES") == ["SEN"]
    assert items(country, "hierarchy/SEN?references=children&detail=referencepartial", "CL_PROVINCE") == [
        "_T",
        "01",
        "02",
        "03",
    ]


# As it was


def test_a_registry_is_asked_as_it_stood(hub: Hub, clock: Hands) -> None:
    before = clock.now()
    clock.pass_by(days=1)
    renamed = replace(world.DATAFLOW, ref=replace(world.DATAFLOW.ref, version="1.1"), names={"vi": "Vụ mùa"})
    with hub.engine.begin() as connection:
        put(connection, [renamed], world.act(clock.now()))
    then = asked(f"dataflow/SEN/MUA?asOf={before.isoformat().replace('+00:00', 'Z')}", 2)
    assert then.as_of == before.astimezone(UTC)
    for moment, version in ((before, "1.0"), (clock.now(), "1.1"), (datetime(2099, 1, 1, tzinfo=UTC), "1.1")):
        catalogue = hub.ports.catalogue.as_of(moment)
        (shown,) = Resolver(catalogue, hub.ports.links, 2).resolve(asked("dataflow/SEN/MUA", 2))
        assert shown.artefact.ref.version == version


# Whatever is asked

words = st.sampled_from([*WORDS, "*", "structure", "all"])
parts = st.sampled_from(["*", "all", "SEN", "SEN,SDMX", "CL_CROP", "CHU_DE", "1.0", "~", "+", "1.0+.0", "KT.NN", "LUA,NGO"])


@given(words, st.lists(parts, max_size=4), st.sampled_from(DETAILS), st.lists(st.sampled_from([*SPREADS, *WORDS]), min_size=1))
def test_any_question_is_answered_or_refused_in_words(
    country: Hub, word: str, path: list[str], detail: str, references: list[str]
) -> None:
    address = "/".join([word, *path]) + f"?detail={detail}&references={','.join(references)}"
    for major in (1, 2):
        try:
            shown = answer(country, address, major)
        except HubError as error:
            assert error.status in (400, 404), error
        else:
            refs = [one.artefact.ref for one in shown]
            assert len(set(refs)) == len(refs)
