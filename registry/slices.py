"""Items in slices: how lists of any length are stored, searched and streamed.

A slice is a thousand items as packed JSON, known by its content, and the folded text by which they are found: a line for each
item, its id, a tabulator, and its names. So a search reads the lines of all slices inside the database and unpacks only those
that hold something.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson

from registry.alike import packed, sorts
from registry.document import item_document, item_from_document
from registry.model import Item, ItemScheme
from registry.text import fold

LENGTH = 1000
"""Items of a slice."""

_LEVEL = 1
"""Of compression: the quickest is a fifth as large as the text."""


@dataclass(frozen=True)
class Slice:
    """Some items of a list, next to each other, as documents."""

    documents: tuple[dict[str, Any], ...]
    digest: str

    @property
    def search(self) -> str:
        """The folded lines."""
        return "\n" + fold("\n".join(map(_line, self.documents))).replace("\0", "")  # PostgreSQL has no such character

    @property
    def sorts(self) -> str:
        """Which of them are alike."""
        return packed(sorts(self.documents))

    @property
    def content(self) -> bytes:
        return zlib.compress(orjson.dumps(self.documents), _LEVEL)


def sliced(scheme: ItemScheme) -> Iterator[Slice]:
    """The items of a scheme."""
    items = iter(scheme.items)
    while part := tuple(item_document(item) for item in islice(items, LENGTH)):
        yield Slice(part, hashlib.sha256(orjson.dumps(part, option=orjson.OPT_SORT_KEYS)).hexdigest())


def documents(content: bytes) -> list[dict[str, Any]]:
    """The documents of the items of a slice."""
    found: list[dict[str, Any]] = orjson.loads(zlib.decompress(content))
    return found


def unpacked(content: bytes, scheme: type[ItemScheme]) -> tuple[Item, ...]:
    """The items of a slice."""
    return tuple([item_from_document(scheme, "", document) for document in documents(content)])


def fitting(content: bytes, scheme: type[ItemScheme], words: Sequence[str]) -> list[Item]:
    """The items of a slice whose id, names or descriptions hold every word; ``words`` are folded."""
    found = (document for document in documents(content) if _holds(document, words))
    return [item_from_document(scheme, "", document) for document in found]


def id_line(id: str) -> str:
    """What the search text of a slice holds if it may hold the item."""
    return f"\n{fold(id)}\t".replace("\0", "")


def _holds(document: dict[str, Any], words: Sequence[str]) -> bool:
    line = fold(_line(document))
    return all(word in line for word in words)


def _line(document: dict[str, Any]) -> str:
    texts = (*document.get("names", {}).values(), *document.get("descriptions", {}).values())
    return f"{document['id']}\t{' '.join(texts)}".replace("\n", " ")
