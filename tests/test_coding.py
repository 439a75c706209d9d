"""Which code some words mean: in Vietnamese as people type it, in English, misspelt, by other words; one text or a file.

Đất Nước Sen has a classification of what its farms make, with index terms:

    1    Cây trồng (Crops)
    1.1    Lúa gạo (Rice)                     also: thóc; tám thơm | paddy
    1.2    Cà phê, chưa rang (Coffee, not roasted)
    1.3    Cà phê, đã rang (Coffee, roasted)
    2    Vật nuôi (Animals)
    2.1    Lợn sống (Live pigs)               also: heo | swine        includes: lợn giống; lợn thịt
    2.2    Loại khác (Other)
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.database import writing
from hub.wiring import Hub
from registry import content
from registry.actions import put
from registry.coding import batch, keeping
from registry.coding.batch import Wish
from registry.coding.index import Index, Match
from registry.coding.keeping import Indexes
from registry.coding.spelling import Spelling, likeness
from registry.coding.words import words
from registry.errors import HubError, Invalid, TooLarge
from registry.model import Annotation, Code, Codelist, notes
from registry.ref import Kind, Ref
from tests import world
from tests.asking import Asker
from tests.browsing import Reader
from tests.conftest import Hands
from tests.work import at_most


def code(id: str, vi: str, en: str, *said: Annotation) -> Code:
    above = id.rpartition(".")[0]
    return Code(id, {"vi": vi, "en": en}, parent=above or None, annotations=(*notes({"level": f"{len(id) // 2 + 1}"}), *said))


MADE = Codelist(
    ref=Ref(Kind.CODELIST, "SEN", "CL_MADE", "1.0"),
    names={"vi": "Sản phẩm", "en": "What is made"},
    items=(
        code("1", "Cây trồng", "Crops"),
        code("1.1", "Lúa gạo", "Rice", Annotation(type="INDEX", texts={"vi": "thóc; tám thơm", "en": "paddy"})),
        code("1.2", "Cà phê, chưa rang", "Coffee, not roasted"),
        code("1.3", "Cà phê, đã rang", "Coffee, roasted"),
        code("2", "Vật nuôi", "Animals"),
        code(
            "2.1",
            "Lợn sống",
            "Live pigs",
            Annotation(type="INDEX", texts={"vi": "heo", "en": "swine"}),
            Annotation(type="INCLUDES", texts={"vi": "lợn giống; lợn thịt"}),
        ),
        code("2.2", "Loại khác", "Other"),
    ),
)
INDEX = Index.of(MADE)
HS2022 = Path(content.__file__).parent / "codelists" / "CL_HS2022-1.0.yml"


def best(text: str, level: str | None = None) -> str:
    return next((one.code for one in INDEX.find(text, level)), "")


# One text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Lúa gạo", "1.1"),
        ("lua gao", "1.1"),
        ("LÚA", "1.1"),
        ("cà phê đã rang xay", "1.3"),
        ("ca phe chua rang", "1.2"),
        ("roasted coffee", "1.3"),
        ("live pig", "2.1"),
        ("animals, other", "2.2"),
        ("1.3", "1.3"),
        ("13", "1.3"),
    ],
)
def test_a_code_is_found_by_its_name_with_and_without_diacritics_and_by_itself(text: str, wanted: str) -> None:
    assert best(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("cofee raosted", "1.3"), ("caphe chua rang", "1.2"), ("lợn sôngs", "2.1"), ("anmials", "2"), ("crop", "1")],
)
def test_misspelt_words_are_understood(text: str, wanted: str) -> None:
    assert best(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted", "why", "phrase"),
    [
        ("thóc", "1.1", "index", "thóc"),
        ("gạo tám thơm", "1.1", "index", "tám thơm"),
        ("heo", "2.1", "index", "heo"),
        ("swine", "2.1", "index", "swine"),
        ("lợn thịt", "2.1", "note", "lợn thịt"),
        ("2.1", "2.1", "code", "2.1"),
    ],
)
def test_other_words_for_it_and_what_its_notes_include_lead_to_it_too(text: str, wanted: str, why: str, phrase: str) -> None:
    first = INDEX.find(text)[0]
    assert (first.code, first.why.value, first.phrase) == (wanted, why, phrase)


def test_who_writes_diacritics_is_taken_at_their_word() -> None:
    fish = MADE.items[0], *(Code(id, {"vi": name}) for id, name in (("A", "Cá"), ("B", "Cà"), ("C", "Hoà"), ("D", "Hỏa")))
    index = Index.of(Codelist(ref=MADE.ref, names=MADE.names, items=fish))
    assert [index.find(text)[0].code for text in ("cá", "cà", "hòa", "hoà", "hoả")] == ["A", "B", "C", "C", "D"]
    assert {one.code for one in index.find("ca")} == {"A", "B"}


def test_codes_of_the_level_wanted_are_found_by_what_is_below_them() -> None:
    assert [one.code for one in INDEX.find("cà phê", "1")] == ["1"]
    assert best("cà phê", "2") == "1.2" and best("vật nuôi", "2") in {"2.1", "2.2"}
    with pytest.raises(Invalid) as refused:
        INDEX.find("cà phê", "9")
    assert refused.value.code == "UNKNOWN_LEVEL"


def test_one_language_only_is_searched_where_it_is_wanted() -> None:
    english = Index.of(MADE, ["en"])
    assert english.find("paddy")[0].code == "1.1" and english.find("thóc") == ()


def test_what_is_nowhere_finds_nothing() -> None:
    assert INDEX.find("") == INDEX.find("?!") == INDEX.find("unobtainium") == ()
    assert Index.of(Codelist(ref=MADE.ref, names=MADE.names)).find("lúa") == ()


@given(st.text(max_size=60), st.integers(1, 8))
def test_whatever_is_asked_scores_lie_between_0_and_1_and_fall(text: str, limit: int) -> None:
    found = INDEX.find(text, None, limit)
    assert len(found) <= limit and len({one.code for one in found}) == len(found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(0 < one.score <= 1 for one in found)


@given(st.sampled_from(MADE.items), st.sampled_from(["vi", "en"]))
def test_a_name_itself_finds_its_code_first(item: Code, lang: str) -> None:
    assert INDEX.find(item.names[lang])[0] == Match(item.id, 1.0, INDEX.find(item.names[lang])[0].why, item.names[lang])


def test_a_circle_of_parents_does_not_hold_anybody_up() -> None:
    circle = (Code("A", {"vi": "Một"}, parent="B"), Code("B", {"vi": "Hai"}, parent="A"))
    assert Index.of(Codelist(ref=MADE.ref, names=MADE.names, items=circle)).find("một")[0].code == "A"


@given(st.text("abcd", max_size=8), st.text("abcd", max_size=8))
def test_likeness_is_mutual_and_whole_only_for_the_same(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1 and (likeness(one, other) == 1) == (one == other)


def test_letters_exchanged_or_left_out_are_one_mistake() -> None:
    assert likeness("horse", "hrose") == likeness("horse", "hors") == 0.8
    spelling = Spelling(["horse", "house", "goat"])
    assert spelling.near("hrose")[0][0] == 0 and spelling.near("xyz") == []


def test_words_are_the_same_however_they_are_typed() -> None:
    assert words("Kỹ-thuật HOÀ").plain == words("ki thuat hoa").plain == ("ki", "thuat", "hoa")
    assert words("hoà").marked == words("hòa").marked and not words("hoa").has_marks


# How good it is: goods as people call them, and the heading of the Harmonized System that is theirs

GOODS = {
    "cà phê rang": "0901",
    "ca phe nhan chua rang": "0901",
    "gạo": "1006",
    "hạt điều": "0801",
    "hạt tiêu": "0904",
    "tôm đông lạnh": "0306",
    "cá tra phi lê đông lạnh": "0304",
    "lợn sống": "0103",
    "sữa bột": "0402",
    "đường mía": "1701",
    "bia": "2203",
    "xi măng": "2523",
    "xi mang poóc lăng": "2523",
    "than đá": "2701",
    "dầu thô": "2709",
    "phân bón urê": "3102",
    "cao su tự nhiên": "4001",
    "lốp xe ô tô": "4011",
    "áo sơ mi nam": "6205",
    "giày thể thao": "6404",
    "thép không gỉ cán phẳng": "7219",
    "máy giặt": "8450",
    "dien thoai thong minh": "8517",
    "xe máy": "8711",
    "xe đạp": "8712",
    "đồng hồ đeo tay": "9102",
    "bàn chải đánh răng": "9603",
    "roasted coffee": "0901",
    "milled rice": "1006",
    "frozen shrimps": "0306",
    "cane sugar": "1701",
    "beer": "2203",
    "portland cement": "2523",
    "crude petroleum oil": "2709",
    "natural rubber": "4001",
    "smartphones": "8517",
    "motorcycles": "8711",
    "bicycle": "8712",
    "wrist watches": "9102",
    "toothbrushes": "9603",
    "washing machnies": "8450",
    "potatos, fresh": "0701",
}


@pytest.fixture(scope="module")
def goods() -> Index:
    (codelist,) = content.read(HS2022)
    assert isinstance(codelist, Codelist)
    return Index.of(codelist)


def test_goods_are_found_as_people_call_them(goods: Index) -> None:
    found = {text: [one.code for one in goods.find(text, "4", 5)] for text in GOODS}
    first = {text for text, codes in found.items() if codes[:1] == [GOODS[text]]}
    among = {text for text, codes in found.items() if GOODS[text] in codes}
    assert len(among) / len(GOODS) >= 0.9, set(GOODS) - among
    assert len(first) / len(GOODS) >= 0.8, set(GOODS) - first


def test_a_thousand_texts_are_coded_without_asking_every_code_about_each(goods: Index) -> None:
    texts = [pick for item in goods.codelist.items[::7] for pick in item.names.values()][:1000]
    with at_most(calls=2_000_000):
        found = [goods.find(text, "6", 3) for text in texts]
    assert len(found) == 1000


# A file of texts

FILE = "id;text;kg\n1;ca phe chua rang;5\n2;máy bay;7\n"


def coded(content: str, **wish: object) -> list[dict[str, str]]:
    text = "".join(batch.coded(batch.read(content.encode()), INDEX, Wish(**wish)))  # type: ignore[arg-type]
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_line_keeps_its_columns_and_gets_its_suggestions() -> None:
    first, other = coded(FILE, limit=2)
    assert list(first)[:8] == ["id", "text", "kg", "code_1", "name_1", "score_1", "why_1", "phrase_1"]
    assert (first["id"], first["kg"], first["code_1"], first["name_1"]) == ("1", "5", "1.2", "Cà phê, chưa rang")
    assert 0 < float(first["score_2"]) < float(first["score_1"]) <= 1
    assert other["text"] == "máy bay" and other["code_1"] == other["code_2"] == ""


def test_the_column_is_the_one_named_else_text_else_the_first() -> None:
    assert coded("mô tả,mã\nheo,9\n")[0]["code_1"] == "2.1"
    assert coded("mã\tmô tả\n9\theo\n", column="mô tả")[0]["code_1"] == "2.1"
    with pytest.raises(Invalid) as refused:
        coded(FILE, column="name")
    assert refused.value.code == "NO_SUCH_COLUMN" and "kg" in refused.value.detail("vi")


def test_a_file_that_was_coded_is_coded_anew() -> None:
    once = "".join(batch.coded(batch.read(FILE.encode()), INDEX, Wish()))
    assert "".join(batch.coded(batch.read(once.encode()), INDEX, Wish())) == once


def test_cells_like_formulas_are_texts_to_a_spreadsheet_and_come_back_as_they_were() -> None:
    once = "".join(batch.coded(batch.read(b"text,=a\n=heo,-5\n'+x,@x\n"), INDEX, Wish()))
    head, *lines = csv.reader(io.StringIO(once, newline=""))
    assert head[:2] == ["text", "'=a"] and [line[:2] for line in lines] == [["'=heo", "-5"], ["'+x", "'@x"]]
    assert "".join(batch.coded(batch.read(once.encode()), INDEX, Wish())) == once


def test_a_title_that_stands_twice_is_refused_before_one_of_its_columns_is_lost() -> None:
    with pytest.raises(Invalid) as refused:
        batch.read("ghi chú,text, ghi chú\nsống,heo,đông lạnh\n".encode())
    assert refused.value.code == "TABLE_COLUMN_TWICE" and "ghi chú" in refused.value.detail("vi")
    assert batch.read(b"text,,\nheo,,\n").rows[0]["text"] == "heo", "columns without title or text, as spreadsheets leave them"


@pytest.mark.parametrize(
    "content", [b"", b"text\n\xff\n", b"text,kg\nheo\n", b"text\nheo,1\n", b"\n\n", b'text\n"heo\n', b'text\n"he"o\n']
)
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        batch.read(content)
    assert refused.value.code == "TEXTS_UNREADABLE" and refused.value.detail("vi") != refused.value.detail("en")


def test_too_much_at_once_is_refused(monkeypatch: pytest.MonkeyPatch, hub: Hub) -> None:
    monkeypatch.setattr(batch, "MOST_TEXTS", 1)
    with pytest.raises(TooLarge, match="Too many"):
        batch.read(FILE.encode())
    monkeypatch.setattr(keeping, "LONGEST", 1)
    with pytest.raises(TooLarge, match="too long"):
        Indexes().of(hub.catalogue, world.CROP.ref)


@pytest.mark.parametrize(
    ("text", "limit", "code"),
    [
        ("swine", 3, None),
        ("swine", 4, "TOO_MANY_SUGGESTIONS"),
        ("lợn" * 10, 3, None),
        ("lợn " * 10, 3, "CODED_TEXT_TOO_LONG"),
    ],
)
def test_what_a_file_costs_is_bounded_by_its_texts_and_suggestions_together(
    monkeypatch: pytest.MonkeyPatch, text: str, limit: int, code: str | None
) -> None:
    monkeypatch.setattr(batch, "MOST_SUGGESTED", 6)
    monkeypatch.setattr(batch, "LONGEST_TEXT", 30)
    sheet, wish = batch.read(f"text\n{text}\nrice\n".encode()), batch.Wish(limit=limit)
    if code is None:
        sheet.check(wish)
        return
    with pytest.raises(TooLarge) as refused:
        sheet.check(wish)
    assert refused.value.code == code


# Through the doors


@pytest.fixture
def made(hub: Hub, clock: Hands) -> Hub:
    with writing(hub.engine) as connection:
        put(connection, [MADE], world.act(clock.now()))
    return hub


def test_an_index_is_kept_as_long_as_its_list_stays_the_same(made: Hub, clock: Hands) -> None:
    indexes = Indexes()
    first = indexes.of(made.catalogue, MADE.ref)
    assert indexes.of(made.catalogue, MADE.ref) is first
    renamed = Code("1", {"vi": "Hoa", "en": "Flowers"})
    with writing(made.engine) as connection:
        changed = Codelist(ref=MADE.ref, names=MADE.names, items=(renamed, *MADE.items[1:]))
        put(connection, [changed], world.act(clock.now()))
    assert indexes.of(made.catalogue, MADE.ref).find("flowers")[0].code == "1"


SUGGEST = """query ($texts: [String!]!, $level: String, $first: Int) {
  suggest(codelist: "SEN:CL_MADE", texts: $texts, level: $level, first: $first) {
    text matches { code { id name parentId } score why phrase } } }"""


def test_graphql_suggests_codes_for_texts(made: Hub) -> None:
    asker = Asker(made.ports)
    coffee, swine = asker.data(SUGGEST, texts=["ca phe da rang", "swine"], first=2, lang="en")["suggest"]
    assert coffee["text"] == "ca phe da rang" and len(coffee["matches"]) == 2
    assert coffee["matches"][0]["code"] == {"id": "1.3", "name": "Coffee, roasted", "parentId": "1"}
    assert (swine["matches"][0]["why"], swine["matches"][0]["phrase"]) == ("index", "swine")
    assert asker.data(SUGGEST, texts=["swine"], level="1")["suggest"][0]["matches"][0]["code"]["id"] == "2"
    assert len(asker.data(SUGGEST, texts=["swine"] * 50)["suggest"]) == 50
    for texts, first, wrong in ((["x"] * 201, 1, "TOO_MANY_TEXTS"), (["x"], 0, "BAD_SUGGESTION_COUNT")):
        assert asker.error(SUGGEST, texts=texts, first=first)["code"] == wrong


def test_the_texts_of_all_fields_of_a_question_count_together(made: Hub) -> None:
    one = 'suggest(codelist: "SEN:CL_MADE", texts: $texts) { text }'
    twice = "query($texts: [String!]!) { a: " + one + " b: " + one + " }"
    asker = Asker(made.ports)
    assert len(asker.data(twice, texts=["swine"] * 100)["b"]) == 100
    assert asker.error(twice, texts=["swine"] * 101)["code"] == "TOO_MANY_TEXTS"


def post(hub: Hub, address: str, **how: object) -> httpx.Response:
    import asyncio

    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(app=Reader(hub).app)
        async with httpx.AsyncClient(transport=transport, base_url="http://hub.example") as client:
            return await client.post(address, **how)  # type: ignore[arg-type]

    return asyncio.run(go())


def test_a_file_is_coded_over_http(made: Hub) -> None:
    body = post(made, "/coding/SEN/CL_MADE/1.0?limit=1&lang=en", content=FILE.replace("máy bay", "swine").encode())
    form = post(made, "/coding/SEN/CL_MADE/latest?limit=1", files={"file": ("texts.csv", FILE.encode())})
    assert body.headers["content-type"] == form.headers["content-type"] == "text/csv; charset=utf-8"
    assert [line["name_1"] for line in csv.DictReader(io.StringIO(body.text))] == ["", "Live pigs"]
    assert [line["name_1"] for line in csv.DictReader(io.StringIO(form.text))] == ["Cà phê, chưa rang", ""]
    for address, status, wrong in (
        ("/coding/SEN/CL_MADE/1.0?lang=zz", 400, "NO_TEXTS_IN_LANGUAGE"),
        ("/coding/SEN/CL_NONE/1.0", 404, "ARTEFACT_NOT_FOUND"),
        ("/coding/SEN/CL_MADE/1.0?limit=many", 400, "BAD_SUGGESTION_COUNT"),
        ("/coding/SEN/CL_MADE/1.0?limit=99", 400, "BAD_SUGGESTION_COUNT"),
        ("/coding/SEN/CL_MADE/1.0?level=9", 400, "UNKNOWN_LEVEL"),
        ("/coding/SEN/CL_MADE/1.0?column=x", 400, "NO_SUCH_COLUMN"),
    ):
        refused = post(made, address, content=FILE.encode())
        assert (refused.status_code, refused.json()["error"]["code"]) == (status, wrong)
    torn = {"content": b"--x", "headers": {"Content-Type": "multipart/form-data"}}
    for how in ({"files": {"x": (None, "no file")}}, torn):
        assert post(made, "/coding/SEN/CL_MADE/1.0", **how).json()["error"]["code"] == "TEXTS_UNREADABLE"


def test_every_refusal_is_said_in_both_languages() -> None:
    for error in (
        TooLarge("LIST_TOO_LONG_TO_CODE", codelist="x", found=2, most=1),
        Invalid("BAD_SUGGESTION_COUNT", found=0, most=1),
    ):
        assert isinstance(error, HubError) and error.help("vi") != error.help("en")
