"""The way of a class: a JSON object, made of a piece for each field of the class or for several that are one thing there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cached_property
from typing import Any, Protocol

from adapters.sdmx.jsonshape.ways import NO_PLACE, NO_VALUE, NOTHING, Loss, Losses, Unlike, Way, at, moved
from registry.ref import Ref

Json = dict[str, Any]


class Piece(Protocol):
    """What of an object stands for some fields of a class."""

    @property
    def fields(self) -> tuple[str, ...]: ...

    def put(self, value: Any, into: Json, of: Ref, losses: Losses) -> bool:
        """Say the fields of the value; False where the object cannot be without them and they cannot be said."""
        ...

    def take(self, found: Mapping[str, Any], into: Json, lang: str) -> None:
        """Read the fields, as arguments of the class; those that are not there are left out."""
        ...


@dataclass(frozen=True)
class Part:
    """One field under one name. ``needed``: an object must have it; ``instead``: what is read where it is not there."""

    field: str
    name: str
    way: Way
    needed: bool = False
    instead: Any = None

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.field,)

    def put(self, value: Any, into: Json, of: Ref, losses: Losses) -> bool:
        given = getattr(value, self.field)
        if not self.needed and given == default(value.__class__, self.field):
            return True
        said = write(self.field, self.way, given, of, losses)
        if said is not NOTHING:
            into[self.name] = said
        return said is not NOTHING or not self.needed

    def take(self, found: Mapping[str, Any], into: Json, lang: str) -> None:
        if found.get(self.name) is not None:
            into[self.field] = at(self.name, self.way, found[self.name], lang)
        elif self.instead is not None:
            into[self.field] = self.instead


@dataclass(frozen=True)
class Former:
    """A field that only an older version says: it is read wherever it stands."""

    part: Part

    @property
    def fields(self) -> tuple[str, ...]:
        return self.part.fields

    def put(self, value: Any, into: Json, of: Ref, losses: Losses) -> bool:
        if getattr(value, self.part.field) != default(value.__class__, self.part.field):
            losses.append(Loss(self.part.field, NO_PLACE))
        return True

    def take(self, found: Mapping[str, Any], into: Json, lang: str) -> None:
        self.part.take(found, into, lang)


@dataclass(frozen=True)
class Either:
    """Two fields of which the format allows one; the second is left out where there are both."""

    first: Part
    second: Part

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.first.field, self.second.field)

    def put(self, value: Any, into: Json, of: Ref, losses: Losses) -> bool:
        self.first.put(value, into, of, losses)
        if self.first.name not in into:
            return self.second.put(value, into, of, losses)
        if getattr(value, self.second.field) != default(value.__class__, self.second.field):
            losses.append(Loss(self.second.field, NO_PLACE))
        return True

    def take(self, found: Mapping[str, Any], into: Json, lang: str) -> None:
        self.first.take(found, into, lang)
        self.second.take(found, into, lang)


@dataclass(frozen=True)
class Inside:
    """Pieces that stand in an object of their own."""

    name: str
    pieces: tuple[Piece, ...]
    needed: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(field for piece in self.pieces for field in piece.fields)

    def put(self, value: Any, into: Json, of: Ref, losses: Losses) -> bool:
        inner: Json = {}
        if not all(piece.put(value, inner, of, losses) for piece in self.pieces):
            return False
        if inner or self.needed:
            into[self.name] = inner
        return True

    def take(self, found: Mapping[str, Any], into: Json, lang: str) -> None:
        inner = found.get(self.name)
        if inner is None:
            return
        if not isinstance(inner, dict):
            raise Unlike("an object", self.name)
        try:
            for piece in self.pieces:
                piece.take(inner, into, lang)
        except Unlike as error:
            raise error.under(self.name) from None


@dataclass(frozen=True)
class Always:
    """What an object has whatever is said: it is written and not read."""

    name: str
    said: Any

    @property
    def fields(self) -> tuple[str, ...]:
        return ()

    def put(self, value: Any, into: Json, of: Ref, losses: Losses) -> bool:
        into[self.name] = self.said
        return True

    def take(self, found: Mapping[str, Any], into: Json, lang: str) -> None:
        return None


@dataclass(frozen=True)
class Fixed:
    """A field that has only one value in the format, which is not written: any other makes the whole another thing.

    ``way`` reads it where an older version says it.
    """

    field: str
    value: Any
    name: str = ""
    way: Way | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.field,)

    def put(self, value: Any, into: Json, of: Ref, losses: Losses) -> bool:
        return bool(getattr(value, self.field) == self.value)

    def take(self, found: Mapping[str, Any], into: Json, lang: str) -> None:
        said = found.get(self.name)
        into[self.field] = self.value if said is None or self.way is None else at(self.name, self.way, said, lang)


@dataclass(frozen=True)
class Record:
    """The way of a class. Its fields without a piece have no place in the format; ``ignored``: what others write."""

    cls: type[Any]
    pieces: tuple[Piece, ...]
    ignored: tuple[str, ...] = ()

    @cached_property
    def unsaid(self) -> tuple[tuple[str, Any], ...]:
        """The fields without a place, and their defaults."""
        said = {field for piece in self.pieces for field in piece.fields} | set(self.ignored)
        return tuple((part.name, default(self.cls, part.name)) for part in fields(self.cls) if part.name not in said)

    @cached_property
    def required(self) -> tuple[str, ...]:
        return tuple(part.name for part in fields(self.cls) if part.default is MISSING and part.default_factory is MISSING)

    def write(self, value: Any, of: Ref, losses: Losses) -> Any:
        if value is None:
            return NOTHING
        found: Json = {}
        for piece in self.pieces:
            if not piece.put(value, found, of, losses):
                return NOTHING
        for field, usual in self.unsaid:
            if getattr(value, field) != usual:
                losses.append(Loss(field, NO_PLACE))
        return found

    def read(self, found: Any, lang: str) -> Any:
        return self.made(self.arguments(found, lang))

    def made(self, given: Json) -> Any:
        """The value with these arguments; one that must be there may be missing."""
        for field in self.required:
            if field not in given:
                raise Unlike(f"{self.name_of(field)} to be there")
        return self.cls(**given)

    def arguments(self, found: Any, lang: str) -> Json:
        """What is read, as arguments of the class."""
        if not isinstance(found, dict):
            raise Unlike("an object")
        given: Json = {}
        for piece in self.pieces:
            piece.take(found, given, lang)
        return given

    def name_of(self, field: str) -> str:
        """What a field is called in the format."""
        return next((piece.name for piece in self.pieces if isinstance(piece, Part) and piece.field == field), field)


def write(field: str, way: Way, value: Any, of: Ref, losses: Losses) -> Any:
    """What a way says of a field; what is lost of it, or that all is, stands in the losses."""
    before = len(losses)
    said = way.write(value, of, losses)
    if said is NOTHING:
        del losses[before:]
        losses.append(Loss(field, NO_VALUE))
    else:
        moved(losses, before, field)
    return said


_DEFAULTS: dict[tuple[type[Any], str], Any] = {}


def default(cls: type[Any], field: str) -> Any:
    """The default of a field of a class; NOTHING where it has none."""
    found = _DEFAULTS.get((cls, field))
    if found is None:
        found = _DEFAULTS[cls, field] = _default(cls, field)
    return found[0]


def _default(cls: type[Any], field: str) -> tuple[Any]:
    part = next(part for part in fields(cls) if part.name == field)
    if part.default is not MISSING:
        return (part.default,)
    return (part.default_factory() if part.default_factory is not MISSING else NOTHING,)


class Custom:
    """A piece made of two functions."""

    def __init__(
        self,
        fields: tuple[str, ...],
        put: Callable[[Any, Json, Ref, Losses], bool],
        take: Callable[[Mapping[str, Any], Json, str], None],
    ) -> None:
        self.fields, self.put, self.take = fields, put, take
