"""The committed text of the GraphQL schema is the schema; clients are generated from it."""

from __future__ import annotations

from graphql import GraphQLInputObjectType, GraphQLObjectType, build_schema

from schema.build import SDL, build, sdl


def test_the_committed_schema_is_the_one_that_is_served() -> None:
    assert SDL.read_text(encoding="utf-8") == sdl(build()), "run: python -m schema.build, and generate the clients anew"


def test_the_text_alone_is_a_valid_schema() -> None:
    assert build_schema(SDL.read_text(encoding="utf-8")).query_type is not None


def test_nothing_stands_between_a_field_and_its_resolver() -> None:
    """Permission classes and field extensions become middleware, which ends the fast path and hides who decides."""
    schema = build()
    assert not schema.extensions
    for type_ in schema._schema.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            for name, field in type_.fields.items():
                definition = field.extensions["strawberry-definition"]
                assert not definition.permission_classes, f"{type_.name}.{name}"
                assert not definition.extensions, f"{type_.name}.{name}"


def test_codes_are_texts_so_that_a_new_code_breaks_no_client() -> None:
    """Enums are for closed sets: the levels an attribute may have, and what is only asked and never answered."""
    enums = {name for name, type_ in build()._schema.type_map.items() if type_.ast_node is None and hasattr(type_, "values")}
    assert {name for name in enums if not name.startswith("__")} == {"AttributeLevel", "Method", "TimeMethod", "Against"}
    inputs = {name for name, type_ in build()._schema.type_map.items() if isinstance(type_, GraphQLInputObjectType)}
    computing = {
        "AggregateInput",
        "RollUpInput",
        "WeightInput",
        "RecodeInput",
        "SpliceInput",
        "ChangeInput",
        "OverTimeInput",
        "SortInput",
    }
    assert inputs == {"SelectionInput", "DimensionInput"} | computing
