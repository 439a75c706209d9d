"""Types of references: what a field may name. In documents the first is written short, others as URN.

A type is ``Annotated[Ref, kind, ...]`` or ``Annotated[ItemRef, part]``; :mod:`registry.document` reads them.
"""

from __future__ import annotations

from typing import Annotated

from registry.ref import ITEM_SCHEMES, ItemRef, Kind, Ref

CodelistRef = Annotated[Ref, Kind.CODELIST]
EnumerationRef = Annotated[Ref, *ITEM_SCHEMES, Kind.VALUE_LIST]
"""What a component takes its values from; a concept scheme only in SDMX 2.1, for the measure dimension and for metadata
targets, which take them from any other item scheme too."""
ConceptSchemeRef = Annotated[Ref, Kind.CONCEPT_SCHEME]
HierarchyRef = Annotated[Ref, Kind.HIERARCHY]
DataStructureRef = Annotated[Ref, Kind.DATA_STRUCTURE]
MetadataStructureRef = Annotated[Ref, Kind.METADATA_STRUCTURE]
DataflowRef = Annotated[Ref, Kind.DATAFLOW]
MetadataflowRef = Annotated[Ref, Kind.METADATAFLOW]
MetadataProvisionRef = Annotated[Ref, Kind.METADATA_PROVISION_AGREEMENT]
RepresentationMapRef = Annotated[Ref, Kind.REPRESENTATION_MAP]
AttachmentConstraintRef = Annotated[Ref, Kind.ATTACHMENT_CONSTRAINT]
VtlMappingSchemeRef = Annotated[Ref, Kind.VTL_MAPPING_SCHEME]
NamePersonalisationSchemeRef = Annotated[Ref, Kind.NAME_PERSONALISATION_SCHEME]
CustomTypeSchemeRef = Annotated[Ref, Kind.CUSTOM_TYPE_SCHEME]
RulesetSchemeRef = Annotated[Ref, Kind.RULESET_SCHEME]
UserDefinedOperatorSchemeRef = Annotated[Ref, Kind.USER_DEFINED_OPERATOR_SCHEME]

AnyStructureRef = Annotated[Ref, Kind.DATAFLOW, Kind.DATA_STRUCTURE, Kind.METADATAFLOW, Kind.METADATA_STRUCTURE]
ProvidedRef = Annotated[Ref, Kind.DATAFLOW, Kind.METADATAFLOW]
AnyProvisionRef = Annotated[Ref, Kind.PROVISION_AGREEMENT, Kind.METADATA_PROVISION_AGREEMENT]

ConceptRef = Annotated[ItemRef, "Concept"]
CodeRef = Annotated[ItemRef, "Code"]
CategoryRef = Annotated[ItemRef, "Category"]
DataProviderRef = Annotated[ItemRef, "DataProvider"]
MetadataProviderRef = Annotated[ItemRef, "MetadataProvider"]

AnyRef = Annotated[Ref | ItemRef, "any"]
"""Anything that has a URN."""
TargetRef = Annotated[Ref | ItemRef, "target"]
"""The same, or all that fit a URN with wildcards: ``*`` as agency, id, version or item."""
