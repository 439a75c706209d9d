"""The documents of the hub's own clients, which a hub knows from the start."""

from __future__ import annotations

import json
from importlib import resources


def documents() -> dict[str, str]:
    """SHA-256 in hexadecimal -> text, from what ``clients/generate.py`` wrote."""
    text = resources.files("clients").joinpath("trusted_documents.json").read_text(encoding="utf-8")
    return {name.removeprefix("sha256:"): document for name, document in json.loads(text).items()}
