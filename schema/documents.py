"""Documents: a question's text, parsed, measured and validated once, then kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
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

from registry.errors import Invalid
from schema.limits import Measured, measure

MOST_DOCUMENTS = 500
MOST_ERRORS = 20


class Refused(Exception):
    """The document cannot be run. ``phase``: parse, limit or validate."""

    def __init__(self, phase: str, errors: list[GraphQLError | Invalid]) -> None:
        super().__init__(phase)
        self.phase = phase
        self.errors = errors


@dataclass(frozen=True)
class Document:
    """A document that may be run with some variables."""

    node: DocumentNode
    operation: OperationType
    measured: Measured


class Documents:
    """The documents used last, by their text, for one schema; safe to share between threads."""

    def __init__(self, schema: GraphQLSchema, limits: Mapping[str, int], most: int = MOST_DOCUMENTS) -> None:
        self.schema = schema
        self.limits = limits
        self.most = most
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._lock = Lock()

    def get(self, text: str, variables: Mapping[str, Any]) -> Document:
        """The document, ready to run with these variables; else :class:`Refused`."""
        with self._lock:
            document = self._kept.get(text)
            if document is not None:
                self._kept.move_to_end(text)
        if document is None:
            document = self._prepare(text, variables)
            self._keep(text, document)
        elif document.measured.by_variables:
            document = Document(document.node, document.operation, self._measure(document.node, variables))
        return document

    def _prepare(self, text: str, variables: Mapping[str, Any]) -> Document:
        node = self._parse(text)
        measured = self._measure(node, variables)
        errors = validate(self.schema, node, max_errors=MOST_ERRORS)
        if errors:
            raise Refused("validate", list(errors))
        operation = next(part for part in node.definitions if isinstance(part, OperationDefinitionNode))
        return Document(node, operation.operation, measured)

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

    def _keep(self, text: str, document: Document) -> None:
        with self._lock:
            self._kept[text] = document
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)
