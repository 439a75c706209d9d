"""Texts in CSV that a spreadsheet must not take for formulas: an apostrophe in front makes them texts again.

What begins with apostrophes and such a sign gets one more, so that taking one off gives back exactly what was written.
"""

from __future__ import annotations

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9.,]+")


def shielded(cell: str) -> str:
    """A cell to be written; numbers are left as they are."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def unshielded(cell: str) -> str:
    """A cell as it was before :func:`shielded`."""
    return cell[1:] if _GUARDED.match(cell) else cell
