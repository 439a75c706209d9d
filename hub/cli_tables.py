"""``hub classification import|check|export``: tables of codes and links into the registry, and out of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from adapters.classifications.rows import Rows, lost
from adapters.classifications.writing import Wish, format_of
from hub.access import LOCAL_ADMINISTRATOR
from hub.classification_files import file_stem, way_of, wish_of
from hub.classification_heads import OPTIONS, Facts
from hub.classifying import TablesReport, import_tables
from hub.cli_common import Json, headings, open_hub
from hub.console import errors, say, spoken, table, tell
from registry.classification import CLASSIFICATION
from registry.classification.findings import Severity
from registry.classification.zeros import Lengths
from registry.errors import LANGUAGES, Invalid
from registry.ports import Catalogue
from registry.ref import Kind, Ref

SHOWN = 30
"""Findings that are printed, the gravest first; JSON has all."""

IMPORT = "Import a table of codes or links without errors. / Nhập bảng mã hoặc bảng chuyển đổi không có lỗi."
CHECK = "Say everything that is found in a table; store nothing. / Nêu mọi điều phát hiện trong bảng; không lưu gì."


def reader(dry: bool) -> Callable[..., None]:
    """The command that imports, or only checks: they are told the same."""

    def command(
        file: Annotated[Path, typer.Argument(help="A table as it is published, or in our own layout: CSV, XLSX, JSON.")],
        list_: Annotated[str, typer.Option("--list", help="What a list of codes becomes.")] = "",
        map_: Annotated[str, typer.Option("--map", help="What a correspondence becomes.")] = "",
        conversion: Annotated[str, typer.Option(help="What the conversion of a workbook becomes; left out without.")] = "",
        from_: Annotated[str, typer.Option("--from", help="The list whose codes are converted.")] = "",
        to: Annotated[str, typer.Option(help="The list they are converted to.")] = "",
        make_lists: Annotated[bool, typer.Option("--make-lists", help="Make those two of the table, if need be.")] = False,
        name_vi: Annotated[str, typer.Option(help="Its name in Vietnamese.")] = "",
        name_en: Annotated[str, typer.Option(help="Its name in English.")] = "",
        family: Annotated[str, typer.Option(help="The classification it, or a list made, is a version of, like HS.")] = "",
        valid_from: Annotated[str, typer.Option(help="First day of validity, like 2025-07-01.")] = "",
        valid_to: Annotated[str, typer.Option(help="Last day of validity.")] = "",
        source: Annotated[str, typer.Option(help="Where it comes from, by which law.")] = "",
        lengths: Annotated[str, typer.Option(help="Lengths of codes, like 2,4,6; by level: 2=2,3=3,4=4.")] = "",
        columns: Annotated[str, typer.Option(help="What headings mean, like 'Mã=id,Tên=name_vi'.")] = "",
        layout: Annotated[str, typer.Option(help="The layout, where it is not to be found out.")] = "",
        head: Annotated[Path | None, typer.Option(help="A YAML file that says all this.")] = None,
        json: Json = False,
    ) -> None:
        with errors(json):
            texts = dict(zip(OPTIONS, (list_, map_, conversion, from_, to), strict=True))
            kinds = {part: Kind.REPRESENTATION_MAP if part.is_map else Kind.CODELIST for part in texts}
            facts = Facts(
                refs={part: Ref.parse(text, kinds[part], "1.0") for part, text in texts.items() if text},
                said=_said(name_vi, name_en, family, valid_from=valid_from, valid_to=valid_to, source=source),
                lengths=_lengths(lengths),
                columns=_columns(columns),
                layout=layout,
                head=head,
                make_lists=make_lists,
            )
            report = _run(file, facts, dry)
            _report(report, dry, json)
        if report.refused:
            raise typer.Exit(2)

    command.__doc__ = CHECK if dry else IMPORT
    return command


def _run(file: Path, facts: Facts, dry: bool) -> TablesReport:
    # Writers of imports read SDMX too: see hub/cli_import.py.
    from hub.imports import registry_writer

    hub = open_hub()
    write = registry_writer(hub.catalogue, hub.engine, hub.clock, LOCAL_ADMINISTRATOR, dry)
    return import_tables(file, facts, hub.catalogue, write)


def _columns(text: str) -> dict[str, str]:
    pairs = [each.partition("=") for each in text.split(",") if each.strip()]
    if not all(name.strip() and meant.strip() for name, _, meant in pairs):
        raise Invalid("OPTION_UNREADABLE", option="--columns", found=text[:60])
    return {name.strip(): meant.strip() for name, _, meant in pairs}


def _lengths(text: str) -> Lengths:
    found: dict[str, set[int]] = {}
    for each in filter(None, text.split(",")):
        level, _, length = each.rpartition("=")
        if not length.strip().isdecimal():
            raise Invalid("OPTION_UNREADABLE", option="--lengths", found=text[:60])
        found.setdefault(level.strip(), set()).add(int(length))
    return found


def _said(name_vi: str, name_en: str, family: str, **words: str) -> dict[str, Any]:
    said: dict[str, Any] = {word: text for word, text in words.items() if text}
    if names := {lang: name for lang, name in (("vi", name_vi), ("en", name_en)) if name}:
        said["names"] = names
    if family:
        said["annotations"] = [{"type": CLASSIFICATION, "title": family}]
    return said


def _report(report: TablesReport, dry: bool, json: bool) -> None:
    if json:
        tell(True, _document(report))
        return
    shown = sorted(report.findings, key=lambda each: list(Severity).index(each[1].severity))
    rows = [(each.row, say(f"found_{each.severity}"), each.rule, each.texts(spoken())["detail"]) for _, each in shown]
    if rows:
        table(headings("row", "weight", "rule", "what"), rows[:SHOWN])
        tell(False, None, *([say("more", count=len(rows) - SHOWN)] if len(rows) > SHOWN else []))
        counts = Counter((say(f"found_{each.severity}"), each.rule) for _, each in shown)
        table(headings("weight", "rule", "times"), [(*name, count) for name, count in counts.items()])
    for each in report.tables:
        facts = {**each.levels, **each.kinds}
        counted = ", ".join(f"{name or '-'}: {count}" for name, count in facts.items())
        counted += say("tables_sure", **asdict(each.exactness)) if each.exactness else ""
        outcome = say("tables_refused" if report.refused else "tables_tried" if dry else f"tables_{each.outcome}")
        tell(False, None, say("tables_line", ref=each.ref, lines=each.lines, counted=counted or "-", outcome=outcome))


def _document(report: TablesReport) -> dict[str, Any]:
    """Everything there is to say, with the words in both languages."""
    findings = [
        {
            "table": part.value,
            "row": each.row,
            "rule": each.rule,
            "severity": each.severity.value,
            "code": each.code,
            **{lang: each.texts(lang) for lang in LANGUAGES},
        }
        for part, each in report.findings
    ]
    head = {"file": report.file, "digest": report.digest, "layout": report.layout, "refused": report.refused}
    return {**head, "tables": [vars(each) for each in report.tables], "findings": findings}


def export(
    ref: Annotated[str, typer.Argument(help="A codelist or a correspondence, like NSO:CL_PROVINCE(2.0).")],
    to: Annotated[str, typer.Option(help="Another codelist: the way from the one to the other is written.")] = "",
    format: Annotated[str, typer.Option(help="csv (with its head as .yml), xlsx or jsonld.")] = "csv",
    out: Annotated[Path, typer.Option(help="The folder to write into.")] = Path(),
    json: Json = False,
) -> None:
    """Write a classification or a correspondence as files. / Ghi danh mục hoặc bảng chuyển đổi ra tệp."""
    with errors(json):
        wish = _wish(open_hub().catalogue, ref, to)
        written = [_write(wish, ending, out) for ending in ((format, "yml") if format == "csv" else (format,))]
        missing = lost(wish.made, Rows.of(wish.made)) if format != "jsonld" else []
        content = {"files": [str(path) for path in written], "lost": missing}
        less = [say("export_less", count=len(missing), some=", ".join(missing[:5]))] if missing else []
        tell(json, content, *(say("exported", path=path) for path in written), *less)


def _wish(catalogue: Catalogue, text: str, to: str) -> Wish:
    """The list of that reference, else the correspondence; or the way to another list."""
    if to:
        return way_of(catalogue, Ref.parse(text, Kind.CODELIST), Ref.parse(to, Kind.CODELIST))
    wanted = Ref.parse(text, Kind.REPRESENTATION_MAP)
    stored = catalogue.find(wanted.kind, wanted.agency, wanted.id, wanted.version)
    return wish_of(catalogue, wanted if stored else replace(wanted, kind=Kind.CODELIST))


def _write(wish: Wish, ending: str, folder: Path) -> Path:
    path = folder / f"{file_stem(wish.made.ref)}.{ending}"
    content = format_of(ending).write(wish)
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
