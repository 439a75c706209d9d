"""A registry as large as the Euro registry's, invented: so many artefacts of each kind, and one very long code list."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from registry.model import (
    Agency,
    AgencyScheme,
    Artefact,
    Attachment,
    Attribute,
    Code,
    Codelist,
    Concept,
    ConceptScheme,
    DataConstraint,
    Dataflow,
    DataStructure,
    Dimension,
    Level,
    Measure,
    MemberSelection,
    Region,
    SelectedValue,
    coded,
    typed,
)
from registry.ref import Kind, Ref

AGENCY = "SEN"
CONCEPTS = Ref(Kind.CONCEPT_SCHEME, AGENCY, "CONCEPTS")
LONG = Ref(Kind.CODELIST, AGENCY, "CL_LONG")
_DIMENSIONS, _ATTRIBUTES, _CODES, _CONCEPT_COUNT = 8, 8, 60, 400


@dataclass(frozen=True)
class Size:
    """How many there are of each; ``codes`` in the long list."""

    dataflows: int = 8_430
    structures: int = 431
    codelists: int = 2_399
    constraints: int = 652
    codes: int = 700_000


def artefacts(size: Size) -> Iterator[Artefact]:
    """All of them, each after what it names; the same at every call."""
    draw = random.Random(7)
    yield AgencyScheme(
        ref=Ref(Kind.AGENCY_SCHEME, "SDMX", "AGENCIES"), names=_names("Cơ quan", 0), items=(Agency(AGENCY, _names("Sen", 0)),)
    )
    concepts = tuple(Concept(f"C{n}", _names("Khái niệm", n)) for n in range(_CONCEPT_COUNT))
    yield ConceptScheme(ref=CONCEPTS, names=_names("Khái niệm", 0), items=concepts)
    yield long_list(size.codes)
    for number in range(size.codelists):
        yield _codelist(number, draw.randint(2, 2 * _CODES))
    for number in range(size.structures):
        yield _structure(number, draw, size)
    for number in range(size.dataflows):
        structure = structure_ref(number % size.structures)
        yield Dataflow(ref=flow_ref(number), names=_names("Luồng", number), structure=structure)
    for number in range(size.constraints):
        yield _constraint(number, draw, size)


def long_list(count: int) -> Codelist:
    """A list of places, each under the one with a figure less."""
    items = tuple(Code(f"X{n:06d}", _names("Xã", n), parent=f"X{n // 10:06d}" if n else None) for n in range(count))
    return Codelist(ref=LONG, names=_names("Xã", 0), items=items)


def structure_ref(number: int) -> Ref:
    return Ref(Kind.DATA_STRUCTURE, AGENCY, f"DSD_{number}")


def flow_ref(number: int) -> Ref:
    return Ref(Kind.DATAFLOW, AGENCY, f"DF_{number}")


def _names(word: str, number: int) -> dict[str, str]:
    return {"vi": f"{word} số {number}", "en": f"Number {number}"}


def _list_ref(number: int) -> Ref:
    return Ref(Kind.CODELIST, AGENCY, f"CL_{number}")


def _codelist(number: int, count: int) -> Codelist:
    items = tuple(Code(f"{n}", _names(f"Mã {number}", n)) for n in range(count))
    return Codelist(ref=_list_ref(number), names=_names("Danh mục", number), items=items)


def _structure(number: int, draw: random.Random, size: Size) -> DataStructure:
    lists = [_list_ref(draw.randrange(size.codelists)) for _ in range(_DIMENSIONS + _ATTRIBUTES)]
    parts = [
        {"id": f"P{n}", "concept_identity": CONCEPTS.item(f"C{n}"), "representation": coded(ref)} for n, ref in enumerate(lists)
    ]
    of_time, of_value = (CONCEPTS.item(f"C{_CONCEPT_COUNT - n}") for n in (1, 2))
    when = typed("ObservationalTimePeriod")
    time = Dimension(id="TIME_PERIOD", concept_identity=of_time, representation=when, is_time=True)
    return DataStructure(
        ref=structure_ref(number),
        names=_names("Cấu trúc", number),
        dimensions=(*(Dimension(**part) for part in parts[:_DIMENSIONS]), time),  # type: ignore[arg-type]
        attributes=tuple(Attribute(**part, level=Level.SERIES) for part in parts[_DIMENSIONS:]),  # type: ignore[arg-type]
        measures=(Measure(id="OBS_VALUE", concept_identity=of_value, representation=typed("Double")),),
    )


def _constraint(number: int, draw: random.Random, size: Size) -> DataConstraint:
    chosen = tuple(SelectedValue(str(n)) for n in range(draw.randint(1, 50)))
    region = Region(key_values=tuple(MemberSelection(id=f"P{n}", values=chosen) for n in range(_DIMENSIONS)))
    flows = (flow_ref(draw.randrange(size.dataflows)),)
    ref = Ref(Kind.DATA_CONSTRAINT, AGENCY, f"CR_{number}")
    attachment = Attachment(structures=flows)
    return DataConstraint(ref=ref, names=_names("Ràng buộc", number), attachment=attachment, regions=(region,))
