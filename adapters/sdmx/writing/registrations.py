"""Registrations in SDMX-ML 2.1, 3.0 and 3.1: what a question found, and what became of those handed in.

Source: ``QueryRegistrationResponse`` and ``SubmitRegistrationsResponse`` of ``SDMXRegistryRegistration.xsd`` of each version.
"""

from __future__ import annotations

from collections.abc import Sequence

from adapters.sdmx.faults import error_status
from adapters.sdmx.writing.footer import footer
from adapters.sdmx.writing.header import Header, timestamp
from adapters.sdmx.writing.submission import RECEIVER, reference, told
from adapters.sdmx.writing.xml import DECLARATION, declared, element, escape, namespaces, texts
from registry.registrations import Registered, Registration


def query_response(header: Header, version: str, found: Sequence[Registration]) -> bytes:
    """The answer to a question; ``version`` is ``2.1``, ``3.0`` or ``3.1``."""
    status = element("reg:StatusMessage", {"status": "Success"})
    results = (element("reg:DataResult", content=_registration(version, one)) for one in found)
    wrapped = (element("reg:QueryResult", {"timeSeriesMatch": "false"}, result) for result in results)
    return _message(header, version, element("mes:QueryRegistrationResponse", content=status + "".join(wrapped)))


def submit_response(header: Header, version: str, done: Sequence[Registered]) -> bytes:
    """The answer to whoever handed registrations in."""
    parts = (element("reg:RegistrationStatus", content=_registration(version, one.registration) + _status(one)) for one in done)
    return _message(header, version, element("mes:SubmitRegistrationsResponse", content="".join(parts)))


def _message(header: Header, version: str, content: str) -> bytes:
    spaces = {**declared("mes", "com", version=version), "xmlns:reg": namespaces(version)["mes"].replace("message", "registry")}
    head = header.xml(element("mes:Receiver", {"id": RECEIVER}))
    return (DECLARATION + element("mes:RegistryInterface", spaces, head + content + footer(version, header.lacking))).encode()


def _status(one: Registered) -> str:
    if one.error is None:
        return element("reg:StatusMessage", {"status": "Success"})
    text = element("reg:MessageText", {"code": str(error_status(one.error))}, texts("com:Text", told(one.error)))
    return element("reg:StatusMessage", {"status": "Failure"}, text)


def _registration(version: str, one: Registration) -> str:
    values = {
        "id": one.id or None,
        "validFrom": timestamp(one.valid_from) if one.valid_from else None,
        "validTo": timestamp(one.valid_to) if one.valid_to else None,
        "lastUpdated": timestamp(one.updated_at) if one.updated_at else None,
        **dict.fromkeys(one.indexes, "true"),
    }
    agreement = element("reg:ProvisionAgreement", content=reference(version, one.agreement))
    return element("reg:Registration", values, agreement + element("reg:Datasource", content=_sources(one)))


def _sources(one: Registration) -> str:
    file = element("reg:SimpleDataSource", content=escape(one.file)) if one.file else ""
    if not one.service:
        return file
    values = {"isRESTDatasource": _word(one.is_rest), "isWebServiceDatasource": _word(one.is_web_service)}
    described = (("DataURL", one.service), ("WSDLURL", one.wsdl), ("WADLURL", one.wadl))
    parts = (element(f"com:{name}", content=escape(text)) for name, text in described if text)
    return file + element("reg:QueryableDataSource", values, "".join(parts))


def _word(value: bool) -> str:
    return "true" if value else "false"
