"""How XML from outside is parsed: bounded, without DOCTYPE, entities or network.

:func:`events` gives elements; :func:`scanned` gives no tree at all, which is what data of a million observations need: Expat
hands over names and attributes three times as fast as a tree can be built and walked.

Source: the parser settings follow the OWASP XML External Entity prevention cheat sheet; sizes are our own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, NoReturn, cast
from xml.parsers import expat

from lxml import etree

from registry.errors import Invalid

CHUNK = 64 * 1024
DEEPEST = 32
"""Nested elements; SDMX-ML needs about twelve."""

MOST_ATTRIBUTES = 256
"""Attributes of one element; a structure has fewer components."""

SCANNED = 256 * 1024
"""Bytes handed to Expat at once; depth is looked at in between."""


def events(stream: BinaryIO) -> Iterator[tuple[str, etree._Element]]:
    """``start`` and ``end`` of every element. Whoever reads must clear what it has finished with.

    :class:`Invalid` XML_UNSAFE for a DOCTYPE, depth, attributes or encoding outside the bounds, XML_BROKEN for bad syntax.
    """
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    depth = 0
    try:
        for event, element in _fed(parser, stream):
            depth += 1 if event == "start" else -1
            if event == "start":
                _guard(element, depth)
            yield event, element
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise Invalid("XML_BROKEN", line=line, column=column, reason=(error.msg or "")[:200]) from None


def _fed(parser: etree.XMLPullParser, stream: BinaryIO) -> Iterator[tuple[str, etree._Element]]:
    while chunk := stream.read(CHUNK):
        parser.feed(chunk)
        yield from cast(Iterator[tuple[str, etree._Element]], parser.read_events())
    parser.close()
    yield from cast(Iterator[tuple[str, etree._Element]], parser.read_events())


def scanner() -> Any:
    """An Expat parser that refuses a DOCTYPE; names are ``namespace}local``, attributes a flat list."""
    parser = expat.ParserCreate(None, "}")
    parser.ordered_attributes = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def scanned(parser: Any, stream: BinaryIO) -> Iterator[None]:
    """Feed the parser, stopping after each piece. Errors as of :func:`events`, which must have seen the root before."""
    try:
        while chunk := stream.read(SCANNED):
            parser.Parse(chunk, False)
            yield
        parser.Parse(b"", True)
        yield
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise Invalid("XML_BROKEN", line=error.lineno, column=error.offset + 1, reason=reason) from None


def _refuse_doctype(*_: object) -> NoReturn:
    raise Invalid("XML_UNSAFE", found="DOCTYPE", most="0")


def guard_depth(depth: int) -> None:
    """:class:`Invalid` XML_UNSAFE where elements are nested too deeply."""
    if depth > DEEPEST:
        raise Invalid("XML_UNSAFE", found=f"depth {depth}", most=str(DEEPEST))


def guard_attributes(count: int) -> None:
    """The same for the attributes of one element."""
    if count > MOST_ATTRIBUTES:
        raise Invalid("XML_UNSAFE", found=f"{count} attributes", most=str(MOST_ATTRIBUTES))


def _guard(element: etree._Element, depth: int) -> None:
    if depth == 1:
        _guard_document(element)
    guard_depth(depth)
    guard_attributes(len(element.attrib))


def _guard_document(root: etree._Element) -> None:
    document = root.getroottree().docinfo
    if document.internalDTD is not None:
        raise Invalid("XML_UNSAFE", found="DOCTYPE", most="0")
    encoding = (document.encoding or "UTF-8").upper()
    if encoding.startswith(("UTF-16", "UTF-32", "UCS", "ISO-10646")):
        raise Invalid("XML_UNSAFE", found=encoding, most="UTF-8")
