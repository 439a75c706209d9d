"""Structure messages in SDMX-ML 2.1, 3.0 and 3.1, in pieces: a list of many items is never whole in memory.

What the version cannot hold is left out, and a footer says so. Source: SDMX 2.1 section 3A part III; for stubs SDMX REST 2.2.2,
"detail".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial

from adapters.sdmx.markup.artefacts import CONTAINERS, RECORDS, tag_of
from adapters.sdmx.markup.codes import bare
from adapters.sdmx.markup.constraints import AVAILABILITY
from adapters.sdmx.markup.grammar import Context, Out
from adapters.sdmx.markup.values import Unfit
from adapters.sdmx.otherwise import availability, old_way, turned
from adapters.sdmx.writing.footer import footer
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.shown import Form, Lost, Shown, StructureFormat, Written, presented, together
from adapters.sdmx.writing.xml import DECLARATION, chunks, declared, opening
from registry.model import Artefact, Codelist, DataConstraint
from registry.ref import Kind


def availability_in_markup(constraints: Sequence[DataConstraint], header: Header, along: Sequence[Shown]) -> Iterator[bytes]:
    """A structure message of SDMX-ML 3.1 with the constraints, which have no identity there, behind everything else."""
    return chunks(_message("3.1", header, along, constraints))


def _message(version: str, header: Header, shown: Sequence[Shown], told: Sequence[Artefact] = ()) -> Iterator[str]:
    """``told``: what is not shown as an artefact, but as what there is."""
    lost = list(header.lacking)
    parts = _parts(version, shown, lost)
    yield DECLARATION + opening("mes:Structure", declared("mes", "str", "com", version=version)) + header.xml()
    yield opening("mes:Structures")
    for container in CONTAINERS[version]:
        if container in parts:
            yield from _contained(container, _all(parts[container], version, lost))
    if version == "3.1":
        whole = (one.artefact for one in shown if one.form is Form.FULL)
        yield from _contained("AvailabilityConstraints", filter(None, map(_available, (*whole, *told))))
    yield f"</mes:Structures>{footer(version, lost)}</mes:Structure>"


_Part = list[Artefact | Written]
"""What stands in a container: artefacts to be written, and what is written of others."""


def _parts(version: str, shown: Iterable[Shown], lost: list[Lost]) -> Mapping[str, _Part]:
    """What is written, by container; what has none is lost."""
    containers = _containers(version)
    parts: dict[str, _Part] = {name: [] for name in containers.values()}
    for one in shown:
        said = _at_once(one, version) if one.at_once else _whole(one, version, lost)
        container = containers.get(said.ref.kind)
        if container is None:
            lost.append(Lost(said.ref, "", "ML_NO_ELEMENT"))
        else:
            parts[container].append(said)
    return parts


def _all(part: _Part, version: str, lost: list[Lost]) -> Iterator[str]:
    yield from together(_each(part, version, lost))


def _each(part: _Part, version: str, lost: list[Lost]) -> Iterator[str]:
    for one in part:
        if isinstance(one, Written):
            lost += one.lost
            yield one.content
        else:
            yield from _begun(one, version, lost) or ()


def _contained(container: str, pieces: Iterator[str]) -> Iterator[str]:
    """A container with what is in it; none without anything."""
    first = next(pieces, None)
    if first is not None:
        yield f"<str:{container}>{first}"
        yield from pieces
        yield f"</str:{container}>"


def _whole(one: Shown, version: str, lost: list[Lost]) -> Artefact:
    whole = presented(one)
    artefact = _said(whole, version)
    lost += turned(whole, artefact)
    return artefact


def _said(artefact: Artefact, version: str) -> Artefact:
    return old_way(artefact) if version == "2.1" else artefact


def _at_once(one: Shown, version: str) -> Written:
    return one.written(_WRITTEN[version], _written, version)


def _written(one: Shown, version: str) -> Written:
    lost: list[Lost] = []
    artefact = _whole(one, version, lost)
    content = _begun(artefact, version, lost) if artefact.ref.kind in _containers(version) else ()
    return Written(artefact.ref, "".join(content or ()), tuple(lost))


def _begun(artefact: Artefact, version: str, lost: list[Lost]) -> Iterator[str] | None:
    """An artefact in pieces; None where the version cannot hold it."""
    kind = artefact.ref.kind
    out = Out(Context(version, artefact.ref, lost), "")
    mark = len(lost)
    try:
        RECORDS[kind].fill(out, artefact)
    except Unfit as unfit:
        lost[mark:] = [Lost(artefact.ref, "", unfit.reason)]
        return None
    return _pieces(f"str:{tag_of(kind, version)}", out)


def _pieces(tag: str, out: Out) -> Iterator[str]:
    yield f"<{tag}{''.join(out.attributes)}>"
    yield from out.pieces()
    yield f"</{tag}>"


def _available(artefact: Artefact) -> str:
    """What there is, as SDMX 3.1 says it; empty of what is something else."""
    found = availability(artefact)
    if found is None:
        return ""
    try:
        return AVAILABILITY.write("str:AvailabilityConstraint", found, Context("3.1", artefact.ref), "")
    except Unfit:
        return ""


@cache
def _containers(version: str) -> Mapping[Kind, str]:
    """The container of each kind that a version has an element for."""
    return {kind: container for container, kinds in CONTAINERS[version].items() for kind in kinds}


def _write(version: str, header: Header, shown: Sequence[Shown]) -> Iterator[bytes]:
    return chunks(_message(version, header, shown))


def _unheld(version: str, one: Shown) -> list[Lost]:
    if one.at_once:
        return one.once(_UNHELD[version], _unheld_at_once, version)
    whole = presented(one)
    artefact = _said(whole, version)
    if artefact.ref.kind not in _containers(version):
        return [Lost(whole.ref, "", "ML_NO_ELEMENT")]
    lost = turned(whole, artefact)
    if isinstance(artefact, Codelist) and bare(artefact.items, version):
        artefact = replace(artefact, items=())
    for _ in _begun(artefact, version, lost) or ():
        """Only what is lost is wanted."""
    return [replace(each, ref=whole.ref) for each in lost]


def _unheld_at_once(one: Shown, version: str) -> list[Lost]:
    said = _at_once(one, version)
    lost = said.lost if said.ref.kind in _containers(version) else (Lost(said.ref, "", "ML_NO_ELEMENT"),)
    return [replace(each, ref=one.artefact.ref) for each in lost]


_WRITTEN, _UNHELD = ({version: f"{what} sdmx-ml {version}" for version in CONTAINERS} for what in ("written", "unheld"))

ML_STRUCTURES = {
    name: StructureFormat("sdmx-ml", name, partial(_write, version), partial(_unheld, version))
    for name, version in (("2.1", "2.1"), ("3.0.0", "3.0"), ("3.1.0", "3.1"))
}
