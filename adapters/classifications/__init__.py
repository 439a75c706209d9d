"""Official tables of codes and correspondences as they are published, our own layout, and the ways out.

A layout is a function that knows its files by their headings and one that makes tables of them;
:mod:`adapters.classifications.layouts` lists them.
"""

from adapters.classifications.layouts import LAYOUTS, read_tables
from adapters.classifications.tables import Part, Table

__all__ = ["LAYOUTS", "Part", "Table", "read_tables"]
