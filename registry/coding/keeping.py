"""The indexes that were made: making one of a long list takes a second or two, asking it a millisecond."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

from registry.coding.index import Index
from registry.errors import TooLarge
from registry.model import Codelist
from registry.passing import takes_long
from registry.ports import Catalogue
from registry.ref import Ref

MOST = 8
"""Indexes kept, some 50 MB for the largest."""

LONGEST = 50_000
"""Codes of a list that is made an index of."""


class Indexes:
    """The last indexes that were asked for; safe to use from many threads. Each keeps its codelist, so that no other takes
    its place in memory while it is known by it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, tuple[str, ...]], Index] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, catalogue: Catalogue, ref: Ref, langs: Sequence[str] = ()) -> Index:
        """The index of a list as it stands in the registry; :class:`TooLarge` LIST_TOO_LONG_TO_CODE for a very long one."""
        exact = catalogue.exact(ref)
        if (length := len(catalogue.outline(exact))) > LONGEST:
            raise TooLarge("LIST_TOO_LONG_TO_CODE", codelist=str(exact), found=length, most=LONGEST)
        codelist = catalogue.get(exact)
        assert isinstance(codelist, Codelist)
        key = id(codelist), tuple(langs)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        takes_long()
        return self._keep(key, Index.of(codelist, langs))

    def _keep(self, key: tuple[int, tuple[str, ...]], made: Index) -> Index:
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return made


INDEXES = Indexes()
"""Those of this process."""
