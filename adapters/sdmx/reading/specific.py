"""Structure-specific data of SDMX-ML 2.1 and 3.x in columns: parts are XML attributes; 3.x adds ``Comp`` for several values.

Nearly all of a message are empty ``Obs`` elements. For those the parser only puts attribute lists and names of ended elements
into one list; what they mean is worked out for many at once (:mod:`adapters.sdmx.reading.piling`).

Source: SDMX 2.1 section 3A and 3.0 section 3A, "Structure Specific Data".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from adapters.sdmx.elements import local
from adapters.sdmx.reading.header import Header, read_action, read_header
from adapters.sdmx.reading.piling import Attributes, Pile, pairs, stated
from adapters.sdmx.reading.xml import events, guard_attributes, guard_depth, scanned, scanner
from registry.raw import Raw, RawDataSet, RawGroup, RawValue

_OBS = "Obs"
_OWN = frozenset(
    {
        *("action", "setID", "structureRef", "dataScope", "validFromDate", "validToDate"),
        *("reportingBeginDate", "reportingEndDate", "publicationYear", "publicationPeriod"),
    }
)
"""Attributes of a data set that are the format's own; some software leaves their namespace out."""


def read_specific(stream: BinaryIO) -> Iterator[Raw]:
    """The raw stream of a message. Errors: see :func:`adapters.sdmx.reading.xml.events`."""
    header = _header(stream)
    stream.seek(0)
    parser = scanner()
    walk = _Walk(header, parser)
    for _ in scanned(parser, stream):
        yield from walk.taken()


def _header(stream: BinaryIO) -> Header:
    """The header; reading it also guards the root of the document."""
    for event, element in events(stream):
        name = local(element)
        if event == "end" and name == "Header":
            return read_header(element)
        if event == "start" and name == "DataSet":
            break
    return Header()


class _Walk:
    """Turns what Expat tells into raw items. ``_told``: attributes of begun observations, names of ended elements."""

    def __init__(self, header: Header, parser: Any) -> None:
        self._header, self._parser = header, parser
        self._open: list[str] = []
        self._told: list[Any] = []
        self._obs = _OBS
        self._ready: list[Raw] = []
        self._pile = Pile()
        self._inside = False
        self._group: dict[str, RawValue] = {}
        self._plainly()

    def taken(self) -> list[Raw]:
        """What is complete."""
        self._settle(complete=False)
        guard_depth(len(self._open))
        ready, self._ready = self._ready, []
        return ready

    def _plainly(self) -> None:
        """Observations cost one short call each, ended elements none in Python."""
        obs, told, other = self._obs, self._told.append, self._start

        def start(name: str, attributes: Attributes) -> None:
            if name == obs:
                told(attributes)
            else:
                other(name, attributes)

        self._parser.StartElementHandler = start
        self._parser.EndElementHandler = told
        self._parser.CharacterDataHandler = None

    def _start(self, name: str, attributes: Attributes) -> None:
        self._settle(complete=True)
        short = name.rpartition("}")[2]
        if short == _OBS:
            self._obs = name
            self._plainly()
            self._told.append(attributes)
            return
        guard_attributes(len(attributes) // 2)
        self._open.append(short)
        guard_depth(len(self._open))
        self._begin(short, attributes)

    def _begin(self, name: str, attributes: Attributes) -> None:
        if name == "DataSet" and not self._inside:
            self._dataset(attributes)
        elif not self._inside:
            return
        elif name == "Series":
            self._pile.begin_series(stated(attributes))
        elif name in ("Group", "Atts") and self._open[-2] == "DataSet":
            self._group = stated(attributes)
            self._group.pop("type", None)
        elif name == "Comp":
            self._comp(dict(pairs(attributes)).get("id", ""))

    def _dataset(self, attributes: Attributes) -> None:
        named = {name.rpartition("}")[2]: text for name, text in pairs(attributes)}
        arrangement = self._header.arrangement(named.get("structureRef"))
        action = read_action(named.get("action") or self._header.action)
        parts = {name: text for name, text in stated(attributes).items() if name not in _OWN}
        self._ready.append(RawDataSet(arrangement.use, action, parts))
        self._pile.arrangement = arrangement
        self._inside = True

    def _comp(self, id_: str) -> None:
        """From here to its end a ``Comp`` is read in Python."""
        parent = self._open[-2]

        def done(values: RawValue) -> None:
            if parent == _OBS:
                self._pile.add(id_, values)
            elif parent == "Series":
                self._pile.add_to_series(id_, values)
            elif parent in ("Group", "Atts"):
                self._group[id_] = values
            self._open.pop()
            self._plainly()

        comp = Comp(len(self._open), done)
        self._parser.StartElementHandler = comp.start
        self._parser.EndElementHandler = comp.end
        self._parser.CharacterDataHandler = comp.text

    def _settle(self, complete: bool) -> None:
        """Work off what was told. An observation that has begun stays, unless one of its children begins (``complete``)."""
        told = self._told
        first, last = 0, len(told)
        while first < last and type(told[first]) is str:
            self._end(told[first])
            first += 1
        while last > first + 1 and type(told[last - 1]) is str and type(told[last - 2]) is str:
            last -= 1
        trailing, begun = told[last:], last > first and type(told[last - 1]) is list
        rows, ends = told[first:last:2], told[first + 1 : last : 2]
        if len(rows) == len(ends) + begun and ends.count(self._obs) == len(ends):
            held = rows.pop() if begun and not complete else None
            self._observe(rows)
            if begun and complete:
                self._open.append(_OBS)
        else:
            held = None
            self._one_by_one(told[first:last])
        told.clear()
        for name in trailing:
            self._end(name)
        if held is not None:
            told.append(held)

    def _one_by_one(self, told: list[Any]) -> None:
        """Where observations stand in each other."""
        for one in told:
            if type(one) is str:
                self._end(one)
            else:
                self._observe([one])
                self._open.append(_OBS)

    def _observe(self, rows: list[Attributes]) -> None:
        if self._inside and rows:
            self._pile.observe(rows)
            self._ready.extend(self._pile.full())

    def _end(self, name: str) -> None:
        self._open.pop()
        short = name.rpartition("}")[2]
        if not self._inside:
            return
        if short == "Series":
            self._pile.end_series()
        elif short in ("Group", "Atts") and self._open[-1] == "DataSet":
            self._ready.extend(self._pile.taken())
            self._ready.append(RawGroup(self._group))
        elif short == "DataSet" and "DataSet" not in self._open:
            self._ready.extend(self._pile.taken())
            self._inside = False


class Comp:
    """Gathers the values of one ``Comp``: every text counts as one, also those of one value in several languages."""

    def __init__(self, depth: int, done: Callable[[RawValue], None]) -> None:
        self._depth, self._done = depth, done
        self._path: list[str] = []
        self._texts: list[str] = []
        self._children: list[str] = []
        self._values: list[str] = []

    def start(self, name: str, _: Attributes) -> None:
        self._path.append(name.rpartition("}")[2])
        guard_depth(self._depth + len(self._path))
        if len(self._path) == 1:
            self._children = []
        self._texts = []

    def text(self, text: str) -> None:
        self._texts.append(text)

    def end(self, _: str) -> None:
        if not self._path:
            self._done(self._values[0] if len(self._values) == 1 else tuple(self._values))
            return
        name = self._path.pop()
        if len(self._path) == 1:
            self._children.append("".join(self._texts))
        elif not self._path and name == "Value":
            self._values += self._children or ["".join(self._texts)]
