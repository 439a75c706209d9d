"""What the command line prints: words for people or JSON for machines, progress, errors with an exit code that means something.

Exit codes: 0 done; 1 a fault of ours; 2 wrong input; 3 not found; 4 not allowed; 5 the state of things does not allow it;
130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import yaml
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from registry.errors import LANGUAGES, HubError, Invalid, Unavailable

WIDE = 220
"""Columns of a table that goes into a file or a pipe."""

OUT = Console(highlight=False, emoji=False, width=None if sys.stdout.isatty() else WIDE)
ERR = Console(stderr=True, highlight=False, emoji=False)


@cache
def words() -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = yaml.safe_load((Path(__file__).parent / "words.yml").read_text(encoding="utf-8"))
    return words


def spoken() -> str:
    """HUB_LANG, else Vietnamese where the system's language is Vietnamese, else English."""
    wanted = os.environ.get("HUB_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return wanted[:2].lower() if wanted[:2].lower() in LANGUAGES else "en"


def say(key: str, **facts: Any) -> str:
    """A sentence of ``words.yml`` in the language spoken."""
    return words()[key][spoken()].format_map(facts)


def tell(as_json: bool, content: Any, *lines: str) -> None:
    """One result: JSON on standard output for machines, else lines for people."""
    if as_json:
        sys.stdout.write(orjson.dumps(_plain(content), default=str, option=orjson.OPT_INDENT_2).decode() + "\n")
        sys.stdout.flush()
        return
    for line in lines:
        OUT.print(line, soft_wrap=True, markup=False)


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table for people; a line saying so when it is empty."""
    if not rows:
        OUT.print(say("nothing"))
        return
    shown = Table(*headings, box=None, pad_edge=False)
    for row in rows:
        shown.add_row(*("" if cell is None else str(cell) for cell in row))
    OUT.print(shown)


@contextmanager
def progress(as_json: bool, label: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A bar on standard error while something long goes on; silent for machines and where nobody watches."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    quiet = as_json or not ERR.is_terminal
    with Progress(*columns, console=ERR, transient=True, disable=quiet) as bar:
        task = bar.add_task(say(label), total=total)
        yield lambda done: bar.advance(task, done)


@contextmanager
def errors(as_json: bool) -> Iterator[None]:
    """Errors of the family become a message and an exit code; everything else is a fault and keeps its trace."""
    try:
        with _translated():
            yield
    except HubError as error:
        fail(as_json, error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)


@contextmanager
def _translated() -> Iterator[None]:
    """What the machine refuses, as errors of the family."""
    try:
        yield
    except UnicodeEncodeError as error:
        # Python hands over arguments that are not UTF-8 as lone surrogates; nothing else here makes any.
        raise Invalid("TEXT_NOT_UTF8", place=error.start) from error
    except OSError as error:
        raise Unavailable(
            "SYSTEM_REFUSED", found=error.filename or "-", reason=error.strerror or type(error).__name__
        ) from error


def fail(as_json: bool, error: HubError) -> None:
    """Print an error of the family: on standard output as JSON, else on standard error."""
    lang = spoken()
    parts = {"title": error.title(lang), "detail": error.detail(lang), "help": error.help(lang)}
    if as_json:
        tell(True, {"error": {"code": error.code, **parts}})
        return
    ERR.print(f"{parts['title']} [{error.code}]", style="bold red", markup=False)
    for part in (parts["detail"], parts["help"]):
        ERR.print(f"  {part}", markup=False, soft_wrap=True)


def _plain(content: Any) -> Any:
    if is_dataclass(content) and not isinstance(content, type):
        return asdict(content)
    return [_plain(each) for each in content] if isinstance(content, list | tuple) else content
