"""``SubmitRegistrationsRequest`` of SDMX-ML 2.1, 3.0 and 3.1: what is to be done with which registrations.

Source: ``SDMXRegistryRegistration.xsd`` and ``SDMXRegistryBase.xsd`` of each version.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime

from lxml import etree

from adapters.sdmx.elements import local
from adapters.sdmx.reading.xml import events
from registry.errors import Invalid
from registry.ref import Kind, Ref
from registry.registrations import INDEXES, Registration
from registry.submission import Purpose

_TRUE = ("true", "1")


def registrations_of(content: bytes) -> list[tuple[Purpose, Registration]]:
    """What a message asks for; :class:`Invalid` where it is none, or names no provision agreement."""
    found = []
    for event, element in events(io.BytesIO(content)):
        if event == "end" and local(element) == "RegistrationRequest":
            found.append(_request(element))
            element.clear()
    if not found:
        raise Invalid("REGISTRATION_NONE")
    return found


def _request(request: etree._Element) -> tuple[Purpose, Registration]:
    purpose = next((one for one in Purpose if one.value == request.get("action")), None)
    registration = _child(request, "Registration")
    if purpose not in (Purpose.APPEND, Purpose.REPLACE, Purpose.DELETE) or registration is None:
        raise Invalid("REGISTRATION_ACTION", found=(request.get("action") or "-")[:60])
    return purpose, _registration(registration)


def _registration(element: etree._Element) -> Registration:
    source = _child(element, "Datasource")
    service = None if source is None else _child(source, "QueryableDataSource", "QueryableDatasource")
    return Registration(
        agreement=_agreement(_child(element, "ProvisionAgreement")),
        id=element.get("id") or "",
        file=_text(source, "SimpleDataSource", "SimpleDatasource"),
        service=_text(service, "DataURL"),
        is_rest=service is None or service.get("isRESTDatasource") in _TRUE,
        is_web_service=service is not None and service.get("isWebServiceDatasource") in _TRUE,
        wsdl=_text(service, "WSDLURL"),
        wadl=_text(service, "WADLURL"),
        valid_from=_moment(element.get("validFrom")),
        valid_to=_moment(element.get("validTo")),
        indexes=tuple(name for name in INDEXES if element.get(name) in _TRUE),
    )


def _agreement(element: etree._Element | None) -> Ref:
    if element is None:
        raise Invalid("BAD_REFERENCE", found="-", kind=Kind.PROVISION_AGREEMENT.value)
    for part in element.iter():
        if local(part) == "Ref":
            return Ref(Kind.PROVISION_AGREEMENT, part.get("agencyID") or "", part.get("id") or "", part.get("version") or "1.0")
        if text := (part.text or "").strip():
            return Ref.parse(text, Kind.PROVISION_AGREEMENT)
    raise Invalid("BAD_REFERENCE", found="-", kind=Kind.PROVISION_AGREEMENT.value)


def _child(element: etree._Element, *names: str) -> etree._Element | None:
    return next((child for child in element if local(child) in names), None)


def _text(element: etree._Element | None, *names: str) -> str:
    child = None if element is None else _child(element, *names)
    return "" if child is None else (child.text or "").strip()


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid("BAD_TIME", found=text[:40]) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
