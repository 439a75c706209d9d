"""What a message of SDMX-ML lacks, told at its end.

Source: ``FooterType`` of ``SDMXMessageFooter.xsd`` of SDMX 2.1, 3.0 and 3.1.
"""

from __future__ import annotations

from collections.abc import Sequence

from adapters.sdmx.markup.grammar import element_of
from adapters.sdmx.writing.losses import more
from adapters.sdmx.writing.shown import NAMED, NOT_WHOLE, Lost
from adapters.sdmx.writing.xml import attributes, element, namespaces, texts
from registry.errors import LANGUAGES, message
from registry.text import Names


def footer(version: str, lost: Sequence[Lost]) -> str:
    """What was left out, in both languages."""
    if not lost:
        return ""
    space = attributes({"xmlns:foot": namespaces(version)["foot"]})
    said = [_said_of(one) for one in lost[:NAMED]] + ([more(len(lost) - NAMED)] if len(lost) > NAMED else [])
    return element_of("foot:Footer", space, "".join(map(_remark, said)))


def _said_of(lost: Lost) -> Names:
    where = f"{lost.ref.kind} {lost.ref} {lost.place}"
    return {lang: f"{where}: {message(lost.reason, lang, cause=lost.cause)['title']}" for lang in LANGUAGES}


def _remark(said: Names) -> str:
    return element("foot:Message", {"code": str(NOT_WHOLE), "severity": "Warning"}, texts("com:Text", said))
