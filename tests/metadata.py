"""A report of Lotus Country about its harvest (tests/world.py), and the structure and flow that it is of.

structure SEN:CHAT_LUONG(1.0)          CONTACT (heading)   NAME    texts
                                                           EMAIL   texts or values, any number
                                       ACCURACY            texts, must be there
                                       CROPS               codes of CL_CROP, any number
                                       TIMELINESS          whole days, 0 to 400
"""

from __future__ import annotations

from decimal import Decimal

from registry.model import (
    UNBOUNDED,
    Concept,
    ConceptScheme,
    Format,
    MetadataAttribute,
    Metadataflow,
    MetadataProvider,
    MetadataProviderScheme,
    MetadataProvisionAgreement,
    MetadataSet,
    MetadataStructure,
    ReportedAttribute,
    Representation,
    coded,
)
from registry.ref import Kind, Ref
from tests import world

TEXT = Representation(format=Format(text_type="String", is_multi_lingual=True))
FIELDS = ConceptScheme(
    ref=Ref(Kind.CONCEPT_SCHEME, "SEN", "TRUONG", "1.0"),
    names={"vi": "Trường của báo cáo", "en": "Fields of reports"},
    items=tuple(
        Concept(id, {"vi": vi, "en": en})
        for id, vi, en in (
            ("CONTACT", "Liên hệ", "Contact"),
            ("NAME", "Tên", "Name"),
            ("EMAIL", "Thư điện tử", "Email"),
            ("ACCURACY", "Độ chính xác", "Accuracy"),
            ("CROPS", "Cây trồng", "Crops"),
            ("TIMELINESS", "Độ kịp thời", "Timeliness"),
        )
    ),
)


def attribute(id: str, representation: Representation | None, least: int = 0, most: int = 1) -> MetadataAttribute:
    concept = FIELDS.ref.item(id)
    return MetadataAttribute(id=id, concept_identity=concept, representation=representation, min_occurs=least, max_occurs=most)


STRUCTURE = MetadataStructure(
    ref=Ref(Kind.METADATA_STRUCTURE, "SEN", "CHAT_LUONG", "1.0"),
    names={"vi": "Báo cáo chất lượng", "en": "Quality reports"},
    attributes=(
        MetadataAttribute(
            id="CONTACT",
            concept_identity=FIELDS.ref.item("CONTACT"),
            min_occurs=0,
            is_presentational=True,
            children=(attribute("NAME", TEXT), attribute("EMAIL", None, most=UNBOUNDED)),
        ),
        attribute("ACCURACY", TEXT, least=1),
        attribute("CROPS", coded(world.CROP.ref), most=UNBOUNDED),
        attribute(
            "TIMELINESS",
            Representation(format=Format(text_type="Integer", min_value=Decimal(0), max_value=Decimal(400))),
        ),
    ),
)
FLOW = Metadataflow(
    ref=Ref(Kind.METADATAFLOW, "SEN", "CHAT_LUONG", "1.0"),
    names={"vi": "Chất lượng", "en": "Quality"},
    structure=STRUCTURE.ref,
    targets=("urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=SEN:*(*)",),
)
PROVIDERS = MetadataProviderScheme(
    ref=Ref(Kind.METADATA_PROVIDER_SCHEME, "SEN", "METADATA_PROVIDERS", "1.0"),
    names={"vi": "Bên cung cấp", "en": "Providers"},
    items=(MetadataProvider("BNN", {"vi": "Bộ Nông nghiệp", "en": "Ministry of Agriculture"}),),
)
AGREEMENT = MetadataProvisionAgreement(
    ref=Ref(Kind.METADATA_PROVISION_AGREEMENT, "SEN", "BNN_CHAT_LUONG", "1.0"),
    names={"vi": "Bộ Nông nghiệp báo cáo", "en": "The Ministry reports"},
    metadataflow=FLOW.ref,
    provider=PROVIDERS.ref.item("BNN"),
)
REPORT = MetadataSet(
    ref=Ref(Kind.METADATA_SET, "SEN", "BAO_CAO", "1.0"),
    names={"vi": "Báo cáo chất lượng", "en": "Quality report"},
    metadataflow=FLOW.ref,
    targets=(world.DATAFLOW.ref,),
    publication_year="2025",
    attributes=(
        ReportedAttribute(
            id="CONTACT",
            children=(
                ReportedAttribute(id="EMAIL", value="so-lieu@sen.example"),
                ReportedAttribute(id="EMAIL", value="hoi@sen.example"),
            ),
        ),
        ReportedAttribute(id="ACCURACY", texts={"vi": "Tốt; đủ", "en": 'Good; "complete"'}),
        ReportedAttribute(id="CROPS", value="LUA"),
        ReportedAttribute(id="TIMELINESS", value="45"),
    ),
)
STRUCTURES = (FIELDS, STRUCTURE, FLOW, PROVIDERS, AGREEMENT)
