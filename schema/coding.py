"""Codes suggested for texts, as GraphQL shows them."""

from __future__ import annotations

from typing import Annotated, cast

import strawberry

from registry.coding.batch import check_count
from registry.coding.index import Index, Match
from registry.coding.keeping import INDEXES
from registry.errors import TooLarge
from registry.passing import takes_long
from registry.ref import Kind, Ref
from schema.context import Context
from schema.items import Code, Listed

MOST_TEXTS = 200
"""Texts of one question, in all of its fields; files of them are coded over HTTP."""

AT_ONCE = 10
"""Texts that are coded in passing."""

Texts = Annotated[list[str], strawberry.argument(description="What is to be coded, at most 200 texts in any of the languages.")]
InLanguage = Annotated[
    str | None, strawberry.argument(description="Search only names and index terms in this language; in all without it.")
]
OnLevel = Annotated[str | None, strawberry.argument(description="Only codes of this level, as the codes' `level` has it.")]
Suggested = Annotated[int, strawberry.argument(description="Suggestions for each text, 1 to 20.")]


@strawberry.type(description="A code that a text may mean.")
class Suggestion:
    code: Code
    score: float = strawberry.field(description="0 to 1, to compare the suggestions for one text; no probability.")
    why: str = strawberry.field(description="What it was found by: code (the text is the code), name, index or note.")
    phrase: str = strawberry.field(description="The name, term or note that was most like the text, perhaps of a code below.")


@strawberry.type(description="A text and the codes that it may mean, the likeliest first.")
class Suggestions:
    text: str
    matches: list[Suggestion]


def suggestions(
    context: Context, ref: str, texts: list[str], level: str | None, lang: str | None, first: int
) -> list[Suggestions]:
    """What :meth:`registry.coding.index.Index.find` says of each text."""
    catalogue = context.ports.catalogue
    context.texts += len(texts)
    if context.texts > MOST_TEXTS:
        raise TooLarge("TOO_MANY_TEXTS", found=context.texts, most=MOST_TEXTS)
    if len(texts) > AT_ONCE:
        takes_long()
    index = INDEXES.of(catalogue, Ref.parse(ref, Kind.CODELIST), (lang,) if lang else ())
    listed = Listed(catalogue, index.codelist.ref)
    return [_suggested(listed, index, text, level, check_count(first)) for text in texts]


def _suggested(listed: Listed, index: Index, text: str, level: str | None, first: int) -> Suggestions:
    return Suggestions(text=text, matches=[_match(listed, match) for match in index.find(text, level, first)])


def _match(listed: Listed, match: Match) -> Suggestion:
    code = cast("Code", listed.item(match.code))
    return Suggestion(code=code, score=match.score, why=match.why.value, phrase=match.phrase)
