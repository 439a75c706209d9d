"""The clients: the generated operations, and reading all pages of an answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from .generated.async_operations import AsyncOperations
from .generated.fragments import DataFields, DataflowData, SeriesFields
from .generated.input_types import SelectionInput
from .generated.operations import Operations
from .rows import Row, to_rows

PAGE = 200


def _page(flow: DataflowData | None, ref: str) -> DataFields:
    if flow is None or flow.data is None:
        raise LookupError(f"There is no dataflow {ref}.")
    return flow.data


class HubClient(Operations):
    """A hub, asked synchronously. Every operation of ``clients/operations`` is a method."""

    def series(self, ref: str, selection: SelectionInput | None = None, page: int = PAGE) -> Iterator[SeriesFields]:
        """All series of a selection, page by page and of one release."""
        after: str | None = None
        while True:
            found = _page(self.data(ref, selection, first=page, after=after), ref)
            yield from found.series
            after = found.page_info.end_cursor
            if not found.page_info.has_next_page:
                return

    def rows(self, ref: str, selection: SelectionInput | None = None, page: int = PAGE) -> list[Row]:
        """All observations of a selection, one row each."""
        return to_rows(self.series(ref, selection, page))


class AsyncHubClient(AsyncOperations):
    """A hub, asked asynchronously. Every operation of ``clients/operations`` is a method."""

    async def series(self, ref: str, selection: SelectionInput | None = None, page: int = PAGE) -> AsyncIterator[SeriesFields]:
        """All series of a selection, page by page and of one release."""
        after: str | None = None
        while True:
            found = _page(await self.data(ref, selection, first=page, after=after), ref)
            for each in found.series:
                yield each
            after = found.page_info.end_cursor
            if not found.page_info.has_next_page:
                return

    async def rows(self, ref: str, selection: SelectionInput | None = None, page: int = PAGE) -> list[Row]:
        """All observations of a selection, one row each."""
        return to_rows([each async for each in self.series(ref, selection, page)])
