"""Structure-specific data messages in SDMX-ML 2.1, in pieces of one series.

Source: SDMX 2.1 section 3A part IV, "Structure Specific Data". Group attributes are written on their series: groups would have
to come before all series, and so before the series are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from adapters.sdmx.writing.header import Header, payload, structure_id
from adapters.sdmx.writing.shape import ALL_DIMENSIONS, MEASURE, Shape, observations
from adapters.sdmx.writing.xml import DECLARATION, attributes, declared, element, escape, opening
from registry.answers import Answer
from registry.model import DataStructure
from registry.series import Series


def specific_data(
    header: Header, answer: Answer, shape: Shape, action: str, root: str = "StructureSpecificData"
) -> Iterator[str]:
    """The message; ``root`` is ``StructureSpecificData`` or ``StructureSpecificTimeSeriesData``."""
    dataflow, dsd = answer.structure.dataflow.ref, answer.structure.dsd
    at = ALL_DIMENSIONS if shape.flat or dsd.time is None else dsd.time.id
    namespace = f"{dataflow.urn}:ObsLevelDim:{at}"
    declarations = declared("mes", "com", "ss", "xsi") | {"xmlns:ns1": namespace}
    after = element("mes:DataSetAction", content=action)
    yield DECLARATION + opening(f"mes:{root}", declarations) + header.xml(payload(dataflow, at, namespace), after)
    yield _data_set(answer, shape, action)
    for series in answer.series:
        yield _flat(dsd, series, shape) if at == ALL_DIMENSIONS else _grouped(dsd, series, shape)
    yield f"</mes:DataSet></mes:{root}>"


def _data_set(answer: Answer, shape: Shape, action: str) -> str:
    named = {
        "ss:structureRef": structure_id(answer.structure.dataflow.ref),
        "xsi:type": "ns1:DataSetType",
        "ss:dataScope": "Dataflow",
        "ss:action": action,
    }
    return opening("mes:DataSet", named | shape.data_set(answer.dataset_attributes))


def _grouped(dsd: DataStructure, series: Series, shape: Shape) -> str:
    head = _pairs(zip(dsd.key, series.key, strict=True)) + attributes(shape.series(series))
    if not shape.observations:
        return f"<Series{head}/>"
    time = dsd.time.id if dsd.time else ""
    content = "".join(
        f'<Obs {time}="{period}"{_value(value)}{_pairs(facts)}/>' for period, value, facts in observations(series, shape)
    )
    return f"<Series{head}>{content}</Series>"


def _flat(dsd: DataStructure, series: Series, shape: Shape) -> str:
    """Every observation with its whole key; a message without observations shows the series key alone."""
    head = _pairs(zip(dsd.key, series.key, strict=True)) + attributes(shape.series(series))
    if not shape.observations:
        return f"<Obs{head}/>"
    time = f' {dsd.time.id}="' if dsd.time else ""
    return "".join(
        f"<Obs{head}{time + period + chr(34) if time else ''}{_value(value)}{_pairs(facts)}/>"
        for period, value, facts in observations(series, shape)
    )


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(f' {name}="{escape(text)}"' for name, text in pairs)


def _value(value: str | None) -> str:
    return "" if value is None else f' {MEASURE}="{escape(value)}"'
