"""The words for a rule that refused a record."""

from __future__ import annotations

from collections.abc import Mapping

from registry import errors


def advice(rule: str, facts: Mapping[str, str], lang: str) -> str:
    """Title, detail and help of the rule in that language; the bare rule where no message is kept for it."""
    if rule not in errors.catalogue():
        return facts.get(f"advice_{lang}", rule)
    parts = errors.message(rule, lang, **facts)
    return f"{parts['title']}. {parts['detail']} {parts['help']}".strip()
