"""What must be said of the release that figures are of, in every format that has a place for it: that they are under embargo,
why they were corrected or withdrawn, that they were withdrawn since.

What has no place for it in the file (SDMX-CSV, a 304) is told by the HTTP header ``Hub-Release``, which every answer has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from urllib.parse import quote

from registry.answers import Release
from registry.publishing import OFFICE_TIME
from registry.text import Names

HEADER = "Hub-Release"
MOST = 200
"""Characters of a reason that a header holds."""

_EMBARGO = {
    "vi": "Chưa công bố, không được phổ biến trước {moment} (giờ Việt Nam).",
    "en": "Not published yet, under embargo until {moment} (time of Viet Nam).",
}
_KINDS = {
    "correction": {"vi": "Đính chính: {reason}", "en": "Correction: {reason}"},
    "withdrawal": {"vi": "Rút số liệu đã công bố: {reason}", "en": "Withdrawal of published figures: {reason}"},
}
_WITHDRAWN = {
    "vi": "Số liệu này đã bị rút sau khi công bố.",
    "en": "These figures were withdrawn after they were published.",
}


def notice(release: Release | None) -> Names:
    """What readers must be told of a release; empty for an ordinary one."""
    if release is None:
        return {}
    said = {lang: " ".join(_said(release, lang)) for lang in ("vi", "en")}
    return said if all(said.values()) else {}


def _said(release: Release, lang: str) -> Iterator[str]:
    if release.embargoed_until is not None:
        yield _EMBARGO[lang].format(moment=release.embargoed_until.astimezone(OFFICE_TIME).strftime("%Y-%m-%d %H:%M"))
    if release.kind in _KINDS:
        yield _KINDS[release.kind][lang].format(reason=release.reasons.get(lang, "-"))
    if release.withdrawn_by is not None:
        yield _WITHDRAWN[lang]


def headers(releases: Iterable[Release | None]) -> dict[str, str]:
    """The header for the releases of an answer, as ``number=3; state=released; kind=withdrawal; reason-en*=UTF-8'en'Wrong``.

    Texts are encoded as RFC 8187 has it; several releases stand one after another with commas between.
    """
    told = [_header(release) for release in releases if release is not None]
    return {HEADER: ", ".join(told)} if told else {}


def _header(release: Release) -> str:
    parts = {"number": release.number, "state": release.state, "kind": release.kind}
    moments = {"released-at": release.released_at, "embargoed-until": release.embargoed_until}
    said = [f"{name}={value}" for name, value in parts.items() if value is not None]
    said += [f'{name}="{_moment(at)}"' for name, at in moments.items() if at is not None]
    said += ["withdrawn"] if release.withdrawn_by is not None else []
    said += [f"reason-{lang}*=UTF-8'{lang}'{quote(text[:MOST])}" for lang, text in release.reasons.items()]
    return "; ".join(said)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def of_file(releases: Iterable[Release | None]) -> str:
    """What the name of a saved file ends with: a preview says so wherever it lies."""
    waiting = [release.embargoed_until for release in releases if release is not None and release.embargoed_until is not None]
    return f"_embargo_{max(waiting).astimezone(OFFICE_TIME):%Y%m%dT%H%M}" if waiting else ""
