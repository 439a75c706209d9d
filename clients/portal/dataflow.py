"""The page of a dataflow: the form, the table, the chart, notes, downloads and code."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hub_client import AsyncHubClient, SelectionInput, select
from hub_client.generated.fragments import (
    AttributeFields,
    AvailabilityFields,
    DataflowDetail,
    ListFields,
    ToldData,
)
from starlette.responses import Response

from clients.portal import chart, form, periods, table
from clients.portal.choice import LONG, Choice
from clients.portal.crossings import basis_words
from clients.portal.first_view import FREQUENCIES, first_view, in_order
from clients.portal.numbers import percent
from clients.portal.recoded import Told, recoding_targets, told_data
from clients.portal.snippets import snippets
from clients.portal.visitor import Visitor

PAGE = 50
"""Series on one page."""

MOST_LOOKED_UP = 20
"""Chosen codes whose names are asked for one by one; more are shown by their ids."""

LONG_ROWS = 1000
"""Rows of the long layout on one page."""

LAST = (1, 4, 6, 8, 10, 12, 24, 36, 60, 120)
SYNTHETIC = ("synthetic", "không phải số liệu thật")
"""Words in the comment on a data set that call for a banner."""


@dataclass(frozen=True)
class Read:
    """Everything the hub told for one page."""

    detail: DataflowDetail
    choice: Choice
    selection: SelectionInput
    availability: AvailabilityFields
    told: Told
    found: form.Found
    targets: Mapping[str, tuple[ListFields, ...]]

    @property
    def data(self) -> ToldData:
        return self.told.data


async def dataflow_page(visitor: Visitor, agency: str, id: str, version: str = "latest") -> Response:
    """The page; errors of the hub pass through."""
    detail = await visitor.client.dataflow(f"{agency}:{id}({version})")
    assert detail is not None, "the hub gives an error for what is not there"
    if not detail.releases:
        return await visitor.page("unreleased.html", {"flow": detail})
    read = await _read(visitor, detail)
    names = {each.id: each.name for each in detail.structure.dimensions}
    names |= {each.id: each.name for each in detail.structure.attributes}
    shown = table.build(in_order(read.data.series, read.availability.dimensions), names, visitor.words)
    facts = {
        "flow": detail,
        "choice": read.choice,
        "data": read.data,
        "release": read.data.release or detail.releases[0],
        "newest": detail.releases[0],
        "synthetic": is_synthetic(read.data.dataset_attributes),
        "controls": form.controls(
            read.availability, read.choice, read.found, await _code_names(visitor.client, read), read.targets
        ),
        "refused": read.told.refused,
        "names": names,
        "lists": {each.ref: each.name for targets in read.targets.values() for each in targets},
        "percent": lambda share: percent(str(share), visitor.lang),
        "basis": lambda text: basis_words(text, visitor.words),
        "suggested": _suggested(read),
        "last": sorted({*LAST, *([read.choice.last] if read.choice.last else [])}),
        "table": shown,
        "long": _long(shown) if read.choice.layout == LONG else (),
        "chart": await chart.draw(shown, detail.name, visitor.words, visitor.site.drawer),
        "statuses": await _status_names(visitor.client, detail, shown.statuses),
        "symbols": table.SYMBOLS,
        "snippets": snippets(detail.ref, read.selection, read.data.links.csv, visitor.site.public_url, visitor.lang),
        "most_rows": LONG_ROWS,
    }
    return await visitor.page("dataflow.html", facts)


async def _read(visitor: Visitor, detail: DataflowDetail) -> Read:
    client = visitor.client
    dimensions = [each.id for each in detail.structure.dimensions if not each.is_time]
    choice = Choice.read(visitor.request.query_params.multi_items(), dimensions)
    if choice.empty:
        offered = await _availability(client, detail, select())
        view = await first_view(client, detail.ref, offered.dimensions)
        choice = replace(view, release=choice.release, layout=choice.layout, find=choice.find, recode=choice.recode)
    selection = choice.selection(detail.releases)
    codes = select(choice.codes, as_of=selection.as_of)
    availability, told, found, targets = await asyncio.gather(
        _availability(client, detail, codes),
        told_data(client, detail.ref, selection, PAGE, choice.after),
        _find(client, detail, choice, codes),
        recoding_targets(client, detail.ref),
    )
    return Read(detail, choice, selection, availability, told, found, targets)


async def _availability(client: AsyncHubClient, detail: DataflowDetail, selection: SelectionInput) -> AvailabilityFields:
    flow = await client.availability(detail.ref, selection)
    assert flow is not None and flow.availability is not None
    return flow.availability


async def _find(client: AsyncHubClient, detail: DataflowDetail, choice: Choice, selection: SelectionInput) -> form.Found:
    """The codes found for each dimension in which words are looked for."""

    async def look(dimension: str, words: str) -> form.Found:
        flow = await client.find_codes(detail.ref, words, selection)
        parts = flow.availability.dimensions if flow and flow.availability else []
        return {part.id: form.best_first(part.open_codes, words) for part in parts if part.id == dimension}

    answers = await asyncio.gather(*(look(*pair) for pair in choice.find.items()))
    return {dimension: codes for answer in answers for dimension, codes in answer.items()}


async def _status_names(client: AsyncHubClient, detail: DataflowDetail, statuses: Sequence[str]) -> list[tuple[str, str]]:
    """The statuses in the table with their names, for the legend."""
    attribute = next((each for each in detail.structure.attributes if each.id == table.STATUS), None)
    if not statuses or attribute is None or attribute.codelist is None:
        return [(status, status) for status in statuses]
    found = await client.codelist(attribute.codelist.ref, first=200)
    names = {code.id: code.name for code in found.codes.nodes} if found else {}
    return [(status, names.get(status, status)) for status in statuses]


def is_synthetic(attributes: Sequence[AttributeFields]) -> bool:
    """Whether the data set says that its figures are made up."""
    return any(word in each.value.casefold() for each in attributes for word in SYNTHETIC)


async def _code_names(client: AsyncHubClient, read: Read) -> form.Names:
    """The names of the chosen codes that the lists do not offer, such as those that give nothing with the rest."""
    offered = {(part.id, code.id) for part in read.availability.dimensions for code in (*part.first, *part.top)}
    names = {(code.dimension, code.id): code.name for series in read.data.series for code in series.codes}
    lists = {each.id: each.codelist.ref for each in read.detail.structure.dimensions if each.codelist}
    chosen = [(dimension, id_) for dimension, ids in read.choice.codes.items() for id_ in ids if dimension in lists]
    unknown = [each for each in chosen if each not in names and each not in offered][:MOST_LOOKED_UP]
    answers = await asyncio.gather(*(client.code(lists[dimension], id_) for dimension, id_ in unknown))
    found = {each: answer.code.name for each, answer in zip(unknown, answers, strict=True) if answer and answer.code}
    return {**names, **found}


def _suggested(read: Read) -> list[str]:
    """Periods to pick from, of the finest frequency chosen."""
    start, end = read.availability.start, read.availability.end
    chosen = read.choice.codes.get("FREQ") or [series.key.split(".")[0] for series in read.data.series[:1]]
    frequency = next((each for each in FREQUENCIES if each in chosen), "M")
    return periods.suggested(periods.read(start), periods.read(end), frequency) if start and end else []


def _long(shown: table.Table) -> list[tuple[table.Row, periods.Period, table.Cell]]:
    """One entry for each observation there is, at most :data:`LONG_ROWS`."""
    every = (
        (row, period, cell)
        for row in shown.rows
        for period, cell in zip(shown.columns, row.cells, strict=True)
        if cell.kind != "absent"
    )
    return [entry for entry, _ in zip(every, range(LONG_ROWS), strict=False)]
