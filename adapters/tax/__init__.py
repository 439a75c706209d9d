"""Value added tax declarations of the tax authority."""

from __future__ import annotations

from functools import cache

from adapters.base import Adapter


@cache
def adapter() -> Adapter:
    """The tax adapter; its page and rules are read when it is first asked for."""
    from adapters.tax.adapter import TaxAdapter

    return TaxAdapter.create()
