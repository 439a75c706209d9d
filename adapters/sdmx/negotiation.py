"""Which format and language an answer has: the Accept headers, or ``format``, ``labels`` and ``lang`` in the address.

Source: RFC 9110 section 12; SDMX REST 1.5.0 and 2.2, "HTTP Content-Negotiation"; for parameters in the address SDMX REST 2.2,
"Extending the SDMX REST API" - what stands in the address goes before what the browser sends.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from adapters.outlets import Outlet
from registry import version as versions
from registry.errors import Invalid, NotAcceptable

XML, CSV, JSON = "xml", "csv", "json"
_PLAIN = {XML: ("application/xml", "text/xml"), CSV: ("text/csv",), JSON: ("application/json",)}
TIME_FORMAT, NORMALIZED = "timeformat", "normalized"
_TIMES = ("original", NORMALIZED)
_LABELS_1 = {"labels": ("id", "both"), TIME_FORMAT: _TIMES}
_LABELS_2 = {"labels": ("id", "both", "name"), TIME_FORMAT: _TIMES, "keys": ("none", "obs", "series", "both")}
_SPELT = {TIME_FORMAT: "timeFormat"}
"""Parameters of media types are compared without their capitals, and given back with them."""

_ANY = "*/*"
"""Java's own HTTP client calls it ``*``, and its weight ``.2``, unless it is told what to accept."""

_ALIKE = {"key": "keys"}
"""How the examples of the field guide write a parameter."""

_JSON_NAMES = ("jsondata", "jsonstructure", "jsonschema", "jsonmetadata")
_WORDS = {"csvfile": ("csv",), "csvdata": ("csv",), "json": _JSON_NAMES, "sdmx-json": _JSON_NAMES}


@dataclass(frozen=True)
class Format:
    """A format that can be given.

    name          its word in the address
    kind          xml, csv or json, or how a file of an outlet's format ends
    content_type  what the answer calls itself
    plain         other media types that mean it
    parameters    parameters of the media type, and what we can do of them
    options       the parameters asked for
    outlet        the writer of a format that is no SDMX
    """

    name: str
    media: str
    version: str
    kind: str
    content_type: str = ""
    plain: tuple[str, ...] = ()
    parameters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    attachment: bool = False
    outlet: Outlet | None = None

    @property
    def full(self) -> str:
        return f"{self.media};version={self.version}" if self.version else self.media

    @property
    def normalized(self) -> bool:
        """Whether periods are wanted as days of one calendar."""
        return self.options.get(TIME_FORMAT) == NORMALIZED

    @property
    def rows(self) -> bool | None:
        """Whether it writes each observation by itself (True) or series (False) whatever packing is asked for."""
        return self.outlet.rows if self.outlet else True if self.kind == CSV else None


def _xml(name: str, media: str, version: str = "2.1") -> Format:
    return Format(name, f"application/vnd.sdmx.{media}+xml", version, XML, plain=_PLAIN[XML])


def _csv(version: str, parameters: Mapping[str, tuple[str, ...]]) -> Format:
    return Format("csv", "application/vnd.sdmx.data+csv", version, CSV, plain=_PLAIN[CSV], parameters=parameters)


def _json(version: str) -> Format:
    return Format("jsondata", "application/vnd.sdmx.data+json", version, JSON, plain=_PLAIN[JSON])


STRUCTURE = _xml("structure", "structure")
METADATA, GENERIC_METADATA, SPECIFIC_METADATA = "metadata", "genericmetadata", "structurespecificmetadata"
"""The words for SDMX-ML metadata messages of 3.x and of 2.1."""
JSON_VERSIONS = ("1.0.0", "2.0.0", "2.1.0")
GENERIC = _xml("genericdata", "genericdata")
SPECIFIC = _xml("structurespecificdata", "structurespecificdata")
GENERIC_SERIES = _xml("generictimeseriesdata", "generictimeseriesdata")
SPECIFIC_SERIES = _xml("structurespecifictimeseriesdata", "structurespecifictimeseriesdata")
SPECIFIC_30 = _xml("structurespecificdata", "data", "3.0.0")
SPECIFIC_31 = _xml("structurespecificdata", "data", "3.1.0")
JSON_1, JSON_20, JSON_21 = _json("1.0.0"), _json("2.0.0"), _json("2.1.0")
CSV_1, CSV_20, CSV_21 = _csv("1.0.0", _LABELS_1), _csv("2.0.0", _LABELS_2), _csv("2.1.0", _LABELS_2)


def plain_types(kind: str) -> tuple[str, ...]:
    """The general media types of a kind."""
    return _PLAIN[kind]


def of_outlet(outlet: Outlet) -> Format:
    """A format that is no SDMX, as the doors offer it."""
    return Format(outlet.name, outlet.media, "", outlet.kind, plain=outlet.plain, parameters=outlet.parameters, outlet=outlet)


@dataclass(frozen=True, slots=True)
class Range:
    """One entry of an Accept header; ``place`` is where it stands."""

    media: str
    parameters: Mapping[str, str]
    quality: float
    place: int

    @property
    def precision(self) -> int:
        return 0 if self.media == _ANY else 1 if self.media.endswith("/*") else 3 if "/vnd." in self.media else 2

    @property
    def rank(self) -> tuple[float, int, int]:
        """The greater the better. Who names formats by their own types means them in that order; general types are listed by
        libraries, which know nothing of the service, in any."""
        return self.quality, self.precision, -self.place if self.precision == 3 else 0


def ranges(header: str) -> list[Range]:
    """The entries of an Accept header; what cannot be read is left out, as HTTP allows."""
    found = []
    for place, entry in enumerate(header.split(",")[:100]):
        media, *rest = (part.strip() for part in entry.split(";"))
        pairs = (part.partition("=") for part in rest)
        parameters = {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs}
        quality = _quality(parameters.pop("q", "1"))
        media = _ANY if media == "*" else media
        if "/" in media and quality is not None:
            found.append(Range(media.lower(), parameters, quality, place))
    return found


def _quality(text: str) -> float | None:
    """A weight, also with more digits than HTTP allows, or without the one before the point, as some libraries write it."""
    return float(text) if re.fullmatch(r"0?\.\d+|0\.?|1(\.0*)?", text, re.ASCII) else None


def choose(offers: Sequence[Format], accept: str) -> Format:
    """The best offer for an Accept header; offers in our own order of preference.

    :class:`NotAcceptable` names what there is.
    """
    wanted = ranges(accept) or ranges(_ANY)
    best: tuple[float, int, int] | None = None
    chosen: Format | None = None
    for offer in offers:
        matching = [(one, fitted) for one in wanted if (fitted := _fit(offer, one)) is not None]
        if not matching:
            continue
        # The most precise entry speaks for an offer, so that ``text/csv;q=0, */*`` refuses CSV.
        entry, fitted = max(matching, key=lambda pair: (pair[0].precision, len(pair[0].parameters)))
        rank = entry.rank
        if entry.quality > 0 and (best is None or rank > best):
            best, chosen = rank, fitted
    if chosen is None:
        raise NotAcceptable("SDMX_NOT_ACCEPTABLE", found=accept[:200], offered=_listing(offers))
    browser = any(one.media == "text/html" for one in wanted)
    return replace(chosen, content_type=chosen.plain[0]) if browser and chosen.plain else chosen


def _fit(offer: Format, entry: Range) -> Format | None:
    """The offer as this entry would have it, or None."""
    if entry.media == offer.media:
        given = {_ALIKE.get(name, name): value.lower() for name, value in entry.parameters.items()}
        options = {name: value for name, value in given.items() if name not in ("version", "charset")}
        named = entry.parameters.get("version")
        fits = (named is None or same_version(named, offer.version)) and _possible(offer, options)
        return replace(offer, content_type=";".join([offer.full, *_said(options)]), options=options) if fits else None
    if entry.media in offer.plain:
        return replace(offer, content_type=entry.media)
    if entry.media in (_ANY, f"{offer.media.split('/')[0]}/*"):
        return replace(offer, content_type=offer.full)
    texts = [media for media in offer.plain if media.startswith("text/")]
    return replace(offer, content_type=texts[0]) if texts and entry.media == "text/*" else None


def _said(options: Mapping[str, str]) -> list[str]:
    """The parameters of the media type as the answer says them."""
    return [f"{_SPELT.get(name, name)}={value}" for name, value in options.items()]


def same_version(named: str, offered: str) -> bool:
    """Whether a version is the one named, or one of those. Many clients still name the working draft of SDMX-JSON 1.0."""
    named = named.removesuffix("-wd")
    return bool(versions.choose(named, [offered])) or _padded(named) == _padded(offered)


def _padded(version: str) -> list[str]:
    return [*version.split("."), "0", "0"][:3]


def _possible(offer: Format, options: Mapping[str, str]) -> bool:
    return all(value in offer.parameters.get(name, ()) for name, value in options.items())


def _listing(offers: Sequence[Format]) -> str:
    return ", ".join(offer.full for offer in offers)


def named(offers: Sequence[Format], name: str, version: str | None, labels: str | None) -> Format:
    """The offer that the address asks for by ``format``, ``formatVersion`` and ``labels``.

    ``sdmx-ml`` is the most compact SDMX-ML there is for the resource; ``csv`` is shown, ``csvfile`` is saved.
    """
    words = _WORDS.get(name, (name,))
    fitting = [offer for offer in offers if offer.name in words or (name == "sdmx-ml" and offer in _compact(offers))]
    fitting = [offer for offer in fitting if version is None or same_version(version, offer.version)]
    if not fitting:
        found = f"format={name}" + (f"&formatVersion={version}" if version else "")
        raise NotAcceptable("SDMX_NOT_ACCEPTABLE", found=found[:200], offered=", ".join(_words(offers)))
    chosen = fitting[0]
    plain = "text/csv" if chosen.kind == CSV and name != "csvdata" else chosen.full
    saved = name == "csvfile" or (chosen.outlet is not None and chosen.kind != JSON)
    return with_labels(replace(chosen, content_type=plain, attachment=saved), labels)


def _compact(offers: Sequence[Format]) -> list[Format]:
    """What the word ``sdmx-ml`` means, every version of it."""
    return [offer for offer in offers if offer.name in (STRUCTURE.name, SPECIFIC.name, METADATA, GENERIC_METADATA)]


def _words(offers: Sequence[Format]) -> list[str]:
    plain = [f"format={offer.name}" for offer in offers]
    extra = ["format=csvfile"] if any(offer.kind == CSV for offer in offers) else []
    return list(dict.fromkeys(["format=sdmx-ml", *plain, *extra]))


def with_labels(chosen: Format, labels: str | None) -> Format:
    """The format with ``labels`` of the address; formats without that choice have all names in any case."""
    valid = chosen.parameters.get("labels")
    if labels is None or valid is None:
        return chosen
    if labels not in valid:
        raise Invalid("SDMX_BAD_PARAMETER", name="labels", found=labels[:60], valid=", ".join(valid))
    return replace(chosen, options={**chosen.options, "labels": labels})


def is_language(text: str) -> bool:
    """Whether the text is the tag of a language (RFC 5646, as far as it goes for names)."""
    return re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", text) is not None


def languages(lang: str | None, header: str) -> tuple[str, ...]:
    """Language tags wanted, best first: ``lang`` of the address, then Accept-Language."""
    if lang is not None and not is_language(lang):
        raise Invalid("SDMX_BAD_PARAMETER", name="lang", found=lang[:60], valid="vi, en, en-GB")
    entries = []
    for place, entry in enumerate(header.split(",")[:50]):
        tag, _, rest = entry.partition(";")
        quality = _quality(rest.strip().removeprefix("q=").strip()) if rest else 1.0
        if quality and is_language(tag.strip()):
            entries.append((-quality, place, tag.strip()))
    return (*([lang] if lang else []), *(tag for _, _, tag in sorted(entries)))
