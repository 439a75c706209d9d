"""What SDMX-JSON could not hold of an answer, told among the errors of the message; SDMX-ML has its footer.

Source: field guides of SDMX-JSON, "errors".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from adapters.sdmx.writing.jsonstructure import dumped
from adapters.sdmx.writing.shown import NAMED, NOT_WHOLE, Lost
from registry.errors import LANGUAGES, message
from registry.text import Names, pick


def told(pieces: Iterator[bytes], lost: Iterable[Lost], count: int, tags: Sequence[str]) -> Iterator[bytes]:
    """The message with the losses before its end, of which there are ``count``; ``tags`` are the languages wanted."""
    last = b""
    for piece in pieces:
        yield (last + piece)[:-1]
        last = (last + piece)[-1:]
    said = [_said(one) for one in islice(lost, NAMED)]
    said += [_more(count - NAMED)] if count > NAMED else []
    yield (_errors(said, tags) if said else b"") + last


def _said(one: Lost) -> tuple[Names, Names]:
    """What is lost and why, in every language we speak."""
    facts = {"ref": f"{one.ref.kind} {one.ref}", "place": one.place or "-", "cause": one.cause}
    said = {lang: message(one.reason, lang, **facts) for lang in LANGUAGES}
    where = f"{facts['ref']} {one.place}".strip()
    return {lang: f"{where}: {text['title']}" for lang, text in said.items()}, {
        lang: text["detail"] for lang, text in said.items()
    }


def more(count: int) -> Names:
    """What is said of the losses that are not named."""
    return {lang: message("STRUCTURE_LOST_MORE", lang, count=count)["title"] for lang in LANGUAGES}


def _more(count: int) -> tuple[Names, Names]:
    return more(count), {lang: message("STRUCTURE_LOST_MORE", lang, count=count)["detail"] for lang in LANGUAGES}


def _errors(said: Sequence[tuple[Names, Names]], tags: Sequence[str]) -> bytes:
    found = []
    for title, detail in said:
        best = {"title": pick(title, *tags[:1]), "titles": title, "detail": pick(detail, *tags[:1]), "details": detail}
        found.append({"code": NOT_WHOLE, **best})
    return b',"errors":' + dumped(found)
