"""The schemes of VTL, which only 2.x has. Source: ``TransformationSchemeType`` ... ``VtlMappingSchemeType`` of the schemas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.sdmx.jsonshape.items import Flat, item
from adapters.sdmx.jsonshape.records import Custom, Json, Part, Piece, Record
from adapters.sdmx.jsonshape.references import artefact, part
from adapters.sdmx.jsonshape.schemes import Scheme
from adapters.sdmx.jsonshape.ways import FLAG, ID, NAME, NO_VALUE, NOTHING, TEXT, Each, Loss, Losses, Unlike, Way, at
from registry.model import (
    CustomType,
    NamePersonalisation,
    Ruleset,
    SpaceMapping,
    Transformation,
    UserDefinedOperator,
    VtlMapping,
)
from registry.ref import Kind, Ref

_ID = Part("id", "id", ID, needed=True)
_PARTIAL = Part("is_partial", "isPartial", FLAG)
_VERSION = Part("vtl_version", "vtlVersion", TEXT)


def _text(field: str, name: str) -> Part:
    return Part(field, name, TEXT, needed=True)


def vtl_schemes(version: str) -> dict[Kind, Scheme]:
    """The schemes by kind."""
    own: dict[Kind, tuple[str, str, tuple[Piece, ...], Record]] = {
        Kind.TRANSFORMATION_SCHEME: ("transformationSchemes", "transformations", _program(version), _transformation(version)),
        Kind.VTL_MAPPING_SCHEME: ("vtlMappingSchemes", "vtlMappings", (), _mapping(version)),
        Kind.NAME_PERSONALISATION_SCHEME: (
            "namePersonalisationSchemes",
            "namePersonalisations",
            (_VERSION,),
            _personalisation(version),
        ),
        Kind.RULESET_SCHEME: ("rulesetSchemes", "rulesets", (_VERSION, _mappings(version)), _ruleset(version)),
        Kind.USER_DEFINED_OPERATOR_SCHEME: (
            "userDefinedOperatorSchemes",
            "userDefinedOperators",
            (_VERSION, _mappings(version), _rulesets(version)),
            item(UserDefinedOperator, version, _ID, _text("definition", "operatorDefinition")),
        ),
        Kind.CUSTOM_TYPE_SCHEME: ("customTypeSchemes", "customTypes", (_VERSION,), _custom(version)),
    }
    return {kind: (name, (_PARTIAL, *pieces), Flat(items, way)) for kind, (name, items, pieces, way) in own.items()}


def _mappings(version: str) -> Part:
    return Part("vtl_mapping_scheme", "vtlMappingScheme", artefact(version, Kind.VTL_MAPPING_SCHEME))


def _rulesets(version: str) -> Part:
    return Part("ruleset_schemes", "rulesetSchemes", Each(artefact(version, Kind.RULESET_SCHEME), unique=True))


def _program(version: str) -> tuple[Piece, ...]:
    operators = Each(artefact(version, Kind.USER_DEFINED_OPERATOR_SCHEME), unique=True)
    names = artefact(version, Kind.NAME_PERSONALISATION_SCHEME)
    return (
        _VERSION,
        _mappings(version),
        Part("name_personalisation_scheme", "namePersonalisationScheme", names),
        Part("custom_type_scheme", "customTypeScheme", artefact(version, Kind.CUSTOM_TYPE_SCHEME)),
        _rulesets(version),
        Part("user_defined_operator_schemes", "userDefinedOperatorSchemes", operators),
    )


def _transformation(version: str) -> Record:
    kept = Part("is_persistent", "isPersistent", FLAG, needed=True)
    return item(Transformation, version, _ID, _text("expression", "expression"), _text("result", "result"), kept)


def _personalisation(version: str) -> Record:
    return item(
        NamePersonalisation,
        version,
        _ID,
        _text("vtl_artefact", "vtlArtefact"),
        _text("vtl_default_name", "vtlDefaultName"),
        _text("personalised_name", "personalisedName"),
    )


def _ruleset(version: str) -> Record:
    words = (_text("definition", "rulesetDefinition"), _text("type", "rulesetType"), _text("scope", "rulesetScope"))
    return item(Ruleset, version, _ID, *words)


def _custom(version: str) -> Record:
    return item(
        CustomType,
        version,
        _ID,
        _text("vtl_scalar_type", "vtlScalarType"),
        _text("data_type", "dataType"),
        Part("vtl_literal_format", "vtlLiteralFormat", TEXT),
        Part("output_format", "outputFormat", TEXT),
        Part("null_value", "nullValue", TEXT),
    )


def _mapping(version: str) -> Record:
    return item(VtlMapping, version, _ID, _text("alias", "alias"), _Aim(version).piece)


class _Aim:
    """What an alias means: one thing of four, and only for dataflows how they become VTL data sets and back."""

    def __init__(self, version: str) -> None:
        self._ways: dict[str, Way] = {
            "dataflow": artefact(version, Kind.DATAFLOW),
            "codelist": artefact(version, Kind.CODELIST),
            "concept": part(version, "Concept"),
        }
        aims = (*self._ways, "is_generic_dataflow", "to_vtl", "from_vtl")
        self.piece = Custom(aims, self._put, self._take)

    def _put(self, value: VtlMapping, into: Json, of: Ref, losses: Losses) -> bool:
        said = {
            name: way.write(aim, of, losses) for name, way in self._ways.items() if (aim := getattr(value, name)) is not None
        }
        said |= {"genericDataflow": {}} if value.is_generic_dataflow else {}
        if len(said) != 1 or NOTHING in said.values():
            return False
        into |= said
        flow = "dataflow" in said or value.is_generic_dataflow
        for field, (name, way) in _SPACES.items():
            if (space := getattr(value, field)) is None:
                continue
            into[name] = way.write(space, of, losses) if flow else NOTHING
            if into[name] is NOTHING:
                del into[name]
                losses.append(Loss(field, NO_VALUE))
        return True

    def _take(self, found: Mapping[str, Any], into: Json, lang: str) -> None:
        ways = {name: (name, way) for name, way in self._ways.items()} | _SPACES
        for field, (name, way) in ways.items():
            if found.get(name) is not None:
                into[field] = at(name, way, found[name], lang)
        if found.get("genericDataflow") is not None:
            into["is_generic_dataflow"] = True


class _Space:
    """A mapping of spaces; ``name`` is what the keys stand under."""

    def __init__(self, name: str) -> None:
        self._name, self._keys = name, Each(NAME, unique=True)

    def write(self, value: SpaceMapping, of: Ref, losses: Losses) -> Any:
        before = len(losses)
        keys = self._keys.write(value.keys, of, losses) if value.keys else ()
        if len(losses) > before:
            del losses[before:]
            return NOTHING
        method = {"method": value.method} if value.method else {}
        return method | ({self._name: {"keys": keys}} if keys else {})

    def read(self, found: Any, lang: str) -> SpaceMapping:
        if not isinstance(found, dict):
            raise Unlike("an object")
        space = found.get(self._name) or {}
        if not isinstance(space, dict):
            raise Unlike("an object", self._name)
        method = at("method", TEXT, found["method"], lang) if found.get("method") is not None else ""
        return SpaceMapping(method, at(f"{self._name}.keys", self._keys, space.get("keys", []), lang))


_SPACES: dict[str, tuple[str, Way]] = {
    "to_vtl": ("toVtlMapping", _Space("toVtlSubSpace")),
    "from_vtl": ("fromVtlMapping", _Space("fromVtlSuperSpace")),
}
