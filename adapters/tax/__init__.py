"""Value added tax declarations of the tax authority."""

from adapters.base import Adapter
from adapters.tax.adapter import TaxAdapter


def adapter() -> Adapter:
    """The tax source."""
    return TaxAdapter.create()
