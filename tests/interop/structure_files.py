"""Real published structure files read, served in every format and read again; needs the files, so it is no test.

    STRUCTURE_FILES=FOLDER .venv/bin/python tests/interop/structure_files.py

What a file holds must come back equal but for what the format is said not to hold, and every message written must be valid by
the official schema: first from the writers, then, of what an import of all files put into a hub, from both SDMX doors, which
must refuse in strict mode what they cannot give whole. An artefact that cannot be read is printed as a fault; it must not keep
the others from being read. SDMX-CSV has no structures.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from adapters.sdmx.otherwise import old_way
from adapters.sdmx.reading import StructureMessage, detect, structures_of
from adapters.sdmx.resources import address
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.jsonmetadata import JSON_METADATA
from adapters.sdmx.writing.jsonstructures import JSON_STRUCTURES
from adapters.sdmx.writing.markup_structures import ML_STRUCTURES
from adapters.sdmx.writing.markupmetadata import ML_METADATA
from adapters.sdmx.writing.shown import Shown, StructureFormat
from hub.settings import Settings
from hub.wiring import Hub
from registry.errors import HubError
from registry.model import Artefact
from registry.ref import STRUCTURES, Kind
from tests.doors import Door
from tests.official import assert_valid, is_back

STRUCTURE, METADATA = "structure", "metadata"
FORMATS = {
    STRUCTURE: (*ML_STRUCTURES.values(), *JSON_STRUCTURES.values()),
    METADATA: (*ML_METADATA.values(), *JSON_METADATA.values()),
}


def main() -> None:
    files = [path for path in sorted(Path(os.environ["STRUCTURE_FILES"]).rglob("*")) if is_structure(path)]
    differing = sum(map(checked, files))
    with tempfile.TemporaryDirectory() as folder:
        differing += served(files, Path(folder))
    print("equal" if not differing else f"{differing} differ")
    sys.exit(1 if differing else 0)


def is_structure(path: Path) -> bool:
    try:
        return path.is_file() and detect(path).is_structure
    except HubError:
        return False


def message_of(made: Artefact) -> str:
    return METADATA if made.ref.kind is Kind.METADATA_SET else STRUCTURE


def checked(path: Path) -> int:
    """How many artefacts of a file do not come back as they were."""
    message = structures_of(path.read_bytes())
    print(path.name, len(message.artefacts), "artefacts")
    for fault in message.faults:
        print("   fault:", fault.place, fault.error)
    return sum(different(message, kind, format) for kind, formats in FORMATS.items() for format in formats)


def different(message: StructureMessage, kind: str, format: StructureFormat) -> int:
    """How many come back otherwise from one message of all that is of its kind."""
    shown = [Shown(made) for made in message.artefacts if message_of(made) == kind]
    lost = {one.artefact.ref: format.unheld(one) for one in shown}
    if reasons := Counter(one.reason for each in lost.values() for one in each):
        print("   not held by", format.kind, format.version, dict(reasons))
    if all(any(not one.place for one in each) for each in lost.values()):
        return 0  # a door refuses what would be empty
    content = b"".join(format.write(Header("NSO", datetime.now(UTC)), shown))
    assert_valid(format, content, kind)
    back = {made.ref: made for made in structures_of(content).artefacts}
    return sum(not equal(format, one, back.get(one.artefact.ref) or back.get(old_way(one.artefact).ref)) for one in shown)


def equal(format: StructureFormat, one: Shown, found: Artefact | None) -> bool:
    if same := is_back(format, one, found):
        return same
    print("   differs in", format.kind, format.version, one.artefact.ref.kind, one.artefact.ref)
    return False


def served(files: list[Path], folder: Path) -> int:
    """How many of the artefacts that a hub holds after an import of the files come otherwise from its doors.

    The import leaves out what names something that is in none of the files; that is no difference.
    """
    os.environ["HUB_DATA_DIR"] = str(folder)
    for words in (("init",), ("import", *map(str, files))):
        subprocess.run([Path(sys.executable).parent / "hub", *words], check=False, stdout=subprocess.DEVNULL)
    hub = Hub.build(Settings.load())
    door = Door(hub.ports)
    held = [ref for kind in STRUCTURES for ref in hub.catalogue.find(kind, "*", "*", "*")]
    print("served at both doors:", dict(Counter(ref.kind.value for ref in held)))
    return sum(asked(door, made, major) for made in hub.catalogue.get_all(held) for major in (1, 2))


def asked(door: Door, made: Artefact, major: int) -> int:
    """How many formats of a door give another artefact than is there, or refuse one that they hold."""
    kind = message_of(made)
    return sum(not answered(door, Shown(made), major, kind, format) for format in FORMATS[kind])


def answered(door: Door, one: Shown, major: int, kind: str, format: StructureFormat) -> bool:
    media = f"application/vnd.sdmx.{kind}+{format.kind.removeprefix('sdmx-').replace('ml', 'xml')};version={format.version}"
    answer = door.get(f"{address(one.artefact.ref, major).removeprefix('/sdmx')}?strict=true&detail=raw", Accept=media)
    if format.unheld(one):
        return expected(answer.status_code == 406, media, one, answer.status_code)
    if not expected(answer.status_code == 200, media, one, answer.status_code):
        return False
    assert_valid(format, answer.content, kind)
    return equal(format, one, next(iter(structures_of(answer.content).artefacts), None))


def expected(fits: bool, media: str, one: Shown, status: int) -> bool:
    if not fits:
        print("   answered", status, media, one.artefact.ref.kind, one.artefact.ref)
    return fits


if __name__ == "__main__":
    main()
