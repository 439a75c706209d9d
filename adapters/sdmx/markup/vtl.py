"""Schemes of the Validation and Transformation Language.

Source: ``SDMXStructureTransformation.xsd`` of SDMX 2.1, 3.0, 3.1.
"""

from __future__ import annotations

from adapters.sdmx.markup.common import item
from adapters.sdmx.markup.grammar import Only, Part, Record, old
from adapters.sdmx.markup.holding import Choice, Flag, Once, Within
from adapters.sdmx.markup.items import Items, scheme
from adapters.sdmx.markup.parts import Attr, Child, One, Texts
from adapters.sdmx.markup.references import RefsTo, RefTo
from adapters.sdmx.markup.values import BOOLEAN, ID, NCNAME
from registry.model import (
    CustomType,
    CustomTypeScheme,
    Item,
    ItemScheme,
    NamePersonalisation,
    NamePersonalisationScheme,
    Ruleset,
    RulesetScheme,
    SpaceMapping,
    Transformation,
    TransformationScheme,
    UserDefinedOperator,
    UserDefinedOperatorScheme,
    VtlMapping,
    VtlMappingScheme,
)
from registry.ref import Kind

MAPPINGS = RefTo("vtl_mapping_scheme", "str:VtlMappingScheme", (Kind.VTL_MAPPING_SCHEME,))
NAMES = RefTo("name_personalisation_scheme", "str:NamePersonalisationScheme", (Kind.NAME_PERSONALISATION_SCHEME,))
TYPES = RefTo("custom_type_scheme", "str:CustomTypeScheme", (Kind.CUSTOM_TYPE_SCHEME,))
RULESETS = RefsTo("ruleset_schemes", "str:RulesetScheme", (Kind.RULESET_SCHEME,))
OPERATORS = RefsTo("user_defined_operator_schemes", "str:UserDefinedOperatorScheme", (Kind.USER_DEFINED_OPERATOR_SCHEME,))


def _scheme(kind: Kind, cls: type[ItemScheme], of: type[Item], parts: tuple[Part | Only, ...], *after: Part | Only) -> Record:
    """A scheme written in a version of the language; ``parts``: of its items."""
    part = of.__name__
    items = Items(f"str:{part}", Record(of, (*item(ID, part), *parts)))
    return scheme(kind, cls, Attr("vtl_version", "vtlVersion", required=True), items, *after)


TRANSFORMATION_SCHEME = _scheme(
    Kind.TRANSFORMATION_SCHEME,
    TransformationScheme,
    Transformation,
    (
        Attr("is_persistent", "isPersistent", BOOLEAN, required=True),
        Child("expression", "str:Expression", required=True),
        Child("result", "str:Result", required=True),
    ),
    MAPPINGS,
    NAMES,
    TYPES,
    RULESETS,
    OPERATORS,
)
NAME_PERSONALISATION_SCHEME = _scheme(
    Kind.NAME_PERSONALISATION_SCHEME,
    NamePersonalisationScheme,
    NamePersonalisation,
    (
        Attr("vtl_artefact", "vtlArtefact", required=True),
        Child("vtl_default_name", "str:VtlDefaultName", required=True),
        Child("personalised_name", "str:PersonalisedName", required=True),
    ),
)
RULESET_SCHEME = _scheme(
    Kind.RULESET_SCHEME,
    RulesetScheme,
    Ruleset,
    (
        Attr("type", "rulesetType", required=True),
        Attr("scope", "rulesetScope", required=True),
        Child("definition", "str:RulesetDefinition", required=True),
    ),
    MAPPINGS,
)
USER_DEFINED_OPERATOR_SCHEME = _scheme(
    Kind.USER_DEFINED_OPERATOR_SCHEME,
    UserDefinedOperatorScheme,
    UserDefinedOperator,
    (Child("definition", "str:OperatorDefinition", required=True),),
    MAPPINGS,
    RULESETS,
)
CUSTOM_TYPE_SCHEME = _scheme(
    Kind.CUSTOM_TYPE_SCHEME,
    CustomTypeScheme,
    CustomType,
    (
        Child("vtl_scalar_type", "str:VtlScalarType", required=True),
        Child("data_type", "str:DataType", required=True),
        Child("vtl_literal_format", "str:VtlLiteralFormat"),
        Child("output_format", "str:OutputFormat"),
        Child("null_value", "str:NullValue"),
    ),
)


def _space(tag: str) -> Record:
    return Record(SpaceMapping, (Attr("method", "method"), Within(tag, (Texts("keys", "str:Key", NCNAME, whole=True),))))


_SPACES = (
    One("to_vtl", "str:ToVtlMapping", _space("str:ToVtlSubSpace")),
    One("from_vtl", "str:FromVtlMapping", _space("str:FromVtlSuperSpace")),
)
_MEANING = Choice(
    (
        (RefTo("dataflow", "str:Dataflow", (Kind.DATAFLOW,), required=True), *_SPACES),
        (Flag("is_generic_dataflow", "str:GenericDataflow"), *_SPACES),
        (RefTo("codelist", "str:Codelist", (Kind.CODELIST,), required=True),),
        (old(RefTo("concept_scheme", "str:ConceptScheme", (Kind.CONCEPT_SCHEME,), required=True)),),
        (RefTo("concept", "str:Concept", ("Concept",), required=True),),
    ),
    required=True,
)
VTL_MAPPING_SCHEME = scheme(
    Kind.VTL_MAPPING_SCHEME,
    VtlMappingScheme,
    Items("str:VtlMapping", Record(VtlMapping, (*item(), Once("alias"), Attr("alias", "alias", required=True), _MEANING))),
)
