"""``hub registry advise``: what a structure message would change, said before anything is stored."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from hub.access import LOCAL_ADMINISTRATOR
from hub.cli_common import Json, headings, open_hub
from hub.console import errors, say, spoken, table, tell
from registry.advisor import Advice, Finding
from registry.advisor.mapping import MapDraft, Open, Why
from registry.document import to_document
from registry.errors import LANGUAGES
from registry.ref import Ref

SHOWN = 30
"""Lines of each table that are printed, the gravest first; JSON has all."""

WIDEST = 50
"""Characters of an old or new text in a table."""

registry = typer.Typer(no_args_is_help=True, help="Structures and classifications. / Cấu trúc và danh mục.")


@registry.callback()
def _group() -> None:
    """Keeps ``advise`` a word of its own while it is the only command."""


@registry.command("advise")
def advise(
    paths: Annotated[list[Path], typer.Argument(help="SDMX structure messages, judged together.")],
    json: Json = False,
) -> None:
    """Say what structures would change; store nothing. / Cho biết các cấu trúc sẽ thay đổi gì; không lưu gì."""
    # Reading SDMX costs a second: see hub/cli_import.py.
    from hub.advising import advise_files

    with errors(json):
        hub = open_hub()
        told = advise_files(paths, hub.catalogue, hub.cube, LOCAL_ADMINISTRATOR)
        if json:
            tell(True, {"advice": [_document(one) for one in told.advice], "partial": [_named(ref) for ref in told.partial]})
            return
        for one in told.advice:
            _print(one)
        tell(False, None, *(say("advise_partial", ref=_named(ref)) for ref in told.partial))


def _print(one: Advice) -> None:
    tell(False, None, *_lines(one))
    tell(False, None, *(each.detail(spoken()) for each in one.warnings))
    findings = sorted(one.findings, key=lambda each: -each.severity)
    if findings:
        _table(("place", "what", "was", "is", "weight"), [_finding(each) for each in findings])
    if one.affected:
        rows = [(_named(each.ref), _way(each.through), say("yes" if each.follows else "no")) for each in one.affected]
        _table(("reaches", "through", "follows"), rows)
    if one.series:
        counts = [(each.dataflow, each.component, each.code, each.use.series, each.use.observations) for each in one.series]
        _table(("dataflow", "component", "code", "series", "observations"), counts)
    if one.draft_map:
        _print_map(one.draft_map)


def _lines(one: Advice) -> list[str]:
    name = _named(one.proposed)
    if one.base is None:
        return [say("advise_new", ref=name)]
    if one.next_version is None:
        return [say("advise_same" if one.legal else "advise_elsewhere", ref=name, base=one.base.version)]
    facts = {"ref": name, "base": one.base.version, "next": one.next_version, "weight": _weight(one.severity.name)}
    more = ["advise_legal" if one.legal else "advise_illegal", *(["advise_in_place"] if one.in_place else [])]
    return [say("advise_next", **facts), *(say(key, version=one.proposed.version) for key in more)]


def _print_map(drawn: MapDraft) -> None:
    facts = {"source": drawn.source, "target": drawn.target}
    tell(False, None, say("advise_map", linked=len(drawn.linked), open=len(drawn.open), new=len(drawn.new), **facts))
    doubtful = [row for one in drawn.open for row in _choices(one)]
    noted = [(one.code, one.code, say(f"why_{one.why}"), "") for one in drawn.linked if one.why is not Why.SAME_ID]
    if doubtful or noted:
        _table(("old_code", "new_code", "reason", "likeness"), [*doubtful, *noted])


def _choices(one: Open) -> list[tuple[object, ...]]:
    if not one.candidates:
        return [(one.code, "?", say("why_nobody"), "")]
    return [(one.code, each.code, say(f"why_{each.why}"), each.likeness) for each in one.candidates]


def _table(columns: tuple[str, ...], rows: Sequence[Sequence[object]]) -> None:
    table(headings(*columns), rows[:SHOWN])
    tell(False, None, *([say("more", count=len(rows) - SHOWN)] if len(rows) > SHOWN else []))


def _finding(one: Finding) -> tuple[object, ...]:
    return one.place, one.texts(spoken())["title"], _cut(one.old), _cut(one.new), _weight(one.severity.name)


def _cut(text: str) -> str:
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"


def _weight(name: str) -> str:
    return say(f"weight_{name.lower()}")


def _named(ref: Ref) -> str:
    return f"{ref.kind.value} {ref}"


def _way(through: Sequence[Ref]) -> str:
    return " → ".join(map(str, through))


def _document(one: Advice) -> dict[str, Any]:
    """Everything there is to say, with the words in both languages."""
    return {
        "proposed": _named(one.proposed),
        "base": str(one.base) if one.base else None,
        "severity": one.severity.name.lower(),
        "next_version": one.next_version,
        "legal": one.legal,
        "in_place": one.in_place,
        "warnings": [{"code": each.code, **{lang: each.detail(lang) for lang in LANGUAGES}} for each in one.warnings],
        "findings": [_finding_document(each) for each in one.findings],
        "affected": [
            {"ref": _named(each.ref), "through": [str(ref) for ref in each.through], "follows": each.follows}
            for each in one.affected
        ],
        "series": [
            {
                "dataflow": str(each.dataflow),
                "component": each.component,
                "code": each.code,
                "series": each.use.series,
                "observations": each.use.observations,
            }
            for each in one.series
        ],
        "draft_map": _map_document(one.draft_map) if one.draft_map else None,
    }


def _finding_document(one: Finding) -> dict[str, Any]:
    facts = {"code": one.code, "place": one.place, "severity": one.severity.name.lower(), "old": one.old, "new": one.new}
    return {**facts, **{lang: one.texts(lang) for lang in LANGUAGES}}


def _map_document(drawn: MapDraft) -> dict[str, Any]:
    return {
        "source": str(drawn.source),
        "target": str(drawn.target),
        "linked": [{"source": one.code, "target": one.code, "why": one.why.value} for one in drawn.linked],
        "open": [
            {
                "source": one.code,
                "candidates": [
                    {"target": each.code, "why": each.why.value, "likeness": each.likeness} for each in one.candidates
                ],
            }
            for one in drawn.open
        ],
        "new": list(drawn.new),
        "correspondence": to_document(drawn.correspondence()),
    }
