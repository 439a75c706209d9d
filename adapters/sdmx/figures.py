"""Answers that are figures, and what figures there are: data questions and availability questions."""

from __future__ import annotations

from dataclasses import replace

from adapters.sdmx.answers import ask, data_offers
from adapters.sdmx.available import sought
from adapters.sdmx.call import Call
from adapters.sdmx.dataflows import dataflow_1, dataflow_2, provided_by
from adapters.sdmx.negotiation import STRUCTURE
from adapters.sdmx.packaging import shape_of_components, shape_of_detail
from adapters.sdmx.query import Question, history, order, question_1, question_2, window
from adapters.sdmx.reply import PASSING, VARY, Reply
from adapters.sdmx.walked import must_be_walked, walked
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.structures import structure_message
from adapters.sdmx.writing.xml import chunks, gathered
from registry.errors import Invalid, Unsupported
from registry.model import Structure


def data(call: Call) -> Reply:
    """What a data question finds."""
    structure, question = _question(call)
    dsd, past = structure.dsd, history(call.parameters)
    shape = shape_of_detail(dsd, call.parameters) if call.major == 1 else shape_of_components(dsd, call.parameters)
    changes = past or question.selection.updated_after is not None
    if changes and question.conditions is not None:
        raise Unsupported("SDMX_NO_VALUE_FILTER", name=", ".join(question.conditions.components))
    sort = order(dsd, shape, call.parameters.take("sort"), changes) if call.major == 2 else ()
    page = window(call.parameters)
    chosen = call.format(data_offers(dsd, shape, call.major, past))
    found = ask(call.ports, call.viewer, question.of(shape, sort), shape, page, past, call.reader)
    validators = call.validators(*found.known, chosen)
    validators = replace(validators, passing=validators.passing or question.selection.preview)
    if call.met(validators):
        return Reply(304, validators.headers())
    flow = structure.dataflow.ref
    pieces = found.pieces(found.header(flow.agency, call.ports.clock.now()), chosen, call.tags)
    return call.given(chosen, validators, gathered(pieces), f"{flow.agency}_{flow.id}")


def availability(call: Call) -> Reply:
    """Which codes and periods have data."""
    structure, question = _question(call)
    wanted = sought(structure, _component(call), call.parameters)
    chosen = call.format((STRUCTURE,))
    if must_be_walked(question):
        found = walked(call.ports, call.viewer, structure, question, wanted.mode == "available", call.reader)
    else:
        found = call.ports.cube.availability(question.selection, call.viewer)
    header = Header(structure.dataflow.ref.agency, call.ports.clock.now())
    constraint, along = wanted.constraint(found), wanted.along(found, call.ports.catalogue)
    message = b"".join(chunks(structure_message(header, along, constraint)))
    headers = {"Content-Type": chosen.content_type, "Vary": VARY}
    headers["Cache-Control"] = PASSING if question.selection.preview else "no-cache"
    return Reply(200, headers, message)


def _question(call: Call) -> tuple[Structure, Question]:
    catalogue = call.ports.catalogue
    if call.major == 1:
        flow, key, provider = _path(call, 3, 4)
        structure = catalogue.structure(dataflow_1(catalogue, flow))
        provided_by(structure.dataflow.ref, provider)
        return structure, question_1(structure, key, call.parameters)
    context, agency, id_, version, key = _path(call, 5, 6)
    found = dataflow_2(catalogue, context or "*", agency or "*", id_ or "*", version or "*")
    structure = catalogue.structure(found)
    return structure, question_2(structure, key, call.parameters)


def _path(call: Call, count: int, longest: int) -> list[str]:
    """``count`` segments, empty ones for those left out; an availability question may have one more."""
    most = longest if call.word != "data" else longest - 1
    if len(call.parts) - 1 > most:
        raise Invalid("SDMX_PATH_TOO_LONG", found=len(call.parts), most=most + 1)
    return (call.parts[1:] + [""] * count)[:count]


def _component(call: Call) -> str:
    place = 4 if call.major == 1 else 6
    return call.parts[place] if len(call.parts) > place else ""
