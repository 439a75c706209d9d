"""pysdmx reading and writing, run by the Python of the peers' environment: with_pysdmx.py read|csv|xml FILE OUTPUT [STRUCTURE].

Prints JSON: seconds of the one thing that is measured, observations, and the largest memory of the process.
"""

from __future__ import annotations

import json
import resource
import sys
import time

from pysdmx.io import get_datasets, read_sdmx, write_sdmx
from pysdmx.io.format import Format

FORMATS = {"csv": Format.DATA_SDMX_CSV_2_0_0, "xml": Format.DATA_SDMX_ML_2_1_STR}


def main() -> None:
    what, file, output = sys.argv[1:4]
    if what == "read":
        started = time.perf_counter()
        datasets = read_sdmx(file, validate=False).get_datasets()
    else:
        datasets = get_datasets(file, sys.argv[4], validate=False)
        started = time.perf_counter()
        write_sdmx(datasets, FORMATS[what], output)
    seconds = time.perf_counter() - started
    count = sum(len(each.data) for each in datasets)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"seconds": seconds, "observations": count, "memory": memory, "first": None}))


if __name__ == "__main__":
    main()
