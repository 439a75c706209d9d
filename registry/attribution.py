"""Who changed the registry, when, by what and why; and the message in which the change came."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from registry.ref import Ref


@dataclass(frozen=True)
class Message:
    """A message as it came in, byte for byte."""

    content: bytes
    media_type: str

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Act:
    """One change: ``who`` is the name of a viewer, ``what`` says how it came (a file, a request), ``why`` may be empty."""

    at: datetime
    who: str
    what: str
    why: str = ""


class Outcome(StrEnum):
    """What became of an artefact by an act."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True)
class Entry:
    """A line of an artefact's history."""

    revision: int
    at: datetime
    who: str
    what: str
    why: str
    outcome: Outcome


@dataclass(frozen=True)
class Revision:
    """One act, and what became of the artefacts it touched."""

    ordinal: int
    at: datetime
    who: str
    what: str
    why: str
    outcomes: Mapping[Ref, Outcome]
