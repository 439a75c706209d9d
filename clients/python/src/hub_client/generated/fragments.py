from datetime import date, datetime
from decimal import Decimal
from typing import Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import AttributeLevel


class AgencyFields(BaseModel):
    id: str
    name: str


class ArtefactSummary(BaseModel):
    kind: str
    ref: str
    agency: str
    id: str
    version: str
    name: str
    description: Optional[str]


class PageFields(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class ArtefactPage(BaseModel):
    total_count: int = Field(alias="totalCount")
    nodes: list["ArtefactPageNodes"]
    page_info: "ArtefactPagePageInfo" = Field(alias="pageInfo")


class ArtefactPageNodes(ArtefactSummary):
    pass


class ArtefactPagePageInfo(PageFields):
    pass


class LogFields(BaseModel):
    revision: int
    at: datetime
    by: Optional[str]
    what: Optional[str]
    why: str
    outcome: str


class ReferenceFields(BaseModel):
    urn: str
    kind: str
    resolved: Optional[str]
    artefact: Optional["ReferenceFieldsArtefact"]


class ReferenceFieldsArtefact(ArtefactSummary):
    pass


class TextFields(BaseModel):
    lang: str
    value: str


class ArtefactDetail(ArtefactSummary):
    urn: str
    names: list["ArtefactDetailNames"]
    descriptions: list["ArtefactDetailDescriptions"]
    source: str
    valid_from: Optional[date] = Field(alias="validFrom")
    valid_to: Optional[date] = Field(alias="validTo")
    is_final: bool = Field(alias="isFinal")
    is_external_reference: bool = Field(alias="isExternalReference")
    whole_at: Optional[str] = Field(alias="wholeAt")
    versions: list[str]
    references: list["ArtefactDetailReferences"]
    referenced_by: "ArtefactDetailReferencedBy" = Field(alias="referencedBy")
    log: list["ArtefactDetailLog"]


class ArtefactDetailNames(TextFields):
    pass


class ArtefactDetailDescriptions(TextFields):
    pass


class ArtefactDetailReferences(ReferenceFields):
    pass


class ArtefactDetailReferencedBy(ArtefactPage):
    pass


class ArtefactDetailLog(LogFields):
    pass


class AttributeChangeFields(BaseModel):
    id: str
    name: str
    old: Optional[str]
    new: Optional[str]
    old_name: Optional[str] = Field(alias="oldName")
    new_name: Optional[str] = Field(alias="newName")


class AttributeColumnFields(BaseModel):
    id: str
    values: list[Optional[str]]


class FacetFields(BaseModel):
    name: str
    value: str


class RepresentationFields(BaseModel):
    max_occurs: Optional[int] = Field(alias="maxOccurs")
    enumeration: Optional["RepresentationFieldsEnumeration"]
    text_type: Optional[str] = Field(alias="textType")
    facets: list["RepresentationFieldsFacets"]


class RepresentationFieldsEnumeration(ReferenceFields):
    pass


class RepresentationFieldsFacets(FacetFields):
    pass


class ConceptFields(BaseModel):
    name: str
    representation: Optional["ConceptFieldsRepresentation"]


class ConceptFieldsRepresentation(RepresentationFields):
    pass


class RoleFields(BaseModel):
    item: Optional[str]


class AttributeComponent(BaseModel):
    id: str
    text_type: str = Field(alias="textType")
    mandatory: bool
    level: AttributeLevel
    dimensions: list[str]
    group: Optional[str]
    measures: list[str]
    concept: Optional["AttributeComponentConcept"]
    representation: Optional["AttributeComponentRepresentation"]
    roles: list["AttributeComponentRoles"]


class AttributeComponentConcept(ConceptFields):
    pass


class AttributeComponentRepresentation(RepresentationFields):
    pass


class AttributeComponentRoles(RoleFields):
    pass


class AttributeFields(BaseModel):
    id: str
    value: str
    name: str
    value_name: str = Field(alias="valueName")


class CodeChoice(BaseModel):
    id: str
    parent_id: Optional[str] = Field(alias="parentId")
    name: str


class DimensionChoices(BaseModel):
    id: str
    name: str
    open_count: int = Field(alias="openCount")
    top: list["DimensionChoicesTop"]
    first: list["DimensionChoicesFirst"]


class DimensionChoicesTop(CodeChoice):
    pass


class DimensionChoicesFirst(CodeChoice):
    pass


class AvailabilityFields(BaseModel):
    start: Optional[str]
    end: Optional[str]
    series: int
    observations: int
    dimensions: list["AvailabilityFieldsDimensions"]


class AvailabilityFieldsDimensions(DimensionChoices):
    pass


class ChangeCountFields(BaseModel):
    added: int
    revised: int
    deleted: int
    described: int
    series: int


class MeasureChangeFields(BaseModel):
    id: str
    name: str
    old_value: Optional[Decimal] = Field(alias="oldValue")
    new_value: Optional[Decimal] = Field(alias="newValue")
    old_value_text: Optional[str] = Field(alias="oldValueText")
    new_value_text: Optional[str] = Field(alias="newValueText")


class SeriesCodeFields(BaseModel):
    dimension: str
    id: str
    name: str


class ChangeFields(BaseModel):
    key: str
    codes: list["ChangeFieldsCodes"]
    period: Optional[str]
    kind: str
    old_value: Optional[Decimal] = Field(alias="oldValue")
    new_value: Optional[Decimal] = Field(alias="newValue")
    old_value_text: Optional[str] = Field(alias="oldValueText")
    new_value_text: Optional[str] = Field(alias="newValueText")
    measures: list["ChangeFieldsMeasures"]
    attributes: list["ChangeFieldsAttributes"]


class ChangeFieldsCodes(SeriesCodeFields):
    pass


class ChangeFieldsMeasures(MeasureChangeFields):
    pass


class ChangeFieldsAttributes(AttributeChangeFields):
    pass


class ChangeKindFields(BaseModel):
    kind: str
    count: int


class FileLinkFields(BaseModel):
    csv: str


class ReleaseFields(BaseModel):
    id: str
    number: Optional[int]
    kind: str
    reason: Optional[str]
    released_at: Optional[datetime] = Field(alias="releasedAt")
    planned: Optional[str]
    withdrawn_by: Optional[str] = Field(alias="withdrawnBy")
    thinned_at: Optional[datetime] = Field(alias="thinnedAt")
    series: int
    observations: int


class ChangesFields(BaseModel):
    from_: Optional["ChangesFieldsFrom"] = Field(alias="from")
    to: "ChangesFieldsTo"
    total_count: int = Field(alias="totalCount")
    summary: "ChangesFieldsSummary"
    dimensions: list[str]
    nodes: list["ChangesFieldsNodes"]
    dataset_attributes: list["ChangesFieldsDatasetAttributes"] = Field(
        alias="datasetAttributes"
    )
    links: "ChangesFieldsLinks"
    page_info: "ChangesFieldsPageInfo" = Field(alias="pageInfo")


class ChangesFieldsFrom(ReleaseFields):
    pass


class ChangesFieldsTo(ReleaseFields):
    pass


class ChangesFieldsSummary(ChangeCountFields):
    pass


class ChangesFieldsNodes(ChangeFields):
    pass


class ChangesFieldsDatasetAttributes(AttributeChangeFields):
    pass


class ChangesFieldsLinks(FileLinkFields):
    pass


class ChangesFieldsPageInfo(PageFields):
    pass


class VersionSummary(BaseModel):
    ref: str
    agency: str
    id: str
    version: str
    name: str
    valid_from: Optional[date] = Field(alias="validFrom")
    valid_to: Optional[date] = Field(alias="validTo")
    codes: "VersionSummaryCodes"


class VersionSummaryCodes(BaseModel):
    total_count: int = Field(alias="totalCount")


class ClassificationSummary(BaseModel):
    id: str
    agency: str
    name: str
    versions: list["ClassificationSummaryVersions"]


class ClassificationSummaryVersions(VersionSummary):
    pass


class ClassificationPage(BaseModel):
    total_count: int = Field(alias="totalCount")
    nodes: list["ClassificationPageNodes"]
    page_info: "ClassificationPagePageInfo" = Field(alias="pageInfo")


class ClassificationPageNodes(ClassificationSummary):
    pass


class ClassificationPagePageInfo(PageFields):
    pass


class MovedFields(BaseModel):
    source: str
    target: str


class ShortCode(BaseModel):
    id: str
    name: str


class CodeChangeFields(BaseModel):
    kind: str
    reused: list[str]
    surviving: list[str]
    moved: list["CodeChangeFieldsMoved"]
    sources: list["CodeChangeFieldsSources"]
    targets: list["CodeChangeFieldsTargets"]


class CodeChangeFieldsMoved(MovedFields):
    pass


class CodeChangeFieldsSources(ShortCode):
    pass


class CodeChangeFieldsTargets(ShortCode):
    pass


class CodeChangePage(BaseModel):
    total_count: int = Field(alias="totalCount")
    nodes: list["CodeChangePageNodes"]
    page_info: "CodeChangePagePageInfo" = Field(alias="pageInfo")


class CodeChangePageNodes(CodeChangeFields):
    pass


class CodeChangePagePageInfo(PageFields):
    pass


class CodeFields(BaseModel):
    id: str
    name: str
    description: Optional[str]
    parent_id: Optional[str] = Field(alias="parentId")
    has_children: bool = Field(alias="hasChildren")
    valid_from: Optional[date] = Field(alias="validFrom")
    valid_to: Optional[date] = Field(alias="validTo")


class CodeDetail(CodeFields):
    names: list["CodeDetailNames"]
    level: str
    includes: Optional[str]
    excludes: Optional[str]
    rulings: list[str]
    index_terms: list[str] = Field(alias="indexTerms")
    ancestors: list["CodeDetailAncestors"]
    children: "CodeDetailChildren"


class CodeDetailNames(TextFields):
    pass


class CodeDetailAncestors(BaseModel):
    id: str
    name: str


class CodeDetailChildren(BaseModel):
    total_count: int = Field(alias="totalCount")
    nodes: list["CodeDetailChildrenNodes"]


class CodeDetailChildrenNodes(BaseModel):
    id: str
    name: str


class CodePage(BaseModel):
    total_count: int = Field(alias="totalCount")
    nodes: list["CodePageNodes"]
    page_info: "CodePagePageInfo" = Field(alias="pageInfo")


class CodePageNodes(CodeFields):
    pass


class CodePagePageInfo(PageFields):
    pass


class TableLinkFields(BaseModel):
    source: str
    target: str
    kind: str
    state: str
    share: Optional[str]
    basis: Optional[str]
    period: Optional[str]
    source_code: Optional["TableLinkFieldsSourceCode"] = Field(alias="sourceCode")
    target_code: Optional["TableLinkFieldsTargetCode"] = Field(alias="targetCode")


class TableLinkFieldsSourceCode(ShortCode):
    pass


class TableLinkFieldsTargetCode(ShortCode):
    pass


class LinkPage(BaseModel):
    total_count: int = Field(alias="totalCount")
    nodes: list["LinkPageNodes"]
    page_info: "LinkPagePageInfo" = Field(alias="pageInfo")


class LinkPageNodes(TableLinkFields):
    pass


class LinkPagePageInfo(PageFields):
    pass


class ListFields(BaseModel):
    ref: str
    agency: str
    id: str
    version: str
    name: str


class CodeTable(BaseModel):
    ref: str
    name: str
    to_codelist: "CodeTableToCodelist" = Field(alias="toCodelist")
    links: "CodeTableLinks"


class CodeTableToCodelist(ListFields):
    pass


class CodeTableLinks(LinkPage):
    pass


class CodelistDetail(BaseModel):
    ref: str
    agency: str
    id: str
    version: str
    urn: str
    name: str
    description: Optional[str]
    source: str
    valid_from: Optional[date] = Field(alias="validFrom")
    valid_to: Optional[date] = Field(alias="validTo")
    is_final: bool = Field(alias="isFinal")


class CodelistSummary(BaseModel):
    ref: str
    agency: str
    id: str
    version: str
    name: str
    description: Optional[str]
    valid_from: Optional[date] = Field(alias="validFrom")
    valid_to: Optional[date] = Field(alias="validTo")
    codes: "CodelistSummaryCodes"


class CodelistSummaryCodes(BaseModel):
    total_count: int = Field(alias="totalCount")


class CodelistPage(BaseModel):
    total_count: int = Field(alias="totalCount")
    nodes: list["CodelistPageNodes"]
    page_info: "CodelistPagePageInfo" = Field(alias="pageInfo")


class CodelistPageNodes(CodelistSummary):
    pass


class CodelistPagePageInfo(PageFields):
    pass


class CodelistWithCodes(CodelistDetail):
    codes: "CodelistWithCodesCodes"


class CodelistWithCodesCodes(CodePage):
    pass


class CodesOutOfTime(BaseModel):
    dimension: str
    codes: list[str]
    text: str


class ColumnFields(BaseModel):
    periods: list[str]
    values: list[Optional[Decimal]]
    value_texts: list[Optional[str]] = Field(alias="valueTexts")
    statuses: list[Optional[str]]
    attributes: list["ColumnFieldsAttributes"]


class ColumnFieldsAttributes(AttributeColumnFields):
    pass


class CorrespondenceLinkFields(BaseModel):
    source: str
    target: str
    share: Optional[str]


class CorrespondenceSummary(BaseModel):
    ref: str
    name: str
    from_codelist: Optional["CorrespondenceSummaryFromCodelist"] = Field(
        alias="fromCodelist"
    )
    to_codelist: Optional["CorrespondenceSummaryToCodelist"] = Field(alias="toCodelist")


class CorrespondenceSummaryFromCodelist(ListFields):
    pass


class CorrespondenceSummaryToCodelist(ListFields):
    pass


class CorrespondencePage(BaseModel):
    total_count: int = Field(alias="totalCount")
    nodes: list["CorrespondencePageNodes"]
    page_info: "CorrespondencePagePageInfo" = Field(alias="pageInfo")


class CorrespondencePageNodes(CorrespondenceSummary):
    pass


class CorrespondencePagePageInfo(PageFields):
    pass


class CorrespondenceWithLinks(CorrespondenceSummary):
    links: "CorrespondenceWithLinksLinks"


class CorrespondenceWithLinksLinks(BaseModel):
    total_count: int = Field(alias="totalCount")
    nodes: list["CorrespondenceWithLinksLinksNodes"]
    page_info: "CorrespondenceWithLinksLinksPageInfo" = Field(alias="pageInfo")


class CorrespondenceWithLinksLinksNodes(CorrespondenceLinkFields):
    pass


class CorrespondenceWithLinksLinksPageInfo(PageFields):
    pass


class CrossingShare(BaseModel):
    state: str
    observations: int
    observation_share: Optional[Decimal] = Field(alias="observationShare")
    value_share: Optional[Decimal] = Field(alias="valueShare")


class CrossingTable(BaseModel):
    ref: str
    inverted: bool


class CrossingWeights(BaseModel):
    basis: Optional[str]
    period: Optional[str]
    source: Optional[str]


class CrossingFields(BaseModel):
    dimension: str
    from_codelist: str = Field(alias="fromCodelist")
    to_codelist: str = Field(alias="toCodelist")
    tables: list["CrossingFieldsTables"]
    weights: list["CrossingFieldsWeights"]
    shares: list["CrossingFieldsShares"]
    broken_codes: list[str] = Field(alias="brokenCodes")
    unlinked_codes: list[str] = Field(alias="unlinkedCodes")
    partial_codes: list[str] = Field(alias="partialCodes")


class CrossingFieldsTables(CrossingTable):
    pass


class CrossingFieldsWeights(CrossingWeights):
    pass


class CrossingFieldsShares(CrossingShare):
    pass


class LinkFields(BaseModel):
    sdmx: Optional[str]
    csv: Optional[str]


class SeriesFields(BaseModel):
    key: str
    codes: list["SeriesFieldsCodes"]
    attributes: list["SeriesFieldsAttributes"]
    columns: "SeriesFieldsColumns"


class SeriesFieldsCodes(SeriesCodeFields):
    pass


class SeriesFieldsAttributes(AttributeFields):
    pass


class SeriesFieldsColumns(ColumnFields):
    pass


class DataFields(BaseModel):
    release: Optional["DataFieldsRelease"]
    total_count: int = Field(alias="totalCount")
    dimensions: list[str]
    series: list["DataFieldsSeries"]
    dataset_attributes: list["DataFieldsDatasetAttributes"] = Field(
        alias="datasetAttributes"
    )
    links: "DataFieldsLinks"
    page_info: "DataFieldsPageInfo" = Field(alias="pageInfo")


class DataFieldsRelease(ReleaseFields):
    pass


class DataFieldsSeries(SeriesFields):
    pass


class DataFieldsDatasetAttributes(AttributeFields):
    pass


class DataFieldsLinks(LinkFields):
    pass


class DataFieldsPageInfo(PageFields):
    pass


class DimensionComponent(BaseModel):
    id: str
    text_type: str = Field(alias="textType")
    position: int
    is_time: bool = Field(alias="isTime")
    concept: Optional["DimensionComponentConcept"]
    representation: Optional["DimensionComponentRepresentation"]
    roles: list["DimensionComponentRoles"]


class DimensionComponentConcept(ConceptFields):
    pass


class DimensionComponentRepresentation(RepresentationFields):
    pass


class DimensionComponentRoles(RoleFields):
    pass


class MeasureComponent(BaseModel):
    id: str
    text_type: str = Field(alias="textType")
    concept: Optional["MeasureComponentConcept"]
    representation: Optional["MeasureComponentRepresentation"]
    roles: list["MeasureComponentRoles"]


class MeasureComponentConcept(ConceptFields):
    pass


class MeasureComponentRepresentation(RepresentationFields):
    pass


class MeasureComponentRoles(RoleFields):
    pass


class PartialKeyFields(BaseModel):
    id: str
    dimensions: list[str]


class DataStructureComponents(BaseModel):
    dimensions: list["DataStructureComponentsDimensions"]
    measures: list["DataStructureComponentsMeasures"]
    attributes: list["DataStructureComponentsAttributes"]
    groups: list["DataStructureComponentsGroups"]


class DataStructureComponentsDimensions(DimensionComponent):
    pass


class DataStructureComponentsMeasures(MeasureComponent):
    pass


class DataStructureComponentsAttributes(AttributeComponent):
    pass


class DataStructureComponentsGroups(PartialKeyFields):
    pass


class DataflowAvailability(BaseModel):
    availability: Optional["DataflowAvailabilityAvailability"]


class DataflowAvailabilityAvailability(AvailabilityFields):
    pass


class DataflowChanges(BaseModel):
    changes: Optional["DataflowChangesChanges"]


class DataflowChangesChanges(ChangesFields):
    pass


class DataflowData(BaseModel):
    data: Optional["DataflowDataData"]


class DataflowDataData(DataFields):
    pass


class DescribingFields(BaseModel):
    id: str
    name: str
    level: AttributeLevel
    codelist: Optional["DescribingFieldsCodelist"]


class DescribingFieldsCodelist(ListFields):
    pass


class DimensionFields(BaseModel):
    id: str
    name: str
    is_time: bool = Field(alias="isTime")
    codelist: Optional["DimensionFieldsCodelist"]


class DimensionFieldsCodelist(ListFields):
    pass


class MeasureFields(BaseModel):
    id: str
    name: str


class StructureFields(BaseModel):
    ref: str
    name: str
    dimensions: list["StructureFieldsDimensions"]
    attributes: list["StructureFieldsAttributes"]
    measures: list["StructureFieldsMeasures"]


class StructureFieldsDimensions(DimensionFields):
    pass


class StructureFieldsAttributes(DescribingFields):
    pass


class StructureFieldsMeasures(MeasureFields):
    pass


class DataflowDetail(BaseModel):
    ref: str
    agency: str
    id: str
    version: str
    urn: str
    name: str
    description: Optional[str]
    source: str
    releases: list["DataflowDetailReleases"]
    structure: "DataflowDetailStructure"
    data: Optional["DataflowDetailData"]


class DataflowDetailReleases(ReleaseFields):
    pass


class DataflowDetailStructure(StructureFields):
    pass


class DataflowDetailData(BaseModel):
    dataset_attributes: list["DataflowDetailDataDatasetAttributes"] = Field(
        alias="datasetAttributes"
    )
    links: "DataflowDetailDataLinks"


class DataflowDetailDataDatasetAttributes(AttributeFields):
    pass


class DataflowDetailDataLinks(LinkFields):
    pass


class FoundChoices(BaseModel):
    id: str
    open_codes: list["FoundChoicesOpenCodes"] = Field(alias="openCodes")


class FoundChoicesOpenCodes(CodeChoice):
    pass


class FoundIn(BaseModel):
    dimensions: list["FoundInDimensions"]


class FoundInDimensions(FoundChoices):
    pass


class DataflowFound(BaseModel):
    availability: Optional["DataflowFoundAvailability"]


class DataflowFoundAvailability(FoundIn):
    pass


class DataflowSummary(BaseModel):
    ref: str
    agency: str
    id: str
    version: str
    name: str
    description: Optional[str]
    latest_release: Optional["DataflowSummaryLatestRelease"] = Field(
        alias="latestRelease"
    )
    data: Optional["DataflowSummaryData"]


class DataflowSummaryLatestRelease(ReleaseFields):
    pass


class DataflowSummaryData(BaseModel):
    dataset_attributes: list["DataflowSummaryDataDatasetAttributes"] = Field(
        alias="datasetAttributes"
    )


class DataflowSummaryDataDatasetAttributes(AttributeFields):
    pass


class DataflowPage(BaseModel):
    total_count: int = Field(alias="totalCount")
    nodes: list["DataflowPageNodes"]
    page_info: "DataflowPagePageInfo" = Field(alias="pageInfo")


class DataflowPageNodes(DataflowSummary):
    pass


class DataflowPagePageInfo(PageFields):
    pass


class RecodingTarget(BaseModel):
    to_codelist: "RecodingTargetToCodelist" = Field(alias="toCodelist")


class RecodingTargetToCodelist(ListFields):
    pass


class RecodableList(BaseModel):
    correspondences: list["RecodableListCorrespondences"]


class RecodableListCorrespondences(RecodingTarget):
    pass


class RecodableDimension(BaseModel):
    id: str
    codelist: Optional["RecodableDimensionCodelist"]


class RecodableDimensionCodelist(RecodableList):
    pass


class RecodableStructure(BaseModel):
    dimensions: list["RecodableStructureDimensions"]


class RecodableStructureDimensions(RecodableDimension):
    pass


class DataflowRecodable(BaseModel):
    structure: "DataflowRecodableStructure"


class DataflowRecodableStructure(RecodableStructure):
    pass


class MeanRevisionFields(BaseModel):
    count: int
    absolute: Optional[Decimal]
    relative: Optional[Decimal]
    mean: Optional[Decimal]


class RevisionRowFields(BaseModel):
    release: str
    value_texts: list[Optional[str]] = Field(alias="valueTexts")


class TriangleFields(BaseModel):
    key: str
    codes: list["TriangleFieldsCodes"]
    frequency: str
    periods: list[str]
    rows: list["TriangleFieldsRows"]
    overall: "TriangleFieldsOverall"
    steps: list["TriangleFieldsSteps"]


class TriangleFieldsCodes(SeriesCodeFields):
    pass


class TriangleFieldsRows(RevisionRowFields):
    pass


class TriangleFieldsOverall(MeanRevisionFields):
    pass


class TriangleFieldsSteps(MeanRevisionFields):
    pass


class RevisionsFields(BaseModel):
    releases: list["RevisionsFieldsReleases"]
    dimensions: list[str]
    nodes: list["RevisionsFieldsNodes"]
    links: "RevisionsFieldsLinks"
    page_info: "RevisionsFieldsPageInfo" = Field(alias="pageInfo")


class RevisionsFieldsReleases(ReleaseFields):
    pass


class RevisionsFieldsNodes(TriangleFields):
    pass


class RevisionsFieldsLinks(FileLinkFields):
    pass


class RevisionsFieldsPageInfo(PageFields):
    pass


class DataflowRevisions(BaseModel):
    revisions: "DataflowRevisionsRevisions"


class DataflowRevisionsRevisions(RevisionsFields):
    pass


class ToldData(DataFields):
    recodings: list["ToldDataRecodings"]
    warnings: list["ToldDataWarnings"]


class ToldDataRecodings(CrossingFields):
    pass


class ToldDataWarnings(CodesOutOfTime):
    pass


class DataflowToldData(BaseModel):
    data: Optional["DataflowToldDataData"]


class DataflowToldDataData(ToldData):
    pass


class ReportedFieldFields(BaseModel):
    path: str
    depth: int
    name: str
    text: Optional[str]
    value: Optional[str]
    is_markup: bool = Field(alias="isMarkup")


class ReportFields(BaseModel):
    id: str
    agency: str
    ref: str
    version: str
    name: str
    description: Optional[str]
    source: str
    release: Optional[str]
    reporting_begin: Optional[str] = Field(alias="reportingBegin")
    reporting_end: Optional[str] = Field(alias="reportingEnd")
    publication_year: Optional[str] = Field(alias="publicationYear")
    publication_period: Optional[str] = Field(alias="publicationPeriod")
    fields: list["ReportFieldsFields"]
    log: list["ReportFieldsLog"]


class ReportFieldsFields(ReportedFieldFields):
    pass


class ReportFieldsLog(LogFields):
    pass


class DataflowWithReports(BaseModel):
    ref: str
    metadata_sets: list["DataflowWithReportsMetadataSets"] = Field(alias="metadataSets")


class DataflowWithReportsMetadataSets(ReportFields):
    pass


class DeliveryFields(BaseModel):
    id: str
    source: str
    organisation: str
    received_at: datetime = Field(alias="receivedAt")
    files: list[str]
    digest: str
    state: str
    records: int
    accepted: int
    rejected: int
    repeated: bool
    message: str
    rules: list["DeliveryFieldsRules"]


class DeliveryFieldsRules(BaseModel):
    code: str
    count: int


class DraftFields(BaseModel):
    id: str
    state: str
    created_at: datetime = Field(alias="createdAt")
    created_by: str = Field(alias="createdBy")
    approved_by: Optional[str] = Field(alias="approvedBy")
    released_at: Optional[datetime] = Field(alias="releasedAt")
    series: int
    observations: int
    note: str


class EventFields(BaseModel):
    kind: str
    day: Optional[date]
    code: str
    legal_basis: Optional[str] = Field(alias="legalBasis")
    version: "EventFieldsVersion"
    previous_version: Optional["EventFieldsPreviousVersion"] = Field(
        alias="previousVersion"
    )
    predecessors: list["EventFieldsPredecessors"]
    successors: list["EventFieldsSuccessors"]


class EventFieldsVersion(ListFields):
    pass


class EventFieldsPreviousVersion(ListFields):
    pass


class EventFieldsPredecessors(ShortCode):
    pass


class EventFieldsSuccessors(ShortCode):
    pass


class ExactnessFields(BaseModel):
    exact: int
    estimated: int
    broken: int


class GroupFields(BaseModel):
    id: str
    kind: str
    sources: list["GroupFieldsSources"]
    targets: list["GroupFieldsTargets"]


class GroupFieldsSources(ShortCode):
    pass


class GroupFieldsTargets(ShortCode):
    pass


class GroupPage(BaseModel):
    total_count: int = Field(alias="totalCount")
    nodes: list["GroupPageNodes"]
    page_info: "GroupPagePageInfo" = Field(alias="pageInfo")


class GroupPageNodes(GroupFields):
    pass


class GroupPagePageInfo(PageFields):
    pass


class KindCountFields(BaseModel):
    kind: str
    sources: int
    links: int


class KindFields(BaseModel):
    id: str
    count: int
    has_items: bool = Field(alias="hasItems")


class LevelFields(BaseModel):
    id: str
    name: Optional[str]
    depth: int
    count: int


class LimitFields(BaseModel):
    name: str
    value: int


class MetadataAttributeFields(BaseModel):
    path: str
    is_presentational: bool = Field(alias="isPresentational")
    min_occurs: int = Field(alias="minOccurs")
    max_occurs: Optional[int] = Field(alias="maxOccurs")
    concept: Optional["MetadataAttributeFieldsConcept"]
    representation: Optional["MetadataAttributeFieldsRepresentation"]


class MetadataAttributeFieldsConcept(ConceptFields):
    pass


class MetadataAttributeFieldsRepresentation(RepresentationFields):
    pass


class ReportStructureFields(BaseModel):
    id: str
    attributes: list["ReportStructureFieldsAttributes"]


class ReportStructureFieldsAttributes(MetadataAttributeFields):
    pass


class MetadataStructureComponents(BaseModel):
    attributes: list["MetadataStructureComponentsAttributes"]
    reports: list["MetadataStructureComponentsReports"]


class MetadataStructureComponentsAttributes(MetadataAttributeFields):
    pass


class MetadataStructureComponentsReports(ReportStructureFields):
    pass


class PlannedChangeFields(BaseModel):
    at: datetime
    state: str
    moment: datetime
    reason: Optional[str]


class PlannedReleaseFields(BaseModel):
    id: str
    name: str
    moment: datetime
    periods: list[str]
    state: str
    release_id: Optional[str] = Field(alias="releaseId")
    legal_basis: str = Field(alias="legalBasis")
    changes: list["PlannedReleaseFieldsChanges"]


class PlannedReleaseFieldsChanges(PlannedChangeFields):
    pass


class RegistryWithArtefact(BaseModel):
    revision: int
    artefact: Optional["RegistryWithArtefactArtefact"]


class RegistryWithArtefactArtefact(ArtefactDetail):
    pass


class RegistryWithArtefacts(BaseModel):
    artefacts: "RegistryWithArtefactsArtefacts"


class RegistryWithArtefactsArtefacts(ArtefactPage):
    pass


class RegistryWithDataStructure(BaseModel):
    artefact: Optional[
        Union[
            "RegistryWithDataStructureArtefactArtefact",
            "RegistryWithDataStructureArtefactDataStructure",
        ]
    ]


class RegistryWithDataStructureArtefactArtefact(BaseModel):
    pass


class RegistryWithDataStructureArtefactDataStructure(DataStructureComponents):
    pass


class RegistryWithKinds(BaseModel):
    revision: int
    kinds: list["RegistryWithKindsKinds"]


class RegistryWithKindsKinds(KindFields):
    pass


class RegistryWithMetadataStructure(BaseModel):
    artefact: Optional[
        Union[
            "RegistryWithMetadataStructureArtefactArtefact",
            "RegistryWithMetadataStructureArtefactMetadataStructure",
        ]
    ]


class RegistryWithMetadataStructureArtefactArtefact(BaseModel):
    pass


class RegistryWithMetadataStructureArtefactMetadataStructure(
    MetadataStructureComponents
):
    pass


class RejectFields(BaseModel):
    file: str
    place: str
    rule: str
    column: str
    advice: str


class ServiceFields(BaseModel):
    version: str
    name: str
    license: str
    citation: str
    limits: list["ServiceFieldsLimits"]


class ServiceFieldsLimits(LimitFields):
    pass


class StepFields(BaseModel):
    ref: str
    inverted: bool
    from_codelist: "StepFieldsFromCodelist" = Field(alias="fromCodelist")
    to_codelist: "StepFieldsToCodelist" = Field(alias="toCodelist")


class StepFieldsFromCodelist(ListFields):
    pass


class StepFieldsToCodelist(ListFields):
    pass


class SuggestionFields(BaseModel):
    code: "SuggestionFieldsCode"
    score: float
    why: str
    phrase: str


class SuggestionFieldsCode(CodeFields):
    pass


class SuggestionsFields(BaseModel):
    text: str
    matches: list["SuggestionsFieldsMatches"]


class SuggestionsFieldsMatches(SuggestionFields):
    pass


class TableSummary(BaseModel):
    ref: str
    name: str
    to_codelist: "TableSummaryToCodelist" = Field(alias="toCodelist")
    steps: list["TableSummarySteps"]
    exactness: "TableSummaryExactness"


class TableSummaryToCodelist(ListFields):
    pass


class TableSummarySteps(StepFields):
    pass


class TableSummaryExactness(ExactnessFields):
    pass


class TableDetail(TableSummary):
    source: str
    basis: Optional[str]
    period: Optional[str]
    from_codelist: "TableDetailFromCodelist" = Field(alias="fromCodelist")
    kinds: list["TableDetailKinds"]


class TableDetailFromCodelist(ListFields):
    pass


class TableDetailKinds(KindCountFields):
    pass


class TableWithGroups(TableDetail):
    groups: "TableWithGroupsGroups"


class TableWithGroupsGroups(GroupPage):
    pass


class TableWithLinks(TableDetail):
    links: "TableWithLinksLinks"
    ended: "TableWithLinksEnded"


class TableWithLinksLinks(LinkPage):
    pass


class TableWithLinksEnded(BaseModel):
    total_count: int = Field(alias="totalCount")
    nodes: list["TableWithLinksEndedNodes"]


class TableWithLinksEndedNodes(ShortCode):
    pass


class VariantFields(BaseModel):
    kind: str
    agency: str
    id: str
    version: str
    name: str


class VersionChangesFields(BaseModel):
    reused_codes: list[str] = Field(alias="reusedCodes")
    surviving_names: int = Field(alias="survivingNames")
    counts: list["VersionChangesFieldsCounts"]
    table: Optional["VersionChangesFieldsTable"]
    changes: "VersionChangesFieldsChanges"


class VersionChangesFieldsCounts(ChangeKindFields):
    pass


class VersionChangesFieldsTable(BaseModel):
    ref: str


class VersionChangesFieldsChanges(CodeChangePage):
    pass


class VersionCode(CodelistDetail):
    levels: list["VersionCodeLevels"]
    code: Optional["VersionCodeCode"]
    biography: Optional[list["VersionCodeBiography"]]
    correspondences: list["VersionCodeCorrespondences"]


class VersionCodeLevels(LevelFields):
    pass


class VersionCodeCode(CodeDetail):
    pass


class VersionCodeBiography(EventFields):
    pass


class VersionCodeCorrespondences(CodeTable):
    pass


class VersionDetail(CodelistDetail):
    legal_basis: Optional[str] = Field(alias="legalBasis")
    classification: "VersionDetailClassification"
    levels: list["VersionDetailLevels"]
    correspondences: list["VersionDetailCorrespondences"]
    variants: list["VersionDetailVariants"]


class VersionDetailClassification(ClassificationSummary):
    pass


class VersionDetailLevels(LevelFields):
    pass


class VersionDetailCorrespondences(TableSummary):
    pass


class VersionDetailVariants(VariantFields):
    pass


class VersionGroups(ListFields):
    correspondence: Optional["VersionGroupsCorrespondence"]


class VersionGroupsCorrespondence(TableWithGroups):
    pass


class VersionLinks(ListFields):
    correspondence: Optional["VersionLinksCorrespondence"]


class VersionLinksCorrespondence(TableWithLinks):
    pass


class VersionWithChanges(VersionSummary):
    changes: Optional["VersionWithChangesChanges"]


class VersionWithChangesChanges(VersionChangesFields):
    pass


class ViewerFields(BaseModel):
    role: str
    organisation: str
    name: str


AgencyFields.model_rebuild()
ArtefactSummary.model_rebuild()
PageFields.model_rebuild()
ArtefactPage.model_rebuild()
LogFields.model_rebuild()
ReferenceFields.model_rebuild()
TextFields.model_rebuild()
ArtefactDetail.model_rebuild()
AttributeChangeFields.model_rebuild()
AttributeColumnFields.model_rebuild()
FacetFields.model_rebuild()
RepresentationFields.model_rebuild()
ConceptFields.model_rebuild()
RoleFields.model_rebuild()
AttributeComponent.model_rebuild()
AttributeFields.model_rebuild()
CodeChoice.model_rebuild()
DimensionChoices.model_rebuild()
AvailabilityFields.model_rebuild()
ChangeCountFields.model_rebuild()
MeasureChangeFields.model_rebuild()
SeriesCodeFields.model_rebuild()
ChangeFields.model_rebuild()
ChangeKindFields.model_rebuild()
FileLinkFields.model_rebuild()
ReleaseFields.model_rebuild()
ChangesFields.model_rebuild()
VersionSummary.model_rebuild()
ClassificationSummary.model_rebuild()
ClassificationPage.model_rebuild()
MovedFields.model_rebuild()
ShortCode.model_rebuild()
CodeChangeFields.model_rebuild()
CodeChangePage.model_rebuild()
CodeFields.model_rebuild()
CodeDetail.model_rebuild()
CodePage.model_rebuild()
TableLinkFields.model_rebuild()
LinkPage.model_rebuild()
ListFields.model_rebuild()
CodeTable.model_rebuild()
CodelistDetail.model_rebuild()
CodelistSummary.model_rebuild()
CodelistPage.model_rebuild()
CodelistWithCodes.model_rebuild()
CodesOutOfTime.model_rebuild()
ColumnFields.model_rebuild()
CorrespondenceLinkFields.model_rebuild()
CorrespondenceSummary.model_rebuild()
CorrespondencePage.model_rebuild()
CorrespondenceWithLinks.model_rebuild()
CrossingShare.model_rebuild()
CrossingTable.model_rebuild()
CrossingWeights.model_rebuild()
CrossingFields.model_rebuild()
LinkFields.model_rebuild()
SeriesFields.model_rebuild()
DataFields.model_rebuild()
DimensionComponent.model_rebuild()
MeasureComponent.model_rebuild()
PartialKeyFields.model_rebuild()
DataStructureComponents.model_rebuild()
DataflowAvailability.model_rebuild()
DataflowChanges.model_rebuild()
DataflowData.model_rebuild()
DescribingFields.model_rebuild()
DimensionFields.model_rebuild()
MeasureFields.model_rebuild()
StructureFields.model_rebuild()
DataflowDetail.model_rebuild()
FoundChoices.model_rebuild()
FoundIn.model_rebuild()
DataflowFound.model_rebuild()
DataflowSummary.model_rebuild()
DataflowPage.model_rebuild()
RecodingTarget.model_rebuild()
RecodableList.model_rebuild()
RecodableDimension.model_rebuild()
RecodableStructure.model_rebuild()
DataflowRecodable.model_rebuild()
MeanRevisionFields.model_rebuild()
RevisionRowFields.model_rebuild()
TriangleFields.model_rebuild()
RevisionsFields.model_rebuild()
DataflowRevisions.model_rebuild()
ToldData.model_rebuild()
DataflowToldData.model_rebuild()
ReportedFieldFields.model_rebuild()
ReportFields.model_rebuild()
DataflowWithReports.model_rebuild()
DeliveryFields.model_rebuild()
DraftFields.model_rebuild()
EventFields.model_rebuild()
ExactnessFields.model_rebuild()
GroupFields.model_rebuild()
GroupPage.model_rebuild()
KindCountFields.model_rebuild()
KindFields.model_rebuild()
LevelFields.model_rebuild()
LimitFields.model_rebuild()
MetadataAttributeFields.model_rebuild()
ReportStructureFields.model_rebuild()
MetadataStructureComponents.model_rebuild()
PlannedChangeFields.model_rebuild()
PlannedReleaseFields.model_rebuild()
RegistryWithArtefact.model_rebuild()
RegistryWithArtefacts.model_rebuild()
RegistryWithDataStructure.model_rebuild()
RegistryWithKinds.model_rebuild()
RegistryWithMetadataStructure.model_rebuild()
RejectFields.model_rebuild()
ServiceFields.model_rebuild()
StepFields.model_rebuild()
SuggestionFields.model_rebuild()
SuggestionsFields.model_rebuild()
TableSummary.model_rebuild()
TableDetail.model_rebuild()
TableWithGroups.model_rebuild()
TableWithLinks.model_rebuild()
VariantFields.model_rebuild()
VersionChangesFields.model_rebuild()
VersionCode.model_rebuild()
VersionDetail.model_rebuild()
VersionGroups.model_rebuild()
VersionLinks.model_rebuild()
VersionWithChanges.model_rebuild()
ViewerFields.model_rebuild()
