"""Rows of observations that repeat what their group shares."""

from __future__ import annotations

from adapters.sdmx.writing.columns import Template
from adapters.sdmx.writing.frames import Frame
from registry.rendering import At, Column, Rendered


class Row:
    """A row in the making: what a group shares is put together once and then repeated for each of its observations."""

    def __init__(self, frame: Frame, observations: bool) -> None:
        self._frame, self._observations = frame, observations
        self._row, self._run = Template(), Template()

    def text(self, text: bytes) -> Row:
        self._run.text(text)
        return self

    def group(self, column: Column) -> None:
        self._run.add([column])

    def observation(self, column: Column) -> None:
        self._close()
        self._row.add([column])

    def _close(self) -> None:
        if self._run.fixed is not None:
            self._row.text(self._run.fixed)
        elif self._frame.one_each:
            self._row.add([self._run.rows(self._frame.groups)])
        else:
            self._row.add([At(self._run.rows(self._frame.groups), self._frame.owners)])
        self._run = Template()

    def rendered(self) -> Rendered:
        """A text for each observation, or for each group where only series are shown."""
        if not self._observations:
            return self._run.rows(self._frame.groups)
        self._close()
        return self._row.rows(self._frame.observations)
