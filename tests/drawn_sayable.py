"""Artefacts as people make them: ids that are ids, addresses that are addresses, trees that hang together.

:mod:`tests.drawn_artefacts` draws anything that the types allow, of which formats can say little; what is drawn here they can
mostly say, so that a property over it looks at what is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from registry.model import TYPES, Artefact, DataStructure, ItemScheme, Level, Maintainable, ValueDomain, coded
from registry.ref import HOLDERS, ItemRef, Kind, Ref

TEXTS = st.text("abđê ,\"'{}<&", max_size=6)
IDS = st.sampled_from(["A", "B", "C1", "D_E", "F-G"])
AGENCIES = st.sampled_from(["SEN", "SEN.TK"])
VERSIONS = st.sampled_from(["1.0", "2.3.1", "1.0+.0", "1.0.0-draft", "2+.0.0"])
MOMENTS = st.dates() | st.datetimes(timezones=st.just(UTC)) | st.datetimes().filter(lambda one: one.time() != time())
URLS = st.sampled_from(["https://sen.example/a", "https://sen.example/b?c=d#e"])
PERIODS = st.sampled_from(["2025", "2025-Q1", "2025-03", "2025-03-01", "2025-03-01T00:00:00Z"])
NUMBERS = st.integers(1, 99)
DECIMALS = NUMBERS.map(Decimal) | st.decimals(1, 99, places=2)
TYPES_OF_VALUES = st.sampled_from(["String", "Integer", "Alpha", "ObservationalTimePeriod"])
TARGETS = st.sampled_from(
    [
        "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=SEN:*(*)",
        "urn:sdmx:org.sdmx.infomodel.codelist.Code=SEN:CL(1.0+.0).*",
    ]
)
_SCHEME_IDS = {
    "DataProvider": "DATA_PROVIDERS",
    "MetadataProvider": "METADATA_PROVIDERS",
    Kind.AGENCY_SCHEME: "AGENCIES",
    Kind.DATA_PROVIDER_SCHEME: "DATA_PROVIDERS",
    Kind.DATA_CONSUMER_SCHEME: "DATA_CONSUMERS",
    Kind.METADATA_PROVIDER_SCHEME: "METADATA_PROVIDERS",
}

_BY_NAME: dict[str, st.SearchStrategy[Any]] = {
    "url": URLS,
    "uri": URLS,
    "service_url": URLS,
    "structure_url": URLS,
    "data_url": URLS,
    "wsdl_url": URLS,
    "wadl_url": URLS,
    "hreflang": st.sampled_from(["", "vi", "en"]),
    "lang": st.sampled_from(["", "vi", "en"]),
    "urn": st.sampled_from(["", Ref(Kind.CODELIST, "SEN", "CL").urn]),
    "text_type": TYPES_OF_VALUES,
    "data_type": TYPES_OF_VALUES,
    "time_interval": st.sampled_from(["P1M", "P1Y2M3DT4H5M6S", "PT1S"]),
    "start_time": PERIODS,
    "end_time": PERIODS,
    "period": PERIODS,
    "resolve_period": st.sampled_from(["", "startOfPeriod", "midPeriod"]),
    "epoch_period": st.sampled_from(["nanosecond", "day"]),
    "object_type": st.sampled_from(["Dataflow", "Code"]),
    "publication_period": st.just("2025-Q1"),
    "publication_year": st.just("2025"),
    "reporting_begin": st.just("2025-01"),
    "reporting_end": st.just("2025-03-01"),
    "agency": AGENCIES,
    "version": st.sampled_from(["", "1.0.0", "2.1.0-draft"]),
    "periodicity": st.just("P1M"),
    "offset": st.just("P1D"),
    "tolerance": st.just("P2D"),
}
_IDS_BY_NAME = frozenset(
    [
        "id",
        "parent",
        "level",
        "local_id",
        "target_step",
        "frequency",
        "frequency_dimension",
        "target_frequency",
        "source",
        "target",
        "attribute",
        "report",
        "metadata_target",
        "codelist_alias",
        "code_id",
        "alias_id",
        "value",
        "codelist_map",
        "agency",
        "scheme",
        "concept",
        "group",
    ]
)
_TUPLES: dict[str, st.SearchStrategy[Any]] = {
    "uris": st.lists(URLS, max_size=2).map(tuple),
    "simple_sources": st.lists(URLS, max_size=2, unique=True).map(tuple),
    "emails": st.lists(st.just("a@sen.example"), max_size=1).map(tuple),
}
_UNIQUE_IDS = frozenset(
    [
        "dimensions",
        "optional_dimensions",
        "dimension_constraint",
        "keys",
        "measures",
        "attachment_groups",
        "sources",
        "targets",
        "mapped_frequencies",
    ]
)
_LEAVES: dict[type[Any], st.SearchStrategy[Any]] = {
    str: TEXTS,
    bool: st.booleans(),
    int: NUMBERS,
    Decimal: DECIMALS,
    date: st.dates(),
}


def sayable(kind: Kind) -> st.SearchStrategy[Artefact]:
    """Artefacts of the kind as people make them."""
    return _drawn(TYPES[kind], 3, ref=_own(kind)).map(_hung)  # type: ignore[arg-type]


def _own(kind: Kind) -> st.SearchStrategy[Ref]:
    fixed = kind in _SCHEME_IDS or kind is Kind.ORGANISATION_UNIT_SCHEME
    ids = st.just(_SCHEME_IDS[kind]) if kind in _SCHEME_IDS else IDS
    return st.builds(Ref, st.just(kind), AGENCIES, ids, st.just("1.0") if fixed else st.sampled_from(["1.0", "2.1.0"]))


def _refs(kind: Kind) -> st.SearchStrategy[Ref]:
    return st.builds(Ref, st.just(kind), AGENCIES, IDS, VERSIONS)


def _item_refs(part: str) -> st.SearchStrategy[ItemRef]:
    holder = _own(HOLDERS[part]) if part in _SCHEME_IDS else _refs(HOLDERS[part])
    ids = st.lists(IDS, min_size=1, max_size=2).map(".".join) if part == "Category" else IDS
    return st.builds(ItemRef, st.just(part), holder, ids)


_DOMAINS = st.builds(ValueDomain, _refs(Kind.CODELIST)) | st.builds(ValueDomain, data_type=TYPES_OF_VALUES)


@cache
def _drawn(cls: Any, depth: int, ref: st.SearchStrategy[Ref] | None = None) -> st.SearchStrategy[Any]:
    hints = get_type_hints(cls, include_extras=True)
    drawn = {part.name: _of(cls, part.name, hints[part.name], depth) for part in fields(cls) if hints[part.name] is not Ref}
    return st.builds(cls, **drawn, **({"ref": ref} if ref is not None and issubclass(cls, Maintainable) else {}))


def _of(cls: Any, name: str, hint: Any, depth: int) -> st.SearchStrategy[Any]:
    if get_origin(hint) is Annotated:
        return _reference(hint.__metadata__)
    inner = [one for one in get_args(hint) if one is not type(None)]
    if get_origin(hint) is tuple:
        return _tuples(cls, name, inner[0], depth)
    if isinstance(get_origin(hint), type) and issubclass(get_origin(hint), Mapping):
        values = URLS if name == "urls" else _of(cls, "", inner[1], depth)
        return st.dictionaries(st.sampled_from(["vi", "en"]), values, max_size=2)
    if inner:
        given = MOMENTS if datetime in inner else _of(cls, name, inner[0], depth)
        may_be_none = type(None) in get_args(hint) and name != "concept_identity"
        return given if not may_be_none else st.none() | given if depth else st.none()
    if hint is ValueDomain:
        return _DOMAINS
    if is_dataclass(hint):
        return _drawn(hint, max(depth - 1, 0))  # type: ignore[arg-type]
    if issubclass(hint, StrEnum):
        return st.sampled_from(hint)
    return _leaf(cls, name, hint)


def _tuples(cls: Any, name: str, inner: Any, depth: int) -> st.SearchStrategy[Any]:
    if name in _TUPLES:
        return _TUPLES[name]
    if depth <= 0:
        return st.just(())
    if inner is str and name == "targets" and cls.__name__.startswith("Metadata"):
        return st.lists(TARGETS, min_size=1, max_size=2, unique=True).map(tuple)
    if inner is str and name in _UNIQUE_IDS:
        return st.lists(IDS, min_size=1, max_size=2, unique=True).map(tuple)
    return st.lists(_of(cls, name, inner, depth - 1), max_size=2).map(tuple)


def _leaf(cls: Any, name: str, hint: Any) -> st.SearchStrategy[Any]:
    if hint is str and name in _BY_NAME:
        return _BY_NAME[name]
    if hint is str and (name.startswith("valid_")):
        return PERIODS
    return IDS if hint is str and name in _IDS_BY_NAME and cls.__name__ != "Annotation" else _LEAVES[hint]


def _reference(usual: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    if isinstance(usual[0], Kind):
        return st.one_of(*(_refs(kind) for kind in usual))
    if usual[0] in ("any", "target"):
        return _refs(Kind.DATAFLOW) | _item_refs("Dimension") | _item_refs("Category")
    return _item_refs(usual[0])


def _hung(made: Artefact) -> Artefact:
    if isinstance(made, ItemScheme):
        return _scheme(made)
    return _structure(made) if isinstance(made, DataStructure) else made


def _scheme(made: ItemScheme) -> ItemScheme:
    """Items with ids of their own, each below one before it or at the top; in trees with the path from there."""
    nested = made.ref.kind in (Kind.CATEGORY_SCHEME, Kind.REPORTING_TAXONOMY)
    parented = nested or made.ref.kind in (Kind.CODELIST, Kind.CONCEPT_SCHEME, Kind.ORGANISATION_UNIT_SCHEME)
    items: list[Any] = []
    for place, item in enumerate(made.items):
        above = items[-1].id if parented and items and item.parent else None
        id = f"I{place}"
        items.append(replace(item, id=f"{above}.{id}" if nested and above else id, parent=above))
    return replace(made, items=tuple(items))


def _structure(made: DataStructure) -> DataStructure:
    """Dimensions, groups and attributes that fit each other."""
    key = [
        replace(one, id=f"D{place}", is_time=False, is_measure=_is_measure(one)) for place, one in enumerate(made.dimensions)
    ]
    time = [replace(one, id="TIME_PERIOD", is_time=True, is_measure=False) for one in made.dimensions[:1]]
    names = tuple(one.id for one in key)
    groups = tuple(replace(one, id=f"G{place}", dimensions=names[:1]) for place, one in enumerate(made.groups))
    measures = tuple(replace(one, id=f"M{place}") for place, one in enumerate(made.measures[: 1 if made.is_final else None]))
    lists = {name: made.lists["vi"] for name in ("DimensionDescriptor",) if "vi" in made.lists}
    return replace(
        made,
        dimensions=(*key, *time),
        groups=groups,
        measures=measures,
        attributes=tuple(_related(one, names, groups) for one in made.attributes),
        metadata_usages=tuple(_related(one, names, groups) for one in made.metadata_usages),
        lists=lists,
    )


def _is_measure(one: Any) -> bool:
    """A measure dimension has its values from a concept scheme and says no more of them."""
    said = one.representation
    return bool(one.is_measure and said and said == coded(said.enumeration) and said.enumeration.kind is Kind.CONCEPT_SCHEME)


def _related(one: Any, key: tuple[str, ...], groups: tuple[Any, ...]) -> Any:
    group = groups[0] if groups and one.group and one.level is Level.GROUP else None
    named = key[:1] if one.level is Level.GROUP and (group or len(key) > 1) else ()
    level = one.level if key and (named or one.level is not Level.GROUP) else Level.DATA_SET
    optional = key if level is Level.SERIES and one.optional_dimensions else ()
    return replace(one, level=level, dimensions=named, optional_dimensions=optional, group=group.id if group else None)
