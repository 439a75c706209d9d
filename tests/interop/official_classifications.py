"""Official tables imported by one command each into a scratch hub, and counted; needs the files, so it is no test.

    .venv/bin/python tests/interop/official_classifications.py FOLDER

The folder holds the tables as they are published: workbooks of the UN Statistics Division, UN Comtrade's JSON, ISIC's texts,
AHTN and the provinces of 2025. Prints what was counted beside what is expected; where the two differ the exit code is 1. What
the expected figures are and why some others differ from them says docs/classification-files.md.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from typer.testing import CliRunner

from hub.cli import app
from hub.cli_common import open_hub
from registry.correspondence import Correspondence, LinkKind, groups
from registry.model import Codelist, RepresentationMap
from registry.ref import Kind, Ref

COMMANDS = (
    "classificationH6.json --list UNSD:HS2022(1.0) --family HS --valid-from 2022-01-01",
    "classificationS4.json --list UNSD:SITC4(1.0) --family SITC",
    "ISIC_Rev_4_english_structure.txt --list UNSD:ISIC4(1.0) --family ISIC",
    "ISIC_Rev_3_1_english_structure.txt --list UNSD:ISIC31(1.0) --family ISIC",
    "ISIC4_ISIC31.txt --map UNSD:ISIC4_ISIC31(1.0) --from UNSD:ISIC4(1.0) --to UNSD:ISIC31(1.0)",
    "HS2022toHS2017ConversionAndCorrelationTables.xlsx --map UNSD:HS2022_HS2017(1.0) --conversion UNSD:HS2022_HS2017_MAIN(1.0)"
    " --from NSO:CL_HS2022(1.0) --to UNSD:HS2017(1.0) --make-lists --family HS",
    "HS2022toSITC4ConversionAndCorrelationTables.xlsx --map UNSD:HS2022_SITC4(1.0) --conversion UNSD:HS2022_SITC4_MAIN(1.0)"
    " --from UNSD:HS2022(1.0) --to UNSD:SITC4(1.0)",
    "ahtn2022_vn_nomenclature.csv --list NSO:CL_AHTN2022(1.0)",
    "province_2025_correspondence.csv --map UNSD:PROVINCES(1.0) --from NSO:CL_PROVINCE(1.0) --to NSO:CL_PROVINCE(2.0)",
)

EXPECTED: dict[str, dict[str, int]] = {
    "UNSD:HS2022(1.0)": {"2": 97, "4": 1229, "6": 5613},
    "UNSD:SITC4(1.0)": {"basic headings": 2970},
    "UNSD:ISIC4(1.0)": {"1": 21, "2": 88, "3": 238, "4": 419},
    "UNSD:ISIC31(1.0)": {"1": 17, "2": 62, "3": 161, "4": 298},
    "UNSD:ISIC4_ISIC31(1.0)": {"lines": 737},
    "UNSD:HS2022_HS2017(1.0)": {"1:1": 4097, "n:1": 1392, "1:n": 13, "n:m": 111, "groups": 4744, "pairs": 4630},
    "UNSD:HS2022_HS2017_MAIN(1.0)": {"1:1": 5240, "n:1": 373},
    "UNSD:HS2022_SITC4(1.0)": {"1:1": 1257, "n:1": 4156, "only n:n": 179},
    "NSO:CL_AHTN2022(1.0)": {"8": 11414 + 457, "Loại khác": 3068},
    "UNSD:PROVINCES(1.0)": {"1:1": 11, "n:1": 52},
}


def main(folder: Path) -> None:
    differing = 0
    with tempfile.TemporaryDirectory() as data:
        os.environ |= {"HUB_DATA_DIR": data, "HUB_LANG": "en"}
        CliRunner().invoke(app, ["init"])
        for command in COMMANDS:
            file, *options = command.split()
            report = imported(folder / file, options)
            errors = sum(each["severity"] == "error" for each in report["findings"])
            print(f"{file}: {report['layout']}, {len(report['findings'])} findings, {errors} errors")
            differing += errors
            for table in report["tables"]:
                differing += compared(table, counted(table, report))
    print("all as expected" if not differing else f"{differing} differ")
    sys.exit(1 if differing else 0)


def imported(path: Path, options: list[str]) -> dict[str, Any]:
    done = CliRunner().invoke(app, ["classification", "import", str(path), *options, "--json"])
    found: dict[str, Any] = json.loads(done.output)
    return found


def compared(table: dict[str, Any], counts: dict[str, int]) -> int:
    """Print a table's counts; how many differ from what is expected of it."""
    expected = EXPECTED.get(table["ref"], {})
    print(f"  {table['ref']}, {table['outcome']}")
    for name, count in counts.items():
        wanted = expected.get(name)
        print(f"    {name or '-':16}{count:>8}{'' if wanted is None else f'   expected {wanted}'}")
    return sum(counts.get(name) != wanted for name, wanted in expected.items())


def counted(table: dict[str, Any], report: dict[str, Any]) -> dict[str, int]:
    counts = {"lines": table["lines"], **table["levels"], **table["kinds"], **dict(special(table["ref"], report))}
    return {name: counts[name] for name in counts if counts[name]}


def special(ref: str, report: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Counts of one table alone."""
    if ref == "UNSD:HS2022_HS2017(1.0)":
        links = correspondence(ref)
        # 8549 (waste of electronics) touches everything electronic: with it there is one enormous group.
        kept = tuple(link for link in links.links if not link.source.startswith("8549"))
        found = groups(Correspondence(ref=links.ref, names={}, from_list=links.from_list, to_list=links.to_list, links=kept))
        yield "groups", len(found)
        yield "pairs", sum(each.kind is LinkKind.ONE_TO_ONE for each in found)
    if ref == "UNSD:HS2022_SITC4(1.0)":
        links = correspondence(ref)
        several = {code: ends for code, ends in links.targets.items() if len(ends) > 1}
        yield "only n:n", sum(all(len(links.sources[end.target]) > 1 for end in ends) for ends in several.values())
    if ref == "UNSD:SITC4(1.0)":
        made = open_hub().catalogue.get(Ref(Kind.CODELIST, "UNSD", "SITC4", "1.0"))
        assert isinstance(made, Codelist)
        codes = [item for item in made.items if item.id.isdecimal()]
        above = {item.parent for item in codes}
        yield "basic headings", sum(item.id not in above for item in codes)
    if ref == "NSO:CL_AHTN2022(1.0)":
        nothing = [each for each in report["findings"] if each["rule"] == "NAME_SAYS_NOTHING" and len(each["code"]) == 8]
        yield "Loại khác", sum(each["vi"]["detail"].endswith("chỉ có tên Loại khác.") for each in nothing)


def correspondence(ref: str) -> Correspondence:
    made = open_hub().catalogue.get(Ref.parse(ref, Kind.REPRESENTATION_MAP))
    assert isinstance(made, RepresentationMap)
    found = Correspondence.of(made)
    assert found is not None
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
