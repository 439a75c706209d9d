"""Correspondences made of others: turned round, and chained."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal

from registry.correspondence.sharing import uneven
from registry.correspondence.table import MAIN, Correspondence, Link
from registry.errors import Invalid
from registry.ref import Ref
from registry.text import Names

EXACTLY = Context(prec=60)
"""Shares are short texts: their products have all their digits."""

DIGITS = Context(prec=20)
"""Shares by weights have this many digits: what is missing to 1 is far below what a table may miss."""

MOST_LINKS = 100_000
"""Links of a chain. By correlations that put electronic waste beside everything each of 5,000 codes would lead to each."""

_TURNED = {"en": "{name} (turned round)", "vi": "{name} (đảo chiều)"}


def invert(
    table: Correspondence, ref: Ref, weights: Mapping[str, Decimal] | None = None, *, basis: str = "", period: str = ""
) -> Correspondence:
    """The table from its target list to its source list.

    A share is 1 where the new source has one target, else unknown; with ``weights`` of the old source codes, what came from
    each is its weight times its share, and ``basis`` and ``period`` say what the weights are. A code that nothing came from
    by its weights loses the link; where a weight or an old share is unknown, so are the new shares. Codes that had ended are
    left out.
    """
    links = tuple(link for into in table.sources.values() for link in _back(into, weights))
    names = {lang: _TURNED[lang].format(name=name) if lang in _TURNED else name for lang, name in table.names.items()}
    return Correspondence(
        ref=ref,
        names=names,
        from_list=table.to_list,
        to_list=table.from_list,
        links=links,
        basis=basis,
        period=period,
        source=table.source,
        made_of=tuple((step, not turned) for step, turned in reversed(table.steps)),
    )


def _back(into: tuple[Link, ...], weights: Mapping[str, Decimal] | None) -> Iterator[Link]:
    came = [_came(link, weights or {}) for link in into]
    known = [part for part in came if part is not None]
    total = sum(known, Decimal(0))
    for link, part in zip(into, came, strict=True):
        if len(into) == 1 or len(known) < len(came) or not total:
            yield Link(link.target, link.source, basis=MAIN if link.by_convention else "", origin=link.origin)
        elif part:
            yield Link(link.target, link.source, _text(DIGITS.divide(part, total)), origin=link.origin)


def _came(link: Link, weights: Mapping[str, Decimal]) -> Decimal | None:
    weight = weights.get(link.source)
    return None if weight is None or link.share is None else EXACTLY.multiply(weight, Decimal(link.share))


def chain(first: Correspondence, second: Correspondence, ref: Ref) -> Correspondence:
    """The correspondence through the list between the two, shares multiplied; unknown where one of them is.

    A source code with a way that ends at the list between has no links but is ``ended``: recoding it is an error, not a loss.
    So is one that comes by shares that do not add up to 1, which later ways together must not make a whole of.
    :class:`Invalid` NOT_A_CHAIN where the two do not meet, CHAIN_TOO_WIDE where so much is linked that it says nothing.
    """
    if first.to_list != second.from_list:
        raise Invalid("NOT_A_CHAIN", first=str(first.ref), second=str(second.ref), between=str(first.to_list))
    onward = {code: links for code, links in second.targets.items() if code not in second.gone and not uneven(second, code)}
    reached = {code: dict.fromkeys(link.target for link in links) for code, links in onward.items()}
    lost = (
        code for code, links in first.targets.items() if uneven(first, code) or any(link.target not in onward for link in links)
    )
    ended = dict.fromkeys((*first.ended, *lost))
    found: list[Link] = []
    for source in (code for code in first.targets if code not in ended):
        known, unknown = _ways(first, second, source, reached)
        if len(found) + len(known) + len(unknown) > MOST_LINKS:
            raise Invalid("CHAIN_TOO_WIDE", first=str(first.ref), second=str(second.ref), most=MOST_LINKS)
        found += (Link(source, target, way.text, way.basis, way.period) for target, way in known.items())
        found += (Link(source, target) for target in unknown)
    return Correspondence(
        ref=ref,
        names=_from_to(first.names, second),
        from_list=first.from_list,
        to_list=second.to_list,
        links=tuple(found),
        ended=tuple(ended),
        made_of=(*first.steps, *second.steps),
    )


def _ways(
    first: Correspondence, second: Correspondence, source: str, reached: Mapping[str, dict[str, None]]
) -> tuple[dict[str, _Way], dict[str, None]]:
    """The targets of a source whose shares are known, and those of which nobody knows it."""
    known: dict[str, _Way] = {}
    unknown: dict[str, None] = {}
    for link in first.targets[source]:
        if link.share is None:
            unknown |= reached[link.target]
            continue
        for step in second.targets[link.target]:
            if step.share is None:
                unknown[step.target] = None
            else:
                known[step.target] = known.get(step.target, _NOWHERE).beside(_through(first, link, second, step))
    return {target: way for target, way in known.items() if target not in unknown}, unknown


@dataclass(frozen=True, slots=True)
class _Way:
    """What goes on one way of known shares, or on several put together."""

    share: Decimal
    basis: str = ""
    period: str = ""

    def beside(self, other: _Way) -> _Way:
        return _Way(
            EXACTLY.add(self.share, other.share), _joined((self.basis, other.basis)), _joined((self.period, other.period))
        )

    @property
    def text(self) -> str:
        return _text(self.share)


_NOWHERE = _Way(Decimal(0))


def _through(first: Correspondence, link: Link, second: Correspondence, step: Link) -> _Way:
    """A way of two links. What a whole was measured by does not matter, unless it is one by convention."""
    parted = [(table, one) for table, one in ((first, link), (second, step)) if one.share != "1" or one.by_convention]
    share = Decimal(1)
    for _, one in parted:
        share = EXACTLY.multiply(share, Decimal(one.share or 0))
    return _Way(
        share,
        _joined(table.basis_of(one) for table, one in parted),
        _joined(table.period_of(one) for table, one in parted),
    )


def _joined(texts: Iterable[str]) -> str:
    """Different texts in one, each once."""
    return ", ".join(dict.fromkeys(part for text in texts if text for part in text.split(", ")))


def _text(share: Decimal) -> str:
    return format(share.normalize(EXACTLY), "f")


def _from_to(names: Names, second: Correspondence) -> Names:
    return {lang: f"{name} → {second.names.get(lang, second.ref.id)}" for lang, name in names.items()}
