"""Variables and arguments read by what a document said once are what graphql-core reads, whatever is sent."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    build_schema,
    get_argument_values,
    parse,
)
from graphql.execution.values import VariableValues, get_variable_values
from hypothesis import given
from hypothesis import strategies as st

from schema.build import build
from schema.coercion import Unusual, arguments, variables

SMALL = build_schema("""
    enum Unit { TAN TA }
    input Part { id: ID!, codes: [String!], deeper: Part, share: Float = 1.5, unit: Unit = TAN }
    input Whole { parts: [Part!]! = [], name: String = "lúa", first: Int, flag: Boolean! = true }
    type Query { ask(whole: Whole, first: Int! = 7, words: [String]): String }
""")

LEAVES = st.one_of(st.none(), st.booleans(), st.integers(-3, 2**33), st.floats(-2, 2), st.sampled_from(["TAN", "lúa", "", "7"]))
NAMES = st.sampled_from(["id", "codes", "deeper", "share", "unit", "parts", "name", "first", "flag", "other"])
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
)


def _operation(schema: GraphQLSchema, text: str) -> tuple[OperationDefinitionNode, FieldNode]:
    operation = parse(text).definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    field = operation.selection_set.selections[0]
    assert isinstance(field, FieldNode)
    return operation, field


OPERATION, FIELD = _operation(
    SMALL, "query($whole: Whole, $first: Int = 3, $words: [String]) { ask(whole: $whole, first: $first, words: $words) }"
)


def _ours(schema: GraphQLSchema, operation: OperationDefinitionNode, given: dict[str, Any]) -> VariableValues | None:
    try:
        return variables(schema, operation.variable_definitions or ())(given)
    except (Unusual, GraphQLError, TypeError, ValueError):
        return None


def _told(values: VariableValues | list[GraphQLError]) -> Any:
    """Signatures hold types, and types that say the same are not equal."""
    assert isinstance(values, VariableValues)
    return values.coerced, {name: (source.signature.name, source.value) for name, source in values.sources.items()}


@given(st.dictionaries(st.sampled_from(["whole", "first", "words"]), VALUES))
def test_what_is_read_is_what_graphql_core_reads(sent: dict[str, Any]) -> None:
    ours, theirs = _ours(SMALL, OPERATION, sent), get_variable_values(SMALL, OPERATION.variable_definitions or (), sent)
    if ours is None:
        return
    assert _told(ours) == _told(theirs)
    assert isinstance(theirs, VariableValues)
    definition = SMALL.query_type.fields["ask"]  # type: ignore[union-attr]
    try:
        found: Any = dict(arguments(definition, FIELD)(ours))
    except Unusual:
        found = None
    try:
        wanted: Any = get_argument_values(definition, FIELD, theirs)
    except GraphQLError:
        wanted = None
    assert found == wanted


def test_the_usual_is_read() -> None:
    """So that the comparison above compares something."""
    sent = {"whole": {"parts": [{"id": "VUNG", "codes": ["01"], "deeper": {"id": "x", "unit": "TA"}}]}, "first": 5}
    ours = _ours(SMALL, OPERATION, sent)
    assert ours is not None
    inside = {"id": "x", "share": 1.5, "unit": "TA"}
    part = {"id": "VUNG", "codes": ["01"], "deeper": inside, "share": 1.5, "unit": "TAN"}
    assert ours.coerced == {"whole": {"parts": [part], "name": "lúa", "flag": True}, "first": 5}


@pytest.mark.parametrize(
    "wrong", [{"whole": {"parts": None}}, {"whole": {"parts": {"id": "a"}}}, {"whole": {"other": 1}}, {"first": "seven"}]
)
def test_what_is_unusual_is_left_to_graphql_core(wrong: dict[str, Any]) -> None:
    """A wrong value, and a single one for a list, which GraphQL allows."""
    assert _ours(SMALL, OPERATION, wrong) is None


@pytest.mark.parametrize(
    "text",
    [
        "{ ask }",
        '{ ask(whole: {parts: [{id: "a"}]}, words: "one") }',
        'query($word: String) { ask(words: [$word, "two"]) }',
        "query($word: String) { ask(whole: {parts: [{id: 7}], name: $word}) }",
        "query($first: Int!) { ask(first: $first) }",
    ],
)
@pytest.mark.parametrize("sent", [{}, {"word": "một", "first": 2}, {"word": None, "first": None}])
def test_arguments_wherever_the_variables_stand(text: str, sent: dict[str, Any]) -> None:
    operation, field = _operation(SMALL, text)
    definition = SMALL.query_type.fields["ask"]  # type: ignore[union-attr]
    theirs = get_variable_values(SMALL, operation.variable_definitions or (), sent)
    ours = _ours(SMALL, operation, sent)
    if not isinstance(theirs, VariableValues):
        assert ours is None
        return
    assert ours is not None
    assert dict(arguments(definition, field)(ours)) == get_argument_values(definition, field, theirs)


def test_the_question_of_the_hub_is_read() -> None:
    """The input that nearly every reader sends is among the usual."""
    schema = build()._schema
    operation, _ = _operation(
        schema, 'query($q: SelectionInput!) { dataflow(ref: "A:B") { data(selection: $q) { totalCount } } }'
    )
    sent = {
        "q": {
            "dimensions": [{"id": "VUNG", "codes": ["01", "02"]}],
            "lastN": 2,
            "aggregate": {"drop": ["CAY"], "method": "SUM"},
        }
    }
    ours = _ours(schema, operation, sent)
    assert ours is not None
    assert _told(ours) == _told(get_variable_values(schema, operation.variable_definitions or (), sent))
