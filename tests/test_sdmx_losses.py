"""What a structure format cannot hold: told, never dropped silently, and refused where that is not wished.

The country is that of test_sdmx_structures.py; SDMX 2.1 has no value lists.
"""

from __future__ import annotations

import pytest

from hub.wiring import Hub
from tests.doors import LANG, Door, valid
from tests.test_sdmx_structures import country as country

FORMAT = "format=structure&formatVersion=2.1"


@pytest.fixture(scope="module")
def door(country: Hub) -> Door:
    return Door(country.ports)


def test_what_is_lost_is_told_in_a_header_and_in_the_message(door: Door) -> None:
    answer = door.get(f"/v2/structure/*/SEN?{FORMAT}")
    assert answer.status_code == 200
    assert int(answer.headers["sdmx-lost"]) > 0
    root = valid(answer)
    assert root.find(".//{*}Codelist") is not None
    texts = [text.text for text in root.iterfind("{*}Footer/{*}Message/{*}Text") if text.get(LANG) == "en"]
    assert any("ValueList SEN:VL_MAU(1.0)" in (text or "") for text in texts)
    assert {message.get("severity") for message in root.iterfind("{*}Footer/{*}Message")} == {"Warning"}


def test_a_whole_answer_has_neither(door: Door) -> None:
    answer = door.get(f"/v2/structure/codelist/SEN/CL_CROP?{FORMAT}")
    assert "sdmx-lost" not in answer.headers
    assert valid(answer).find("{*}Footer") is None


@pytest.mark.parametrize(("query", "headers"), [("&strict=true", {}), ("", {"Prefer": 'return=minimal, handling="strict"'})])
def test_strict_readers_get_all_or_nothing(door: Door, query: str, headers: dict[str, str]) -> None:
    status, _, text = door.error(f"/v2/structure/*/SEN?{FORMAT}{query}", **headers)
    assert status == 406
    assert "ValueList SEN:VL_MAU(1.0)" in text
    whole = door.get(f"/v2/structure/codelist/SEN/CL_CROP?{FORMAT}{query}", **headers)
    assert whole.status_code == 200
    assert whole.headers.get("preference-applied") == ("handling=strict" if headers else None)


def test_where_nothing_would_remain_nothing_is_given(door: Door) -> None:
    status, _, text = door.error(f"/v2/structure/valuelist/SEN?{FORMAT}")
    assert status == 406
    assert "another format" in text
