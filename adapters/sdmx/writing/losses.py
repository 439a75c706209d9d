"""What SDMX-JSON could not hold of an answer, told among the errors of the message; SDMX-ML has its footer.

Source: field guides of SDMX-JSON, "errors".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from adapters.sdmx.writing.jsonstructure import dumped
from adapters.sdmx.writing.shown import NOT_WHOLE, Lost, StructureFormat
from registry.errors import LANGUAGES, message
from registry.text import Names, pick

MOST = 100
"""As many are told one by one; the header says how many there are."""


def told(pieces: Iterator[bytes], format: StructureFormat, lost: Iterable[Lost], tags: Sequence[str]) -> Iterator[bytes]:
    """The message with the losses before its end, of which some are known only then; ``tags`` are the languages wanted."""
    if format.kind != "sdmx-json":
        yield from pieces
        return
    last = b""
    for piece in pieces:
        yield (last + piece)[:-1]
        last = (last + piece)[-1:]
    found = [*islice(lost, MOST)]
    yield (_errors(found, tags) if found else b"") + last


def _said(one: Lost) -> tuple[Names, Names]:
    """What is lost and why, in every language we speak."""
    facts = {"ref": f"{one.ref.kind} {one.ref}", "place": one.place or "-"}
    said = {lang: message(one.reason, lang, **facts) for lang in LANGUAGES}
    where = f"{facts['ref']} {one.place}".strip()
    return {lang: f"{where}: {text['title']}" for lang, text in said.items()}, {
        lang: text["detail"] for lang, text in said.items()
    }


def _errors(lost: Sequence[Lost], tags: Sequence[str]) -> bytes:
    found = []
    for one in lost:
        title, detail = _said(one)
        best = {"title": pick(title, *tags[:1]), "titles": title, "detail": pick(detail, *tags[:1]), "details": detail}
        found.append({"code": NOT_WHOLE, **best})
    return b',"errors":' + dumped(found)
