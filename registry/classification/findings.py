"""What is found in a table of codes or links: every finding with its row, never only the first.

Errors keep a table out. Warnings and notes let it in: a warning is for somebody to look at, a note says what the file is like.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from registry.errors import message


class Severity(StrEnum):
    """How grave a finding is; in this order."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


RULES: Mapping[str, Severity] = {
    "TABLE_EMPTY": Severity.ERROR,
    "CODE_MISSING": Severity.ERROR,
    "CODE_TWICE": Severity.ERROR,
    "CODE_NOT_VISIBLE": Severity.ERROR,
    "DAY_UNREADABLE": Severity.ERROR,
    "DAYS_REVERSED": Severity.ERROR,
    "PARENT_UNKNOWN": Severity.ERROR,
    "PARENTS_IN_CIRCLE": Severity.ERROR,
    "CODE_TOO_DEEP": Severity.ERROR,
    "LEVEL_UNLISTED": Severity.ERROR,
    "LEVEL_NOT_BELOW": Severity.ERROR,
    "ZERO_SUSPECTED": Severity.ERROR,
    "SOURCE_UNKNOWN": Severity.ERROR,
    "TARGET_UNKNOWN": Severity.ERROR,
    "LINK_TWICE": Severity.ERROR,
    "SHARE_NO_NUMBER": Severity.ERROR,
    "CODE_REPEATED": Severity.WARNING,
    "CODE_IN_SEVERAL_LINES": Severity.WARNING,
    "CODE_LENGTH": Severity.WARNING,
    "CODE_NO_IDENTIFIER": Severity.WARNING,
    "CODE_OUTSIDE_PARENT": Severity.WARNING,
    "LEVEL_MISSING": Severity.WARNING,
    "NAME_MISSING": Severity.WARNING,
    "NAME_TWICE": Severity.WARNING,
    "ZERO_MENDED": Severity.WARNING,
    "LINK_REPEATED": Severity.WARNING,
    "LINK_PARTIAL": Severity.WARNING,
    "KIND_OTHERWISE": Severity.WARNING,
    "SHARES_NOT_WHOLE": Severity.WARNING,
    "SOURCE_WITHOUT_LINK": Severity.WARNING,
    "TARGET_WITHOUT_LINK": Severity.WARNING,
    "CODE_AS_NUMBER": Severity.NOTE,
    "LEVEL_SKIPPED": Severity.NOTE,
    "LINE_NO_CODE": Severity.NOTE,
    "NAME_SAYS_NOTHING": Severity.NOTE,
    "NOT_A_CODE": Severity.NOTE,
}
"""Every rule and how grave it is. The words are in ``registry/messages/classification.yml``."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. ``row`` counts the heading as a row, as a spreadsheet shows it; None where no row has it."""

    row: int | None
    rule: str
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        return RULES[self.rule]

    def texts(self, lang: str) -> dict[str, str]:
        """Title, detail and help."""
        return message(self.rule, lang, item=self.code, **self.facts)


def found(row: int | None, rule: str, code: str, **facts: object) -> Finding:
    """A finding with the facts of the case; what a cell says is cut short."""
    return Finding(row or None, rule, code[:60], {name: str(fact)[:120] for name, fact in facts.items()})
