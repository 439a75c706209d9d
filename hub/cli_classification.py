"""``hub classification``: classifications from the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from hub.cli_common import Json, open_hub
from hub.cli_tables import export, reader
from hub.console import errors, progress, say, tell
from registry.coding.batch import MOST_SUGGESTIONS, Sheet, Wish, coded, read
from registry.coding.index import Index
from registry.coding.keeping import INDEXES
from registry.ref import Kind, Ref

classification = typer.Typer(
    no_args_is_help=True, help="Classifications: in, out, coding. / Bảng phân loại: nhập, xuất, mã hóa."
)
classification.command("import")(reader(dry=False))
classification.command("check")(reader(dry=True))
classification.command()(export)


@classification.command("code")
def code(
    file: Annotated[Path, typer.Argument(help="CSV with a column of texts.")],
    to: Annotated[str, typer.Option(help="The codelist, such as NSO:CL_HS2022(1.0).")],
    column: Annotated[str, typer.Option(help="The column of the texts; default: text, else the first.")] = "",
    level: Annotated[str | None, typer.Option(help="Only codes of this level.")] = None,
    lang: Annotated[str, typer.Option(help="Search and name codes in this language only: vi or en.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=MOST_SUGGESTIONS, help="Suggestions for each text.")] = 3,
    out: Annotated[Path | None, typer.Option(help="Where the coded CSV goes; default: standard output.")] = None,
    json: Json = False,
) -> None:
    """Suggest codes for a file of texts. / Gợi ý mã cho một tệp mô tả."""
    with errors(json):
        catalogue = open_hub().catalogue
        sheet, wish = read(file.read_bytes()), Wish(column, level, lang or "vi", limit)
        index = INDEXES.of(catalogue, Ref.parse(to, Kind.CODELIST), [lang] if lang else ())
        text = _coded(sheet, index, wish, json)
        if out is None:
            sys.stdout.buffer.write(text.encode())
            return
        out.write_text(text, encoding="utf-8", newline="")
        facts = {"count": len(sheet.rows), "codelist": str(index.codelist.ref), "out": str(out)}
        tell(json, facts, say("coded", **facts))


def _coded(sheet: Sheet, index: Index, wish: Wish, json: bool) -> str:
    with progress(json, "coding", len(sheet.rows)) as advance:
        return "".join(coded(sheet, index, wish, advance))
