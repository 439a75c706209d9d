"""Version queries of SDMX REST: exact, latest, all, and the patterns of 2.x such as ``1.2+.0`` and ``2.*``.

Source: SDMX REST 2.2, "Query syntax for specific, latest or all artefact versions".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from registry.errors import Invalid
from registry.version import choose, is_version, sort_key

_PART = r"(\d{1,9})?([+~*])?"
_PATTERN = re.compile(rf"{_PART}(?:\.{_PART})?(?:\.{_PART})?", re.ASCII)
_WORDS = frozenset({"latest", "all", "+", "~", "*"})


def check(text: str) -> str:
    """The version query unchanged; :class:`Invalid` SDMX_BAD_VERSION when it is none."""
    if text in _WORDS or is_version(text) or _is_pattern(text):
        return text
    raise Invalid("SDMX_BAD_VERSION", found=text[:40])


def _is_pattern(text: str) -> bool:
    """One operator, and after a part that is fully wildcarded nothing but zeros."""
    match = _PATTERN.fullmatch(text)
    if match is None or sum(text.count(operator) for operator in "+~*") != 1:
        return False
    numbers, operators = match.groups()[::2], match.groups()[1::2]
    bare = next((place for place in range(3) if operators[place] and numbers[place] is None), None)
    return bare is None or all(number in (None, "0") for number in numbers[bare + 1 :])


def wanted_versions(query: str, available: Iterable[str]) -> list[str]:
    """The available versions that a checked query means, oldest first."""
    if query in _WORDS or is_version(query):
        return choose(query, available)
    match = _PATTERN.fullmatch(query)
    if match is None:
        return []
    operator = next(sign for sign in match.groups()[1::2] if sign)
    fitting = [version for version in sorted(available, key=sort_key) if _fits(match, version)]
    if operator == "+":
        fitting = [version for version in fitting if "-" not in version]
    return fitting if operator == "*" else fitting[-1:]


def _fits(match: re.Match[str], version: str) -> bool:
    """Parts before the operator are equal; from the operator on the version is at least the one named."""
    numbers, operators = match.groups()[::2], match.groups()[1::2]
    parts = version.split("-")[0].split(".")
    named = match.group().count(".") + 1
    if len(parts) != named or not all(part.isdigit() for part in parts):
        return False
    place = next(number for number in range(3) if operators[number])
    have = [int(part) for part in parts]
    least = [int(numbers[number] or 0) for number in range(named)]
    return have[:place] == least[:place] and have[place:] >= least[place:]
