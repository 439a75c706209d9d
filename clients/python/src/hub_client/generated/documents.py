__all__ = [
    "AGENCIES_GQL",
    "APPROVE_GQL",
    "ARTEFACTS_GQL",
    "ARTEFACT_GQL",
    "AVAILABILITY_GQL",
    "CALENDAR_GQL",
    "CANCEL_PLAN_GQL",
    "CHANGES_GQL",
    "CLASSIFICATIONS_GQL",
    "CLASSIFICATION_CODE_GQL",
    "CLASSIFICATION_VERSION_GQL",
    "CODELISTS_GQL",
    "CODELIST_GQL",
    "CODE_GQL",
    "CORRESPONDENCES_GQL",
    "CORRESPONDENCE_GQL",
    "DATAFLOWS_GQL",
    "DATAFLOW_GQL",
    "DATA_GQL",
    "DATA_STRUCTURE_GQL",
    "DELIVERIES_GQL",
    "DELIVERY_GQL",
    "DISCARD_GQL",
    "DRAFTS_GQL",
    "FIND_CODES_GQL",
    "METADATA_STRUCTURE_GQL",
    "MOVE_PLAN_GQL",
    "NOTED_DATA_GQL",
    "PLAN_GQL",
    "QUALITY_REPORTS_GQL",
    "RECODING_TARGETS_GQL",
    "REGISTRY_KINDS_GQL",
    "RELEASE_GQL",
    "REVISIONS_GQL",
    "SERVICE_GQL",
    "SUGGEST_GQL",
    "TABLE_GROUPS_GQL",
    "TABLE_LINKS_GQL",
    "VERSION_CHANGES_GQL",
    "VIEWER_GQL",
    "WITHDRAW_GQL",
]

CALENDAR_GQL = """
query Calendar($dataflow: String, $start: DateTime, $end: DateTime, $first: Int, $after: String) {
  calendar(
    dataflow: $dataflow
    start: $start
    end: $end
    first: $first
    after: $after
  ) {
    totalCount
    nodes {
      ...PlannedReleaseFields
    }
    pageInfo {
      ...PageFields
    }
  }
}

fragment PageFields on PageInfo {
  hasNextPage
  endCursor
}

fragment PlannedChangeFields on PlannedChange {
  at
  state
  moment
  reason
}

fragment PlannedReleaseFields on PlannedRelease {
  id
  name
  moment
  periods
  state
  releaseId
  legalBasis
  changes {
    ...PlannedChangeFields
  }
}
"""

PLAN_GQL = """
mutation Plan($dataflow: String!, $moment: DateTime!, $periods: [String!]!, $legalBasisVi: String!, $legalBasisEn: String!) {
  plan(
    dataflow: $dataflow
    moment: $moment
    periods: $periods
    legalBasisVi: $legalBasisVi
    legalBasisEn: $legalBasisEn
  ) {
    ...PlannedReleaseFields
  }
}

fragment PlannedChangeFields on PlannedChange {
  at
  state
  moment
  reason
}

fragment PlannedReleaseFields on PlannedRelease {
  id
  name
  moment
  periods
  state
  releaseId
  legalBasis
  changes {
    ...PlannedChangeFields
  }
}
"""

MOVE_PLAN_GQL = """
mutation MovePlan($entry: String!, $moment: DateTime!, $reasonVi: String!, $reasonEn: String!) {
  movePlan(
    entry: $entry
    moment: $moment
    reasonVi: $reasonVi
    reasonEn: $reasonEn
  ) {
    ...PlannedReleaseFields
  }
}

fragment PlannedChangeFields on PlannedChange {
  at
  state
  moment
  reason
}

fragment PlannedReleaseFields on PlannedRelease {
  id
  name
  moment
  periods
  state
  releaseId
  legalBasis
  changes {
    ...PlannedChangeFields
  }
}
"""

CANCEL_PLAN_GQL = """
mutation CancelPlan($entry: String!, $reasonVi: String!, $reasonEn: String!) {
  cancelPlan(entry: $entry, reasonVi: $reasonVi, reasonEn: $reasonEn) {
    ...PlannedReleaseFields
  }
}

fragment PlannedChangeFields on PlannedChange {
  at
  state
  moment
  reason
}

fragment PlannedReleaseFields on PlannedRelease {
  id
  name
  moment
  periods
  state
  releaseId
  legalBasis
  changes {
    ...PlannedChangeFields
  }
}
"""

CLASSIFICATIONS_GQL = """
query Classifications($search: String, $first: Int!, $after: String) {
  classifications(search: $search, first: $first, after: $after) {
    ...ClassificationPage
  }
}

fragment ClassificationPage on ClassificationConnection {
  totalCount
  nodes {
    ...ClassificationSummary
  }
  pageInfo {
    ...PageFields
  }
}

fragment ClassificationSummary on Classification {
  id
  agency
  name
  versions {
    ...VersionSummary
  }
}

fragment PageFields on PageInfo {
  hasNextPage
  endCursor
}

fragment VersionSummary on Codelist {
  ref
  agency
  id
  version
  name
  validFrom
  validTo
  codes(first: 1) {
    totalCount
  }
}
"""

CLASSIFICATION_VERSION_GQL = """
query ClassificationVersion($ref: String!) {
  codelist(ref: $ref) {
    ...VersionDetail
  }
}

fragment ClassificationSummary on Classification {
  id
  agency
  name
  versions {
    ...VersionSummary
  }
}

fragment CodelistDetail on Codelist {
  ref
  agency
  id
  version
  urn
  name
  description
  source
  validFrom
  validTo
  isFinal
}

fragment ExactnessFields on TableExactness {
  exact
  estimated
  broken
}

fragment LevelFields on ClassificationLevel {
  id
  name
  depth
  count
}

fragment ListFields on Codelist {
  ref
  agency
  id
  version
  name
}

fragment StepFields on TableStep {
  ref
  inverted
  fromCodelist {
    ...ListFields
  }
  toCodelist {
    ...ListFields
  }
}

fragment TableSummary on CorrespondenceTable {
  ref
  name
  toCodelist {
    ...ListFields
  }
  steps {
    ...StepFields
  }
  exactness {
    ...ExactnessFields
  }
}

fragment VariantFields on Hierarchy {
  kind
  agency
  id
  version
  name
}

fragment VersionDetail on Codelist {
  ...CodelistDetail
  legalBasis
  classification {
    ...ClassificationSummary
  }
  levels {
    ...LevelFields
  }
  correspondences {
    ...TableSummary
  }
  variants {
    ...VariantFields
  }
}

fragment VersionSummary on Codelist {
  ref
  agency
  id
  version
  name
  validFrom
  validTo
  codes(first: 1) {
    totalCount
  }
}
"""

SUGGEST_GQL = """
query Suggest($codelist: String!, $texts: [String!]!, $level: String, $lang: String, $first: Int!) {
  suggest(
    codelist: $codelist
    texts: $texts
    level: $level
    lang: $lang
    first: $first
  ) {
    ...SuggestionsFields
  }
}

fragment CodeFields on Code {
  id
  name
  description
  parentId
  hasChildren
  validFrom
  validTo
}

fragment SuggestionFields on Suggestion {
  code {
    ...CodeFields
  }
  score
  why
  phrase
}

fragment SuggestionsFields on Suggestions {
  text
  matches {
    ...SuggestionFields
  }
}
"""

CLASSIFICATION_CODE_GQL = """
query ClassificationCode($ref: String!, $id: String!) {
  codelist(ref: $ref) {
    ...VersionCode
  }
}

fragment CodeDetail on Code {
  ...CodeFields
  names {
    ...TextFields
  }
  level
  includes
  excludes
  rulings
  indexTerms
  ancestors {
    id
    name
  }
  children(first: 100) {
    totalCount
    nodes {
      id
      name
    }
  }
}

fragment CodeFields on Code {
  id
  name
  description
  parentId
  hasChildren
  validFrom
  validTo
}

fragment CodeTable on CorrespondenceTable {
  ref
  name
  toCodelist {
    ...ListFields
  }
  links(source: $id, first: 50) {
    ...LinkPage
  }
}

fragment CodelistDetail on Codelist {
  ref
  agency
  id
  version
  urn
  name
  description
  source
  validFrom
  validTo
  isFinal
}

fragment EventFields on CodeEvent {
  kind
  day
  code
  legalBasis
  version {
    ...ListFields
  }
  previousVersion {
    ...ListFields
  }
  predecessors {
    ...ShortCode
  }
  successors {
    ...ShortCode
  }
}

fragment LevelFields on ClassificationLevel {
  id
  name
  depth
  count
}

fragment LinkPage on TableLinkConnection {
  totalCount
  nodes {
    ...TableLinkFields
  }
  pageInfo {
    ...PageFields
  }
}

fragment ListFields on Codelist {
  ref
  agency
  id
  version
  name
}

fragment PageFields on PageInfo {
  hasNextPage
  endCursor
}

fragment ShortCode on Code {
  id
  name
}

fragment TableLinkFields on TableLink {
  source
  target
  kind
  state
  share
  basis
  period
  sourceCode {
    ...ShortCode
  }
  targetCode {
    ...ShortCode
  }
}

fragment TextFields on LocalText {
  lang
  value
}

fragment VersionCode on Codelist {
  ...CodelistDetail
  levels {
    ...LevelFields
  }
  code(id: $id) {
    ...CodeDetail
  }
  biography(code: $id) {
    ...EventFields
  }
  correspondences {
    ...CodeTable
  }
}
"""

TABLE_LINKS_GQL = """
query TableLinks($ref: String!, $to: String!, $kind: String, $state: String, $group: String, $search: String, $first: Int!, $after: String) {
  codelist(ref: $ref) {
    ...VersionLinks
  }
}

fragment ExactnessFields on TableExactness {
  exact
  estimated
  broken
}

fragment KindCountFields on KindCount {
  kind
  sources
  links
}

fragment LinkPage on TableLinkConnection {
  totalCount
  nodes {
    ...TableLinkFields
  }
  pageInfo {
    ...PageFields
  }
}

fragment ListFields on Codelist {
  ref
  agency
  id
  version
  name
}

fragment PageFields on PageInfo {
  hasNextPage
  endCursor
}

fragment ShortCode on Code {
  id
  name
}

fragment StepFields on TableStep {
  ref
  inverted
  fromCodelist {
    ...ListFields
  }
  toCodelist {
    ...ListFields
  }
}

fragment TableDetail on CorrespondenceTable {
  ...TableSummary
  source
  basis
  period
  fromCodelist {
    ...ListFields
  }
  kinds {
    ...KindCountFields
  }
}

fragment TableLinkFields on TableLink {
  source
  target
  kind
  state
  share
  basis
  period
  sourceCode {
    ...ShortCode
  }
  targetCode {
    ...ShortCode
  }
}

fragment TableSummary on CorrespondenceTable {
  ref
  name
  toCodelist {
    ...ListFields
  }
  steps {
    ...StepFields
  }
  exactness {
    ...ExactnessFields
  }
}

fragment TableWithLinks on CorrespondenceTable {
  ...TableDetail
  links(
    kind: $kind
    state: $state
    group: $group
    search: $search
    first: $first
    after: $after
  ) {
    ...LinkPage
  }
  ended(first: 100) {
    totalCount
    nodes {
      ...ShortCode
    }
  }
}

fragment VersionLinks on Codelist {
  ...ListFields
  correspondence(to: $to) {
    ...TableWithLinks
  }
}
"""

TABLE_GROUPS_GQL = """
query TableGroups($ref: String!, $to: String!, $kind: String, $first: Int!, $after: String) {
  codelist(ref: $ref) {
    ...VersionGroups
  }
}

fragment ExactnessFields on TableExactness {
  exact
  estimated
  broken
}

fragment GroupFields on TableGroup {
  id
  kind
  sources {
    ...ShortCode
  }
  targets {
    ...ShortCode
  }
}

fragment GroupPage on TableGroupConnection {
  totalCount
  nodes {
    ...GroupFields
  }
  pageInfo {
    ...PageFields
  }
}

fragment KindCountFields on KindCount {
  kind
  sources
  links
}

fragment ListFields on Codelist {
  ref
  agency
  id
  version
  name
}

fragment PageFields on PageInfo {
  hasNextPage
  endCursor
}

fragment ShortCode on Code {
  id
  name
}

fragment StepFields on TableStep {
  ref
  inverted
  fromCodelist {
    ...ListFields
  }
  toCodelist {
    ...ListFields
  }
}

fragment TableDetail on CorrespondenceTable {
  ...TableSummary
  source
  basis
  period
  fromCodelist {
    ...ListFields
  }
  kinds {
    ...KindCountFields
  }
}

fragment TableSummary on CorrespondenceTable {
  ref
  name
  toCodelist {
    ...ListFields
  }
  steps {
    ...StepFields
  }
  exactness {
    ...ExactnessFields
  }
}

fragment TableWithGroups on CorrespondenceTable {
  ...TableDetail
  groups(kind: $kind, first: $first, after: $after) {
    ...GroupPage
  }
}

fragment VersionGroups on Codelist {
  ...ListFields
  correspondence(to: $to) {
    ...TableWithGroups
  }
}
"""

VERSION_CHANGES_GQL = """
query VersionChanges($ref: String!, $to: String!, $kind: String, $first: Int!, $after: String) {
  codelist(ref: $ref) {
    ...VersionWithChanges
  }
}

fragment ChangeKindFields on ChangeCount {
  kind
  count
}

fragment CodeChangeFields on CodeChange {
  kind
  reused
  surviving
  moved {
    ...MovedFields
  }
  sources {
    ...ShortCode
  }
  targets {
    ...ShortCode
  }
}

fragment CodeChangePage on CodeChangeConnection {
  totalCount
  nodes {
    ...CodeChangeFields
  }
  pageInfo {
    ...PageFields
  }
}

fragment MovedFields on MovedName {
  source
  target
}

fragment PageFields on PageInfo {
  hasNextPage
  endCursor
}

fragment ShortCode on Code {
  id
  name
}

fragment VersionChangesFields on VersionChanges {
  reusedCodes
  survivingNames
  counts {
    ...ChangeKindFields
  }
  table {
    ref
  }
  changes(kind: $kind, first: $first, after: $after) {
    ...CodeChangePage
  }
}

fragment VersionSummary on Codelist {
  ref
  agency
  id
  version
  name
  validFrom
  validTo
  codes(first: 1) {
    totalCount
  }
}

fragment VersionWithChanges on Codelist {
  ...VersionSummary
  changes(to: $to) {
    ...VersionChangesFields
  }
}
"""

CODELISTS_GQL = """
query Codelists($search: String, $version: String, $first: Int, $after: String) {
  codelists(search: $search, version: $version, first: $first, after: $after) {
    ...CodelistPage
  }
}

fragment CodelistPage on CodelistConnection {
  totalCount
  nodes {
    ...CodelistSummary
  }
  pageInfo {
    ...PageFields
  }
}

fragment CodelistSummary on Codelist {
  ref
  agency
  id
  version
  name
  description
  validFrom
  validTo
  codes(first: 1) {
    totalCount
  }
}

fragment PageFields on PageInfo {
  hasNextPage
  endCursor
}
"""

CODELIST_GQL = """
query Codelist($ref: String!, $search: String, $parent: String, $roots: Boolean, $first: Int, $after: String) {
  codelist(ref: $ref) {
    ...CodelistWithCodes
  }
}

fragment CodeFields on Code {
  id
  name
  description
  parentId
  hasChildren
  validFrom
  validTo
}

fragment CodePage on CodeConnection {
  totalCount
  nodes {
    ...CodeFields
  }
  pageInfo {
    ...PageFields
  }
}

fragment CodelistDetail on Codelist {
  ref
  agency
  id
  version
  urn
  name
  description
  source
  validFrom
  validTo
  isFinal
}

fragment CodelistWithCodes on Codelist {
  ...CodelistDetail
  codes(
    search: $search
    parent: $parent
    roots: $roots
    first: $first
    after: $after
  ) {
    ...CodePage
  }
}

fragment PageFields on PageInfo {
  hasNextPage
  endCursor
}
"""

CODE_GQL = """
query Code($ref: String!, $id: String!) {
  codelist(ref: $ref) {
    code(id: $id) {
      ...CodeFields
    }
  }
}

fragment CodeFields on Code {
  id
  name
  description
  parentId
  hasChildren
  validFrom
  validTo
}
"""

CORRESPONDENCES_GQL = """
query Correspondences($search: String, $first: Int, $after: String) {
  correspondences(search: $search, first: $first, after: $after) {
    ...CorrespondencePage
  }
}

fragment CorrespondencePage on CorrespondenceConnection {
  totalCount
  nodes {
    ...CorrespondenceSummary
  }
  pageInfo {
    ...PageFields
  }
}

fragment CorrespondenceSummary on Correspondence {
  ref
  name
  fromCodelist {
    ...ListFields
  }
  toCodelist {
    ...ListFields
  }
}

fragment ListFields on Codelist {
  ref
  agency
  id
  version
  name
}

fragment PageFields on PageInfo {
  hasNextPage
  endCursor
}
"""

CORRESPONDENCE_GQL = """
query Correspondence($ref: String!, $source: String, $target: String, $first: Int, $after: String) {
  correspondence(ref: $ref) {
    ...CorrespondenceWithLinks
  }
}

fragment CorrespondenceLinkFields on CorrespondenceLink {
  source
  target
  share
}

fragment CorrespondenceSummary on Correspondence {
  ref
  name
  fromCodelist {
    ...ListFields
  }
  toCodelist {
    ...ListFields
  }
}

fragment CorrespondenceWithLinks on Correspondence {
  ...CorrespondenceSummary
  links(source: $source, target: $target, first: $first, after: $after) {
    totalCount
    nodes {
      ...CorrespondenceLinkFields
    }
    pageInfo {
      ...PageFields
    }
  }
}

fragment ListFields on Codelist {
  ref
  agency
  id
  version
  name
}

fragment PageFields on PageInfo {
  hasNextPage
  endCursor
}
"""

DATA_STRUCTURE_GQL = """
query DataStructure($ref: String!, $asOf: DateTime) {
  registry(asOf: $asOf) {
    ...RegistryWithDataStructure
  }
}

fragment ArtefactSummary on Artefact {
  kind
  ref
  agency
  id
  version
  name
  description
}

fragment AttributeComponent on Attribute {
  id
  textType
  mandatory
  level
  dimensions
  group
  measures
  concept {
    ...ConceptFields
  }
  representation {
    ...RepresentationFields
  }
  roles {
    ...RoleFields
  }
}

fragment ConceptFields on Concept {
  name
  representation {
    ...RepresentationFields
  }
}

fragment DataStructureComponents on DataStructure {
  dimensions {
    ...DimensionComponent
  }
  measures {
    ...MeasureComponent
  }
  attributes {
    ...AttributeComponent
  }
  groups {
    ...PartialKeyFields
  }
}

fragment DimensionComponent on Dimension {
  id
  textType
  position
  isTime
  concept {
    ...ConceptFields
  }
  representation {
    ...RepresentationFields
  }
  roles {
    ...RoleFields
  }
}

fragment FacetFields on Facet {
  name
  value
}

fragment MeasureComponent on Measure {
  id
  textType
  concept {
    ...ConceptFields
  }
  representation {
    ...RepresentationFields
  }
  roles {
    ...RoleFields
  }
}

fragment PartialKeyFields on Group {
  id
  dimensions
}

fragment ReferenceFields on Reference {
  urn
  kind
  resolved
  artefact {
    ...ArtefactSummary
  }
}

fragment RegistryWithDataStructure on Registry {
  artefact(ref: $ref, kind: "DataStructure") {
    ...DataStructureComponents
  }
}

fragment RepresentationFields on Representation {
  maxOccurs
  enumeration {
    ...ReferenceFields
  }
  textType
  facets {
    ...FacetFields
  }
}

fragment RoleFields on Reference {
  item
}
"""

METADATA_STRUCTURE_GQL = """
query MetadataStructure($ref: String!, $asOf: DateTime) {
  registry(asOf: $asOf) {
    ...RegistryWithMetadataStructure
  }
}

fragment ArtefactSummary on Artefact {
  kind
  ref
  agency
  id
  version
  name
  description
}

fragment ConceptFields on Concept {
  name
  representation {
    ...RepresentationFields
  }
}

fragment FacetFields on Facet {
  name
  value
}

fragment MetadataAttributeFields on MetadataAttribute {
  path
  isPresentational
  minOccurs
  maxOccurs
  concept {
    ...ConceptFields
  }
  representation {
    ...RepresentationFields
  }
}

fragment MetadataStructureComponents on MetadataStructure {
  attributes {
    ...MetadataAttributeFields
  }
  reports {
    ...ReportStructureFields
  }
}

fragment ReferenceFields on Reference {
  urn
  kind
  resolved
  artefact {
    ...ArtefactSummary
  }
}

fragment RegistryWithMetadataStructure on Registry {
  artefact(ref: $ref, kind: "MetadataStructure") {
    ...MetadataStructureComponents
  }
}

fragment ReportStructureFields on ReportStructure {
  id
  attributes {
    ...MetadataAttributeFields
  }
}

fragment RepresentationFields on Representation {
  maxOccurs
  enumeration {
    ...ReferenceFields
  }
  textType
  facets {
    ...FacetFields
  }
}
"""

DATA_GQL = """
query Data($ref: String!, $selection: SelectionInput, $first: Int, $after: String) {
  dataflow(ref: $ref) {
    ...DataflowData
  }
}

fragment AttributeColumnFields on AttributeColumn {
  id
  values
}

fragment AttributeFields on AttributeValue {
  id
  value
  name
  valueName
}

fragment ColumnFields on ObservationColumns {
  periods
  values
  valueTexts
  statuses
  attributes {
    ...AttributeColumnFields
  }
}

fragment DataFields on DataSet {
  release {
    ...ReleaseFields
  }
  totalCount
  dimensions
  series {
    ...SeriesFields
  }
  datasetAttributes {
    ...AttributeFields
  }
  links {
    ...LinkFields
  }
  pageInfo {
    ...PageFields
  }
}

fragment DataflowData on Dataflow {
  data(selection: $selection, first: $first, after: $after) {
    ...DataFields
  }
}

fragment LinkFields on DataLinks {
  sdmx
  csv
}

fragment PageFields on PageInfo {
  hasNextPage
  endCursor
}

fragment ReleaseFields on Release {
  id
  number
  kind
  reason
  releasedAt
  planned
  withdrawnBy
  thinnedAt
  series
  observations
}

fragment SeriesCodeFields on SeriesCode {
  dimension
  id
  name
}

fragment SeriesFields on Series {
  key
  codes {
    ...SeriesCodeFields
  }
  attributes {
    ...AttributeFields
  }
  columns {
    ...ColumnFields
  }
}
"""

NOTED_DATA_GQL = """
query NotedData($ref: String!, $selection: SelectionInput, $first: Int, $after: String) {
  dataflow(ref: $ref) {
    ...DataflowToldData
  }
}

fragment AttributeColumnFields on AttributeColumn {
  id
  values
}

fragment AttributeFields on AttributeValue {
  id
  value
  name
  valueName
}

fragment CodesOutOfTime on DataWarning {
  dimension
  codes
  text
}

fragment ColumnFields on ObservationColumns {
  periods
  values
  valueTexts
  statuses
  attributes {
    ...AttributeColumnFields
  }
}

fragment CrossingFields on Recoding {
  dimension
  fromCodelist
  toCodelist
  tables {
    ...CrossingTable
  }
  weights {
    ...CrossingWeights
  }
  shares {
    ...CrossingShare
  }
  brokenCodes
  unlinkedCodes
  partialCodes
}

fragment CrossingShare on RecodingShare {
  state
  observations
  observationShare
  valueShare
}

fragment CrossingTable on RecodingTable {
  ref
  inverted
}

fragment CrossingWeights on RecodingWeights {
  basis
  period
  source
}

fragment DataFields on DataSet {
  release {
    ...ReleaseFields
  }
  totalCount
  dimensions
  series {
    ...SeriesFields
  }
  datasetAttributes {
    ...AttributeFields
  }
  links {
    ...LinkFields
  }
  pageInfo {
    ...PageFields
  }
}

fragment DataflowToldData on Dataflow {
  data(selection: $selection, first: $first, after: $after) {
    ...ToldData
  }
}

fragment LinkFields on DataLinks {
  sdmx
  csv
}

fragment PageFields on PageInfo {
  hasNextPage
  endCursor
}

fragment ReleaseFields on Release {
  id
  number
  kind
  reason
  releasedAt
  planned
  withdrawnBy
  thinnedAt
  series
  observations
}

fragment SeriesCodeFields on SeriesCode {
  dimension
  id
  name
}

fragment SeriesFields on Series {
  key
  codes {
    ...SeriesCodeFields
  }
  attributes {
    ...AttributeFields
  }
  columns {
    ...ColumnFields
  }
}

fragment ToldData on DataSet {
  ...DataFields
  recodings {
    ...CrossingFields
  }
  warnings {
    ...CodesOutOfTime
  }
}
"""

RECODING_TARGETS_GQL = """
query RecodingTargets($ref: String!) {
  dataflow(ref: $ref) {
    ...DataflowRecodable
  }
}

fragment DataflowRecodable on Dataflow {
  structure {
    ...RecodableStructure
  }
}

fragment ListFields on Codelist {
  ref
  agency
  id
  version
  name
}

fragment RecodableDimension on Dimension {
  id
  codelist {
    ...RecodableList
  }
}

fragment RecodableList on Codelist {
  correspondences {
    ...RecodingTarget
  }
}

fragment RecodableStructure on DataStructure {
  dimensions {
    ...RecodableDimension
  }
}

fragment RecodingTarget on CorrespondenceTable {
  toCodelist {
    ...ListFields
  }
}
"""

AVAILABILITY_GQL = """
query Availability($ref: String!, $selection: SelectionInput) {
  dataflow(ref: $ref) {
    ...DataflowAvailability
  }
}

fragment AvailabilityFields on Availability {
  start
  end
  series
  observations
  dimensions {
    ...DimensionChoices
  }
}

fragment CodeChoice on AvailableCode {
  id
  parentId
  name
}

fragment DataflowAvailability on Dataflow {
  availability(selection: $selection) {
    ...AvailabilityFields
  }
}

fragment DimensionChoices on AvailableDimension {
  id
  name
  openCount
  top: openCodes(depth: 2, most: 300) {
    ...CodeChoice
  }
  first: openCodes(most: 300) {
    ...CodeChoice
  }
}
"""

FIND_CODES_GQL = """
query FindCodes($ref: String!, $search: String!, $selection: SelectionInput) {
  dataflow(ref: $ref) {
    ...DataflowFound
  }
}

fragment CodeChoice on AvailableCode {
  id
  parentId
  name
}

fragment DataflowFound on Dataflow {
  availability(selection: $selection) {
    ...FoundIn
  }
}

fragment FoundChoices on AvailableDimension {
  id
  openCodes(search: $search, most: 100) {
    ...CodeChoice
  }
}

fragment FoundIn on Availability {
  dimensions {
    ...FoundChoices
  }
}
"""

DATAFLOWS_GQL = """
query Dataflows($search: String, $first: Int, $after: String) {
  dataflows(search: $search, first: $first, after: $after) {
    ...DataflowPage
  }
}

fragment AttributeFields on AttributeValue {
  id
  value
  name
  valueName
}

fragment DataflowPage on DataflowConnection {
  totalCount
  nodes {
    ...DataflowSummary
  }
  pageInfo {
    ...PageFields
  }
}

fragment DataflowSummary on Dataflow {
  ref
  agency
  id
  version
  name
  description
  latestRelease {
    ...ReleaseFields
  }
  data(first: 1) {
    datasetAttributes {
      ...AttributeFields
    }
  }
}

fragment PageFields on PageInfo {
  hasNextPage
  endCursor
}

fragment ReleaseFields on Release {
  id
  number
  kind
  reason
  releasedAt
  planned
  withdrawnBy
  thinnedAt
  series
  observations
}
"""

DATAFLOW_GQL = """
query Dataflow($ref: String!) {
  dataflow(ref: $ref) {
    ...DataflowDetail
  }
}

fragment AttributeFields on AttributeValue {
  id
  value
  name
  valueName
}

fragment DataflowDetail on Dataflow {
  ref
  agency
  id
  version
  urn
  name
  description
  source
  releases {
    ...ReleaseFields
  }
  structure {
    ...StructureFields
  }
  data(first: 1) {
    datasetAttributes {
      ...AttributeFields
    }
    links {
      ...LinkFields
    }
  }
}

fragment DescribingFields on Attribute {
  id
  name
  level
  codelist {
    ...ListFields
  }
}

fragment DimensionFields on Dimension {
  id
  name
  isTime
  codelist {
    ...ListFields
  }
}

fragment LinkFields on DataLinks {
  sdmx
  csv
}

fragment ListFields on Codelist {
  ref
  agency
  id
  version
  name
}

fragment MeasureFields on Measure {
  id
  name
}

fragment ReleaseFields on Release {
  id
  number
  kind
  reason
  releasedAt
  planned
  withdrawnBy
  thinnedAt
  series
  observations
}

fragment StructureFields on DataStructure {
  ref
  name
  dimensions {
    ...DimensionFields
  }
  attributes {
    ...DescribingFields
  }
  measures {
    ...MeasureFields
  }
}
"""

QUALITY_REPORTS_GQL = """
query QualityReports($ref: String!) {
  dataflow(ref: $ref) {
    ...DataflowWithReports
  }
}

fragment DataflowWithReports on Dataflow {
  ref
  metadataSets {
    ...ReportFields
  }
}

fragment LogFields on LogEntry {
  revision
  at
  by
  what
  why
  outcome
}

fragment ReportFields on MetadataSet {
  id
  agency
  ref
  version
  name
  description
  source
  release
  reportingBegin
  reportingEnd
  publicationYear
  publicationPeriod
  fields {
    ...ReportedFieldFields
  }
  log {
    ...LogFields
  }
}

fragment ReportedFieldFields on ReportedField {
  path
  depth
  name
  text
  value
  isMarkup
}
"""

REGISTRY_KINDS_GQL = """
query RegistryKinds {
  registry {
    ...RegistryWithKinds
  }
}

fragment KindFields on ArtefactKind {
  id
  count
  hasItems
}

fragment RegistryWithKinds on Registry {
  revision
  kinds {
    ...KindFields
  }
}
"""

ARTEFACTS_GQL = """
query Artefacts($kind: String, $search: String, $first: Int!, $after: String) {
  registry {
    ...RegistryWithArtefacts
  }
}

fragment ArtefactPage on ArtefactConnection {
  totalCount
  nodes {
    ...ArtefactSummary
  }
  pageInfo {
    ...PageFields
  }
}

fragment ArtefactSummary on Artefact {
  kind
  ref
  agency
  id
  version
  name
  description
}

fragment PageFields on PageInfo {
  hasNextPage
  endCursor
}

fragment RegistryWithArtefacts on Registry {
  artefacts(kind: $kind, search: $search, first: $first, after: $after) {
    ...ArtefactPage
  }
}
"""

ARTEFACT_GQL = """
query Artefact($ref: String!, $kind: String, $asOf: DateTime, $first: Int!, $after: String) {
  registry(asOf: $asOf) {
    ...RegistryWithArtefact
  }
}

fragment ArtefactDetail on Artefact {
  ...ArtefactSummary
  urn
  names {
    ...TextFields
  }
  descriptions {
    ...TextFields
  }
  source
  validFrom
  validTo
  isFinal
  isExternalReference
  wholeAt
  versions
  references {
    ...ReferenceFields
  }
  referencedBy(first: $first, after: $after) {
    ...ArtefactPage
  }
  log {
    ...LogFields
  }
}

fragment ArtefactPage on ArtefactConnection {
  totalCount
  nodes {
    ...ArtefactSummary
  }
  pageInfo {
    ...PageFields
  }
}

fragment ArtefactSummary on Artefact {
  kind
  ref
  agency
  id
  version
  name
  description
}

fragment LogFields on LogEntry {
  revision
  at
  by
  what
  why
  outcome
}

fragment PageFields on PageInfo {
  hasNextPage
  endCursor
}

fragment ReferenceFields on Reference {
  urn
  kind
  resolved
  artefact {
    ...ArtefactSummary
  }
}

fragment RegistryWithArtefact on Registry {
  revision
  artefact(ref: $ref, kind: $kind) {
    ...ArtefactDetail
  }
}

fragment TextFields on LocalText {
  lang
  value
}
"""

DELIVERIES_GQL = """
query Deliveries {
  deliveries {
    ...DeliveryFields
  }
}

fragment DeliveryFields on Delivery {
  id
  source
  organisation
  receivedAt
  files
  digest
  state
  records
  accepted
  rejected
  repeated
  message
  rules {
    code
    count
  }
}
"""

DELIVERY_GQL = """
query Delivery($id: String!, $limit: Int) {
  delivery(id: $id) {
    ...DeliveryFields
    rejects(limit: $limit) {
      ...RejectFields
    }
  }
}

fragment DeliveryFields on Delivery {
  id
  source
  organisation
  receivedAt
  files
  digest
  state
  records
  accepted
  rejected
  repeated
  message
  rules {
    code
    count
  }
}

fragment RejectFields on Reject {
  file
  place
  rule
  column
  advice
}
"""

DRAFTS_GQL = """
query Drafts {
  drafts {
    ...DraftFields
  }
}

fragment DraftFields on Draft {
  id
  state
  createdAt
  createdBy
  approvedBy
  releasedAt
  series
  observations
  note
}
"""

APPROVE_GQL = """
mutation Approve($draft: String!) {
  approve(draft: $draft) {
    ...DraftFields
  }
}

fragment DraftFields on Draft {
  id
  state
  createdAt
  createdBy
  approvedBy
  releasedAt
  series
  observations
  note
}
"""

RELEASE_GQL = """
mutation Release($draft: String!, $embargo: DateTime, $plan: String, $correctionVi: String, $correctionEn: String) {
  release(
    draft: $draft
    embargo: $embargo
    plan: $plan
    correctionVi: $correctionVi
    correctionEn: $correctionEn
  ) {
    ...DraftFields
  }
}

fragment DraftFields on Draft {
  id
  state
  createdAt
  createdBy
  approvedBy
  releasedAt
  series
  observations
  note
}
"""

WITHDRAW_GQL = """
mutation Withdraw($release: String!, $reasonVi: String!, $reasonEn: String!) {
  withdraw(release: $release, reasonVi: $reasonVi, reasonEn: $reasonEn) {
    ...ReleaseFields
  }
}

fragment ReleaseFields on Release {
  id
  number
  kind
  reason
  releasedAt
  planned
  withdrawnBy
  thinnedAt
  series
  observations
}
"""

DISCARD_GQL = """
mutation Discard($draft: String!) {
  discard(draft: $draft) {
    ...DraftFields
  }
}

fragment DraftFields on Draft {
  id
  state
  createdAt
  createdBy
  approvedBy
  releasedAt
  series
  observations
  note
}
"""

CHANGES_GQL = """
query Changes($ref: String!, $since: ID, $upTo: ID, $selection: SelectionInput, $first: Int, $after: String) {
  dataflow(ref: $ref) {
    ...DataflowChanges
  }
}

fragment AttributeChangeFields on AttributeChange {
  id
  name
  old
  new
  oldName
  newName
}

fragment ChangeCountFields on ChangeCounts {
  added
  revised
  deleted
  described
  series
}

fragment ChangeFields on Change {
  key
  codes {
    ...SeriesCodeFields
  }
  period
  kind
  oldValue
  newValue
  oldValueText
  newValueText
  measures {
    ...MeasureChangeFields
  }
  attributes {
    ...AttributeChangeFields
  }
}

fragment ChangesFields on Changes {
  from {
    ...ReleaseFields
  }
  to {
    ...ReleaseFields
  }
  totalCount
  summary {
    ...ChangeCountFields
  }
  dimensions
  nodes {
    ...ChangeFields
  }
  datasetAttributes {
    ...AttributeChangeFields
  }
  links {
    ...FileLinkFields
  }
  pageInfo {
    ...PageFields
  }
}

fragment DataflowChanges on Dataflow {
  changes(
    from: $since
    to: $upTo
    selection: $selection
    first: $first
    after: $after
  ) {
    ...ChangesFields
  }
}

fragment FileLinkFields on FileLinks {
  csv
}

fragment MeasureChangeFields on MeasureChange {
  id
  name
  oldValue
  newValue
  oldValueText
  newValueText
}

fragment PageFields on PageInfo {
  hasNextPage
  endCursor
}

fragment ReleaseFields on Release {
  id
  number
  kind
  reason
  releasedAt
  planned
  withdrawnBy
  thinnedAt
  series
  observations
}

fragment SeriesCodeFields on SeriesCode {
  dimension
  id
  name
}
"""

REVISIONS_GQL = """
query Revisions($ref: String!, $selection: SelectionInput, $first: Int, $after: String) {
  dataflow(ref: $ref) {
    ...DataflowRevisions
  }
}

fragment DataflowRevisions on Dataflow {
  revisions(selection: $selection, first: $first, after: $after) {
    ...RevisionsFields
  }
}

fragment FileLinkFields on FileLinks {
  csv
}

fragment MeanRevisionFields on MeanRevisions {
  count
  absolute
  relative
  mean
}

fragment PageFields on PageInfo {
  hasNextPage
  endCursor
}

fragment ReleaseFields on Release {
  id
  number
  kind
  reason
  releasedAt
  planned
  withdrawnBy
  thinnedAt
  series
  observations
}

fragment RevisionRowFields on RevisionRow {
  release
  valueTexts
}

fragment RevisionsFields on Revisions {
  releases {
    ...ReleaseFields
  }
  dimensions
  nodes {
    ...TriangleFields
  }
  links {
    ...FileLinkFields
  }
  pageInfo {
    ...PageFields
  }
}

fragment SeriesCodeFields on SeriesCode {
  dimension
  id
  name
}

fragment TriangleFields on RevisionTriangle {
  key
  codes {
    ...SeriesCodeFields
  }
  frequency
  periods
  rows {
    ...RevisionRowFields
  }
  overall {
    ...MeanRevisionFields
  }
  steps {
    ...MeanRevisionFields
  }
}
"""

SERVICE_GQL = """
query Service {
  service {
    ...ServiceFields
  }
}

fragment LimitFields on Limit {
  name
  value
}

fragment ServiceFields on Service {
  version
  name
  license
  citation
  limits {
    ...LimitFields
  }
}
"""

VIEWER_GQL = """
query Viewer {
  viewer {
    ...ViewerFields
  }
}

fragment ViewerFields on Viewer {
  role
  organisation
  name
}
"""

AGENCIES_GQL = """
query Agencies($search: String) {
  agencies(search: $search) {
    ...AgencyFields
  }
}

fragment AgencyFields on Organisation {
  id
  name
}
"""
