"""How figures were computed, told to readers in Vietnamese and English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from registry.calculation import Against, Aggregation, Change, Method, OverTime, Sort, TimeMethod, Weight
from registry.model import Structure
from registry.period import Period
from registry.recoding import Crossing, Weights
from registry.ref import Ref
from registry.text import Names, pick

_ROUNDED = {
    "en": "Results are rounded to 12 significant digits, halves to the even digit.",
    "vi": "Kết quả làm tròn đến 12 chữ số có nghĩa, nửa đơn vị làm tròn về chữ số chẵn.",
}
_MISSING = {
    "en": "Where a part has no value (missing or suppressed), the result has none; "
    "a part without an observation counts as nothing.",
    "vi": "Nếu một thành phần không có giá trị (thiếu hoặc bị ẩn) thì kết quả không có giá trị; "
    "thành phần không có quan sát coi như không phát sinh.",
}
_ONCE = {
    Method.SUM: {
        "en": "Nothing counts twice: of a code and codes below it only the highest is added.",
        "vi": "Không tính trùng: giữa một mã và các mã cấp dưới của nó, chỉ cộng mã cao nhất.",
    },
    Method.MEAN: {
        "en": "Nothing counts twice: of a code and codes below it only the lowest are taken.",
        "vi": "Không tính trùng: giữa một mã và các mã cấp dưới của nó, chỉ lấy các mã thấp nhất.",
    },
}
_METHODS = {
    Method.SUM: {"en": "Sum, exact", "vi": "Tổng, tính chính xác"},
    Method.MEAN: {"en": "Mean, every part counting the same", "vi": "Bình quân giản đơn các thành phần"},
    Method.WEIGHTED_MEAN: {"en": "Mean weighted by {weight}", "vi": "Bình quân gia quyền theo {weight}"},
    Method.MIN: {"en": "Least value", "vi": "Giá trị nhỏ nhất"},
    Method.MAX: {"en": "Greatest value", "vi": "Giá trị lớn nhất"},
    Method.COUNT: {"en": "Number of values", "vi": "Số giá trị hiện có"},
}
_OVER_TIME = {
    TimeMethod.SUM: {
        "en": "added up, or as the structure says of stocks, means and ratios",
        "vi": "cộng lại, hoặc gộp như cấu trúc nêu đối với số thời điểm, số bình quân và tỷ lệ",
    },
    TimeMethod.MEAN: {"en": "the mean of the periods", "vi": "bình quân giản đơn các kỳ"},
    TimeMethod.WEIGHTED_MEAN: {
        "en": "the mean weighted by {weight}",
        "vi": "bình quân gia quyền theo {weight}",
    },
    TimeMethod.MIN: {"en": "the least value", "vi": "giá trị nhỏ nhất"},
    TimeMethod.MAX: {"en": "the greatest value", "vi": "giá trị lớn nhất"},
    TimeMethod.COUNT: {"en": "the number of values", "vi": "số giá trị hiện có"},
    TimeMethod.FIRST: {"en": "the value at the beginning", "vi": "giá trị đầu kỳ"},
    TimeMethod.LAST: {"en": "the value at the end", "vi": "giá trị cuối kỳ"},
}
_WHOLE_PERIODS = {
    "en": "A period has a value only where every shorter one in it has one. Means are rounded to 12 significant digits.",
    "vi": "Một kỳ chỉ có giá trị khi mọi kỳ ngắn hơn trong đó đều có. Số bình quân làm tròn đến 12 chữ số có nghĩa.",
}
_HELD_TWICE = {
    True: {
        "en": "Of a series published in several frequencies the longest is taken.",
        "vi": "Chuỗi công bố theo nhiều tần suất thì lấy tần suất dài nhất.",
    },
    False: {
        "en": "Of a series published in several frequencies the shortest is taken.",
        "vi": "Chuỗi công bố theo nhiều tần suất thì lấy tần suất ngắn nhất.",
    },
}
_CHANGES = {
    (Against.PREVIOUS_PERIOD, False): {"en": "Difference from the period before", "vi": "Chênh lệch so với kỳ trước"},
    (Against.PREVIOUS_PERIOD, True): {
        "en": "Change on the period before, in percent",
        "vi": "Biến động so với kỳ trước, tính bằng phần trăm",
    },
    (Against.SAME_PERIOD_LAST_YEAR, False): {
        "en": "Difference from the same period of the year before",
        "vi": "Chênh lệch so với cùng kỳ năm trước",
    },
    (Against.SAME_PERIOD_LAST_YEAR, True): {
        "en": "Change on the same period of the year before, in percent",
        "vi": "Biến động so với cùng kỳ năm trước, tính bằng phần trăm",
    },
}


_RECODED = {
    "en": "{name} recoded from {old} to {new} by {table}; merged codes put together.",
    "vi": "{name} được chuyển mã từ {old} sang {new} theo {table}; số liệu của các mã gộp được gộp lại.",
}
_PARTED = {
    "en": "Codes that were split are parted by shares{weights} and marked as estimated (E).",
    "vi": "Mã bị tách được chia theo tỷ trọng{weights} và đánh dấu là ước tính (E).",
}
_BROKEN = {
    "en": "How much of {count} codes went where is not known ({codes}): what they go into has no value.",
    "vi": "Không biết tỷ trọng chuyển đi của {count} mã ({codes}): các mã đích nhận từ chúng không có giá trị.",
}
_UNLINKED = {
    "en": "{count} codes have no counterpart ({codes}): their figures are not in the answer, which is not the whole then.",
    "vi": "{count} mã không có mã tương ứng ({codes}): số liệu của chúng không có trong kết quả, nên kết quả không phải "
    "toàn bộ.",
}
_PARTIAL = {
    "en": "Codes that go to {count} codes of the new list were not chosen ({codes}): a part of these would pass for the whole, "
    "so they have no value.",
    "vi": "Câu hỏi không chọn đủ các mã nguồn của {count} mã mới ({codes}): một phần không thể coi là toàn bộ nên không có "
    "giá trị.",
}
_WEIGHED = {
    "en": "What is not added is put together by a mean weighted by {weight}, as the question wants, and marked as estimated.",
    "vi": "Số liệu không cộng được thì gộp bằng bình quân gia quyền theo {weight} do người hỏi nêu, và đánh dấu là ước tính.",
}
_MOST_TOLD = 20
"""Codes that a step names; the answer's `recoding` has all."""


def recoded(structure: Structure, crossing: Crossing, weight: Weight | None) -> tuple[Names, ...]:
    """``structure``: before recoding; ``weight``: what the question named."""
    return ({lang: " ".join(_recoded(structure, crossing, weight, lang)) for lang in ("en", "vi")},)


def _recoded(structure: Structure, crossing: Crossing, weight: Weight | None, lang: str) -> Iterator[str]:
    table = crossing.table
    by = ", ".join(f"{ref} ({_TURNED[lang]})" if turned else str(ref) for ref, turned in table.steps)
    name = _component(structure, crossing.dimension, lang)
    yield _RECODED[lang].format(name=name, old=table.from_list, new=table.to_list, table=by)
    if crossing.weights:
        measured = "; ".join(dict.fromkeys(filter(None, (_measured(each) for each in crossing.weights))))
        yield _PARTED[lang].format(weights=f" ({measured})" if measured else "")
    for codes, text in ((crossing.broken, _BROKEN), (crossing.unlinked, _UNLINKED), (crossing.partial, _PARTIAL)):
        if codes:
            some = ", ".join(codes[:_MOST_TOLD]) + (", ..." if len(codes) > _MOST_TOLD else "")
            yield text[lang].format(count=len(codes), codes=some)
    if weight is not None:
        yield _WEIGHED[lang].format(weight=_weight(structure, weight, lang))
    yield _MISSING[lang]


def spliced(dataflows: Sequence[Ref], estimated: bool) -> Names:
    """``dataflows``: in the order in which they count."""
    refs = ", ".join(map(str, dataflows))
    en = f"One series of {refs}: where several tell a period, the first of them counts; DATAFLOW_VERSION says which it is."
    vi = f"Một chuỗi nối từ {refs}: kỳ nào có nhiều nguồn thì lấy nguồn đứng trước; DATAFLOW_VERSION cho biết là nguồn nào."
    if not estimated:
        en += " Values that could only be estimated are not given."
        vi += " Giá trị chỉ ước tính được thì không nêu."
    return {"en": en, "vi": vi}


_TURNED = {"en": "turned round", "vi": "đảo chiều"}


def _measured(weights: Weights) -> str:
    return ", ".join(part for part in (weights.basis, weights.period, weights.source) if part)


def aggregated(structure: Structure, wanted: Aggregation, methods: Iterable[tuple[Method, Weight | None]]) -> tuple[Names, ...]:
    """One step for the groups and one for each method in use."""
    return (
        {lang: _groups(structure, wanted, lang) for lang in ("en", "vi")},
        *({lang: _how(structure, method, weight, lang) for lang in ("en", "vi")} for method, weight in methods),
    )


def _groups(structure: Structure, wanted: Aggregation, lang: str) -> str:
    said = []
    if wanted.drop:
        names = ", ".join(_component(structure, name, lang) for name in wanted.drop)
        said.append(f"Aggregated over {names}" if lang == "en" else f"Tổng hợp trên mọi {names} đã chọn")
    for one in wanted.along:
        name = _component(structure, one.dimension, lang)
        if lang == "en":
            said.append(
                f"{name} taken up to {f'level {one.level}' if one.level else 'the parent codes'}{_tree(one.hierarchy, lang)}"
            )
        else:
            said.append(
                f"{name} đưa lên {f'cấp {one.level}' if one.level else 'mã cấp trên trực tiếp'}{_tree(one.hierarchy, lang)}"
            )
    return "; ".join(said) + "."


def _tree(hierarchy: str | None, lang: str) -> str:
    if hierarchy is None:
        return ""
    return f" of hierarchy {hierarchy}" if lang == "en" else f" theo hệ phân cấp {hierarchy}"


def _how(structure: Structure, method: Method, weight: Weight | None, lang: str) -> str:
    said = _METHODS[method][lang].format(weight=_weight(structure, weight, lang)) + "."
    once = _ONCE[Method.SUM if method == Method.SUM else Method.MEAN][lang]
    missing = "" if method == Method.COUNT else _MISSING[lang]
    rounded = _ROUNDED[lang] if method in (Method.MEAN, Method.WEIGHTED_MEAN) else ""
    return " ".join(part for part in (said, once, missing, rounded) if part)


def _weight(structure: Structure, weight: Weight | None, lang: str) -> str:
    if weight is None:
        return ""
    component, code = weight.component, weight.code
    name = _component(structure, component, lang)
    return name if code is None else f"{name} {code} ({pick(structure.code_names(component, code), lang)})"


def over_time(structure: Structure, wanted: OverTime, left: Sequence[str]) -> Names:
    """``left``: the frequencies that do not fit."""
    return {lang: " ".join(_over_time(structure, wanted, left, lang)) for lang in ("en", "vi")}


def _over_time(structure: Structure, wanted: OverTime, left: Sequence[str], lang: str) -> Iterator[str]:
    frequency = pick(structure.code_names("FREQ", wanted.frequency), lang) if "FREQ" in structure.codelists else ""
    named = f"{wanted.frequency} ({frequency})" if frequency else wanted.frequency
    how = _OVER_TIME[wanted.method][lang].format(weight=_weight(structure, wanted.weight, lang))
    yield f"Brought to frequency {named}: {how}." if lang == "en" else f"Chuyển sang tần suất {named}: {how}."
    if wanted.method not in (TimeMethod.COUNT, TimeMethod.FIRST, TimeMethod.LAST):
        yield _WHOLE_PERIODS[lang]
    yield _HELD_TWICE[wanted.method == TimeMethod.SUM][lang]
    if left:
        words = ", ".join(left)
        yield f"Series of {words} do not fit and are left out." if lang == "en" else f"Chuỗi {words} không phù hợp nên bỏ qua."


def rebased(base: Period) -> Names:
    return {
        "en": f"Rebased: the mean of {base} is 100; series that do not cover {base} have no values. {_ROUNDED['en']}",
        "vi": f"Đổi kỳ gốc: bình quân {base} bằng 100; chuỗi không đủ số liệu {base} thì không có giá trị. {_ROUNDED['vi']}",
    }


def changed(change: Change) -> Names:
    said = _CHANGES[change.against, change.percent]
    if change.percent:
        gaps = {
            "en": "No value where either is missing or the earlier one is not above 0.",
            "vi": "Không có giá trị nếu một trong hai kỳ thiếu hoặc kỳ trước không lớn hơn 0.",
        }
        return {lang: f"{said[lang]}. {gaps[lang]} {_ROUNDED[lang]}" for lang in said}
    gaps = {"en": "No value where either is missing.", "vi": "Không có giá trị nếu một trong hai kỳ thiếu."}
    return {lang: f"{said[lang]}, exact. {gaps[lang]}" if lang == "en" else f"{said[lang]}. {gaps[lang]}" for lang in said}


def ordered(structure: Structure, sort: tuple[Sort, ...]) -> tuple[Names, ...]:
    """Only where the order is told by values: it is not seen from the codes."""
    measures = {measure.id for measure in structure.dsd.measures}
    if not any(key.by in measures for key in sort):
        return ()
    return (
        {
            "en": "Series are ordered by their last value; those without one come last.",
            "vi": "Các chuỗi xếp theo giá trị cuối cùng; chuỗi không có giá trị đứng sau cùng.",
        },
    )


def _component(structure: Structure, name: str, lang: str) -> str:
    return f"{pick(structure.names(name), lang)} ({name})"
