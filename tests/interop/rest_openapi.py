"""The official OpenAPI description of SDMX REST asked of a running hub by schemathesis; not part of the test suite.

    pip install schemathesis
    HUB_SDMX_OPENAPI=sdmx-rest.yaml python tests/interop/rest_openapi.py http://127.0.0.1:8000/sdmx/v2 [EXAMPLES]

``sdmx-rest.yaml`` is ``api/sdmx-rest.yaml`` of a release of github.com/sdmx-twg/sdmx-rest (2.2.2 is what the door speaks). It
needs a few repairs to be loaded, which are made here in memory. For every path EXAMPLES requests are drawn (100 unless told),
half of their parts from what the hub really has; no answer may be a server error, nor have a status or a type that the text
does not name.
"""

from __future__ import annotations

import importlib
import os
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import hypothesis
import yaml

REAL = {
    "agencyID": ["NSO", "SDMX", "*"],
    "resourceID": ["VAT", "TRADE", "CL_PROVINCE", "CONCEPTS", "AGENCIES", "*"],
    "version": ["1.0", "2.0", "~", "*"],
    "key": ["*", "Q", "M.*", "Q.01"],
    "itemID": ["_T", "01", "A"],
    "componentID": ["FREQ", "PROVINCE", "*"],
}
"""What a hub with the shipped structures has."""


def main() -> None:
    address, examples = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100
    spec = repaired(yaml.safe_load(Path(os.environ["HUB_SDMX_OPENAPI"]).read_text(encoding="utf-8")))
    schema = importlib.import_module("schemathesis").openapi.from_dict(spec)
    schema.config.update(base_url=address)
    failed = False
    for operation in schema.get_all_operations():
        found = operation.ok()
        responses = spec["paths"][found.path]["get"]["responses"]
        named = {status: spec["components"]["responses"][one["$ref"].rpartition("/")[2]] for status, one in responses.items()}
        statuses, problems = asked(found, named, examples)
        counts = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
        print(f"{found.label:75} {counts}")
        for problem in problems:
            failed = True
            print("   ", problem)
    sys.exit(failed)


def asked(operation: Any, responses: Any, examples: int) -> tuple[Counter[int], list[str]]:
    """The statuses that came, and what was wrong."""
    statuses: Counter[int] = Counter()
    problems: dict[str, None] = {}
    documented, types = set(responses), set(responses["200"]["content"])

    @hypothesis.settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(hypothesis.HealthCheck)
    )
    @hypothesis.given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        response = case.call()
        statuses[response.status_code] += 1
        # 501 and 503 are answers that the text has; 500 is one too, and the one that must never be given.
        if response.status_code == 500 or str(response.status_code) not in documented:
            problems[f"{response.status_code} {response.request.url}"] = None
        if response.status_code == 200 and response.headers["content-type"][0] not in types:
            problems[f"{response.headers['content-type'][0]} {response.request.url}"] = None

    ask()
    return statuses, list(problems)[:10]


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
    parameters["registrationIDs"] = {**parameters["resourceIDs"], "name": "registrationID"}
    paths = spec["paths"]
    # Two parameters have other names than the path gives them.
    renamed(paths["/registration/id/{registrationID}"], "resourceIDs", "registrationIDs")
    renamed(paths["/registration/provider/{agencyID}/{providerID}"], "resourceIDs", "providers")
    # Errors are SDMX messages, whose types the description leaves out.
    spec["x-commons"] = {}
    return spec


def grouped(pattern: str) -> str:
    r"""``^\*|[A-Z]+$`` is meant as ``^(\*|[A-Z]+)$``."""
    return f"^({pattern[1:-1]})$" if re.match(r"^\^(\\\*|\\\+)\|", pattern) else pattern


def real(parameter: Any) -> None:
    """Half of what is drawn is what the hub has."""
    values = REAL.get(parameter["name"])
    schema = parameter["schema"]
    target = schema.get("items", schema)
    if values and parameter["in"] == "path":
        drawn = dict(target)
        target.clear()
        target["anyOf"] = [{"type": "string", "enum": values}, drawn]


def renamed(path: Any, old: str, new: str) -> None:
    for parameter in path["get"]["parameters"]:
        if parameter["$ref"].endswith(f"/{old}"):
            parameter["$ref"] = f"#/components/parameters/{new}"


if __name__ == "__main__":
    main()
