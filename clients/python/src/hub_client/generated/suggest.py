from typing import Optional

from .base_model import BaseModel
from .fragments import SuggestionsFields


class Suggest(BaseModel):
    suggest: Optional[list["SuggestSuggest"]]


SuggestSuggest = SuggestionsFields
Suggest.model_rebuild()
