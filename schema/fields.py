"""``described``: a field with a description, typed; ``strawberry.field(description=...)`` alone would be untyped to mypy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import strawberry

Resolver = TypeVar("Resolver", bound=Callable[..., Any])


def described(text: str) -> Callable[[Resolver], Resolver]:
    """Make a method the resolver of a field with this description."""
    return cast("Callable[[Resolver], Resolver]", strawberry.field(description=text))
