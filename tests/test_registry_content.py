"""What the hub ships: every list agrees with itself and with the law, and can be changed by whoever can edit a table."""

from __future__ import annotations

import string
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import cast

import pytest

from registry.check import check
from registry.classification import CLASSIFICATION, levels
from registry.content import read, shipped
from registry.correspondence import Correspondence, LinkKind, State, chain, exactness, kinds, of_variant, parts, state_of
from registry.document import from_document, to_document
from registry.errors import Invalid, catalogue
from registry.model import (
    Artefact,
    Codelist,
    DataStructure,
    Hierarchy,
    ItemScheme,
    Level,
    RepresentationMap,
    fact,
    notes,
    references,
)
from registry.ref import ItemRef, Kind, Ref
from registry.text import fold

SHIPPED: dict[str, Artefact] = {f"{made.ref.kind.value} {made.ref}": made for made in shipped()}
SCHEMES = [made for made in SHIPPED.values() if isinstance(made, ItemScheme)]


def codelist(ref: str) -> Codelist:
    return cast(Codelist, SHIPPED[f"Codelist {ref}"])


def correspondence(ref: str) -> Correspondence:
    return cast(Correspondence, Correspondence.of(cast(RepresentationMap, SHIPPED[f"RepresentationMap {ref}"])))


OLD, NEW = codelist("NSO:CL_PROVINCE(1.0)"), codelist("NSO:CL_PROVINCE(2.0)")
MERGER = correspondence("NSO:COR_PROVINCE_63_34(1.0)")


# All of it


@pytest.mark.parametrize("made", SHIPPED.values(), ids=SHIPPED)
def test_everything_shipped_agrees_with_itself_and_says_where_it_is_from(made: Artefact) -> None:
    check(made)
    assert made.source.count(" / ") == 1, "in both languages"
    assert set(made.names) == {"vi", "en"}
    assert from_document(to_document(made)) == made


def test_nothing_shipped_names_what_is_not_shipped() -> None:
    refs = {made.ref for made in SHIPPED.values()}
    assert set().union(*(references(made) for made in SHIPPED.values())) <= refs


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: str(scheme.ref))
def test_every_item_has_a_vietnamese_and_an_english_name(scheme: ItemScheme) -> None:
    for item in scheme.items:
        assert all(item.names.get(lang, "").strip() for lang in ("vi", "en")), item.id
        assert "\ufffd" not in "".join(item.names.values()), item.id


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: str(scheme.ref))
def test_names_are_told_apart_within_a_list(scheme: ItemScheme) -> None:
    if scheme.ref.id not in ("CL_HS2022", "CL_VSIC", "CL_ISIC4"):  # where a level with one child repeats its name
        assert max(Counter(item.names["en"] for item in scheme.items).values()) == 1


# Provinces


def test_sixty_three_provinces_became_thirty_four() -> None:
    assert len(OLD.children["_T"]) - 1 == 63
    assert len(NEW.children["_T"]) - 1 == 34
    assert OLD.valid_to is not None and NEW.valid_from is not None
    assert (NEW.valid_from - OLD.valid_to).days == 1


def test_every_old_province_has_one_new_one_and_every_new_one_has_an_old() -> None:
    sources = Counter(link.source for link in MERGER.links)
    assert sources == Counter(list(OLD.by_id))
    assert {link.target for link in MERGER.links} == set(NEW.by_id)
    assert {link.share for link in MERGER.links} == {"1"}


def test_eleven_provinces_are_unchanged_and_the_others_merged() -> None:
    happened = kinds(MERGER)
    assert Counter(happened[item.id] for item in OLD.children["_T"] if item.id != "_X") == {
        LinkKind.ONE_TO_ONE: 11,
        LinkKind.MERGED: 52,
    }


REUSED = {
    "15": ("Yen Bai", "Lao Cai"),
    "24": ("Bac Giang", "Bac Ninh"),
    "44": ("Quang Binh", "Quang Tri"),
    "52": ("Binh Dinh", "Gia Lai"),
    "80": ("Long An", "Tay Ninh"),
    "82": ("Tien Giang", "Dong Thap"),
    "91": ("Kien Giang", "An Giang"),
}


def test_seven_codes_were_used_again_and_only_the_version_tells_them_apart() -> None:
    both = set(OLD.by_id) & set(NEW.by_id)
    reused = {code: (OLD.by_id[code].names["en"], NEW.by_id[code].names["en"]) for code in both}
    assert {code: names for code, names in reused.items() if names[0] != names[1]} == REUSED


@pytest.mark.parametrize("code", REUSED)
def test_a_join_on_a_reused_code_is_not_what_the_correspondence_says(code: str) -> None:
    """Moved to the province that the old one became part of, a figure never lands under an unrelated namesake."""
    survivor = next(item.id for item in OLD.items if item.names["en"] == REUSED[code][1])
    assert survivor != code
    assert parts(MERGER, survivor) == ((code, Fraction(1)),)


def test_english_names_are_the_vietnamese_ones_without_diacritics() -> None:
    for item in (*OLD.children["_T"], *NEW.children["_T"]):
        if item.id not in ("_X", "79"):
            plain = fold(item.names["vi"]).removeprefix("tinh ").removeprefix("thanh pho ")
            assert item.names["en"].lower() == plain
            assert item.names["en"].isascii()


def test_the_tax_catalogue_reaches_every_old_province_once_and_through_it_the_new_ones() -> None:
    tax = correspondence("NSO:COR_TAX_PROVINCE(1.0)")
    assert set(kinds(tax).values()) == {LinkKind.ONE_TO_ONE}
    assert {link.target for link in tax.links} == {item.id for item in OLD.children["_T"]} - {"_X"}
    today = chain(tax, MERGER, Ref(Kind.REPRESENTATION_MAP, "NSO", "COR_TAX_TODAY"))
    assert parts(today, "213") == (("15", Fraction(1)),)  # Yen Bai is in Lao Cai now
    assert parts(today, "823") == (("96", Fraction(1)),)
    assert exactness(today).exact == len(today.links) == 63


def grouping(version: str) -> dict[str, list[str]]:
    """The provinces of each region."""
    top, unknown = cast(Hierarchy, SHIPPED[f"Hierarchy NSO:H_PROVINCE_REGION({version})"]).codes
    assert top.code == ItemRef("Code", Ref(Kind.CODELIST, "NSO", "CL_REGION", version), "_T") and unknown.id == "_X"
    return {region.id: [code.id for code in region.children] for region in top.children if region.children}


@pytest.mark.parametrize(("version", "provinces"), [("1.0", OLD), ("2.0", NEW)])
def test_six_regions_hold_every_province_once_before_and_after(version: str, provinces: Codelist) -> None:
    regions = grouping(version)
    listed = [item.id for item in codelist(f"NSO:CL_REGION({version})").items]
    assert ["_T", *regions, "_X"] == listed and len(regions) == 6
    held = Counter(code for codes in regions.values() for code in codes)
    assert held == Counter(item.id for item in provinces.children["_T"] if item.id != "_X")


def test_the_country_is_the_whole_of_its_regions_and_is_not_added_to_them() -> None:
    """Without the tree a sum over recoded figures would count everything twice: once in its region, once in the country."""
    for version, provinces in (("1.0", OLD), ("2.0", NEW)):
        regions = codelist(f"NSO:CL_REGION({version})")
        variant = of_variant(cast(Hierarchy, SHIPPED[f"Hierarchy NSO:H_PROVINCE_REGION({version})"]))
        assert variant is not None
        parents = {code: parts(variant, code)[0][0] for code in provinces.by_id}
        assert {regions.by_id[region].parent for code, region in parents.items() if code != "_T"} == {"_T"}
        assert parents["_T"] == "_T" and regions.by_id["_T"].parent is None


def test_figures_of_63_provinces_can_be_told_by_the_regions_of_today() -> None:
    variant = of_variant(cast(Hierarchy, SHIPPED["Hierarchy NSO:H_PROVINCE_REGION(2.0)"]))
    assert variant is not None and exactness(variant).exact == 36
    today = chain(MERGER, variant, Ref(Kind.REPRESENTATION_MAP, "NSO", "COR_REGION_TODAY"))
    assert exactness(today).exact == 65 and not today.ended
    assert [parts(today, code) for code in ("_T", "_X")] == [(("_T", Fraction(1)),), (("_X", Fraction(1)),)], (
        "the country stays"
    )
    assert {code: parts(today, code)[0][0] for code in ("80", "60", "17", "24")} == {
        **{"80": "SEA", "60": "SCH"},  # Long An is in Tay Ninh, Binh Thuan in Lam Dong
        **{"17": "NMM", "24": "RRD"},  # Hoa Binh is in Phu Tho, Bac Giang in Bac Ninh
    }


def test_a_province_may_have_gone_to_another_region_with_what_it_became_part_of() -> None:
    before, after = grouping("1.0"), grouping("2.0")
    assert "80" in before["MRD"] and "72" in before["SEA"] and "80" in after["SEA"], "Long An is in Tay Ninh now"
    assert {"01": "RRD", "92": "MRD", "46": "NCE"}.items() <= {
        code: region for region in after for code in after[region]
    }.items()


# Products, activities, countries


def test_the_harmonized_system_has_its_chapters_headings_and_subheadings() -> None:
    products = codelist("NSO:CL_HS2022(1.0)")
    levels = Counter(fact(item, "level") for item in products.items)
    assert levels == {"0": 1, "2": 97, "4": 1229, "6": 5613}
    for item in products.items[1:]:
        assert fact(item, "level") == str(len(item.id))
        assert item.parent == (item.id[:-2] or "_T")
    assert products.by_id["0901"].names["vi"].startswith("Cà phê")
    assert "999999" in products.by_id and "77" not in products.by_id


def test_activities_are_sections_with_their_divisions() -> None:
    vsic, isic = codelist("NSO:CL_VSIC(1.0)"), codelist("NSO:CL_ISIC4(1.0)")
    assert "".join(item.id for item in vsic.children["_T"] if item.id != "_X") == "ABCDEFGHIJKLMNOPQRSTU"
    assert len([item for item in vsic.items if item.id.isdigit()]) == 88
    assert vsic.by_id["47"].parent == "G" and vsic.by_id["10"].parent == "C"
    assert {item.id for item in isic.items} == set(vsic.by_id) - {"_T", "_X"}


def test_the_letters_of_activities_changed_meaning_in_2025() -> None:
    before, now = codelist("NSO:CL_VSIC(1.0)"), codelist("NSO:CL_VSIC(2.0)")
    assert "".join(item.id for item in now.children["_T"] if item.id != "_X") == "ABCDEFGHIJKLMNOPQRSTUV"
    assert before.by_id["K"].names["vi"] == now.by_id["L"].names["vi"] != now.by_id["K"].names["vi"]


def test_countries_are_the_249_of_iso_and_two_more() -> None:
    countries = codelist("NSO:CL_COUNTRY(1.0)")
    assert len(countries.items) == 251
    assert all(item.id in ("W1", "_X") or (len(item.id) == 2 and item.id.isalpha()) for item in countries.items)
    assert countries.by_id["VN"].names == {"vi": "Việt Nam", "en": "Viet Nam"}


def test_former_countries_lead_to_those_that_succeeded_them_and_say_when_they_ended() -> None:
    former, way = codelist("NSO:CL_COUNTRY_FORMER(1.0)"), correspondence("NSO:COR_COUNTRY_FORMER(1.0)")
    assert len(former.items) == 31 == len(kinds(way))
    assert str(former.by_id["SUHH"].valid_to) == fact(former.by_id["SUHH"], "withdrawn") == "1992-08-30"
    assert parts(way, "VDVN") == (("VN", Fraction(1)),) and parts(way, "DDDE") == (("DE", Fraction(1)),)
    assert [link.target for link in way.targets["CSHH"]] == ["CZ", "SK"]
    assert {state_of(way, code) for code in ("SUHH", "YUCS", "ANHH", "CSXX")} == {State.BROKEN}, (
        "no figure says how much went where"
    )
    twice = Counter(fact(item, "alpha2") for item in former.items)
    assert [code for code, times in twice.items() if times > 1] == ["CS"], "which is why four letters are the code"


def test_the_levels_of_shipped_classifications_have_names_in_both_languages() -> None:
    told = {str(made.ref): levels(made) for made in SCHEMES if isinstance(made, Codelist) and fact(made, CLASSIFICATION)}
    assert {"NSO:CL_HS2022(1.0)", "NSO:CL_VSIC(1.0)", "NSO:CL_VSIC(2.0)", "NSO:CL_ISIC4(1.0)"} < set(told)
    for ref, found in told.items():
        named = [level for level in found if level.names] if "REGION" not in ref else []
        assert all(set(level.names) == {"vi", "en"} and level.count for level in named), ref
        assert named == [level for level in found if "REGION" not in ref], ref
    assert [(level.id, level.count) for level in told["NSO:CL_HS2022(1.0)"]] == [("0", 1), ("2", 97), ("4", 1229), ("6", 5613)]


@pytest.mark.parametrize("id", ["VAT", "TRADE"])
def test_both_structures_carry_the_same_attributes(id: str) -> None:
    dsd = cast(DataStructure, SHIPPED[f"DataStructure NSO:{id}(1.0)"])
    assert dsd.key[0] == "FREQ" and dsd.key[-1] == "INDICATOR" and dsd.time is not None
    assert [part.id for part in dsd.attributes if part.mandatory] == ["UNIT_MEASURE", "UNIT_MULT"]
    assert [part.id for part in dsd.attributes_at(Level.SERIES)] == ["UNIT_MEASURE", "UNIT_MULT", "DECIMALS"]
    assert [part.id for part in dsd.attributes_at(Level.OBSERVATION)] == ["OBS_STATUS", "CONF_STATUS"]
    units = codelist("NSO:CL_UNIT(1.0)").by_id
    indicator = next(part.codelist for part in dsd.dimensions if part.id == "INDICATOR")
    assert all(fact(item, "unit") in units for item in codelist(str(indicator)).items)


# Files


def page(folder: Path, head: str, table: str | bytes | None = None) -> Path:
    path = folder / "CL_MUA-1.0.yml"
    path.write_text(head, encoding="utf-8")
    if table is not None:
        path.with_suffix(".csv").write_bytes(table.encode() if isinstance(table, str) else table)
    return path


HEAD = 'kind: Codelist\nref: "SEN:CL_MUA(1.0)"\nnames: {vi: Mùa, en: Season}\nvalid_from: 2025-07-01\n'


def test_a_list_is_a_head_and_a_table(tmp_path: Path) -> None:
    table = '\ufeffid,parent,name_vi,name_en,description_vi,tháng\nMUA,,"Mùa mưa, dài",Rains,,5\n01,MUA,Sớm,Early,Đầu mùa,\n'
    (made,) = read(page(tmp_path, HEAD, table))
    assert isinstance(made, Codelist) and made.valid_from is not None
    first, second = made.items
    assert first.names == {"vi": "Mùa mưa, dài", "en": "Rains"} and first.annotations == notes({"tháng": "5"})
    assert (second.id, second.parent, second.descriptions, second.annotations) == ("01", "MUA", {"vi": "Đầu mùa"}, ())


@pytest.mark.parametrize(
    ("head", "table", "place"),
    [
        ("kind: [", None, "yml:"),
        ("- a list", None, "CL_MUA-1.0.yml"),
        ("kind: Codelist\nref: 5\nnames: {}", None, "5"),
        (HEAD + "finl: true", None, "SEN:CL_MUA(1.0)"),
        (HEAD, "id,name_vi\nA,Một,thừa\n", ":2"),
        (HEAD, "id,name_vi\nA\n", ":2"),
        (HEAD, "id,name_vi,valid_from\nA,Một,2025-13-01\n", "items[0] valid_from"),
        (HEAD, "name_vi\nMột\n", "items[0]"),
        (HEAD, "id,name_vi\nA," + "x" * 200_000, ":1"),
    ],
)
def test_a_file_that_is_not_understood_is_refused_at_its_place(
    tmp_path: Path, head: str, table: str | None, place: str
) -> None:
    with pytest.raises(Invalid) as refused:
        read(page(tmp_path, head, table))
    assert refused.value.code in ("BAD_DOCUMENT", "YAML_BROKEN")
    assert place in refused.value.detail() and "Error" not in refused.value.detail()


def test_explanatory_notes_and_index_terms_have_a_text_for_each_language(tmp_path: Path) -> None:
    table = "id,name_vi,includes_vi,includes_en,excludes_vi,index_vi,level\nA,Mưa,Mưa phùn,Drizzle,Tuyết,mưa rào; mưa ngâu,1\n"
    (made,) = read(page(tmp_path, HEAD, table))
    said = {note.type: note.texts for note in cast(Codelist, made).items[0].annotations if note.texts}
    assert said == {
        "INCLUDES": {"vi": "Mưa phùn", "en": "Drizzle"},
        "EXCLUDES": {"vi": "Tuyết"},
        "INDEX": {"vi": "mưa rào; mưa ngâu"},
    }
    assert fact(cast(Codelist, made).items[0], "level") == "1"


def test_an_empty_table_is_an_empty_list(tmp_path: Path) -> None:
    assert cast(Codelist, read(page(tmp_path, HEAD, ""))[0]).items == ()


def test_a_table_in_another_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        read(page(tmp_path, HEAD, "id,name_vi\nA,Mưa\n".encode("utf-16")))
    assert refused.value.code == "BAD_DOCUMENT" and "UTF-8" in refused.value.detail()


# Messages


@pytest.mark.parametrize("code", catalogue())
def test_every_message_says_the_same_in_both_languages(code: str) -> None:
    texts = catalogue()[code]
    assert set(texts) == {"vi", "en"}
    for part in ("title", "detail", "help"):
        assert _places(texts["vi"][part]) == _places(texts["en"][part]), part


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
