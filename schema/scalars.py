"""The scalar ``Number``: a JSON number with every digit of the decimal text it was received as."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any, NewType

import orjson
import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

Number = NewType("Number", str)

_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?").fullmatch


def number(text: str | None) -> Number | None:
    """The text as a JSON number of the same value; None where it is not a finite number, as in a text measure."""
    if text is None or _JSON_NUMBER(text):
        return None if text is None else Number(text)
    try:
        exact = Decimal(text)
    except InvalidOperation:
        return None
    return Number(str(exact)) if exact.is_finite() else None


def _output_only(_value: object) -> Any:
    raise GraphQLError("Number stands in answers only.")


NUMBER: ScalarDefinition = strawberry.scalar(
    name="Number",
    description=(
        "A JSON number with all its digits, such as 12345678901234567890.10. Readers that turn JSON numbers into binary "
        "floating point lose digits: read them as decimals, or take the field `valueText` beside it."
    ),
    serialize=orjson.Fragment,
    parse_value=_output_only,
)
