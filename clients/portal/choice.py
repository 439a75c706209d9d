"""What a reader chose on a dataflow's page, as it stands in the address: readable, and the same in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from hub_client import SelectionInput, select
from hub_client.generated.fragments import ReleaseFields

CONTROLS = ("start", "end", "last", "release", "layout", "after")
FIND = "find."
"""Before the id of a dimension: words to look for in its codes."""

RECODE = "to."
"""Before the id of a dimension: the codelist version whose codes its figures are wanted in."""

WIDE, LONG = "wide", "long"
MOST_LAST = 10_000


def parameter(dimension: str) -> str:
    """The parameter a dimension's codes stand under: its id, unless that is the name of a control."""
    return f"dim.{dimension}" if dimension in CONTROLS else dimension


@dataclass(frozen=True)
class Choice:
    """``codes``: dimension -> codes, left out means all. ``last`` counts only where no periods are named; 0 means all.

    ``release``: the number of an earlier release; None for the newest. ``find``: dimension -> words looked for. ``recode``:
    dimension -> another codelist version.
    """

    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    start: str = ""
    end: str = ""
    last: int | None = None
    release: int | None = None
    layout: str = WIDE
    after: str = ""
    find: Mapping[str, str] = field(default_factory=dict)
    recode: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, given: Iterable[tuple[str, str]], dimensions: Sequence[str]) -> Choice:
        """From the parameters of an address; what is not understood is left out."""
        codes: dict[str, list[str]] = {}
        plain: dict[str, str] = {}
        named = {parameter(dimension): dimension for dimension in dimensions}
        for name, value in given:
            if name in named and value:
                codes.setdefault(named[name], []).append(value)
            elif value.strip():
                plain[name] = value.strip()
        find, recode = ({name: plain[to + name] for name in dimensions if to + name in plain} for to in (FIND, RECODE))
        return cls(
            codes={name: tuple(dict.fromkeys(values)) for name, values in codes.items()},
            start=plain.get("start", ""),
            end=plain.get("end", ""),
            last=_whole(plain.get("last")),
            release=_whole(plain.get("release")),
            layout=LONG if plain.get("layout") == LONG else WIDE,
            after=plain.get("after", ""),
            find=find,
            recode=recode,
        )

    @property
    def empty(self) -> bool:
        """Whether nothing is said about the data, so that the page may choose."""
        return not (self.codes or self.start or self.end) and self.last is None

    def selection(self, releases: Sequence[ReleaseFields]) -> SelectionInput:
        """The question to the hub."""
        named = bool(self.start or self.end)
        as_of = next((each.released_at for each in releases[1:] if each.number == self.release), None) if self.release else None
        last = None if named else self.last or None
        return select(self.codes, start=self.start, end=self.end, last_n=last, as_of=as_of, recode=self.recode)

    def query(self, **changes: object) -> str:
        """The parameters of the address of this choice with some changes, ``?`` included; empty for none."""
        pairs = self.pairs(**changes)
        return "?" + urlencode(pairs, safe=":,") if pairs else ""

    def pairs(self, **changes: object) -> list[tuple[str, str]]:
        """The parameters by themselves."""
        changed = replace(self, **changes)  # type: ignore[arg-type]
        pairs = [(parameter(name), code) for name, codes in changed.codes.items() for code in codes]
        pairs += [(name, str(value)) for name in CONTROLS if (value := getattr(changed, name)) not in (None, "", WIDE)]
        pairs += [(RECODE + name, to) for name, to in changed.recode.items()]
        return pairs + [(FIND + name, words) for name, words in changed.find.items()]


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and int(text[:9]) <= MOST_LAST else None
