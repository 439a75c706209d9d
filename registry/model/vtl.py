"""Programs in the Validation and Transformation Language and what they need.

Source: ``SDMXStructureTransformation.xsd`` of SDMX 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass

from registry.model.items import Item, ItemScheme
from registry.model.references import (
    CodelistRef,
    ConceptRef,
    ConceptSchemeRef,
    CustomTypeSchemeRef,
    DataflowRef,
    NamePersonalisationSchemeRef,
    RulesetSchemeRef,
    UserDefinedOperatorSchemeRef,
    VtlMappingSchemeRef,
)


@dataclass(frozen=True, kw_only=True)
class VtlScheme(ItemScheme):
    """What is written in a version of VTL."""

    vtl_version: str = ""


@dataclass(frozen=True, slots=True)
class Transformation(Item):
    """``result := expression``, or ``<-`` where it is kept."""

    expression: str = ""
    result: str = ""
    is_persistent: bool = False


@dataclass(frozen=True, kw_only=True)
class TransformationScheme(VtlScheme):
    """A program, and what it refers to."""

    items: tuple[Transformation, ...] = ()
    vtl_mapping_scheme: VtlMappingSchemeRef | None = None
    name_personalisation_scheme: NamePersonalisationSchemeRef | None = None
    custom_type_scheme: CustomTypeSchemeRef | None = None
    ruleset_schemes: tuple[RulesetSchemeRef, ...] = ()
    user_defined_operator_schemes: tuple[UserDefinedOperatorSchemeRef, ...] = ()


@dataclass(frozen=True, slots=True)
class SpaceMapping:
    """How a dataflow becomes a VTL data set, or the other way; ``keys`` are the dimensions of the sub- or super-space."""

    method: str = ""
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VtlMapping(Item):
    """``alias`` in a program means one artefact: a dataflow, any dataflow, a code list, a concept; in SDMX 2.1 also a concept
    scheme."""

    alias: str = ""
    dataflow: DataflowRef | None = None
    is_generic_dataflow: bool = False
    codelist: CodelistRef | None = None
    concept: ConceptRef | None = None
    concept_scheme: ConceptSchemeRef | None = None
    to_vtl: SpaceMapping | None = None
    from_vtl: SpaceMapping | None = None


@dataclass(frozen=True, kw_only=True)
class VtlMappingScheme(ItemScheme):
    """Names that programs use for artefacts."""

    items: tuple[VtlMapping, ...] = ()


@dataclass(frozen=True, slots=True)
class NamePersonalisation(Item):
    """Another name for something that VTL names itself."""

    vtl_artefact: str = ""
    vtl_default_name: str = ""
    personalised_name: str = ""


@dataclass(frozen=True, kw_only=True)
class NamePersonalisationScheme(VtlScheme):
    """Other names for what VTL names itself."""

    items: tuple[NamePersonalisation, ...] = ()


@dataclass(frozen=True, slots=True)
class Ruleset(Item):
    """A ruleset: its text, its type (datapoint, hierarchical) and scope (variable, valuedomain)."""

    definition: str = ""
    type: str = ""
    scope: str = ""


@dataclass(frozen=True, kw_only=True)
class RulesetScheme(VtlScheme):
    """Rulesets."""

    items: tuple[Ruleset, ...] = ()
    vtl_mapping_scheme: VtlMappingSchemeRef | None = None


@dataclass(frozen=True, slots=True)
class UserDefinedOperator(Item):
    """An operator defined in VTL."""

    definition: str = ""


@dataclass(frozen=True, kw_only=True)
class UserDefinedOperatorScheme(VtlScheme):
    """Operators defined in VTL."""

    items: tuple[UserDefinedOperator, ...] = ()
    vtl_mapping_scheme: VtlMappingSchemeRef | None = None
    ruleset_schemes: tuple[RulesetSchemeRef, ...] = ()


@dataclass(frozen=True, slots=True)
class CustomType(Item):
    """How a scalar type of VTL is represented in SDMX."""

    vtl_scalar_type: str = ""
    data_type: str = ""
    vtl_literal_format: str = ""
    output_format: str = ""
    null_value: str = ""


@dataclass(frozen=True, kw_only=True)
class CustomTypeScheme(VtlScheme):
    """Representations of the types of VTL."""

    items: tuple[CustomType, ...] = ()
