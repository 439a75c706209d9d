"""The kinds of links: how many source codes meet how many target codes."""

from __future__ import annotations

from enum import StrEnum

from registry.correspondence.table import Correspondence, Link


class LinkKind(StrEnum):
    """``1:1`` nothing but the code changed; ``n:1`` merged; ``1:n`` split; ``n:m`` both. Source: GSIM, Klass."""

    ONE_TO_ONE = "1:1"
    MERGED = "n:1"
    SPLIT = "1:n"
    MANY = "n:m"

    @classmethod
    def of(cls, *, merged: bool, split: bool) -> LinkKind:
        if split:
            return cls.MANY if merged else cls.SPLIT
        return cls.MERGED if merged else cls.ONE_TO_ONE


def kinds(table: Correspondence) -> dict[str, LinkKind]:
    """What happened to each source code that has a target, in the order of the table."""
    merged = {link.source for links in table.sources.values() if len(links) > 1 for link in links}
    return {code: LinkKind.of(merged=code in merged, split=len(links) > 1) for code, links in table.targets.items()}


def kind_of_link(table: Correspondence, link: Link) -> LinkKind:
    """What one link is part of, seen from both of its ends."""
    return LinkKind.of(merged=len(table.sources[link.target]) > 1, split=len(table.targets[link.source]) > 1)
