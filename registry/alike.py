"""Which items of a list are alike, so that what a format cannot hold of a list of any length is found by one item of each sort.

Two items are alike where they say the same fields in the same languages, and each value is usual in both or the same in both.
Usual is what every format either holds or has no place for: names of the standard, texts without control characters, plain
addresses of the web, days. All else is taken as it is. So a sort may be narrower than it need be, which costs time, but none
is too wide.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from registry.model import Item

MOST = 100
"""Sorts of a slice that are told apart. Where there are more, each of its items is looked at."""

Like = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Sort:
    """Items of a slice that are alike: the first of them by its place, and how many they are."""

    name: str
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class Specimen:
    """An item of a scheme, its place there, and how many are like it, itself among them."""

    place: int
    item: Item
    count: int


def sorts(documents: Iterable[Mapping[str, Any]]) -> tuple[Sort, ...] | None:
    """The sorts of items among the documents of a slice, in the order in which they come; None where there are too many."""
    found: dict[Any, list[int]] = {}
    for place, document in enumerate(documents):
        found.setdefault(tuple([(name, _LIKE.get(name, _literal)(said)) for name, said in document.items()]), []).append(place)
        if len(found) > MOST:
            return None
    return tuple(Sort(_name(like), places[0], len(places)) for like, places in found.items())


def packed(of: tuple[Sort, ...] | None) -> str:
    """As text; empty for too many."""
    return "" if of is None else orjson.dumps([(one.name, one.first, one.count) for one in of]).decode()


def unpacked(text: str) -> tuple[Sort, ...] | None:
    """The same, read."""
    return tuple(Sort(*one) for one in orjson.loads(text)) if text else None


def _name(like: Any) -> str:
    return hashlib.blake2b(repr(like).encode(errors="surrogatepass"), digest_size=12).hexdigest()


def _id(said: str) -> Any:
    return _NAME if _is_name(said) else _ID if _is_id(said) else _text(said)


def _text(said: str) -> Any:
    return _TEXT if said and not _odd(said) else said


def _texts(said: dict[str, str]) -> Any:
    return tuple([(lang, _TEXT if text and not _odd(text) else text) for lang, text in said.items()])


def _address(said: str) -> Any:
    return _ADDRESS if _is_address(said) else _WIDE if _is_wide_address(said) else said


def _addresses(said: dict[str, str]) -> Any:
    return tuple([(lang, _address(one)) for lang, one in said.items()])


def _urn(said: str) -> Any:
    """The artefact as it is; which of its items does not matter."""
    found = _is_item(said)
    return (found[1], _NAME) if found else said


def _moment(said: str) -> Any:
    return _MOMENT if _is_moment(said) else said


def _literal(said: Any) -> Any:
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS) if isinstance(said, dict | list) else said


def _each(said: list[dict[str, Any]]) -> Any:
    """Of notes and links, which are never many. Ids may be any, but formats want them to differ."""
    ids: dict[str, int] = {}
    return tuple([tuple([_inside(name, one, ids) for name, one in each.items()]) for each in said])


def _inside(name: str, said: Any, ids: dict[str, int]) -> Any:
    if name == "id":
        return name, ids.setdefault(said, len(ids)), _text(said)
    return name, _LIKE_INSIDE.get(name, _literal)(said)


_SORTS = ("name", "id", "text", "address", "wide address", "moment")
_NAME, _ID, _TEXT, _ADDRESS, _WIDE, _MOMENT = ((sort,) for sort in _SORTS)
"""What is usual; no value of a document is one of these."""
_IN_ADDRESS = r"[A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2}"
_WIDE_LETTERS = "[\u00a1-\u1fff\u3001-\ud7ff]"
_is_name = re.compile(r"[A-Za-z][A-Za-z0-9_-]*").fullmatch
_is_id = re.compile(r"[A-Za-z0-9_@$-]+").fullmatch
_is_address = re.compile(rf"https?://(?:{_IN_ADDRESS})+").fullmatch
_is_wide_address = re.compile(rf"https?://(?:{_IN_ADDRESS}|{_WIDE_LETTERS})+").fullmatch
_is_item = re.compile(r"(urn:sdmx:[^()]+\([^()]+\))\.[A-Za-z][A-Za-z0-9_-]*").fullmatch
_is_moment = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([+-][0-9]{2}:[0-9]{2})?)?"
).fullmatch
_odd = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]").search
_LIKE: dict[str, Like] = {
    "id": _id,
    "parent": _id,
    "names": _texts,
    "descriptions": _texts,
    "annotations": _each,
    "links": _each,
    "uri": _address,
    "valid_from": _moment,
    "valid_to": _moment,
    "value": _text,
    "geo_cell": _text,
}
"""By field of an item (:class:`registry.model.Item` and those of code lists)."""
_LIKE_INSIDE: dict[str, Like] = {
    "type": _text,
    "title": _text,
    "value": _text,
    "texts": _texts,
    "titles": _texts,
    "url": _address,
    "urn": _urn,
    "urls": _addresses,
    "links": _each,
}
