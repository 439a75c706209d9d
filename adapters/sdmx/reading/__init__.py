"""Reads SDMX messages of every format the hub knows: structures into registry artefacts, data into the raw stream.

The format is found from the content, never from the name of the file. Nothing read here is trusted: XML without DOCTYPE and
entities, sizes and depth bounded, every broken message an :class:`registry.errors.Invalid` that names the place.
"""

from adapters.sdmx.reading.formats import Format, detect
from adapters.sdmx.reading.message import Fault, StructureMessage
from adapters.sdmx.reading.messages import read_data, read_structures
from adapters.sdmx.reading.structures import structures_of

__all__ = ["Fault", "Format", "StructureMessage", "detect", "read_data", "read_structures", "structures_of"]
