"""A message of artefacts, structures or reports, of any format that the hub reads."""

from __future__ import annotations

import io

from adapters.sdmx.elements import local
from adapters.sdmx.reading.csvmetadata import FIRST, read_csv_metadata
from adapters.sdmx.reading.jsonstructures import json_structures
from adapters.sdmx.reading.markup_structures import read_markup
from adapters.sdmx.reading.markupmetadata import ROOTS, read_markup_metadata
from adapters.sdmx.reading.message import StructureMessage
from adapters.sdmx.reading.xml import events

_JSON_BEGINS = frozenset(bytes([letter]) for letter in b'{["-0123456789tfn')
"""How any JSON may begin, so that one that is no message is told to be wrong as JSON."""


def structures_of(content: bytes) -> StructureMessage:
    """What a message says, in whichever format it is; :class:`registry.errors.Invalid` where it is none we read."""
    bare = content.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if bare[:1] in _JSON_BEGINS:
        return json_structures(content)
    if FIRST.match(bare[:80].decode("utf-8", "replace")):
        return read_csv_metadata(content)
    root = next((element for _, element in events(io.BytesIO(content))), None)
    read = read_markup_metadata if root is not None and local(root) in ROOTS else read_markup
    return read(io.BytesIO(content))
