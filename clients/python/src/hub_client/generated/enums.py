from enum import Enum


class AttributeLevel(str, Enum):
    DATA_SET = "DATA_SET"
    GROUP = "GROUP"
    SERIES = "SERIES"
    OBSERVATION = "OBSERVATION"
