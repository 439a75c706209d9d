"""What became of submitted structures: ``SubmitStructureResponse`` of SDMX-ML 2.1, 3.0 and 3.1, and the same in JSON.

The standard has the message in SDMX-ML only; the JSON is ours, for clients that read nothing else. Source: SDMX REST 2.2,
"Structural Metadata maintenance", annex II; ``SDMXRegistryStructure.xsd`` of each version.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from adapters.sdmx.faults import outcome_status
from adapters.sdmx.markup.artefacts import KINDS, tag_of
from adapters.sdmx.reading.message import Fault
from adapters.sdmx.writing.header import Header, timestamp
from adapters.sdmx.writing.xml import DECLARATION, declared, element, namespaces, texts
from registry.attribution import Outcome
from registry.errors import LANGUAGES, HubError, Unfit, message
from registry.ref import PACKAGE, Kind, Ref, urn_class
from registry.submission import Purpose, Result
from registry.text import Names

RECEIVER = "not_supplied"
"""The id of a party that did not say who it is."""

_INFOMODEL = "urn:sdmx:org.sdmx.infomodel"
_ANY = f"{_INFOMODEL}.base.Any"
_NOTHING = f"{_ANY}={RECEIVER}:{RECEIVER}(1.0)"
_UNREAD = 422

_SAID = {
    Outcome.ADDED: "SUBMITTED_ADDED",
    Outcome.CHANGED: "SUBMITTED_CHANGED",
    Outcome.REMOVED: "SUBMITTED_REMOVED",
    None: "SUBMITTED_UNCHANGED",
}
_TRIED = {
    Outcome.ADDED: "TRIED_ADDED",
    Outcome.CHANGED: "TRIED_CHANGED",
    Outcome.REMOVED: "TRIED_REMOVED",
    None: "SUBMITTED_UNCHANGED",
}


@dataclass(frozen=True)
class Answer:
    """What became of a request to change the registry.

    results  of each artefact that it speaks of; empty where it speaks of none
    faults   what of it could not be read and does not say who it is
    status   the HTTP status of the whole
    purpose  what was to be done, where no result says it
    """

    results: Sequence[Result]
    faults: Sequence[Fault]
    status: int
    purpose: Purpose = Purpose.REPLACE


def submission_markup(header: Header, version: str, answer: Answer) -> bytes:
    """The message; ``version`` is ``2.1``, ``3.0`` or ``3.1``. What could not be read at all stands in the footer.

    There must be a result of something, also where a request speaks of nothing: it is about the class that the schemas have
    for what they do not know, by the name that the standard has for what is not said.
    """
    found = "".join(_result(version, one) for one in answer.results) or _about_nothing(version, answer)
    spaces = {**declared("mes", "com", version=version), "xmlns:reg": namespaces(version)["mes"].replace("message", "registry")}
    parts = (header.xml(element("mes:Receiver", {"id": RECEIVER})), element("mes:SubmitStructureResponse", content=found))
    footer = _footer(version, answer.faults) if answer.results else ""
    return (DECLARATION + element("mes:RegistryInterface", spaces, "".join(parts) + footer)).encode()


def submission_json(header: Header, answer: Answer) -> bytes:
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
        for one in answer.results
    ]
    code = _UNREAD if answer.results else answer.status
    errors = [{"code": code, "place": fault.place, "messages": [told(fault.error)]} for fault in answer.faults]
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
    code = "SUBMITTED_WAITS" if result.waits else (_TRIED if result.tried else _SAID)[result.outcome]
    return {lang: message(code, lang, **facts)["detail"] for lang in LANGUAGES}


def told(error: HubError) -> Names:
    """An error in every language we speak."""
    return {lang: f"{error.title(lang)}: {error.detail(lang)} {error.help(lang)}" for lang in LANGUAGES}


def _status(result: Result) -> str:
    return "Failure" if result.error else "Warning" if result.warnings or result.waits else "Success"


def _result(version: str, result: Result) -> str:
    every = [
        said(result),
        *(told(one) for one in result.warnings),
        *({lang: f"{place}: {text}" for lang, text in told(error).items()} for place, error in _parts(result)),
    ]
    about = reference(version, result.ref)
    return _told(version, about, result.purpose, _status(result), outcome_status(result), every)


def _about_nothing(version: str, answer: Answer) -> str:
    texts = [_placed(fault) if fault.place else told(fault.error) for fault in answer.faults]
    return _told(version, _named(version, _NOTHING), answer.purpose, "Failure", answer.status, texts)


def _told(version: str, about: str, purpose: Purpose, status: str, code: int, every: Sequence[Names]) -> str:
    named = element("reg:MaintainableObject", content=about)
    submitted = element("reg:SubmittedStructure", {"action": _action(version, purpose)}, named)
    text = "".join(element("reg:MessageText", {"code": str(code)}, texts("com:Text", one)) for one in every)
    return element("reg:SubmissionResult", content=submitted + element("reg:StatusMessage", {"status": status}, text))


def reference(version: str, ref: Ref) -> str:
    """What stands in an element that names an artefact: its URN. That of a class which the version has no longer is of any."""
    if version == "2.1":
        return _old_reference(ref)
    return ref.urn if ref.kind in (*KINDS[version].values(), Kind.METADATA_SET) else f"{_ANY}={ref}"


def _old_reference(ref: Ref) -> str:
    """In 2.1 fields as well, where they can say it: they know its own classes only, and no drafts."""
    known = ref.kind in KINDS["2.1"].values()
    package, name = PACKAGE[ref.kind], tag_of(ref.kind, "2.1") if known else urn_class(ref.kind)
    values = {"agencyID": ref.agency, "id": ref.id, "version": ref.version, "package": package, "class": name}
    fields = element("Ref", values) if known and "-" not in ref.version else ""
    return fields + _named("2.1", f"{_INFOMODEL}.{package}.{name}={ref}")


def _named(version: str, urn: str) -> str:
    return element("URN", content=urn) if version == "2.1" else urn


def _action(version: str, purpose: Purpose) -> str:
    """Only 3.1 knows the word Merge."""
    return Purpose.REPLACE.value if purpose == Purpose.MERGE and version != "3.1" else purpose.value


def _placed(fault: Fault) -> Names:
    return {lang: f"{fault.place}: {text}" for lang, text in told(fault.error).items()}


def _footer(version: str, faults: Sequence[Fault]) -> str:
    if not faults:
        return ""
    parts = (
        element(
            "foot:Message",
            {"code": str(_UNREAD), "severity": "Error"},
            texts("com:Text", _placed(fault)),
        )
        for fault in faults
    )
    return element("foot:Footer", {"xmlns:foot": f"{namespaces(version)['mes']}/footer"}, "".join(parts))
