"""Items that are alike: whatever a format cannot hold of one of them it cannot hold of the others, nor more.

So what is lost of a list of 700,000 codes is known by a few of them. Drawn are codes with all that a code may say, most of it
usual and some of it what one format or another has no place for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.sdmx.foretold import foretold
from adapters.sdmx.streamed import Streamed
from adapters.sdmx.writing.jsonstructures import JSON_STRUCTURES
from adapters.sdmx.writing.markup_structures import ML_STRUCTURES
from adapters.sdmx.writing.shown import Shown, StructureFormat
from registry.alike import MOST, Sort, Specimen, packed, sorts, unpacked
from registry.document import item_document
from registry.model import TYPES, Annotation, Code, Codelist, GeoFeatureSetCode, GeoGridCode, Item, Link
from registry.ports import Catalogue
from registry.ref import Kind, Ref

FORMATS = (*ML_STRUCTURES.values(), *JSON_STRUCTURES.values())
every_format = pytest.mark.parametrize("format", FORMATS, ids=lambda one: f"{one.kind} {one.version}")

IDS = st.sampled_from(["A", "B_1", "1", "01", "a-b", "@", "A B", "Tỉnh", "A.B", "01.1", "$9", "é", "A\n", "-"])
TEXTS = st.sampled_from(["Lúa", "Rice & co", "Tỉnh\nThành", "\x01", "", " ", "\ud7ff", "\uffff", "<b>", "a\r"])
TAGS = st.sampled_from(["vi", "en", "EN", "zh-Hans", "x", "en_GB", "", "123", "quite-wrong-language"])
URLS = st.sampled_from(
    [
        *("https://nso.example/a_1", "http://nso.example?x=1&y=(2)", "https://x/%E1", "https://x/Hà_Nội", "https://x/ơ?%E1"),
        *(
            "https://",
            "https://x/a#b",
            "https://x/a#b#c",
            "nso",
            "a b",
            "",
            "https://x/%zz",
            "https://x/[1]",
            "https://x/a\u2003b",
        ),
    ]
)
URNS = st.sampled_from(
    [
        *(
            f"urn:sdmx:org.sdmx.infomodel.codelist.{one}"
            for one in ("Code=SEN:CL(1.0).A", "Code=SEN:CL(1.0).B-1", "Code=SEN:CL(1.0).1")
        ),
        *(
            f"urn:sdmx:org.sdmx.infomodel.codelist.{one}"
            for one in ("Codelist=SEN:CL(1.0)", "Code=SEN:CL(1.0+).A", "Nope=SEN:CL(1.0).A")
        ),
        *("urn:x:y", "", "urn:x: z", "urn:sdmx:(1).A", "urn:sdmx:org.sdmx.infomodel.metadatastructure.MetadataSet=SEN:X(1.0)"),
    ]
)
MOMENTS = st.none() | st.sampled_from(
    [date(2025, 7, 1), date(1, 1, 1), datetime(2025, 7, 1, 2, tzinfo=UTC), datetime(2025, 7, 1, 2)]
)
WORDS = st.dictionaries(TAGS, TEXTS, max_size=2)
LINKS = st.builds(Link, rel=TEXTS, url=URLS, urn=URNS, type=TEXTS, titles=WORDS, hreflang=TAGS)
NOTES = st.builds(
    Annotation,
    id=IDS | st.just(""),
    type=TEXTS,
    title=TEXTS,
    value=TEXTS,
    texts=WORDS,
    urls=st.dictionaries(TAGS, URLS, max_size=2),
    links=st.lists(LINKS, max_size=1).map(tuple),
)
SAID: dict[str, st.SearchStrategy[Any]] = {
    "id": IDS,
    "names": WORDS,
    "parent": st.none() | IDS,
    "descriptions": WORDS,
    "annotations": st.lists(NOTES, max_size=2).map(tuple),
    "links": st.lists(LINKS, max_size=2).map(tuple),
    "uri": URLS,
    "valid_from": MOMENTS,
    "valid_to": MOMENTS,
}
CODES = st.one_of(
    st.builds(Code, id=IDS, names=WORDS, parent=st.none() | IDS),
    st.builds(Code, **SAID),
)
LISTS: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.CODELIST: CODES,
    Kind.GEOGRAPHIC_CODELIST: st.builds(GeoFeatureSetCode, **SAID, value=TEXTS),
    Kind.GEO_GRID_CODELIST: st.builds(GeoGridCode, **SAID, geo_cell=TEXTS),
}


@dataclass(frozen=True)
class Held:
    """A catalogue of one list in slices of two codes."""

    codes: Sequence[Code]

    def items(self, _ref: Ref) -> Iterator[tuple[Item, ...]]:
        return (tuple(self.codes[begin : begin + 2]) for begin in range(0, len(self.codes), 2))

    def specimens(self, _ref: Ref) -> Iterator[list[Specimen]]:
        for begin in range(0, len(self.codes), 2):
            found = sorts(item_document(one) for one in self.codes[begin : begin + 2])
            yield [Specimen(begin + one.first, self.codes[begin + one.first], one.count) for one in found or ()]


@every_format
@pytest.mark.parametrize("kind", LISTS)
@settings(max_examples=100, deadline=None)
@given(st.data())
def test_what_is_foretold_of_a_long_list_is_what_is_lost_of_it(
    format: StructureFormat, kind: Kind, data: st.DataObject
) -> None:
    codes = data.draw(st.lists(LISTS[kind], max_size=5))
    whole = cast(Any, TYPES[kind])(ref=Ref(kind, "SEN", "CL_XA", "1.0"), names={"vi": "Xã"}, items=tuple(codes))
    assert isinstance(whole, Codelist)
    long = replace(whole, items=cast("tuple[Code, ...]", Streamed(cast(Catalogue, Held(codes)), whole.ref)))
    told, lost = foretold(format, Shown(long)), format.unheld(Shown(whole))
    assert told.count == len(lost)
    assert [*told.every] == lost
    assert {one.place.partition("]")[0] for one in told.some} <= {one.place.partition("]")[0] for one in lost}


def test_usual_codes_are_of_one_sort_whatever_their_names() -> None:
    codes = [
        Code(f"X{n}", {"vi": f"Xã {n}", "en": f"Commune {n}"}, parent="X", valid_from=date(2000 + n, 7, 1)) for n in range(9)
    ]
    (one,) = sorts(map(item_document, codes)) or ()
    assert (one.first, one.count) == (0, 9)
    odd = replace(codes[4], names={"vi": "Xã \x07", "en": "Commune"})
    assert [(one.first, one.count) for one in sorts(map(item_document, [*codes, odd])) or ()] == [(0, 9), (9, 1)]


def test_sorts_are_named_alike_in_every_slice_and_come_back_as_they_were_stored() -> None:
    first, second = (sorts([item_document(Code(id, {"vi": "Lúa"}))]) or () for id in ("A", "B"))
    assert first == second == unpacked(packed(first)) == (Sort(first[0].name, 0, 1),)


def test_of_a_slice_with_too_many_sorts_each_item_is_looked_at() -> None:
    assert sorts(item_document(Code("A", {f"x-{n}": "Lúa"})) for n in range(MOST + 1)) is None
    assert unpacked(packed(None)) is None
