"""The inside of a bounded process: what it may not do, and how it takes jobs and gives frames (:mod:`adapters.bounded`).

Memory and files are bounded by the system. Sockets, other programs and writing are refused by Python itself: no wall against
code that was taken over, but parsers have no reason for any of them. Source: setrlimit(2); PEP 578.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable, Iterable
from typing import Any, BinaryIO

import orjson

from adapters.bounded import DONE, FAILED, HEAD, Frame, error_facts
from registry.errors import HubError, Invalid

_REFUSED = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.remove", "os.rename", "shutil.")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC

Job = Callable[[list[str]], Iterable[Frame]]


def serve(job: Job) -> None:
    """Do jobs until nobody asks any more; the first argument of the program is the memory it may have."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get among the frames
    _confine(int(sys.argv[1]))
    for line in sys.stdin.buffer:
        _do(job, orjson.loads(line), answers)


def _do(job: Job, asked: list[str], answers: BinaryIO) -> None:
    try:
        for sort, content in job(asked):
            _give(answers, sort, content)
        _give(answers, DONE, b"")
    except HubError as error:
        _give(answers, FAILED, orjson.dumps(error_facts(error)))
    except MemoryError:
        _give(answers, FAILED, orjson.dumps({"family": MemoryError.__name__}))
    except Exception as error:  # whatever a message makes a parser raise is the fault of the message to whoever sent it
        _give(answers, FAILED, orjson.dumps(error_facts(Invalid("PARSER_FAILED", reason=type(error).__name__))))


def _give(answers: BinaryIO, sort: bytes, content: bytes) -> None:
    answers.write(HEAD.pack(sort, len(content)))
    answers.write(content)
    answers.flush()


def _confine(memory: int) -> None:
    for what, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(what, (most, most))
        except (OSError, ValueError):  # not every system has every bound
            continue
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(_REFUSED) or (event == "open" and _writes(arguments)):
        raise PermissionError(event)


def _writes(arguments: tuple[Any, ...]) -> bool:
    flags = arguments[2] if len(arguments) > 2 else 0
    return isinstance(flags, int) and bool(flags & _WRITING)
