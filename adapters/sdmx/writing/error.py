"""The SDMX-ML error message of 2.1, 3.0 and 3.1.

Source: SDMX 2.1 section 3A part I, "Error"; SDMX REST 1.5.0, "Error handling and status information".
"""

from __future__ import annotations

from collections.abc import Sequence

from adapters.sdmx.writing.xml import DECLARATION, declared, element, texts
from registry.errors import LANGUAGES, HubError


def error_message(code: int, error: HubError, languages: Sequence[str], version: str = "2.1") -> bytes:
    """The error in every language we speak, the reader's first; title, detail and help are one text each."""
    ordered = sorted(LANGUAGES, key=lambda lang: languages.index(lang) if lang in languages else len(languages))
    parts = [{lang: part(lang) for lang in ordered} for part in (error.title, error.detail, error.help)]
    content = "".join(texts("com:Text", names) for names in parts)
    message = element("mes:ErrorMessage", {"code": str(code)}, content)
    return (DECLARATION + element("mes:Error", declared("mes", "com", version=version), message)).encode()
