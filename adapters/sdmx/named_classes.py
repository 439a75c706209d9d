"""The classes of what may be referred to in SDMX 3.x, where they are others than in 2.1.

Source: ``UrnClassesPart`` of ``SDMXCommonReferences.xsd`` 3.1; ``WildcardObjectReferenceType`` of the schema of SDMX-JSON 2.1.
"""

from __future__ import annotations

from registry.ref import PARTS, Kind

ONLY_OLD = frozenset({Kind.STRUCTURE_SET, Kind.HIERARCHICAL_CODELIST, Kind.ATTACHMENT_CONSTRAINT})
"""What has no name any more."""

_NEW = {
    Kind.HIERARCHICAL_CODELIST: (),
    Kind.STRUCTURE_SET: (),
    Kind.VALUE_LIST: (),
    Kind.DATA_STRUCTURE: (
        "Dimension",
        "TimeDimension",
        "DataAttribute",
        "Measure",
        "DimensionDescriptor",
        "GroupDimensionDescriptor",
        "AttributeDescriptor",
        "MeasureDescriptor",
    ),
    Kind.METADATA_STRUCTURE: ("MetadataAttribute", "MetadataAttributeDescriptor"),
    Kind.VTL_MAPPING_SCHEME: ("VtlDataflowMapping", "VtlCodelistMapping", "VtlConceptMapping"),
}


def new_parts(kind: Kind) -> tuple[str, ...]:
    """The classes of the parts of an artefact that can be referred to."""
    return _NEW.get(kind, PARTS.get(kind, ()))
