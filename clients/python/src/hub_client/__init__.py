"""A typed client of the statistical data hub. See README.md."""

from .client import AsyncHubClient, HubClient
from .errors import ConnectionFailed, HubClientError, HubMessage, QueryFailed, UnexpectedReply
from .generated.input_types import DimensionInput, SelectionInput
from .rows import Row, select, to_rows

__all__ = [
    "AsyncHubClient",
    "ConnectionFailed",
    "DimensionInput",
    "HubClient",
    "HubClientError",
    "HubMessage",
    "QueryFailed",
    "Row",
    "SelectionInput",
    "UnexpectedReply",
    "select",
    "to_rows",
]
