"""A structure message of any format that the hub reads."""

from __future__ import annotations

import io

from adapters.sdmx.reading.jsonstructures import json_structures
from adapters.sdmx.reading.markup_structures import read_markup
from adapters.sdmx.reading.message import StructureMessage

_JSON_BEGINS = frozenset(bytes([letter]) for letter in b'{["-0123456789tfn')
"""How any JSON may begin, so that one that is no message is told to be wrong as JSON."""


def structures_of(content: bytes) -> StructureMessage:
    """What a message says, in whichever format it is; :class:`registry.errors.Invalid` where it is none we read."""
    if content.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")[:1] in _JSON_BEGINS:
        return json_structures(content)
    return read_markup(io.BytesIO(content))
