"""Which mark a file writes before decimals: ``1.234,5`` (Vietnamese) or ``1,234.5``; decided per file, from clear cases only.

``1.234`` alone says nothing: it is left as it stands unless other numbers of the file show that the comma is the decimal mark.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from registry.errors import Invalid

COMMA = r"^-?(\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,}|\d+,\d{1,2}|\d{4,},\d+|\d+,\d{4,})$"
POINT = r"^-?(\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,}|\d+\.\d{1,2}|\d{4,}\.\d+|\d+\.\d{4,})$"
GROUPED = r"^-?\d{1,3}(,\d{3})+(\.\d+)?$"


def decimal_mark(texts: list[pa.Array], file: str) -> str | None:
    """``,`` or ``.``; None where nothing clear was seen. Raises Invalid DECIMAL_MARKS where both are in use."""
    comma = any(_any(column, COMMA) for column in texts)
    point = any(_any(column, POINT) for column in texts)
    if comma and point:
        raise Invalid("DECIMAL_MARKS", file=file)
    return "," if comma else "." if point else None


def plain(column: pa.Array, mark: str | None) -> pa.Array:
    """The numbers with a point before decimals and nothing between thousands; any other text is left for the rules."""
    if mark == ",":
        return pc.replace_substring(pc.replace_substring(column, ".", ""), ",", ".")
    if mark == "." and _any(column, ","):
        return pc.if_else(pc.match_substring_regex(column, GROUPED), pc.replace_substring(column, ",", ""), column)
    return column


def _any(column: pa.Array, pattern: str) -> bool:
    return bool(pc.any(pc.match_substring_regex(column, pattern)).as_py())
