"""The one way XML from outside is parsed: bounded, without DOCTYPE, entities or network.

Source: the parser settings follow the OWASP XML External Entity prevention cheat sheet; sizes are our own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, cast

from lxml import etree

from registry.errors import Invalid

CHUNK = 64 * 1024
DEEPEST = 32
"""Nested elements; SDMX-ML needs about twelve."""

MOST_ATTRIBUTES = 256
"""Attributes of one element; a structure has fewer components."""

XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


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


def _guard(element: etree._Element, depth: int) -> None:
    if depth == 1:
        _guard_document(element)
    if depth > DEEPEST:
        raise Invalid("XML_UNSAFE", found=f"depth {depth}", most=str(DEEPEST))
    if len(element.attrib) > MOST_ATTRIBUTES:
        raise Invalid("XML_UNSAFE", found=f"{len(element.attrib)} attributes", most=str(MOST_ATTRIBUTES))


def _guard_document(root: etree._Element) -> None:
    document = root.getroottree().docinfo
    if document.internalDTD is not None:
        raise Invalid("XML_UNSAFE", found="DOCTYPE", most="0")
    encoding = (document.encoding or "UTF-8").upper()
    if encoding.startswith(("UTF-16", "UTF-32", "UCS", "ISO-10646")):
        raise Invalid("XML_UNSAFE", found=encoding, most="UTF-8")


def local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def namespace(element: etree._Element) -> str:
    """The namespace of an element; empty where it has none."""
    return str(element.tag)[1:].partition("}")[0] if str(element.tag).startswith("{") else ""
