"""Changes of the registry as they are handed in, and what became of each: the values between a door and the roof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from registry.attribution import Message, Outcome
from registry.errors import HubError, Invalid
from registry.ref import Ref

if TYPE_CHECKING:
    from registry.ports import Reject

LONGEST_REASON = 1000
"""Characters of why something was changed."""


class Purpose(StrEnum):
    """What is to be done with artefacts. Source: ``ActionType`` of ``SDMXCommon.xsd`` 3.1.

    APPEND       only what is not there yet may come
    MERGE        items come to those of a stored scheme or take the place of their like; other artefacts as with REPLACE
    REPLACE      what comes stands for what was
    DELETE       what is named goes
    INFORMATION  nothing is to be done
    """

    APPEND = "Append"
    REPLACE = "Replace"
    MERGE = "Merge"
    DELETE = "Delete"
    INFORMATION = "Information"


@dataclass(frozen=True)
class Order:
    """How changes are to be made, in one transaction.

    what      how they came, for the registry's history          why       may be empty
    dry       everything is checked and nothing stays            original  the message they came in
    whole     all of them or none; else those that can be made   replaces  only what is there already may be given
    """

    what: str
    why: str = ""
    dry: bool = False
    whole: bool = True
    replaces: bool = False
    original: Message | None = None


@dataclass(frozen=True)
class Result:
    """What became of one artefact: an outcome, None where nothing had to change, or the error that prevented it.

    ``warnings``: what was taken and is probably not meant (:mod:`registry.doubts`). ``unread``: nothing was looked at, because
    the message or the request itself could not be taken. ``waits``: the proposal in which it waits for a second person.
    ``tried``: all of it was checked and nothing of it stays.
    """

    ref: Ref
    purpose: Purpose
    outcome: Outcome | None = None
    error: HubError | None = None
    warnings: tuple[HubError, ...] = ()
    unread: bool = False
    waits: str = ""
    tried: bool = False


def check_reason(why: str) -> None:
    """:class:`Invalid` REASON_UNFIT for a reason that cannot be kept, or shown in one line."""
    if len(why) > LONGEST_REASON or not why.isprintable():
        raise Invalid("REASON_UNFIT", found=len(why), most=LONGEST_REASON)


@dataclass(frozen=True)
class Taken:
    """What became of observations that were handed in.

    drafts        dataflow -> id of the draft that waits for approval; empty text where nothing would change
    observations  statements about observations: accepted, refused, or deletions taken over (``removed``)
    rejects       the first of the refused ones
    """

    drafts: Mapping[str, str]
    observations: int
    accepted: int
    refused: int
    removed: int
    rejects: tuple[Reject, ...]
