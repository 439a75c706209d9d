"""The words for a rule that refused a record."""

from __future__ import annotations

from collections.abc import Mapping

from registry import errors


def advice(rule: str, facts: Mapping[str, str], lang: str) -> str:
    """What is wrong and what to do: the source's own words (facts ``advice_vi``, ``advice_en``), else those of the message.

    A message whose facts were not kept gives its title; a rule without words gives its code.
    """
    if own := facts.get(f"advice_{lang}"):
        return own
    texts = errors.catalogue().get(rule)
    if texts is None:
        return rule
    try:
        parts = errors.message(rule, lang, **facts)
    except KeyError:
        return texts[lang]["title"]
    return f"{parts['title']}. {parts['detail']} {parts['help']}"
