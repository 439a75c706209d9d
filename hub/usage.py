"""Who uses a code: published series and observations by code, counted in the index of a vintage without reading one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from hub.vintages import Vintage
from registry.columns import Coded
from registry.usage import Use


def everything(vintage: Vintage) -> Mapping[str, Use]:
    """All of the vintage, under the empty text."""
    index = vintage.index
    return {"": Use(len(np.unique(index.series)), int(index.count.sum()))}


def by_code(vintage: Vintage, dimensions: tuple[str, ...], component: str) -> Mapping[str, Use]:
    """By the codes of a dimension or of a series attribute; empty for any other component, which no index has."""
    if component in dimensions:
        return _counted(vintage, vintage.index.key[dimensions.index(component)])
    label = vintage.labels.get(component)
    return _counted(vintage, label.take(vintage.index.series)) if label else {}


def _counted(vintage: Vintage, column: Coded) -> Mapping[str, Use]:
    """``column`` has a code for each row of the index. A series of several frequencies has several rows."""
    index, size = vintage.index, len(column.texts)
    said = column.codes >= 0
    once = np.zeros(len(index), bool)
    once[np.unique(index.series, return_index=True)[1]] = True
    series = np.bincount(column.codes[said & once], minlength=size)
    observations = np.bincount(column.codes[said], weights=index.count[said], minlength=size)
    counts = zip(column.texts, series.tolist(), observations.tolist(), strict=True)
    return {text: Use(number, int(total)) for text, number, total in counts if number}
