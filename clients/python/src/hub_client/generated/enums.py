from enum import Enum


class Against(str, Enum):
    PREVIOUS_PERIOD = "PREVIOUS_PERIOD"
    SAME_PERIOD_LAST_YEAR = "SAME_PERIOD_LAST_YEAR"


class AttributeLevel(str, Enum):
    DATA_SET = "DATA_SET"
    GROUP = "GROUP"
    SERIES = "SERIES"
    OBSERVATION = "OBSERVATION"


class Method(str, Enum):
    SUM = "SUM"
    MEAN = "MEAN"
    WEIGHTED_MEAN = "WEIGHTED_MEAN"
    MIN = "MIN"
    MAX = "MAX"
    COUNT = "COUNT"


class TimeMethod(str, Enum):
    SUM = "SUM"
    MEAN = "MEAN"
    WEIGHTED_MEAN = "WEIGHTED_MEAN"
    MIN = "MIN"
    MAX = "MAX"
    COUNT = "COUNT"
    FIRST = "FIRST"
    LAST = "LAST"
