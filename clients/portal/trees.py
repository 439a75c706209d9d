"""Codes as a tree for a page: whole, or the way down to one code and what is below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hub_client.generated.fragments import CodeFields

FEW = 80
"""Codes of a tree that is open from the beginning."""


@dataclass
class Node:
    """A code of a tree. ``more``: it has codes below that are not here, but on a page of their own."""

    code: CodeFields
    children: list[Node] = field(default_factory=list)
    open: bool = True
    more: bool = False


def whole(codes: Sequence[CodeFields]) -> list[Node]:
    """All codes of a list, each under its parent; one whose parent is not among them stands at the top.

    A long tree is open only above the deepest level of its first codes.
    """
    nodes = {code.id: Node(code) for code in codes}
    top: list[Node] = []
    for node in nodes.values():
        above = nodes.get(node.code.parent_id or "")
        (above.children if above and above is not node else top).append(node)
    if len(codes) > FEW:
        for node in nodes.values():
            node.open = any(child.children for child in node.children)
    return top


def under(above: Sequence[CodeFields], codes: Sequence[CodeFields]) -> list[Node]:
    """Codes at the end of the way from the top down to them; each that has codes below leads to a page of its own."""
    nodes = [Node(code, more=code.has_children) for code in codes]
    for code in reversed(above):
        nodes = [Node(code, nodes)]
    return nodes
