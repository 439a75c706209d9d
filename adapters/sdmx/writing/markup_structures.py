"""Structure messages in SDMX-ML 2.1, 3.0 and 3.1, in pieces: a list of many items is never whole in memory.

What the version cannot hold is left out, and a footer says so. Source: SDMX 2.1 section 3A part III; for stubs SDMX REST 2.2.2,
"detail".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import chain

from adapters.sdmx.markup.artefacts import CONTAINERS, RECORDS, tag_of
from adapters.sdmx.markup.codes import bare
from adapters.sdmx.markup.constraints import AVAILABILITY
from adapters.sdmx.markup.grammar import Context, Out, element_of
from adapters.sdmx.markup.values import Unfit
from adapters.sdmx.otherwise import availability, old_way, turned
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.shown import NOT_WHOLE, Form, Lost, Shown, StructureFormat, Written, presented
from adapters.sdmx.writing.xml import DECLARATION, attributes, chunks, declared, element, namespaces, opening, texts
from registry.errors import LANGUAGES, message
from registry.model import Artefact, Codelist, DataConstraint
from registry.ref import Kind, Ref

MOST_REMARKS = 100
"""Messages of a footer."""

Begin = Callable[[list[Lost]], Iterator[str] | None]
"""Begins an artefact, None where it cannot be held, and adds what is lost of it."""


def availability_in_markup(constraints: Sequence[DataConstraint], header: Header, along: Sequence[Shown]) -> Iterator[bytes]:
    """A structure message of SDMX-ML 3.1 with the constraints, which have no identity there, behind everything else."""
    return chunks(_message("3.1", header, along, constraints))


def _message(version: str, header: Header, shown: Sequence[Shown], told: Sequence[Artefact] = ()) -> Iterator[str]:
    """``told``: what is not shown as an artefact, but as what there is."""
    lost = list(header.lacking)
    parts = [_part(one, version, lost) for one in shown]
    held = _kinds(version)
    lost += [Lost(ref, "", "ML_NO_ELEMENT") for ref, _ in parts if ref.kind not in held]
    yield DECLARATION + opening("mes:Structure", declared("mes", "str", "com", version=version)) + header.xml()
    yield opening("mes:Structures")
    for container, kinds in CONTAINERS[version].items():
        fitting = (begin(lost) for ref, begin in parts if ref.kind in kinds)
        yield from _contained(container, fitting)
    if version == "3.1":
        whole = (one.artefact for one in shown if one.form is Form.FULL)
        yield from _contained("AvailabilityConstraints", map(_available, (*whole, *told)))
    yield f"</mes:Structures>{footer(version, lost)}</mes:Structure>"


def _contained(container: str, artefacts: Iterable[Iterator[str] | None]) -> Iterator[str]:
    """A container with those that can be written; none without any."""
    found = (one for one in artefacts if one is not None)
    first = next(found, None)
    if first is not None:
        yield f"<str:{container}>"
        yield from first
        yield from chain.from_iterable(found)
        yield f"</str:{container}>"


def _part(one: Shown, version: str, lost: list[Lost]) -> tuple[Ref, Begin]:
    """As which artefact it is said, and how."""
    if one.form is not Form.FULL:
        stub = _stub(one, version)
        return stub.ref, partial(_again, stub)
    whole = presented(one)
    artefact = _said(whole, version)
    lost += turned(whole, artefact)
    return artefact.ref, partial(_begun, artefact, version)


def _said(artefact: Artefact, version: str) -> Artefact:
    return old_way(artefact) if version == "2.1" else artefact


def _stub(one: Shown, version: str) -> Written:
    return one.once(f"sdmx-ml {version}", partial(_written, one, version))


def _written(one: Shown, version: str) -> Written:
    whole = presented(one)
    artefact = _said(whole, version)
    lost = turned(whole, artefact)
    content = _begun(artefact, version, lost) if artefact.ref.kind in _kinds(version) else ()
    return Written(artefact.ref, "".join(content or ()), tuple(lost))


def _again(stub: Written, lost: list[Lost]) -> Iterator[str] | None:
    lost += stub.lost
    return iter((stub.content,)) if stub.content else None


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


def _available(artefact: Artefact) -> Iterator[str] | None:
    found = availability(artefact)
    if found is None:
        return None
    try:
        return iter((AVAILABILITY.write("str:AvailabilityConstraint", found, Context("3.1", artefact.ref), ""),))
    except Unfit:
        return None


def footer(version: str, lost: Sequence[Lost]) -> str:
    """What was left out, in both languages."""
    if not lost:
        return ""
    space = attributes({"xmlns:foot": namespaces(version)["foot"]})
    return element_of("foot:Footer", space, "".join(map(_remark, lost[:MOST_REMARKS])))


def _remark(lost: Lost) -> str:
    said = {lang: f"{lost.ref.kind} {lost.ref} {lost.place}: {message(lost.reason, lang)['title']}" for lang in LANGUAGES}
    return element("foot:Message", {"code": str(NOT_WHOLE), "severity": "Warning"}, texts("com:Text", said))


@cache
def _kinds(version: str) -> frozenset[Kind]:
    """What a version has an element for."""
    return frozenset(chain.from_iterable(CONTAINERS[version].values()))


def _write(version: str, header: Header, shown: Sequence[Shown]) -> Iterator[bytes]:
    return chunks(_message(version, header, shown))


def _unheld(version: str, one: Shown) -> list[Lost]:
    if one.form is not Form.FULL:
        stub = _stub(one, version)
        lost = [*stub.lost] if stub.ref.kind in _kinds(version) else [Lost(stub.ref, "", "ML_NO_ELEMENT")]
        return [replace(each, ref=one.artefact.ref) for each in lost]
    whole = presented(one)
    artefact = _said(whole, version)
    if artefact.ref.kind not in _kinds(version):
        return [Lost(whole.ref, "", "ML_NO_ELEMENT")]
    lost = turned(whole, artefact)
    if isinstance(artefact, Codelist) and bare(artefact.items, version):
        artefact = replace(artefact, items=())
    for _ in _begun(artefact, version, lost) or ():
        """Only what is lost is wanted."""
    return [replace(each, ref=whole.ref) for each in lost]


ML_STRUCTURES = {
    name: StructureFormat("sdmx-ml", name, partial(_write, version), partial(_unheld, version))
    for name, version in (("2.1", "2.1"), ("3.0.0", "3.0"), ("3.1.0", "3.1"))
}
