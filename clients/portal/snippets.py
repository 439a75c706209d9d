"""The selection on a page as code to copy: GraphQL, curl, Python and R."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub_client import SelectionInput

QUERY = """\
query ($ref: String!, $selection: SelectionInput) {
  dataflow(ref: $ref) {
    data(selection: $selection) {
      totalCount
      release { number releasedAt }
      series {
        key
        codes { dimension id name }
        columns { periods valueTexts statuses }
      }
    }
  }
}"""


@dataclass(frozen=True)
class Snippet:
    """``id``: the language, also the key of its title among the texts."""

    id: str
    code: str


def snippets(ref: str, selection: SelectionInput, csv: str | None, public_url: str, lang: str) -> tuple[Snippet, ...]:
    """The same question in every language. ``csv``: its address at the SDMX door, None where no address can say it."""
    variables = {"ref": ref, "selection": selection.model_dump(mode="json", by_alias=True, exclude_unset=True)}
    by_address = (Snippet("r", _r(csv)), Snippet("curl", _curl(csv))) if csv else ()
    return (
        Snippet("python", _python(ref, selection, public_url, lang)),
        *by_address,
        Snippet("graphql", _graphql(variables, public_url)),
    )


def _graphql(variables: Mapping[str, Any], public_url: str) -> str:
    shown = json.dumps(variables, ensure_ascii=False, indent=2)
    return f"# POST {public_url}/graphql\n{QUERY}\n\n# variables\n{shown}"


def _curl(csv: str) -> str:
    return f"curl --compressed -o data.csv {_shell(csv)}"


def _python(ref: str, selection: SelectionInput, public_url: str, lang: str) -> str:
    chosen = {each.id: each.codes or [] for each in selection.dimensions or []}
    codes = {id: some[0] if len(some) == 1 else some for id, some in chosen.items()}
    recode = {each.dimension: each.to for each in selection.recode or []}
    options = {
        "start": selection.start_period,
        "end": selection.end_period,
        "last_n": selection.last_n,
        "recode": recode,
    }
    arguments = [_codes(codes), *(f"{name}={value!r}" for name, value in options.items() if value)]
    imports = ""
    if selection.as_of:
        imports = "from datetime import datetime\n"
        arguments.append(f"as_of=datetime.fromisoformat({selection.as_of.isoformat()!r})")
    question = ",\n    ".join(arguments)
    return (
        f"{imports}from hub_client import HubClient, select\n\n"
        f"question = select(\n    {question},\n)\n"
        f"with HubClient({_quoted(public_url)}, lang={_quoted(lang)}) as hub:\n"
        f"    rows = hub.rows({_quoted(ref)}, question)\n\n"
        f"# import pandas; pandas.DataFrame(rows)"
    )


def _codes(codes: Mapping[str, str | list[str]]) -> str:
    lines = [f"        {_quoted(name)}: {json.dumps(wanted, ensure_ascii=False)}," for name, wanted in codes.items()]
    return "\n".join(["{", *lines, "    }"]) if lines else "{}"


def _r(csv: str) -> str:
    return (
        f"data <- read.csv(\n  {_quoted(csv)},\n"
        '  colClasses = "character", encoding = "UTF-8"\n)\n'
        "data$OBS_VALUE <- as.numeric(data$OBS_VALUE)"
    )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _shell(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
