"""Customs declarations: declaration lines in, trade by flow, commodity, partner and month out."""

from adapters.base import Adapter
from adapters.customs.adapter import CustomsAdapter


def adapter() -> Adapter:
    """The customs source."""
    return CustomsAdapter()
