"""The usual parts of a record: attributes, texts, elements below, and elements that only hold others."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml import etree

from adapters.sdmx.markup.grammar import Node, Out, Part, Record, absent, bad, element_of
from adapters.sdmx.markup.values import LANGUAGE, TEXT, Unfit, Value, fit
from adapters.sdmx.writing.xml import escape
from registry.errors import HubError

Form = Record | Callable[[], Record]
"""A record, or where to find one that is said further down."""

UNSAID = object()
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def record_of(form: Form) -> Record:
    return form if isinstance(form, Record) else form()


@lru_cache(maxsize=256)
def spoken(lang: str) -> str:
    """The attribute that says the language of an element; :class:`Unfit` for what is no tag of one."""
    return f' xml:lang="{LANGUAGE.write(lang)}"'


def said_by_language(texts: Iterable[tuple[etree._Element, str, str]]) -> dict[str, str]:
    """Texts by their languages; another one in the same language, of which one would get lost, raises STRUCTURE_BAD_PART."""
    found: dict[str, str] = {}
    for of, lang, text in texts:
        if found.setdefault(lang, text) != text:
            raise bad(of, f"xml:lang={lang[:20]}", text)
    return found


def taken(of: etree._Element, what: str, value: Value, text: str) -> Any:
    """A simple value; what it is not raises STRUCTURE_BAD_PART."""
    try:
        return value.read(text)
    except HubError:
        raise bad(of, what, text) from None
    except ValueError:
        raise bad(of, what, text) from None


@dataclass(frozen=True)
class Single(Part):
    """One field. ``required``: the schema demands it, whatever its value."""

    field: str

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.field,)


@dataclass(frozen=True)
class Simple(Single):
    """A field of a simple type. ``missing``: what it means to leave it out, where that is not the model's own default."""

    name: str
    value: Value = TEXT
    required: bool = False
    missing: Any = UNSAID

    @property
    def quiet(self) -> bool:
        return not self.required

    @abstractmethod
    def put(self, out: Out, text: str) -> None: ...

    @abstractmethod
    def got(self, node: Node) -> str | None: ...

    def write(self, of: Any, out: Out) -> None:
        content = getattr(of, self.field)
        if not self.required and content == absent(type(of), self.field):
            return
        try:
            self.put(out, self.value.write(content))
        except Unfit as unfit:
            if self.required:
                raise
            out.lose(self.field, unfit.reason)

    def read(self, node: Node, found: dict[str, Any]) -> None:
        text = self.got(node)
        if text is not None:
            found[self.field] = taken(node.of, self.name, self.value, text)
        elif self.missing is not UNSAID:
            found[self.field] = self.missing


@dataclass(frozen=True)
class Attr(Simple):
    """An XML attribute."""

    def put(self, out: Out, text: str) -> None:
        out.attribute(self.name, text)

    def got(self, node: Node) -> str | None:
        return node.of.get(self.name)


@dataclass(frozen=True)
class Child(Simple):
    """An element below that holds only text."""

    def put(self, out: Out, text: str) -> None:
        out.text(self.name, text)

    def got(self, node: Node) -> str | None:
        child = node.one(self.name)
        return None if child is None else child.text or ""


@dataclass(frozen=True)
class Own(Simple):
    """The text of the element itself."""

    name: str = ""

    def put(self, out: Out, text: str) -> None:
        out.content.append(escape(text))

    def got(self, node: Node) -> str | None:
        return node.of.text or ""


@dataclass(frozen=True)
class Fixed(Single):
    """A field that can have but one value: another raises :class:`Unfit`."""

    value: Any = None

    def write(self, of: Any, out: Out) -> None:
        if getattr(of, self.field) != self.value:
            raise Unfit("ML_NO_PLACE")

    def read(self, node: Node, found: dict[str, Any]) -> None:
        found[self.field] = self.value


@dataclass(frozen=True)
class Texts(Single):
    """Simple values, an element each; ``least`` of them must be there."""

    tag: str
    value: Value = TEXT
    least: int = 0
    most: int | None = None
    whole: bool = False

    def write(self, of: Any, out: Out) -> None:
        written = 0
        for number, content in enumerate(getattr(of, self.field)):
            try:
                if self.most is not None and number >= self.most:
                    raise Unfit("ML_TOO_MANY")
                out.text(self.tag, self.value.write(content))
                written += 1
            except Unfit as unfit:
                if self.whole:
                    raise
                out.lose(self.field, unfit.reason, number)
        if written < self.least:
            raise Unfit("ML_TOO_FEW")

    def read(self, node: Node, found: dict[str, Any]) -> None:
        found[self.field] = tuple(taken(one, "", self.value, one.text or "") for one in node.all(self.tag))


@dataclass(frozen=True)
class Words(Single):
    """Texts in languages. ``named``: at least one must be there; where the model has none, it is the id."""

    tag: str
    named: str = ""
    least: int = 0

    @property
    def quiet(self) -> bool:
        return not self.named and not self.least

    def write(self, of: Any, out: Out) -> None:
        written = 0
        for lang, text in getattr(of, self.field).items():
            try:
                if text:
                    out.content.append(f"<{self.tag}{spoken(lang)}>{fit(text)}</{self.tag}>")
                    written += 1
            except Unfit as unfit:
                out.lose(self.field, unfit.reason, lang)
        if not written and self.named:
            out.content.append(element_of(self.tag, ' xml:lang="en"', escape(getattr(of, self.named))))
        elif written < self.least:
            raise Unfit("ML_TOO_FEW")

    def read(self, node: Node, found: dict[str, Any]) -> None:
        texts = said_by_language((one, one.get(XML_LANG) or "en", one.text) for one in node.all(self.tag) if one.text)
        if texts:
            found[self.field] = texts
        elif self.named:
            found[self.field] = {"en": found[self.named]}


@dataclass(frozen=True)
class One(Single):
    """An element below, of a record of its own."""

    tag: str
    form: Form
    required: bool = False

    @property
    def quiet(self) -> bool:
        return not self.required

    def write(self, of: Any, out: Out) -> None:
        content = getattr(of, self.field)
        if content is None:
            if self.required:
                raise Unfit("ML_TOO_FEW")
            return
        mark = len(out.context.lost)
        try:
            out.content.append(record_of(self.form).write(self.tag, content, out.context, out.under(self.field)))
        except Unfit as unfit:
            del out.context.lost[mark:]
            if self.required:
                raise
            out.lose(self.field, unfit.reason)

    def read(self, node: Node, found: dict[str, Any]) -> None:
        child = node.one(self.tag)
        if child is not None:
            found[self.field] = record_of(self.form).read(child, node.context)


@dataclass(frozen=True)
class Many(Single):
    """Elements below, which differ in ``distinct``. ``whole``: all or none, where some alone would say something else."""

    tag: str
    form: Form
    least: int = 0
    most: int | None = None
    whole: bool = False
    distinct: str = "id"

    @property
    def quiet(self) -> bool:
        return not self.least

    def write(self, of: Any, out: Out) -> None:
        seen: set[Any] = set()
        written = 0
        for number, one in enumerate(getattr(of, self.field)):
            written += self._written(one, number, getattr(one, self.distinct, "") in seen, out)
            seen |= {getattr(one, self.distinct, "")} - {""}
        if written < self.least:
            raise Unfit("ML_TOO_FEW")

    def _written(self, one: Any, number: int, again: bool, out: Out) -> bool:
        mark = len(out.context.lost)
        try:
            if again:
                raise Unfit("ML_TWICE")
            if self.most is not None and number >= self.most:
                raise Unfit("ML_TOO_MANY")
            out.content.append(record_of(self.form).write(self.tag, one, out.context, out.under(self.field, number)))
        except Unfit as unfit:
            del out.context.lost[mark:]
            if self.whole:
                raise
            out.lose(self.field, unfit.reason, number)
            return False
        return True

    def read(self, node: Node, found: dict[str, Any]) -> None:
        record = record_of(self.form)
        found[self.field] = tuple(record.read(one, node.context) for one in node.all(self.tag))
