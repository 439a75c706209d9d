from .base_model import BaseModel
from .fragments import AgencyFields


class Agencies(BaseModel):
    agencies: list["AgenciesAgencies"]


AgenciesAgencies = AgencyFields
Agencies.model_rebuild()
