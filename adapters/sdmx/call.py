"""One request to an SDMX door, read; and what every answer to it has: a format, validators, headers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from starlette.requests import Request

from adapters.sdmx.kept import Kept
from adapters.sdmx.leaving import Reader
from adapters.sdmx.negotiation import Format, choose, languages, named, with_labels
from adapters.sdmx.reply import Reply, Validators, body
from adapters.sdmx.request import Parameters, segments
from adapters.sdmx.resources import WORDS
from registry.errors import LANGUAGES, Invalid, NotAcceptable, TooLong
from registry.ports import Catalogue, Ports, Viewer
from registry.text import Names

ViewerOf = Callable[[Request], Viewer]

EVERY_LANGUAGE = "all"
"""What ``lang`` may be beside a language: names come in every language anyway, where one must be chosen as without it."""

COMPRESSION = "compression"
"""The parameter that says how an answer is to be packed; whoever packs it finds that under this word in the state of the
request."""

COMPRESSIONS = ("gzip", "zstd", "identity")
"""How answers can be packed."""

LONGEST_ADDRESS = 32_000
"""Bytes of path and parameters; servers and proxies on the way take less rather than more."""

ASKING = ("GET", "HEAD")
_PLAIN_DATA = ("application/xml", "text/xml", "application/json", "text/csv")
_DATA = tuple(f"application/vnd.sdmx.{word}" for word in ("data+", "genericdata+", "structurespecificdata+"))

REGISTRATION = "registration"
METADATA = "metadata"
CHANGING = ("POST", "PUT", "DELETE")
POSTED = ("data", "availability", "availableconstraint")
"""Questions that may be too long for an address: their parameters may come as a form, and the key with them."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request, read.

    major   the version of the standard that the door speaks
    parts   the decoded path segments
    tags    the languages wanted, best first
    wished  ``format``, ``formatVersion`` and ``labels`` of the address
    lang    the language that the address insists on
    strict  whether an answer that cannot hold everything is to be refused
    kept    answers made before
    """

    ports: Ports
    viewer: Viewer
    request: Request
    major: int
    parts: list[str]
    parameters: Parameters
    tags: tuple[str, ...]
    wished: tuple[str | None, str | None, str | None]
    lang: str | None
    strict: bool
    reader: Reader
    kept: Kept

    @classmethod
    def read(
        cls, ports: Ports, viewer_of: ViewerOf, request: Request, major: int, reader: Reader, form: str, kept: Kept
    ) -> Call:
        """``form`` is the body of a question that was posted."""
        parts, query = _asked(request, major)
        parameters = Parameters.read("&".join(filter(None, (query, form))))
        if form and (key := parameters.take("key")) is not None:
            parts = with_key(parts, key, major)
        lang = parameters.take("lang")
        lang = None if lang == EVERY_LANGUAGE else lang
        tags = languages(lang, request.headers.get("accept-language", ""))
        wished = parameters.take("format"), parameters.take("formatVersion"), parameters.take("labels")
        _packed(request, parameters.take(COMPRESSION))
        return cls(
            ports=ports,
            viewer=viewer_of(request),
            request=request,
            major=major,
            parts=parts,
            parameters=parameters,
            tags=tags,
            wished=wished,
            lang=lang,
            strict=_strict(request, parameters),
            reader=reader,
            kept=kept,
        )

    @property
    def word(self) -> str:
        return self.parts[0] if self.parts else ""

    def catalogue(self, as_of: datetime | None) -> Catalogue:
        """The registry, as it stands or as it stood."""
        return self.ports.catalogue if as_of is None else self.ports.catalogue.as_of(as_of)

    def format(self, offers: tuple[Format, ...]) -> Format:
        """The format for this answer. Called last, when every parameter was taken."""
        self.parameters.finish()
        name, version, labels = self.wished
        if name is not None:
            return named(offers, name, version, labels)
        return with_labels(choose(offers, self.request.headers.get("accept", "")), labels)

    def speaks(self, names: Iterable[Names]) -> None:
        """:class:`NotAcceptable` where the address insists on a language that neither this service nor any of the names has."""
        if self.lang is None:
            return
        known = {*LANGUAGES, *(tag.lower() for each in names for tag, text in each.items() if text)}
        if self.lang.lower() not in known and self.lang.split("-")[0].lower() not in known:
            raise NotAcceptable("SDMX_NO_SUCH_LANGUAGE", found=self.lang[:60], offered=", ".join(sorted(known)))

    def validators(self, state: str, since: datetime | None, chosen: Format) -> Validators:
        asked = self.request.scope.get("raw_path", b"").decode("latin-1"), self.request.scope["query_string"].decode("latin-1")
        looks = f"{chosen.full} {chosen.content_type} {sorted(chosen.options.items())} {','.join(self.tags)} {self.strict}"
        who = f"{self.viewer.role} {self.viewer.organisation}"
        revision = str(self.ports.catalogue.revision)
        private = "authorization" in self.request.headers
        found = Validators.of(state, since, private, revision, *asked, looks, who).at(self.ports.clock.now())
        # What is answered to a form is of that form and no other.
        return replace(found, passing=True) if self.request.method == "POST" else found

    def met(self, validators: Validators) -> bool:
        """Whether the client has the answer already."""
        headers = self.request.headers
        return validators.met(headers.get("if-none-match"), headers.get("if-modified-since"))

    def given(self, chosen: Format, headers: Mapping[str, str], pieces: Iterator[bytes], name: str) -> Reply:
        """The answer; ``name`` is that of its file where it is saved as one."""
        text = chosen.content_type == "text/csv" or (chosen.outlet is not None and chosen.outlet.text)
        content = f"{chosen.content_type}; charset=utf-8" if text else chosen.content_type
        extra = {"Content-Disposition": f'attachment; filename="{name}.{chosen.kind}"'} if chosen.attachment else {}
        return Reply(200, {"Content-Type": content, **headers, **extra}, body(pieces))


def _packed(request: Request, compression: str | None) -> None:
    """The address goes before Accept-Encoding; :class:`NotAcceptable` SDMX_NO_SUCH_COMPRESSION of what there is not."""
    if compression is None:
        return
    if compression not in COMPRESSIONS:
        raise NotAcceptable("SDMX_NO_SUCH_COMPRESSION", found=compression[:60], offered=", ".join(COMPRESSIONS))
    request.scope.setdefault("state", {})[COMPRESSION] = compression


def takes_forms(request: Request, major: int) -> bool:
    """Whether the parameters of questions at the address may come as a form."""
    return segments(path_of(request, major))[:1] in [[word] for word in POSTED]


def changes(request: Request, major: int) -> bool:
    """Whether the request is to change the registry."""
    word = (segments(path_of(request, major)) or [""])[0]
    return request.method in CHANGING and (word in WORDS or word in ("structure", METADATA, REGISTRATION))


def allowed(request: Request, major: int) -> str:
    """What can be done at an address."""
    word = (segments(path_of(request, major)) or [""])[0]
    maintained = word in WORDS or word in ("structure", METADATA)
    changing = CHANGING if maintained else ("POST", "DELETE") if word == REGISTRATION else ()
    return ", ".join([*ASKING, "OPTIONS", *(["POST"] if takes_forms(request, major) else changing)])


def posted(request: Request, major: int) -> bool:
    """Whether the request is a question whose parameters come as a form."""
    return request.method == "POST" and takes_forms(request, major) and not hands_in_data(request, major)


def hands_in_data(request: Request, major: int) -> bool:
    """Whether the request brings observations: what is posted to ``data`` and is no form."""
    media = request.headers.get("content-type", "").split(";")[0].strip().lower()
    is_data = segments(path_of(request, major))[:1] == ["data"]
    return request.method == "POST" and is_data and (media in _PLAIN_DATA or media.startswith(_DATA))


def with_key(parts: list[str], key: str, major: int) -> list[str]:
    """The path with the key at its place."""
    place = 2 if major == 1 else 5
    if len(parts) > place and parts[place] not in ("", "all", "*"):
        raise Invalid("SDMX_PARAMETER_TWICE", name="key")
    whole = (parts + ["*" if major == 2 else "all"] * place)[:place]
    return [*whole, key, *parts[place + 1 :]]


def path_of(request: Request, major: int) -> str:
    """What follows the door's own address, as it was sent."""
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    _, _, rest = raw.decode("utf-8", "replace").partition("?")[0].partition(f"/sdmx/v{major}")
    return rest.removeprefix("/")


def _asked(request: Request, major: int) -> tuple[list[str], str]:
    path, query = path_of(request, major), request.scope["query_string"].decode("utf-8", "replace")
    if len(path) + len(query) > LONGEST_ADDRESS:
        raise TooLong("SDMX_ADDRESS_TOO_LONG", found=len(path) + len(query), most=LONGEST_ADDRESS)
    if request.method not in ASKING and not posted(request, major):
        raise Invalid("SDMX_METHOD", found=request.method)
    return segments(path), query


def _strict(request: Request, parameters: Parameters) -> bool:
    """By parameter, or by the preference ``handling=strict`` (RFC 7240)."""
    preferred = "handling=strict" in request.headers.get("prefer", "").replace(" ", "").replace('"', "").split(",")
    return parameters.choice("strict", ("true", "false"), "true" if preferred else "false") == "true"
