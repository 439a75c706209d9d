"""Figures in the codes of another version of a classification: what may be asked, and what a reader is told of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hub_client import AsyncHubClient, HubMessage, QueryFailed, SelectionInput
from hub_client.generated.fragments import ListFields, ToldData


@dataclass(frozen=True)
class Told:
    """The data, recoded as was asked; where that is refused the data as they are, and the reason."""

    data: ToldData
    refused: HubMessage | None = None


async def told_data(client: AsyncHubClient, ref: str, selection: SelectionInput, page: int, after: str) -> Told:
    """A page of series; errors that have nothing to do with recoding pass through."""
    try:
        return Told(await _read(client, ref, selection, page, after))
    except QueryFailed as error:
        if not selection.recode:
            raise
        plain = selection.model_copy(update={"recode": None})
        return Told(await _read(client, ref, plain, page, after), error.first)


async def _read(client: AsyncHubClient, ref: str, selection: SelectionInput, page: int, after: str) -> ToldData:
    flow = await client.noted_data(ref, selection, first=page, after=after or None)
    assert flow is not None and flow.data is not None
    return flow.data


async def recoding_targets(client: AsyncHubClient, ref: str) -> Mapping[str, tuple[ListFields, ...]]:
    """The lists that the figures of each dimension can be recoded to, each once."""
    flow = await client.recoding_targets(ref)
    found: dict[str, tuple[ListFields, ...]] = {}
    for dimension in flow.structure.dimensions if flow else ():
        lists = [table.to_codelist for table in dimension.codelist.correspondences] if dimension.codelist else []
        once = {each.ref: each for each in lists if each}
        if once:
            found[dimension.id] = tuple(once[ref] for ref in sorted(once))
    return found
