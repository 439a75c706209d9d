"""The sources the hub knows, by id."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from adapters.base import Adapter
from registry.errors import NotFound, suggest
from registry.ref import Kind, Ref

ADAPTERS = {"tax": "adapters.tax", "customs": "adapters.customs"}
"""Source -> the package whose ``adapter()`` makes its adapter; loaded when first used, so that a portal need not read them."""


@cache
def adapter_for(source: str) -> Adapter:
    """The adapter of a source; :class:`NotFound` UNKNOWN_SOURCE naming those there are."""
    if source not in ADAPTERS:
        near = suggest(source, ADAPTERS) or list(ADAPTERS)
        raise NotFound("UNKNOWN_SOURCE", found=source[:40], near=", ".join(near), valid=", ".join(ADAPTERS))
    adapter: Adapter = import_module(ADAPTERS[source]).adapter()
    return adapter


def adapter_of_dataflow(dataflow: Ref) -> tuple[Adapter, str]:
    """The adapter that compiles a dataflow, and the name of its SQL file."""
    known = {}
    for source in ADAPTERS:
        adapter = adapter_for(source)
        for name, ref in adapter.source.dataflows.items():
            known[Ref.parse(ref, Kind.DATAFLOW)] = (adapter, name)
    if dataflow not in known:
        raise NotFound("NOT_COMPILED", found=str(dataflow), valid=", ".join(str(ref) for ref in known))
    return known[dataflow]
