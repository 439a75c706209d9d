"""Answers that are figures, and what figures there are: data questions and availability questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from adapters import notices
from adapters.sdmx.answers import Data, Known, ask, normalised, parts
from adapters.sdmx.answers import written as written_data
from adapters.sdmx.arranging import MOST_ORDERED, Arrangement
from adapters.sdmx.available import Sought, once, sought
from adapters.sdmx.call import Call
from adapters.sdmx.data_formats import data_offers, tells_what_is_gone
from adapters.sdmx.dataflows import agreements, dataflows_1, dataflows_2, provided_by
from adapters.sdmx.missing import Missing
from adapters.sdmx.negotiation import XML, Format
from adapters.sdmx.normalising import telling
from adapters.sdmx.order import Work, arrangement, order
from adapters.sdmx.packaging import shape_of_components, shape_of_detail
from adapters.sdmx.query import Question, history, question_1, question_2, window
from adapters.sdmx.reply import Reply, Validators
from adapters.sdmx.request import Parameters
from adapters.sdmx.speaking import language_of_data
from adapters.sdmx.structural import demand_whole, losing, written
from adapters.sdmx.structure_formats import structure_offers, writer
from adapters.sdmx.walked import must_be_walked, walked
from adapters.sdmx.window import Window
from adapters.sdmx.writing.availability import IN_THE_NEWEST
from adapters.sdmx.writing.shape import Shape
from adapters.sdmx.writing.shown import Shown
from adapters.sdmx.writing.xml import gathered
from registry.answers import Availability
from registry.calculation import Sort
from registry.errors import HubError, Invalid, NotAcceptable, TooLarge, Unavailable
from registry.model import ProvisionAgreement, Structure
from registry.ref import Ref

MOST_DATAFLOWS = 50
"""Dataflows in one answer; the beginning of each is held."""

Ask = Callable[[Parameters], Question]
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What is asked of one dataflow, and how it is to be packed."""

    structure: Structure
    question: Question
    shape: Shape
    sort: tuple[Sort, ...]

    def arranged(self, chosen: Format, page: Window, past: bool, among: int) -> Arrangement | None:
        """The order for this format and page; ``among``: so many dataflows share what may be held."""
        if not self.sort:
            return None
        selection = self.question.selection
        found = arrangement(
            self.structure.dsd,
            self.shape,
            self.sort,
            rows=chosen.rows,
            whole=page.whole,
            work=Work.CHANGES if past or selection.updated_after is not None else Work.STANDING,
            alike={name for name, codes in selection.codes.items() if len(codes) == 1},
        )
        return replace(found, most=MOST_ORDERED // among)


def data(call: Call) -> Reply:
    """What a data question finds, of one dataflow or of several."""
    past, page, missing = history(call.parameters), window(call.parameters), Missing()
    flows, key = _named(call, missing)
    every = _each(call, flows, lambda flow, parameters: _one(call, flow, key, parameters), missing)
    chosen = call.format(data_offers([(one.structure.dsd, one.shape) for one in every], call.major, past))
    call.speaks(names for one in every for names in (one.structure.dataflow.names, one.structure.dsd.names))

    agreed = _agreements(call, missing)

    def asked(one: _Asked, page: Window, arrangement: Arrangement | None = None) -> Data:
        told = telling(one.structure.dsd) if chosen.normalized else ()
        found = ask(call.ports, call.viewer, one.question, one.shape, page, past, call.reader, arrangement, told)
        return replace(found, agreement=agreed.get(one.structure.dataflow.ref))

    # Whatever order an answer is in, it has as many observations.
    pages = [page] if len(every) == 1 else parts(page, (partial(asked, one, Window()) for one in every))
    each = list(zip(every, pages, strict=False))

    def answers() -> list[Data]:
        return [asked(one, part, one.arranged(chosen, part, past, len(each))) for one, part in each]

    found = answers()
    held = [one for one in found if one.answer.release is not None]
    if not held:
        raise missing.nothing()
    demand_whole(call, chosen, missing.lost)
    validators = _validators(call, [one.known for one in held], chosen)
    passing = any(one.question.selection.preview for one in every)
    validators = replace(validators, passing=validators.passing or passing)
    releases = [one.answer.release for one in held]
    headers = {**validators.headers(), **notices.headers(releases)}
    if call.met(validators):
        return Reply(304, headers)
    gone = 0 if tells_what_is_gone(chosen) or not any(one.tells_changes for one in held) else _gone(call, chosen, answers())
    unplaced = 0
    if chosen.normalized and all(one.shape.observations for one in held):
        held, unplaced = normalised(held, answers(), call.strict)
    headers |= losing(call, unplaced + gone + len(missing.lost))
    headers |= language_of_data(chosen, held[0].answer.structure.dataflow.names, call.tags)
    flow = held[0].answer.structure.dataflow.ref
    header = replace(held[0].header(flow.agency, call.ports.clock.now()), lacking=tuple(missing.lost))
    pieces = written_data(held, header, chosen, call.tags, missing.nothing())
    return call.given(chosen, headers, gathered(pieces), f"{flow.agency}_{flow.id}{notices.of_file(releases)}")


def _gone(call: Call, chosen: Format, found: Sequence[Data]) -> int:
    """How many observations are gone of which the format cannot tell; :class:`NotAcceptable` for who wants all or nothing."""
    count = sum(one.gone() for one in found)
    if count and call.strict:
        raise NotAcceptable("SDMX_GONE_NOT_HELD", format=chosen.full, count=count)
    return count


def availability(call: Call) -> Reply:
    """Which codes and periods have data, of one dataflow or of several."""
    missing = Missing()
    flows, key = _named(call, missing)
    asked = _each(call, flows, lambda flow, parameters: _there(call, flow, key, parameters), missing)
    chosen = call.format(structure_offers(call.major))
    validators = _validators(call, _known(call, [question for _, question in asked], missing), chosen)
    passing = any(question.selection.preview for _, question in asked)
    validators = replace(validators, passing=validators.passing or passing)
    if call.met(validators):
        return Reply(304, validators.headers())
    told = [(one, found) for one, question in asked if (found := _available(call, one, question)).series]
    if not told:
        raise missing.nothing()
    agreed = _agreements(call, missing)
    constraints = [one.constraint(found, chosen.kind == XML, agreed.get(one.structure.dataflow.ref)) for one, found in told]
    along = once(shown for one, found in told for shown in one.along(found, call.ports.catalogue, missing))
    headers = validators.headers()
    flow, format = told[0][0].structure.dataflow.ref, writer(chosen)
    if (write := IN_THE_NEWEST.get((format.kind, format.version))) is not None:
        own_form = partial(write, constraints)
        return written(call, chosen, headers, along, flow.id, missing.lost, own_form, flow.agency)
    return written(call, chosen, headers, [*map(Shown, constraints), *along], flow.id, missing.lost)


def _validators(call: Call, releases: Sequence[Known], chosen: Format) -> Validators:
    """Names out of the registry stand in every answer, so a change of it is one of them."""
    registry = Known("", call.ports.catalogue.changed)
    return call.validators(*Known.together([*releases, registry]), chosen)


def _known(call: Call, questions: Sequence[Question], missing: Missing) -> list[Known]:
    """The releases that are asked about. Of a dataflow without one there is nothing to be known, and one to come is newer."""
    asked = (replace(one.selection, updated_after=None, series_only=True) for one in questions)
    releases = [call.ports.cube.ask(one, call.viewer).release for one in asked]
    if not any(releases):
        raise missing.nothing()
    return [Known.of(one) for one in releases if one is not None]


def _there(call: Call, flow: Ref, key: str, parameters: Parameters) -> tuple[Sought, Question]:
    structure = call.ports.catalogue.structure(flow)
    # What is there is not counted off: the texts have no such parameters, and leaving them unread gives what was not asked for.
    question = _question(call, structure, key, counted=False)(parameters)
    return sought(structure, _components(call), parameters), question


def _available(call: Call, one: Sought, question: Question) -> Availability:
    if must_be_walked(question):
        return walked(call.ports, call.viewer, one.structure, question, one.mode == "available", call.reader)
    return call.ports.cube.availability(question.selection, call.viewer)


def _each(call: Call, flows: Sequence[Ref], one: Callable[[Ref, Parameters], T], missing: Missing) -> list[T]:
    """What is asked of each dataflow; one that a question about several cannot be asked of has nothing that fits, and one that
    no longer reads is missing."""
    if len(flows) > MOST_DATAFLOWS:
        raise TooLarge("SDMX_TOO_MANY_DATAFLOWS", found=len(flows), most=MOST_DATAFLOWS)
    asked: list[T] = []
    refused: list[HubError] = []
    left = call.parameters
    for flow in flows:
        parameters = call.parameters.again()
        try:
            with missing.around(flow):
                asked.append(one(flow, parameters))
                left = parameters
        except Unavailable:
            raise
        except HubError as error:
            refused.append(error)
    if not asked:
        raise missing.nothing() if missing.lost or not refused else refused[0]
    call.parameters.left = left.left
    call.parameters.known += left.known
    return asked


def _one(call: Call, flow: Ref, key: str, parameters: Parameters) -> _Asked:
    structure = call.ports.catalogue.structure(flow)
    question = _question(call, structure, key)(parameters)
    dsd = structure.dsd
    shape = shape_of_detail(dsd, parameters) if call.major == 1 else shape_of_components(dsd, parameters)
    sort = order(dsd, shape, parameters.take("sort")) if call.major == 2 else ()
    return _Asked(structure=structure, question=question, shape=shape, sort=sort)


def _question(call: Call, structure: Structure, key: str, *, counted: bool = True) -> Ask:
    ask = question_1 if call.major == 1 else question_2
    return lambda parameters: ask(structure, key, parameters, counted=counted)


def _named(call: Call, missing: Missing) -> tuple[list[Ref], str]:
    """The dataflows of an address, and the key."""
    catalogue = call.ports.catalogue
    if call.major == 1:
        flow, key, provider = _path(call, 3, 4)
        return provided_by(catalogue, dataflows_1(catalogue, flow), provider, missing), key
    context, agency, id_, version, key = _path(call, 5, 6)
    return dataflows_2(catalogue, context or "*", agency or "*", id_ or "*", version or "*"), key


def _agreements(call: Call, missing: Missing) -> Mapping[Ref, ProvisionAgreement]:
    """The agreements that the address names, by dataflow."""
    if call.major == 1:
        return {}
    context, agency, id_, version = (part or "*" for part in _path(call, 4, 6))
    return agreements(call.ports.catalogue, context, agency, id_, version, missing)


def _path(call: Call, count: int, longest: int) -> list[str]:
    """``count`` segments, empty ones for those left out; an availability question may have one more."""
    most = longest if call.word != "data" else longest - 1
    if len(call.parts) - 1 > most:
        raise Invalid("SDMX_PATH_TOO_LONG", found=len(call.parts), most=most + 1)
    return (call.parts[1:] + [""] * count)[:count]


def _components(call: Call) -> list[str]:
    """The dimensions that an availability question names, as lists are written at the door."""
    place, separator = (4, "+") if call.major == 1 else (6, ",")
    named = call.parts[place] if len(call.parts) > place else ""
    return named.split(separator) if named else []
