"""Structure questions: which artefacts are meant, how much of each is wanted and which others along.

Source: SDMX REST 1.5.0, "Structural Metadata Queries"; SDMX REST 2.2, "Structure queries".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from adapters.sdmx.request import Parameters
from registry.errors import Invalid, Unsupported, suggest
from registry.ref import Kind
from registry.version import is_query

HELD = {
    "agencyscheme": Kind.AGENCY_SCHEME,
    "codelist": Kind.CODELIST,
    "conceptscheme": Kind.CONCEPT_SCHEME,
    "datastructure": Kind.DATA_STRUCTURE,
    "dataflow": Kind.DATAFLOW,
}
"""What the hub keeps, by the word of the address."""

_BOTH = (
    "actualconstraint",
    "allowedconstraint",
    "attachmentconstraint",
    "categorisation",
    "categoryscheme",
    "contentconstraint",
    "customtypescheme",
    "dataconsumerscheme",
    "dataproviderscheme",
    "metadataflow",
    "metadatastructure",
    "namepersonalisationscheme",
    "organisationscheme",
    "organisationunitscheme",
    "process",
    "provisionagreement",
    "reportingtaxonomy",
    "rulesetscheme",
    "transformationscheme",
    "userdefinedoperatorscheme",
    "vtlmappingscheme",
)
_ONLY_1 = (
    "hierarchicalcodelist",
    "structureset",
)
_ONLY_2 = (
    "categoryschememap",
    "conceptschememap",
    "dataconstraint",
    "hierarchy",
    "hierarchyassociation",
    "metadataconstraint",
    "metadataproviderscheme",
    "metadataprovisionagreement",
    "organisationschememap",
    "reportingtaxonomymap",
    "representationmap",
    "structuremap",
    "valuelist",
)

WORDS: dict[int, dict[str, Kind | None]] = {
    1: dict.fromkeys((*_BOTH, *_ONLY_1))
    | HELD
    | {"organisationscheme": Kind.AGENCY_SCHEME, "structureset": Kind.REPRESENTATION_MAP},
    2: dict.fromkeys((*_BOTH, *_ONLY_2)) | HELD | {"representationmap": Kind.REPRESENTATION_MAP},
}
"""Every resource of each version of the standard, and the kind we keep of it; None: known, and never any here."""

EVERYTHING = {1: ("structure",), 2: ("*", "all")}

ITEM_KINDS = frozenset({Kind.AGENCY_SCHEME, Kind.CODELIST, Kind.CONCEPT_SCHEME})

SPREADS = ("none", "parents", "parentsandsiblings", "ancestors", "children", "descendants", "all")
"""The words of ``references`` beside resource names."""

_STUBS = ("allstubs", "referencestubs", "allcompletestubs", "referencecompletestubs")
_DETAILS = ("full", *_STUBS, "referencepartial")
_ID = re.compile(r"[A-Za-z0-9_@$-]+(\.[A-Za-z0-9_@$-]+)*")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A structure question. ``agencies`` and ``ids`` are None for all; ``items`` None for all items.

    ``related`` is a word such as ``children``, or the kinds that are wanted along.
    """

    kinds: tuple[Kind, ...]
    agencies: tuple[str, ...] | None
    ids: tuple[str, ...] | None
    versions: tuple[str, ...]
    items: frozenset[str] | None
    detail: str
    related: str | frozenset[Kind]


def kinds_of(word: str, major: int) -> tuple[Kind, ...]:
    """The kinds that a resource word means, empty when the hub never has any; :class:`Invalid` for no such resource."""
    if word in EVERYTHING[major]:
        return tuple(Kind)
    if word not in WORDS[major]:
        near = suggest(word, WORDS[major]) or sorted(HELD)
        raise Invalid("SDMX_NO_SUCH_RESOURCE", found=word[:60], near=", ".join(near))
    kind = WORDS[major][word]
    return (kind,) if kind else ()


def structure_question(word: str, parts: list[str], parameters: Parameters, major: int) -> Wanted:
    """Read agency, id, version and item from the rest of the path; ``major`` is the version of the standard."""
    if len(parts) > 4:
        raise Invalid("SDMX_PATH_TOO_LONG", found=len(parts) + 1, most=5)
    separator, every = ("+", "all") if major == 1 else (",", "*")
    agency, id_, version, item = (parts + [""] * 4)[:4]
    kinds = kinds_of(word, major)
    items = identifiers(item or every, separator, every)
    if items is not None and not set(kinds) <= ITEM_KINDS:
        raise Invalid("SDMX_NO_ITEMS", resource=word[:60])
    if parameters.take("asOf") is not None:
        raise Unsupported("SDMX_NO_STRUCTURE_AS_OF")
    details = (*_DETAILS, "raw") if major == 2 else _DETAILS
    return Wanted(
        kinds=kinds,
        agencies=identifiers(agency or every, separator, every),
        ids=identifiers(id_ or every, separator, every),
        versions=_versions(version or ("latest" if major == 1 else "~"), separator),
        items=None if items is None else frozenset(items),
        detail=parameters.choice("detail", details, "full"),
        related=_related(parameters.take("references") or "none", major),
    )


def identifiers(text: str, separator: str, every: str) -> tuple[str, ...] | None:
    """A list of ids; None for all of them."""
    if text in (every, "all", "*"):
        return None
    parts = tuple(dict.fromkeys(text.split(separator)))
    for part in parts:
        if not _ID.fullmatch(part):
            raise Invalid("SDMX_BAD_ID", found=part[:60])
    return parts


def _versions(text: str, separator: str) -> tuple[str, ...]:
    # In 1.x the plus separates versions, in 2.x it is one.
    return tuple(version_query(part) for part in text.split(separator))


def version_query(text: str) -> str:
    """The version query unchanged (see :mod:`registry.version`); :class:`Invalid` SDMX_BAD_VERSION when it is none."""
    if not is_query(text):
        raise Invalid("SDMX_BAD_VERSION", found=text[:40])
    return text


def _related(text: str, major: int) -> str | frozenset[Kind]:
    if text in SPREADS:
        return text
    valid = {**WORDS[major], **dict.fromkeys(SPREADS)}
    kinds = set()
    for word in text.split(","):
        if word not in WORDS[major]:
            near = suggest(word, valid) or sorted(SPREADS)
            raise Invalid("SDMX_BAD_PARAMETER", name="references", found=text[:60], valid=", ".join(near))
        kinds.add(WORDS[major][word])
    return frozenset(kind for kind in kinds if kind)
