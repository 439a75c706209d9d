"""Generic data messages in SDMX-ML 2.1, in pieces of one series.

Source: SDMX 2.1 section 3A part IV, "Generic Data".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from adapters.sdmx.writing.header import Header, payload, structure_id
from adapters.sdmx.writing.shape import ALL_DIMENSIONS, Shape, observations
from adapters.sdmx.writing.xml import DECLARATION, declared, element, escape, opening
from registry.answers import Answer
from registry.model import DataStructure
from registry.series import Series


def generic_data(header: Header, answer: Answer, shape: Shape, action: str, root: str = "GenericData") -> Iterator[str]:
    """The message; ``root`` is ``GenericData`` or ``GenericTimeSeriesData``."""
    dataflow, dsd = answer.structure.dataflow.ref, answer.structure.dsd
    at = ALL_DIMENSIONS if shape.flat or dsd.time is None else dsd.time.id
    after = element("mes:DataSetAction", content=action)
    yield DECLARATION + opening(f"mes:{root}", declared("mes", "com", "gen")) + header.xml(payload(dataflow, at), after)
    yield opening("mes:DataSet", {"structureRef": structure_id(dataflow), "action": action})
    yield _attributes(shape.data_set(answer.dataset_attributes))
    for series in answer.series:
        yield _flat(dsd, series, shape) if at == ALL_DIMENSIONS else _grouped(dsd, series, shape)
    yield f"</mes:DataSet></mes:{root}>"


def _grouped(dsd: DataStructure, series: Series, shape: Shape) -> str:
    key = element("gen:SeriesKey", content=_values(zip(dsd.key, series.key, strict=True)))
    content = key + _attributes(shape.series(series))
    if shape.observations:
        content += "".join(
            f'<gen:Obs><gen:ObsDimension value="{period}"/>{_value(value)}{_attributes(dict(facts))}</gen:Obs>'
            for period, value, facts in observations(series, shape)
        )
    return element("gen:Series", content=content)


def _flat(dsd: DataStructure, series: Series, shape: Shape) -> str:
    """Every observation with its whole key; a message without observations shows the series key alone."""
    key = _values(zip(dsd.key, series.key, strict=True))
    common = shape.series(series)
    if not shape.observations:
        return element("gen:Obs", content=element("gen:ObsKey", content=key) + _attributes(common))
    time = f'<gen:Value id="{dsd.time.id}" value="' if dsd.time else ""
    return "".join(
        f"<gen:Obs><gen:ObsKey>{key}{time + period + chr(34) + '/>' if time else ''}</gen:ObsKey>"
        f"{_value(value)}{_attributes(common | dict(facts))}</gen:Obs>"
        for period, value, facts in observations(series, shape)
    )


def _values(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(f'<gen:Value id="{name}" value="{escape(text)}"/>' for name, text in pairs)


def _value(value: str | None) -> str:
    return "" if value is None else f'<gen:ObsValue value="{escape(value)}"/>'


def _attributes(facts: Mapping[str, str]) -> str:
    return element("gen:Attributes", content=_values(facts.items())) if facts else ""
