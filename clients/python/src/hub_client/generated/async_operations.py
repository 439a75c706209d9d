from datetime import datetime
from typing import Any, Optional, Union

from .agencies import Agencies, AgenciesAgencies
from .approve import Approve, ApproveApprove
from .artefact import Artefact, ArtefactRegistry
from .artefacts import Artefacts, ArtefactsRegistry
from .availability import Availability, AvailabilityDataflow
from .base_client import AsyncBaseClient
from .base_model import UNSET, UnsetType
from .calendar import Calendar, CalendarCalendar
from .cancel_plan import CancelPlan, CancelPlanCancelPlan
from .changes import Changes, ChangesDataflow
from .classification_code import ClassificationCode, ClassificationCodeCodelist
from .classification_version import ClassificationVersion, ClassificationVersionCodelist
from .classifications import Classifications, ClassificationsClassifications
from .code import Code, CodeCodelist
from .codelist import Codelist, CodelistCodelist
from .codelists import Codelists, CodelistsCodelists
from .correspondence import Correspondence, CorrespondenceCorrespondence
from .correspondences import Correspondences, CorrespondencesCorrespondences
from .data import Data, DataDataflow
from .data_structure import DataStructure, DataStructureRegistry
from .dataflow import Dataflow, DataflowDataflow
from .dataflows import Dataflows, DataflowsDataflows
from .deliveries import Deliveries, DeliveriesDeliveries
from .delivery import Delivery, DeliveryDelivery
from .discard import Discard, DiscardDiscard
from .documents import (
    AGENCIES_GQL,
    APPROVE_GQL,
    ARTEFACT_GQL,
    ARTEFACTS_GQL,
    AVAILABILITY_GQL,
    CALENDAR_GQL,
    CANCEL_PLAN_GQL,
    CHANGES_GQL,
    CLASSIFICATION_CODE_GQL,
    CLASSIFICATION_VERSION_GQL,
    CLASSIFICATIONS_GQL,
    CODE_GQL,
    CODELIST_GQL,
    CODELISTS_GQL,
    CORRESPONDENCE_GQL,
    CORRESPONDENCES_GQL,
    DATA_GQL,
    DATA_STRUCTURE_GQL,
    DATAFLOW_GQL,
    DATAFLOWS_GQL,
    DELIVERIES_GQL,
    DELIVERY_GQL,
    DISCARD_GQL,
    DRAFTS_GQL,
    FIND_CODES_GQL,
    METADATA_STRUCTURE_GQL,
    MOVE_PLAN_GQL,
    NOTED_DATA_GQL,
    PLAN_GQL,
    QUALITY_REPORTS_GQL,
    RECODING_TARGETS_GQL,
    REGISTRY_KINDS_GQL,
    RELEASE_GQL,
    REVISIONS_GQL,
    SERVICE_GQL,
    SUGGEST_GQL,
    TABLE_GROUPS_GQL,
    TABLE_LINKS_GQL,
    VERSION_CHANGES_GQL,
    VIEWER_GQL,
    WITHDRAW_GQL,
)
from .drafts import Drafts, DraftsDrafts
from .find_codes import FindCodes, FindCodesDataflow
from .input_types import SelectionInput
from .metadata_structure import MetadataStructure, MetadataStructureRegistry
from .move_plan import MovePlan, MovePlanMovePlan
from .noted_data import NotedData, NotedDataDataflow
from .plan import Plan, PlanPlan
from .quality_reports import QualityReports, QualityReportsDataflow
from .recoding_targets import RecodingTargets, RecodingTargetsDataflow
from .registry_kinds import RegistryKinds, RegistryKindsRegistry
from .release import Release, ReleaseRelease
from .revisions import Revisions, RevisionsDataflow
from .service import Service, ServiceService
from .suggest import Suggest, SuggestSuggest
from .table_groups import TableGroups, TableGroupsCodelist
from .table_links import TableLinks, TableLinksCodelist
from .version_changes import VersionChanges, VersionChangesCodelist
from .viewer import Viewer, ViewerViewer
from .withdraw import Withdraw, WithdrawWithdraw


def gql(q: str) -> str:
    return q


class AsyncOperations(AsyncBaseClient):
    async def calendar(
        self,
        dataflow: Union[Optional[str], UnsetType] = UNSET,
        start: Union[Optional[datetime], UnsetType] = UNSET,
        end: Union[Optional[datetime], UnsetType] = UNSET,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> CalendarCalendar:
        variables: dict[str, object] = {
            "dataflow": dataflow,
            "start": start,
            "end": end,
            "first": first,
            "after": after,
        }
        response = await self.execute(
            query=CALENDAR_GQL, operation_name="Calendar", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Calendar.model_validate(data).calendar

    async def plan(
        self,
        dataflow: str,
        moment: datetime,
        periods: list[str],
        legal_basis_vi: str,
        legal_basis_en: str,
        **kwargs: Any,
    ) -> Optional[PlanPlan]:
        variables: dict[str, object] = {
            "dataflow": dataflow,
            "moment": moment,
            "periods": periods,
            "legalBasisVi": legal_basis_vi,
            "legalBasisEn": legal_basis_en,
        }
        response = await self.execute(
            query=PLAN_GQL, operation_name="Plan", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Plan.model_validate(data).plan

    async def move_plan(
        self,
        entry: str,
        moment: datetime,
        reason_vi: str,
        reason_en: str,
        **kwargs: Any,
    ) -> Optional[MovePlanMovePlan]:
        variables: dict[str, object] = {
            "entry": entry,
            "moment": moment,
            "reasonVi": reason_vi,
            "reasonEn": reason_en,
        }
        response = await self.execute(
            query=MOVE_PLAN_GQL,
            operation_name="MovePlan",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return MovePlan.model_validate(data).move_plan

    async def cancel_plan(
        self, entry: str, reason_vi: str, reason_en: str, **kwargs: Any
    ) -> Optional[CancelPlanCancelPlan]:
        variables: dict[str, object] = {
            "entry": entry,
            "reasonVi": reason_vi,
            "reasonEn": reason_en,
        }
        response = await self.execute(
            query=CANCEL_PLAN_GQL,
            operation_name="CancelPlan",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return CancelPlan.model_validate(data).cancel_plan

    async def classifications(
        self,
        first: int,
        search: Union[Optional[str], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> ClassificationsClassifications:
        variables: dict[str, object] = {
            "search": search,
            "first": first,
            "after": after,
        }
        response = await self.execute(
            query=CLASSIFICATIONS_GQL,
            operation_name="Classifications",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return Classifications.model_validate(data).classifications

    async def classification_version(
        self, ref: str, **kwargs: Any
    ) -> Optional[ClassificationVersionCodelist]:
        variables: dict[str, object] = {"ref": ref}
        response = await self.execute(
            query=CLASSIFICATION_VERSION_GQL,
            operation_name="ClassificationVersion",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return ClassificationVersion.model_validate(data).codelist

    async def suggest(
        self,
        codelist: str,
        texts: list[str],
        first: int,
        level: Union[Optional[str], UnsetType] = UNSET,
        lang: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> Optional[list[SuggestSuggest]]:
        variables: dict[str, object] = {
            "codelist": codelist,
            "texts": texts,
            "level": level,
            "lang": lang,
            "first": first,
        }
        response = await self.execute(
            query=SUGGEST_GQL, operation_name="Suggest", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Suggest.model_validate(data).suggest

    async def classification_code(
        self, ref: str, id: str, **kwargs: Any
    ) -> Optional[ClassificationCodeCodelist]:
        variables: dict[str, object] = {"ref": ref, "id": id}
        response = await self.execute(
            query=CLASSIFICATION_CODE_GQL,
            operation_name="ClassificationCode",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return ClassificationCode.model_validate(data).codelist

    async def table_links(
        self,
        ref: str,
        to: str,
        first: int,
        kind: Union[Optional[str], UnsetType] = UNSET,
        state: Union[Optional[str], UnsetType] = UNSET,
        group: Union[Optional[str], UnsetType] = UNSET,
        search: Union[Optional[str], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> Optional[TableLinksCodelist]:
        variables: dict[str, object] = {
            "ref": ref,
            "to": to,
            "kind": kind,
            "state": state,
            "group": group,
            "search": search,
            "first": first,
            "after": after,
        }
        response = await self.execute(
            query=TABLE_LINKS_GQL,
            operation_name="TableLinks",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return TableLinks.model_validate(data).codelist

    async def table_groups(
        self,
        ref: str,
        to: str,
        first: int,
        kind: Union[Optional[str], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> Optional[TableGroupsCodelist]:
        variables: dict[str, object] = {
            "ref": ref,
            "to": to,
            "kind": kind,
            "first": first,
            "after": after,
        }
        response = await self.execute(
            query=TABLE_GROUPS_GQL,
            operation_name="TableGroups",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return TableGroups.model_validate(data).codelist

    async def version_changes(
        self,
        ref: str,
        to: str,
        first: int,
        kind: Union[Optional[str], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> Optional[VersionChangesCodelist]:
        variables: dict[str, object] = {
            "ref": ref,
            "to": to,
            "kind": kind,
            "first": first,
            "after": after,
        }
        response = await self.execute(
            query=VERSION_CHANGES_GQL,
            operation_name="VersionChanges",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return VersionChanges.model_validate(data).codelist

    async def codelists(
        self,
        search: Union[Optional[str], UnsetType] = UNSET,
        version: Union[Optional[str], UnsetType] = UNSET,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> CodelistsCodelists:
        variables: dict[str, object] = {
            "search": search,
            "version": version,
            "first": first,
            "after": after,
        }
        response = await self.execute(
            query=CODELISTS_GQL,
            operation_name="Codelists",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return Codelists.model_validate(data).codelists

    async def codelist(
        self,
        ref: str,
        search: Union[Optional[str], UnsetType] = UNSET,
        parent: Union[Optional[str], UnsetType] = UNSET,
        roots: Union[Optional[bool], UnsetType] = UNSET,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> Optional[CodelistCodelist]:
        variables: dict[str, object] = {
            "ref": ref,
            "search": search,
            "parent": parent,
            "roots": roots,
            "first": first,
            "after": after,
        }
        response = await self.execute(
            query=CODELIST_GQL, operation_name="Codelist", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Codelist.model_validate(data).codelist

    async def code(self, ref: str, id: str, **kwargs: Any) -> Optional[CodeCodelist]:
        variables: dict[str, object] = {"ref": ref, "id": id}
        response = await self.execute(
            query=CODE_GQL, operation_name="Code", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Code.model_validate(data).codelist

    async def correspondences(
        self,
        search: Union[Optional[str], UnsetType] = UNSET,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> CorrespondencesCorrespondences:
        variables: dict[str, object] = {
            "search": search,
            "first": first,
            "after": after,
        }
        response = await self.execute(
            query=CORRESPONDENCES_GQL,
            operation_name="Correspondences",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return Correspondences.model_validate(data).correspondences

    async def correspondence(
        self,
        ref: str,
        source: Union[Optional[str], UnsetType] = UNSET,
        target: Union[Optional[str], UnsetType] = UNSET,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> Optional[CorrespondenceCorrespondence]:
        variables: dict[str, object] = {
            "ref": ref,
            "source": source,
            "target": target,
            "first": first,
            "after": after,
        }
        response = await self.execute(
            query=CORRESPONDENCE_GQL,
            operation_name="Correspondence",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return Correspondence.model_validate(data).correspondence

    async def data_structure(
        self,
        ref: str,
        as_of: Union[Optional[datetime], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> DataStructureRegistry:
        variables: dict[str, object] = {"ref": ref, "asOf": as_of}
        response = await self.execute(
            query=DATA_STRUCTURE_GQL,
            operation_name="DataStructure",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return DataStructure.model_validate(data).registry

    async def metadata_structure(
        self,
        ref: str,
        as_of: Union[Optional[datetime], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> MetadataStructureRegistry:
        variables: dict[str, object] = {"ref": ref, "asOf": as_of}
        response = await self.execute(
            query=METADATA_STRUCTURE_GQL,
            operation_name="MetadataStructure",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return MetadataStructure.model_validate(data).registry

    async def data(
        self,
        ref: str,
        selection: Union[Optional[SelectionInput], UnsetType] = UNSET,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> Optional[DataDataflow]:
        variables: dict[str, object] = {
            "ref": ref,
            "selection": selection,
            "first": first,
            "after": after,
        }
        response = await self.execute(
            query=DATA_GQL, operation_name="Data", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Data.model_validate(data).dataflow

    async def noted_data(
        self,
        ref: str,
        selection: Union[Optional[SelectionInput], UnsetType] = UNSET,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> Optional[NotedDataDataflow]:
        variables: dict[str, object] = {
            "ref": ref,
            "selection": selection,
            "first": first,
            "after": after,
        }
        response = await self.execute(
            query=NOTED_DATA_GQL,
            operation_name="NotedData",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return NotedData.model_validate(data).dataflow

    async def recoding_targets(
        self, ref: str, **kwargs: Any
    ) -> Optional[RecodingTargetsDataflow]:
        variables: dict[str, object] = {"ref": ref}
        response = await self.execute(
            query=RECODING_TARGETS_GQL,
            operation_name="RecodingTargets",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return RecodingTargets.model_validate(data).dataflow

    async def availability(
        self,
        ref: str,
        selection: Union[Optional[SelectionInput], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> Optional[AvailabilityDataflow]:
        variables: dict[str, object] = {"ref": ref, "selection": selection}
        response = await self.execute(
            query=AVAILABILITY_GQL,
            operation_name="Availability",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return Availability.model_validate(data).dataflow

    async def find_codes(
        self,
        ref: str,
        search: str,
        selection: Union[Optional[SelectionInput], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> Optional[FindCodesDataflow]:
        variables: dict[str, object] = {
            "ref": ref,
            "search": search,
            "selection": selection,
        }
        response = await self.execute(
            query=FIND_CODES_GQL,
            operation_name="FindCodes",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return FindCodes.model_validate(data).dataflow

    async def dataflows(
        self,
        search: Union[Optional[str], UnsetType] = UNSET,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> DataflowsDataflows:
        variables: dict[str, object] = {
            "search": search,
            "first": first,
            "after": after,
        }
        response = await self.execute(
            query=DATAFLOWS_GQL,
            operation_name="Dataflows",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return Dataflows.model_validate(data).dataflows

    async def dataflow(self, ref: str, **kwargs: Any) -> Optional[DataflowDataflow]:
        variables: dict[str, object] = {"ref": ref}
        response = await self.execute(
            query=DATAFLOW_GQL, operation_name="Dataflow", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Dataflow.model_validate(data).dataflow

    async def quality_reports(
        self, ref: str, **kwargs: Any
    ) -> Optional[QualityReportsDataflow]:
        variables: dict[str, object] = {"ref": ref}
        response = await self.execute(
            query=QUALITY_REPORTS_GQL,
            operation_name="QualityReports",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return QualityReports.model_validate(data).dataflow

    async def registry_kinds(self, **kwargs: Any) -> RegistryKindsRegistry:
        variables: dict[str, object] = {}
        response = await self.execute(
            query=REGISTRY_KINDS_GQL,
            operation_name="RegistryKinds",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return RegistryKinds.model_validate(data).registry

    async def artefacts(
        self,
        first: int,
        kind: Union[Optional[str], UnsetType] = UNSET,
        search: Union[Optional[str], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> ArtefactsRegistry:
        variables: dict[str, object] = {
            "kind": kind,
            "search": search,
            "first": first,
            "after": after,
        }
        response = await self.execute(
            query=ARTEFACTS_GQL,
            operation_name="Artefacts",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return Artefacts.model_validate(data).registry

    async def artefact(
        self,
        ref: str,
        first: int,
        kind: Union[Optional[str], UnsetType] = UNSET,
        as_of: Union[Optional[datetime], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> ArtefactRegistry:
        variables: dict[str, object] = {
            "ref": ref,
            "kind": kind,
            "asOf": as_of,
            "first": first,
            "after": after,
        }
        response = await self.execute(
            query=ARTEFACT_GQL, operation_name="Artefact", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Artefact.model_validate(data).registry

    async def deliveries(self, **kwargs: Any) -> Optional[list[DeliveriesDeliveries]]:
        variables: dict[str, object] = {}
        response = await self.execute(
            query=DELIVERIES_GQL,
            operation_name="Deliveries",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return Deliveries.model_validate(data).deliveries

    async def delivery(
        self, id: str, limit: Union[Optional[int], UnsetType] = UNSET, **kwargs: Any
    ) -> Optional[DeliveryDelivery]:
        variables: dict[str, object] = {"id": id, "limit": limit}
        response = await self.execute(
            query=DELIVERY_GQL, operation_name="Delivery", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Delivery.model_validate(data).delivery

    async def drafts(self, **kwargs: Any) -> Optional[list[DraftsDrafts]]:
        variables: dict[str, object] = {}
        response = await self.execute(
            query=DRAFTS_GQL, operation_name="Drafts", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Drafts.model_validate(data).drafts

    async def approve(self, draft: str, **kwargs: Any) -> Optional[ApproveApprove]:
        variables: dict[str, object] = {"draft": draft}
        response = await self.execute(
            query=APPROVE_GQL, operation_name="Approve", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Approve.model_validate(data).approve

    async def release(
        self,
        draft: str,
        embargo: Union[Optional[datetime], UnsetType] = UNSET,
        plan: Union[Optional[str], UnsetType] = UNSET,
        correction_vi: Union[Optional[str], UnsetType] = UNSET,
        correction_en: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> Optional[ReleaseRelease]:
        variables: dict[str, object] = {
            "draft": draft,
            "embargo": embargo,
            "plan": plan,
            "correctionVi": correction_vi,
            "correctionEn": correction_en,
        }
        response = await self.execute(
            query=RELEASE_GQL, operation_name="Release", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Release.model_validate(data).release

    async def withdraw(
        self, release: str, reason_vi: str, reason_en: str, **kwargs: Any
    ) -> Optional[WithdrawWithdraw]:
        variables: dict[str, object] = {
            "release": release,
            "reasonVi": reason_vi,
            "reasonEn": reason_en,
        }
        response = await self.execute(
            query=WITHDRAW_GQL, operation_name="Withdraw", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Withdraw.model_validate(data).withdraw

    async def discard(self, draft: str, **kwargs: Any) -> Optional[DiscardDiscard]:
        variables: dict[str, object] = {"draft": draft}
        response = await self.execute(
            query=DISCARD_GQL, operation_name="Discard", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Discard.model_validate(data).discard

    async def changes(
        self,
        ref: str,
        since: Union[Optional[str], UnsetType] = UNSET,
        up_to: Union[Optional[str], UnsetType] = UNSET,
        selection: Union[Optional[SelectionInput], UnsetType] = UNSET,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> Optional[ChangesDataflow]:
        variables: dict[str, object] = {
            "ref": ref,
            "since": since,
            "upTo": up_to,
            "selection": selection,
            "first": first,
            "after": after,
        }
        response = await self.execute(
            query=CHANGES_GQL, operation_name="Changes", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Changes.model_validate(data).dataflow

    async def revisions(
        self,
        ref: str,
        selection: Union[Optional[SelectionInput], UnsetType] = UNSET,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> Optional[RevisionsDataflow]:
        variables: dict[str, object] = {
            "ref": ref,
            "selection": selection,
            "first": first,
            "after": after,
        }
        response = await self.execute(
            query=REVISIONS_GQL,
            operation_name="Revisions",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return Revisions.model_validate(data).dataflow

    async def service(self, **kwargs: Any) -> ServiceService:
        variables: dict[str, object] = {}
        response = await self.execute(
            query=SERVICE_GQL, operation_name="Service", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Service.model_validate(data).service

    async def viewer(self, **kwargs: Any) -> ViewerViewer:
        variables: dict[str, object] = {}
        response = await self.execute(
            query=VIEWER_GQL, operation_name="Viewer", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Viewer.model_validate(data).viewer

    async def agencies(
        self, search: Union[Optional[str], UnsetType] = UNSET, **kwargs: Any
    ) -> list[AgenciesAgencies]:
        variables: dict[str, object] = {"search": search}
        response = await self.execute(
            query=AGENCIES_GQL, operation_name="Agencies", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Agencies.model_validate(data).agencies
