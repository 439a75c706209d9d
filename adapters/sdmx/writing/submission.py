"""What became of submitted structures: ``SubmitStructureResponse`` of SDMX-ML 2.1, 3.0 and 3.1, and the same in JSON.

The standard has the message in SDMX-ML only; the JSON is ours, for clients that read nothing else. Source: SDMX REST 2.2,
"Structural Metadata maintenance", annex II; ``SDMXRegistryStructure.xsd`` of each version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from adapters.sdmx.faults import outcome_status
from adapters.sdmx.reading.message import Fault
from adapters.sdmx.writing.header import Header, timestamp
from adapters.sdmx.writing.xml import DECLARATION, declared, element, namespaces, texts
from registry.attribution import Outcome
from registry.errors import LANGUAGES, HubError, Unfit, message
from registry.ref import PACKAGE, Ref, urn_class
from registry.submission import Purpose, Result
from registry.text import Names

RECEIVER = "not_supplied"
"""The id of a party that did not say who it is."""

_SAID = {
    Outcome.ADDED: "SUBMITTED_ADDED",
    Outcome.CHANGED: "SUBMITTED_CHANGED",
    Outcome.REMOVED: "SUBMITTED_REMOVED",
    None: "SUBMITTED_UNCHANGED",
}


def submission_markup(header: Header, version: str, results: Iterable[Result], faults: Sequence[Fault]) -> bytes:
    """The message; ``version`` is ``2.1``, ``3.0`` or ``3.1``. What could not be read at all stands in the footer."""
    found = "".join(_result(version, one) for one in results)
    spaces = {**declared("mes", "com", version=version), "xmlns:reg": namespaces(version)["mes"].replace("message", "registry")}
    parts = (header.xml(element("mes:Receiver", {"id": RECEIVER})), element("mes:SubmitStructureResponse", content=found))
    return (DECLARATION + element("mes:RegistryInterface", spaces, "".join(parts) + _footer(version, faults))).encode()


def submission_json(header: Header, results: Iterable[Result], faults: Sequence[Fault]) -> bytes:
    """``data.results``: for each artefact its URN, action, status, code and message, texts by language; ``errors``: faults."""
    meta = {"id": header.id, "prepared": timestamp(header.prepared), "test": False, "sender": {"id": header.sender_id}}
    found = [
        {
            "urn": one.ref.urn,
            "action": one.purpose,
            "status": _status(one),
            "code": outcome_status(one),
            **({"proposal": one.waits} if one.waits else {}),
            "messages": [said(one)],
            **({"warnings": [_warning(each) for each in one.warnings]} if one.warnings else {}),
            **({"faults": faults_told} if (faults_told := [_fault(*part) for part in _parts(one)]) else {}),
        }
        for one in results
    ]
    errors = [{"code": 422, "place": fault.place, "messages": [told(fault.error)]} for fault in faults]
    message: dict[str, Any] = {"meta": meta, "data": {"results": found}, **({"errors": errors} if errors else {})}
    return orjson.dumps(message)


def _parts(result: Result) -> Sequence[tuple[str, HubError]]:
    """What is wrong in an artefact, by place, where that was looked at."""
    return result.error.parts if isinstance(result.error, Unfit) else ()


def _warning(error: HubError) -> dict[str, Any]:
    return {"code": error.code, "messages": [told(error)]}


def _fault(place: str, error: HubError) -> dict[str, Any]:
    return {"place": place, "code": error.code, "messages": [told(error)]}


def said(result: Result) -> Names:
    """What became of an artefact, in every language we speak."""
    if result.error:
        return told(result.error)
    facts = {"kind": result.ref.kind.value, "ref": str(result.ref), "id": result.waits}
    code = "SUBMITTED_WAITS" if result.waits else _SAID[result.outcome]
    return {lang: message(code, lang, **facts)["detail"] for lang in LANGUAGES}


def told(error: HubError) -> Names:
    """An error in every language we speak."""
    return {lang: f"{error.title(lang)}: {error.detail(lang)} {error.help(lang)}" for lang in LANGUAGES}


def _status(result: Result) -> str:
    return "Failure" if result.error else "Warning" if result.warnings or result.waits else "Success"


def _result(version: str, result: Result) -> str:
    named = element("reg:MaintainableObject", content=reference(version, result.ref))
    submitted = element("reg:SubmittedStructure", {"action": _action(version, result.purpose)}, named)
    code = {"code": str(outcome_status(result))}
    every = [
        said(result),
        *(told(one) for one in result.warnings),
        *({lang: f"{place}: {text}" for lang, text in told(error).items()} for place, error in _parts(result)),
    ]
    text = "".join(element("reg:MessageText", code, texts("com:Text", one)) for one in every)
    return element("reg:SubmissionResult", content=submitted + element("reg:StatusMessage", {"status": _status(result)}, text))


def reference(version: str, ref: Ref) -> str:
    """What stands in an element that names an artefact: fields in 2.1, a URN after it."""
    if version != "2.1":
        return ref.urn
    values: Mapping[str, str | None] = {
        "agencyID": ref.agency,
        "id": ref.id,
        "version": ref.version,
        "package": PACKAGE[ref.kind],
        "class": urn_class(ref.kind),
    }
    return element("Ref", values)


def _action(version: str, purpose: Purpose) -> str:
    """Only 3.1 knows the word Merge."""
    return Purpose.REPLACE.value if purpose == Purpose.MERGE and version != "3.1" else purpose.value


def _footer(version: str, faults: Sequence[Fault]) -> str:
    if not faults:
        return ""
    parts = (
        element(
            "foot:Message",
            {"code": "422", "severity": "Error"},
            texts("com:Text", {lang: f"{fault.place}: {text}" for lang, text in told(fault.error).items()}),
        )
        for fault in faults
    )
    return element("foot:Footer", {"xmlns:foot": f"{namespaces(version)['mes']}/footer"}, "".join(parts))
