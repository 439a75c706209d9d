"""In which language the SDMX doors speak: names come in every language, and the reader's is the one by itself.

Source: RFC 9110, 8.5 and 12.5.4; SDMX REST 2.2, "Selection of the appropriate language"; field guides of SDMX-JSON, "Localised
text elements" (``name`` is the best match, ``names`` has them all).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.sdmx.writing.best_text import in_language
from hub.settings import Settings
from hub.wiring import Hub
from registry.actions import put
from registry.model import Annotation
from tests import world
from tests.conftest import Hands, publish
from tests.doors import Door
from tests.every_kind import EVERY_OTHER
from tests.test_sdmx_structures import MORE

CROP = "/v2/structure/codelist/SEN/CL_CROP"
NOTED = replace(world.CROP, annotations=(Annotation(id="N", texts={"vi": 'Cây "lúa"', "en": 'The "rice" {plant}\n'}),))


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder: Path = tmp_path_factory.mktemp("languages")
    clock = Hands()
    chosen = {"HUB_DATA_DIR": str(folder), "HUB_DATABASE_URL": f"sqlite:///{folder / 'hub.sqlite'}", "HUB_FOUR_EYES": "0"}
    hub = Hub.build(Settings.load(chosen), clock)
    hub.initialise(content=False)
    with hub.engine.begin() as connection:
        others = [one for one in world.ARTEFACTS if one is not world.CROP]
        put(connection, (*others, NOTED, *MORE, *EVERY_OTHER), world.act(clock.now()))
    publish(hub, world.harvest())
    clock.pass_by(hours=1)
    yield Door(hub.ports)
    hub.engine.dispose()


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0", "2.1.0"])
@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("en", ["Crop", "Rice", "Maize"]),
        ("en-GB, vi;q=0.5", ["Crop", "Rice", "Maize"]),
        ("fr, EN;q=0.2", ["Crop", "Rice", "Maize"]),
        ("vi, en;q=0.5", ["Cây trồng", "Lúa", "Ngô"]),
        ("fr", ["Cây trồng", "Lúa", "Ngô"]),
    ],
)
def test_the_name_by_itself_is_in_the_readers_language(door: Door, version: str, wanted: str, names: list[str]) -> None:
    """Only data had been; structures and reports had spoken Vietnamese to everybody."""
    accept = f"application/vnd.sdmx.structure+json;version={version}"
    (found,) = door.get(CROP, Accept=accept, Accept_Language=wanted).json()["data"]["codelists"]
    assert [found["name"], *(code["name"] for code in found["codes"])] == names
    assert found["names"] == {"vi": "Cây trồng", "en": "Crop"}


def test_the_address_goes_before_what_the_browser_says(door: Door) -> None:
    (found,) = door.get(f"{CROP}?lang=en", Accept_Language="vi").json()["data"]["codelists"]
    assert (found["name"], found["annotations"][0]["text"]) == ("Crop", 'The "rice" {plant}\n')
    (found,) = door.get(f"{CROP}?lang=en&detail=allstubs", Accept_Language="vi").json()["data"]["codelists"]
    assert found["name"] == "Crop"


def test_reports_and_what_has_data_speak_it_too(door: Door) -> None:
    told = door.get("/v2/availability/dataflow/SEN/MUA?references=codelist&lang=en").json()
    assert [one["name"] for one in told["data"]["codelists"]] == ["Frequency", "Province", "Crop"]
    told = door.get("/v2/metadata/metadataset", Accept_Language="en").json()
    assert told["meta"]["contentLanguages"] == ["en", "vi"]


@pytest.mark.parametrize(
    ("path", "spoken"),
    [
        (CROP, "en, vi"),
        (f"{CROP}?format=structure", "en, vi"),
        (f"{CROP}?format=structure&detail=allstubs", "en, vi"),
        (f"{CROP}?lang=vi", "vi, en"),
        ("/v1/dataproviderscheme/SEN/DATA_PROVIDERS", "vi"),
        ("/v2/metadata/metadataset", "en, vi"),
        ("/v2/data/dataflow/SEN/MUA", "en, vi"),
        ("/v2/data/dataflow/SEN/MUA?format=csv&labels=both", "en"),
        ("/v2/data/dataflow/SEN/MUA?format=csv&labels=both&lang=vi", "vi"),
        ("/v2/data/dataflow/SEN/MUA?format=json-stat", "en"),
        ("/v2/data/dataflow/SEN/MUA?format=csv-plain", "en"),
        ("/v2/data/dataflow/SEN/MUA?format=csv-plain&labels=id", None),
        ("/v1/data/MUA/X..", "en, vi"),
        ("/v1/nichts", "en, vi"),
        ("/v2/data/dataflow/SEN/MUA?format=csv", None),
        ("/v2/data/dataflow/SEN/MUA?format=structurespecificdata", None),
    ],
)
def test_an_answer_says_in_which_languages_it_speaks(door: Door, path: str, spoken: str | None) -> None:
    """The reader's first. What is only codes and figures speaks none."""
    answer = door.get(path, Accept_Language="en;q=0.8, fr")
    assert answer.headers.get("Content-Language") == spoken, answer.text[:300]
    if path.startswith(CROP) and "json" in answer.headers["Content-Type"]:
        assert ", ".join(answer.json()["meta"]["contentLanguages"]) == spoken


def test_what_was_not_changed_says_it_too(door: Door) -> None:
    """What a 304 says replaces what was kept (RFC 9110, 15.4.5), so it says nothing else than the 200 had said."""
    whole = door.get(CROP, Accept_Language="en")
    again = door.get(CROP, Accept_Language="en", If_None_Match=whole.headers["ETag"])
    assert again.status_code == 304
    assert again.headers.get("Content-Language") in (None, whole.headers["Content-Language"])


def test_a_language_with_a_country_is_found_whatever_its_capitals() -> None:
    said = b'{"name":"Mau","names":{"vi":"Mau","en":"Color","en-GB":"Colour"}}'
    told = [b"".join(in_language(iter([said]), wanted)) for wanted in (("en-gb",), ("en-US",), ("EN-GB", "vi"), ("fr",))]
    assert [one.split(b",")[0] for one in told] == [
        b'{"name":"Colour"',
        b'{"name":"Color"',
        b'{"name":"Colour"',
        b'{"name":"Mau"',
    ]


def in_english(text: str) -> str:
    return b"".join(in_language(iter([text.encode()]), ("en",))).decode()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ('{"name":"Một","names":{"vi":"Một","en":"One"}}', '{"name":"One","names":{"vi":"Một","en":"One"}}'),
        ('{"name":"Một","names":{"vi":"Một"}}', None),
        ('{"name":"Một"}', None),
        ('{"name":"A","names":{}}', None),
        # What only looks like names inside a text is text.
        ('{"id":"\\"name\\":\\"Một\\",\\"names\\":{\\"en\\":\\"One\\"}"}', None),
        (
            '{"name":"\\\\","names":{"vi":"\\\\","en":"\\"en\\":\\"}"}}',
            '{"name":"\\"en\\":\\"}","names":{"vi":"\\\\","en":"\\"en\\":\\"}"}}',
        ),
    ],
)
def test_only_the_text_by_itself_is_changed(said: str, expected: str | None) -> None:
    assert in_english(said) == (expected or said)


def test_a_very_long_text_is_gone_through_once() -> None:
    long: Any = "\\\\" * 200_000
    assert in_english(f'{{"name":"{long}","names":{{"vi":"{long}"}}}}') == f'{{"name":"{long}","names":{{"vi":"{long}"}}}}'
