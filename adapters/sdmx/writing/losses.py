"""What a format could not hold of an answer, told in the message: in the footer of SDMX-ML, among the errors of SDMX-JSON.

Source: ``SDMXMessageFooter.xsd`` of SDMX 2.1, 3.0 and 3.1; field guides of SDMX-JSON, "errors".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adapters.sdmx.writing.jsonstructure import dumped
from adapters.sdmx.writing.shown import Lost, StructureFormat
from adapters.sdmx.writing.xml import declared, element, namespaces, texts
from registry.errors import LANGUAGES, message
from registry.text import Names, pick

MOST = 100
"""As many are told one by one; the header says how many there are."""

CODE = 1406
"""A custom code: the standard has none for an answer that is not whole."""

_END = b"</mes:Structure>"


def told(pieces: Iterator[bytes], format: StructureFormat, lost: Sequence[Lost], tags: Sequence[str]) -> Iterator[bytes]:
    """The message with the losses before its end; ``tags`` are the languages wanted."""
    if not lost:
        yield from pieces
        return
    end, note = (_END, _footer(format.version, lost)) if format.kind == "sdmx-ml" else (b"}", _errors(lost, tags))
    last = b""
    for piece in pieces:
        # The end may lie across two pieces.
        yield (last + piece)[: -len(end)]
        last = (last + piece)[-len(end) :]
    assert last == end
    yield note + end


def _said(one: Lost) -> tuple[Names, Names]:
    """What is lost and why, in every language we speak."""
    facts = {"ref": f"{one.ref.kind} {one.ref}", "place": one.place or "-"}
    said = {lang: message(one.reason, lang, **facts) for lang in LANGUAGES}
    where = f"{facts['ref']} {one.place}".strip()
    return {lang: f"{where}: {text['title']}" for lang, text in said.items()}, {
        lang: text["detail"] for lang, text in said.items()
    }


def _footer(version: str, lost: Sequence[Lost]) -> bytes:
    short = version.removesuffix(".0")
    space = {"xmlns:foot": f"{namespaces(short)['mes']}/footer", **declared("com", version=short)}
    messages = (
        element(
            "foot:Message", {"code": str(CODE), "severity": "Warning"}, "".join(texts("com:Text", said) for said in _said(one))
        )
        for one in lost[:MOST]
    )
    return element("foot:Footer", space, "".join(messages)).encode()


def _errors(lost: Sequence[Lost], tags: Sequence[str]) -> bytes:
    found = []
    for one in lost[:MOST]:
        title, detail = _said(one)
        best = {"title": pick(title, *tags[:1]), "titles": title, "detail": pick(detail, *tags[:1]), "details": detail}
        found.append({"code": CODE, **best})
    return b',"errors":' + dumped(found)
