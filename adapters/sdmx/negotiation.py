"""Which format and language an answer has: the Accept headers, or ``format``, ``labels`` and ``lang`` in the address.

Source: RFC 9110 section 12; SDMX REST 1.5.0 and 2.2, "HTTP Content-Negotiation"; for parameters in the address SDMX REST 2.2,
"Extending the SDMX REST API" - what stands in the address goes before what the browser sends.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from adapters.sdmx.versions import wanted_versions
from registry.errors import Invalid, NotAcceptable

XML, CSV = "xml", "csv"
_PLAIN = {XML: ("application/xml", "text/xml"), CSV: ("text/csv",)}
_OPTIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "1.0.0": {"labels": ("id", "both"), "timeformat": ("original",)},
    "2.0.0": {"labels": ("id", "both", "name"), "timeformat": ("original",), "keys": ("none", "obs", "series", "both")},
}
"""Media type parameters of SDMX-CSV, per version, and what we can do of them."""


@dataclass(frozen=True)
class Format:
    """A format that can be given. ``name`` is its word in the address, ``kind`` xml or csv.

    ``content_type`` is what the answer calls itself, ``options`` the SDMX-CSV parameters asked for.
    """

    name: str
    media: str
    version: str
    kind: str
    content_type: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    attachment: bool = False

    @property
    def full(self) -> str:
        return f"{self.media};version={self.version}"


def _xml(name: str, media: str) -> Format:
    return Format(name, f"application/vnd.sdmx.{media}+xml", "2.1", XML)


STRUCTURE = _xml("structure", "structure")
GENERIC = _xml("genericdata", "genericdata")
SPECIFIC = _xml("structurespecificdata", "structurespecificdata")
GENERIC_SERIES = _xml("generictimeseriesdata", "generictimeseriesdata")
SPECIFIC_SERIES = _xml("structurespecifictimeseriesdata", "structurespecifictimeseriesdata")
CSV_1 = Format("csv", "application/vnd.sdmx.data+csv", "1.0.0", CSV)
CSV_2 = Format("csv", "application/vnd.sdmx.data+csv", "2.0.0", CSV)


@dataclass(frozen=True, slots=True)
class Range:
    """One entry of an Accept header; ``place`` is where it stands."""

    media: str
    parameters: Mapping[str, str]
    quality: float
    place: int

    @property
    def precision(self) -> int:
        return 0 if self.media == "*/*" else 1 if self.media.endswith("/*") else 2


def ranges(header: str) -> list[Range]:
    """The entries of an Accept header; what cannot be read is left out, as HTTP allows."""
    found = []
    for place, entry in enumerate(header.split(",")[:100]):
        media, *rest = (part.strip() for part in entry.split(";"))
        pairs = (part.partition("=") for part in rest)
        parameters = {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs}
        quality = _quality(parameters.pop("q", "1"))
        if "/" in media and quality is not None:
            found.append(Range(media.lower(), parameters, quality, place))
    return found


def _quality(text: str) -> float | None:
    return float(text) if re.fullmatch(r"0(\.\d{0,3})?|1(\.0{0,3})?", text) else None


def choose(offers: Sequence[Format], accept: str) -> Format:
    """The best offer for an Accept header; offers in our own order of preference.

    :class:`NotAcceptable` names what there is.
    """
    wanted = ranges(accept) or ranges("*/*")
    best: tuple[float, int, int] | None = None
    chosen: Format | None = None
    for offer in offers:
        matching = [(one, fitted) for one in wanted if (fitted := _fit(offer, one)) is not None]
        if not matching:
            continue
        # The most precise entry speaks for an offer, so that ``text/csv;q=0, */*`` refuses CSV.
        entry, fitted = max(matching, key=lambda pair: (pair[0].precision, len(pair[0].parameters)))
        rank = (entry.quality, entry.precision, -entry.place)
        if entry.quality > 0 and (best is None or rank > best):
            best, chosen = rank, fitted
    if chosen is None:
        raise NotAcceptable("SDMX_NOT_ACCEPTABLE", found=accept[:200], offered=_listing(offers))
    browser = any(one.media == "text/html" for one in wanted)
    return replace(chosen, content_type=_PLAIN[chosen.kind][0]) if browser else chosen


def _fit(offer: Format, entry: Range) -> Format | None:
    """The offer as this entry would have it, or None."""
    if entry.media == offer.media:
        options = {name: value.lower() for name, value in entry.parameters.items() if name not in ("version", "charset")}
        named = entry.parameters.get("version")
        fits = (named is None or _same_version(named, offer.version)) and _possible(offer, options)
        return replace(offer, content_type=offer.full, options=options) if fits else None
    if entry.media in _PLAIN[offer.kind]:
        return replace(offer, content_type=entry.media)
    if entry.media in ("*/*", f"{offer.media.split('/')[0]}/*"):
        return replace(offer, content_type=offer.full)
    if entry.media == "text/*":
        return replace(offer, content_type=_PLAIN[offer.kind][-1])
    return None


def _same_version(named: str, offered: str) -> bool:
    return bool(wanted_versions(named, [offered])) or _padded(named) == _padded(offered)


def _padded(version: str) -> list[str]:
    return [*version.split("."), "0", "0"][:3]


def _possible(offer: Format, options: Mapping[str, str]) -> bool:
    allowed = _OPTIONS.get(offer.version, {})
    return all(value in allowed.get(name, ()) for name, value in options.items())


def _listing(offers: Sequence[Format]) -> str:
    return ", ".join(offer.full for offer in offers)


def named(offers: Sequence[Format], name: str, version: str | None, labels: str | None) -> Format:
    """The offer that the address asks for by ``format``, ``formatVersion`` and ``labels``.

    ``sdmx-ml`` is the most compact SDMX-ML there is for the resource; ``csv`` is shown, ``csvfile`` is saved.
    """
    word = {"csvfile": "csv", "csvdata": "csv"}.get(name, name)
    fitting = [offer for offer in offers if word in (offer.name, _compact(offers)[offer.name])]
    fitting = [offer for offer in fitting if version is None or _same_version(version, offer.version)]
    if not fitting:
        found = f"format={name}" + (f"&formatVersion={version}" if version else "")
        raise NotAcceptable("SDMX_NOT_ACCEPTABLE", found=found[:200], offered=", ".join(_words(offers)))
    plain = "text/csv" if fitting[0].kind == CSV and name != "csvdata" else fitting[0].full
    return with_labels(replace(fitting[0], content_type=plain, attachment=name == "csvfile"), labels)


def _compact(offers: Sequence[Format]) -> dict[str, str]:
    """Offer name -> ``sdmx-ml`` for the one that this word means."""
    names = [offer.name for offer in offers if offer.kind == XML]
    best = next((name for name in ("structure", SPECIFIC.name) if name in names), "")
    return {offer.name: "sdmx-ml" if offer.name == best else offer.name for offer in offers}


def _words(offers: Sequence[Format]) -> list[str]:
    plain = [f"format={offer.name}" for offer in offers]
    extra = ["format=csvfile"] if any(offer.kind == CSV for offer in offers) else []
    return list(dict.fromkeys(["format=sdmx-ml", *plain, *extra]))


def with_labels(chosen: Format, labels: str | None) -> Format:
    """The format with ``labels`` of the address; XML has all names in any case."""
    if labels is None or chosen.kind != CSV:
        return chosen
    if labels not in _OPTIONS[chosen.version]["labels"]:
        valid = ", ".join(_OPTIONS[chosen.version]["labels"])
        raise Invalid("SDMX_BAD_PARAMETER", name="labels", found=labels[:60], valid=valid)
    return replace(chosen, options={**chosen.options, "labels": labels})


def languages(lang: str | None, header: str) -> tuple[str, ...]:
    """Language tags wanted, best first: ``lang`` of the address, then Accept-Language."""
    if lang is not None and not re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", lang):
        raise Invalid("SDMX_BAD_PARAMETER", name="lang", found=lang[:60], valid="vi, en, en-GB")
    entries = []
    for place, entry in enumerate(header.split(",")[:50]):
        tag, _, rest = entry.partition(";")
        quality = _quality(rest.strip().removeprefix("q=").strip()) if rest else 1.0
        if quality and re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", tag.strip()):
            entries.append((-quality, place, tag.strip()))
    return (*([lang] if lang else []), *(tag for _, _, tag in sorted(entries)))
