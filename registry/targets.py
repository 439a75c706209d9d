"""Whether something is among what reports may be about: URNs with wildcards.

Source: ``WildcardUrnType`` of ``SDMXCommonReferences.xsd`` of SDMX 3.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from registry.ref import ItemRef, Ref
from registry.version import choose

_URN = re.compile(r"urn:sdmx:org\.sdmx\.infomodel\.(\w+)\.(\w+)=([^:()]+):([^:()]+)\(([^()]+)\)(?:\.(.+))?")
_ANY = "Any"
"""The class that stands for all of a package."""


def allowed(target: Ref | ItemRef, patterns: Iterable[str]) -> bool:
    """Whether a pattern means the target. A pattern that is none means nothing."""
    return any(_means(pattern, target) for pattern in patterns)


def _means(pattern: str, target: Ref | ItemRef) -> bool:
    wanted, found = _URN.fullmatch(pattern), _URN.fullmatch(target.urn)
    if wanted is None or found is None or wanted[1] != found[1]:
        return False
    if wanted[2] not in (_ANY, found[2]):
        return False
    if any(asked not in ("*", given) for asked, given in zip(wanted.groups()[2:4], found.groups()[2:4], strict=True)):
        return False
    return _version(wanted[5], found[5]) and (wanted[6] is None or _inside(wanted[6], found[6] or ""))


def _version(wanted: str, found: str) -> bool:
    return wanted in ("*", found) or (found != "*" and found in choose(wanted, [found]))


def _inside(wanted: str, found: str) -> bool:
    """A path with wildcards: one for each id, the last for all that is below."""
    pattern = "".join(r"[^.]+(\..+)?" if part == "*" else re.escape(part) + r"\." for part in wanted.split("."))
    return re.fullmatch(pattern.removesuffix(r"\."), found) is not None
