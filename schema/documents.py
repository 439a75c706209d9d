"""Documents: a question's text, parsed, measured and validated once, then kept and known by its SHA-256.

A client that sends the id (``documentId``) in place of the text saves the text on the way and, with GET, has a short address.
Documents are known by use; the *trusted* ones, those of the hub's own clients, from the start.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    parse,
    validate,
)

from registry.errors import Denied, HubError, Invalid
from schema.asked import Asked
from schema.limits import Measured, measure, page_length
from schema.plans import Plan

MOST_DOCUMENTS = 500
MOST_ERRORS = 20
MOST_MEASURES = 50
"""Page lengths a document's measure is kept for."""


class Refused(Exception):
    """The document cannot be run. ``phase``: unknown, parse, limit or validate."""

    def __init__(self, phase: str, errors: list[GraphQLError | HubError]) -> None:
        super().__init__(phase)
        self.phase = phase
        self.errors = errors


@dataclass
class Document:
    """A document that may be run.

    ``seconds``: what it took this process lately at most, None before the first time; ``plan``: if it is plain.
    """

    digest: str
    node: DocumentNode
    operation: OperationType
    measured: Measured
    seconds: float | None = None
    measures: dict[tuple[int, ...], Measured] = field(default_factory=dict)
    plan: Plan | None = None

    def took(self, seconds: float) -> None:
        """Remember a long time for a while: the same document may ask for little and for much."""
        self.seconds = seconds if self.seconds is None else max(seconds, 0.9 * self.seconds)

    def lengths(self, variables: Mapping[str, Any]) -> tuple[int, ...]:
        """The page lengths that variables choose; 0 for one left out."""
        names = self.measured.by_variables
        return tuple(page_length(variables[name]) if name in variables else 0 for name in names)


class Documents:
    """The documents used last, by the digest of their text, for one schema; safe to share between threads.

    ``trusted``: digest -> text of documents that need not be sent first. With ``trusted_only`` the public may use no others.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        limits: Mapping[str, int],
        trusted: Mapping[str, str] | None = None,
        trusted_only: bool = False,
        most: int = MOST_DOCUMENTS,
    ) -> None:
        self.schema = schema
        self.limits = limits
        self.trusted = trusted or {}
        self.trusted_only = trusted_only
        self.most = most
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._lock = Lock()

    def known(self, question: Asked) -> Document | None:
        """The document, if it has been used lately; whether this viewer may use it is not looked at."""
        digest = question.document_id or _digest(question.query or "")
        with self._lock:
            document = self._kept.get(digest)
            if document is not None:
                self._kept.move_to_end(digest)
        return document

    def get(self, question: Asked, public: bool = True) -> tuple[Document, Measured]:
        """The document and what it may cost with these variables; else :class:`Refused`, or :class:`Denied` TRUSTED_ONLY."""
        document = self.known(question) or self._kept_from_now_on(self._prepare(question, public))
        if self.trusted_only and public and document.digest not in self.trusted:
            raise Denied("TRUSTED_ONLY")
        return document, self._measured(document, question.variables)

    def _prepare(self, question: Asked, public: bool) -> Document:
        digest = question.document_id or _digest(question.query or "")
        text = question.query or self.trusted.get(digest)
        if text is None:
            raise Refused("unknown", [Invalid("PERSISTED_QUERY_NOT_FOUND", found=digest)])
        if self.trusted_only and public and digest not in self.trusted:
            raise Denied("TRUSTED_ONLY")
        node = self._parse(text)
        measured = self._measure(node, question.variables)
        if errors := validate(self.schema, node, max_errors=MOST_ERRORS):
            raise Refused("validate", list(errors))
        operation = next(part for part in node.definitions if isinstance(part, OperationDefinitionNode))
        document = Document(digest, node, operation.operation, measured, plan=Plan.of(self.schema, node))
        document.measures[document.lengths(question.variables)] = measured
        return document

    def _measured(self, document: Document, variables: Mapping[str, Any]) -> Measured:
        lengths = document.lengths(variables)
        found = document.measures.get(lengths)
        if found is None:
            found = self._measure(document.node, variables)
            if len(document.measures) < MOST_MEASURES:
                document.measures[lengths] = found
        return found

    def _parse(self, text: str) -> DocumentNode:
        tokens = self.limits["tokens"]
        try:
            return parse(text, allow_empty_selection_sets=False, max_lexical_tokens=tokens, max_comments=tokens)
        except GraphQLSyntaxError as error:
            raise Refused("parse", [error]) from error
        except RecursionError as error:
            raise Refused("limit", [self._too_deep()]) from error

    def _measure(self, node: DocumentNode, variables: Mapping[str, Any]) -> Measured:
        try:
            measured = measure(self.schema, node, variables)
            measured.check(self.limits)
        except Invalid as error:
            raise Refused("limit", [error]) from error
        except RecursionError as error:
            raise Refused("limit", [self._too_deep()]) from error
        return measured

    def _too_deep(self) -> Invalid:
        return Invalid("QUERY_TOO_LARGE", limit="depth", found=f"> {self.limits['depth']}", most=self.limits["depth"])

    def _kept_from_now_on(self, document: Document) -> Document:
        with self._lock:
            self._kept[document.digest] = document
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)
        return document


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
