"""Whether one value is of a data type and within its facets.

Source: SDMX 3.1 section 2, "Facets"; ``DataType`` of ``SDMXStructureBase.xsd`` and the simple types of XML schema it stands on.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from registry.errors import HubError, Invalid
from registry.model import Format
from registry.number import plain_number
from registry.period import parse_period

_SHORT, _LONG = 2**15, 2**63


def value_fault(text: str, format: Format) -> HubError | None:
    """What is wrong with a value: BAD_TYPE, BAD_LENGTH or BAD_RANGE; types that are looked at nowhere pass."""
    fits = _TYPES.get(format.text_type)
    if fits is not None and not fits(text):
        return Invalid("REPORT_BAD_TYPE", found=text[:60], type=format.text_type)
    least, most = format.min_length or 0, format.max_length
    if len(text) < least or (most is not None and len(text) > most):
        return Invalid("REPORT_BAD_LENGTH", found=len(text), least=least, most="∞" if most is None else most)
    return _range_fault(text, format) if format.text_type in _NUMBERS else None


def _range_fault(text: str, format: Format) -> HubError | None:
    number = Decimal(text.strip())
    lows = [one for one in (format.min_value, format.start_value) if one is not None]
    highs = [one for one in (format.max_value, format.end_value) if one is not None]
    if any(number < low for low in lows) or any(number > high for high in highs):
        least, most = (str(max(lows)) if lows else "-∞"), (str(min(highs)) if highs else "∞")
        return Invalid("REPORT_BAD_RANGE", found=text[:60], least=least, most=most)
    exponent = number.as_tuple().exponent
    if format.decimals is not None and isinstance(exponent, int) and -exponent > format.decimals:
        return Invalid("REPORT_BAD_DECIMALS", found=text[:60], most=format.decimals)
    return None


def _whole(least: int | None, most: int | None) -> Callable[[str], bool]:
    def fits(text: str) -> bool:
        if not re.fullmatch(r"[+-]?\d{1,60}", text.strip(), re.ASCII):
            return False
        return (least is None or int(text) >= least) and (most is None or int(text) < most)

    return fits


def _number(text: str) -> bool:
    return plain_number(text.strip()) is not None


def _parsed(parse: Callable[[str], object]) -> Callable[[str], bool]:
    def fits(text: str) -> bool:
        try:
            parse(text.strip())
        except (ValueError, HubError):
            return False
        return True

    return fits


def _matching(pattern: str) -> Callable[[str], bool]:
    whole = re.compile(pattern, re.ASCII)
    return lambda text: whole.fullmatch(text.strip()) is not None


_PERIOD = _parsed(parse_period)
_INTEGERS = {
    "Integer": _whole(-(2**31), 2**31),
    "BigInteger": _whole(None, None),
    "Long": _whole(-_LONG, _LONG),
    "Short": _whole(-_SHORT, _SHORT),
    "Count": _whole(0, None),
}
_DECIMALS = dict.fromkeys(("Decimal", "Float", "Double", "InclusiveValueRange", "ExclusiveValueRange", "Incremental"), _number)
_NUMBERS = frozenset({*_INTEGERS, *_DECIMALS})
_TYPES: dict[str, Callable[[str], bool]] = {
    **_INTEGERS,
    **_DECIMALS,
    "Boolean": _matching("true|false|0|1"),
    "Alpha": _matching("[A-Za-z]*"),
    "AlphaNumeric": _matching("[A-Za-z0-9]*"),
    "Numeric": _matching("[0-9]*"),
    "URI": _matching(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+"),
    "DateTime": _parsed(datetime.fromisoformat),
    "GregorianDay": _parsed(date.fromisoformat),
    "GregorianYear": _matching(r"\d{4}"),
    "GregorianYearMonth": _matching(r"\d{4}-(0[1-9]|1[0-2])"),
    **dict.fromkeys(("ObservationalTimePeriod", "StandardTimePeriod", "BasicTimePeriod", "ReportingTimePeriod"), _PERIOD),
}
"""Types of which it can be seen whether a text is one."""
