"""What a comparison finds: one difference, where it is, and which number of the version it moves."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from registry.errors import message


class Severity(IntEnum):
    """The least number of a semantic version that must grow; the worst difference decides.

    PATCH: nothing but words. MINOR: something new, all that was there still holds. MAJOR: something does not hold any more.
    Source: SDMX 3.1 section 6, annex "Semantic Versioning".
    """

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference. ``code`` has its texts in ``messages/advisor.yml``.

    ``path`` names the field of the artefact and then ids and fields inside: ``("items", "01", "names", "vi")``. ``old`` and
    ``new`` are texts, empty for what is not there.
    """

    code: str
    path: tuple[str, ...]
    severity: Severity
    old: str = ""
    new: str = ""

    @property
    def place(self) -> str:
        return "/".join(self.path)

    @property
    def part(self) -> str:
        """The id of the item or component it is about, empty where it is about the artefact itself."""
        return self.path[1] if len(self.path) > 1 else ""

    def texts(self, lang: str) -> dict[str, str]:
        """Title, detail and help in a language."""
        return message(self.code, lang, place=self.place, old=self.old or "-", new=self.new or "-")


def worst(findings: tuple[Finding, ...]) -> Severity:
    """The severity of all together."""
    return max((finding.severity for finding in findings), default=Severity.NONE)
