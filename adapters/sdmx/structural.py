"""Answers that are structures: structure questions, availability, and what is valid of a structure.

What the chosen format cannot hold is told in headers and in the message itself, and refused where that is wished.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from itertools import chain

from adapters.sdmx.artefacts import structure_question
from adapters.sdmx.call import Call
from adapters.sdmx.foretold import Foretold, foretold
from adapters.sdmx.missing import Missing, unread
from adapters.sdmx.negotiation import JSON, Format
from adapters.sdmx.originals import original
from adapters.sdmx.reply import Reply
from adapters.sdmx.resolving import Resolver
from adapters.sdmx.schemas import SchemaQuestion, schema_question
from adapters.sdmx.speaking import languages_said
from adapters.sdmx.structure_formats import schema_offers, structure_offers, writer
from adapters.sdmx.writing.best_text import in_language
from adapters.sdmx.writing.header import Header
from adapters.sdmx.writing.losses import told
from adapters.sdmx.writing.schema_json import schema_json
from adapters.sdmx.writing.schema_markup import schema_markup
from adapters.sdmx.writing.schema_old_reports import schema_old_reports
from adapters.sdmx.writing.schema_reports import schema_reports
from adapters.sdmx.writing.shown import LOST, Lost, Shown
from adapters.sdmx.writing.xml import chunks, gathered
from registry.errors import NotAcceptable
from registry.held import no_longer_read

Write = Callable[[Header, Sequence[Shown]], Iterator[bytes]]


def structures(call: Call, word: str, parts: list[str]) -> Reply:
    """What a structure question finds."""
    wanted = structure_question(word, parts, call.parameters, call.major)
    catalogue = call.catalogue(wanted.as_of)
    if (message := original(call, wanted, catalogue)) is not None:
        return message
    chosen = call.format(structure_offers(call.major))
    validators = call.validators(str(catalogue.revision), catalogue.changed, chosen)
    if call.met(validators):
        return Reply(304, validators.headers())

    def made() -> Reply:
        resolver = Resolver(catalogue, call.ports.links, call.major, call.kept.stubs, call.kept.room)
        # Of two who ask at once the second has what the first made: together they would be no sooner there.
        with call.kept.stubs.turn if wanted.detail.startswith("all") else nullcontext():
            shown = resolver.resolve(wanted)
            if not shown:
                raise no_longer_read(next(iter(resolver.unread)))
            call.speaks(one.artefact.names for one in shown)
            return written(call, chosen, validators.headers(), shown, word, unread(resolver.unread))

    return call.kept.reply(validators, made)


def schema(call: Call) -> Reply:
    """What data of a structure may say: as a schema, or as the structure itself."""
    question = schema_question(call.ports.catalogue, call.parts[1:], call.parameters, call.major)
    chosen = call.format(schema_offers(call.major, question.of_reports))
    validators = call.validators(str(question.catalogue.revision), question.catalogue.changed, chosen)
    if call.met(validators):
        return Reply(304, validators.headers())
    name = question.artefact.ref.id
    if chosen.media.startswith("application/vnd.sdmx.schema"):
        return call.given(chosen, validators.headers(), _schema(chosen, question), name)
    return written(call, chosen, validators.headers(), question.shown(missing := Missing()), name, missing.lost)


def _schema(chosen: Format, question: SchemaQuestion) -> Iterator[bytes]:
    if not question.of_reports:
        valid = question.valid()
        return iter((schema_json(valid),)) if chosen.kind == JSON else chunks(schema_markup(valid, _short(chosen)))
    if chosen.kind == JSON:
        return iter((schema_reports(question.artefact.ref, question.fields()),))
    return chunks(schema_old_reports(question.reports()))


def _short(chosen: Format) -> str:
    return chosen.version.removesuffix(".0")


def written(
    call: Call,
    chosen: Format,
    headers: Mapping[str, str],
    shown: Sequence[Shown],
    name: str,
    lacking: Sequence[Lost] = (),
    own_form: Write | None = None,
    sender: str = "",
) -> Reply:
    """The message. ``SDMX-Lost`` says how much the format could not hold; :class:`NotAcceptable` where that is not wished, or
    where nothing would remain. ``lacking`` is what is left out of it already. ``own_form`` writes more than what is shown, and
    says who sends it."""
    format = writer(chosen)
    write = own_form or format.write
    parts = [Foretold(lacking, len(lacking), lacking), *(foretold(format, part) for part in shown)]
    lost, count = [one for part in parts for one in part.some], sum(part.count for part in parts)
    gone = {one.ref for one in lost if not one.place}
    if lost and (call.strict or (own_form is None and all(part.artefact.ref in gone for part in shown))):
        raise _unheld(chosen, lost, count)
    lack = tuple(lacking)
    header = Header(sender or shown[0].artefact.ref.agency, call.ports.clock.now(), lacking=lack, languages=call.tags)
    pieces = gathered(write(header, shown))
    if format.kind == "sdmx-json":
        every = chain.from_iterable(part.every for part in parts)
        pieces = told(in_language(pieces, call.tags), every, count, call.tags)
    spoken = languages_said((part.artefact.names for part in shown), call.tags)
    return call.given(chosen, {**headers, **spoken, **losing(call, count)}, pieces, name)


def demand_whole(call: Call, chosen: Format, lacking: Sequence[Lost]) -> None:
    """An error where something is missing, for who wants everything or nothing."""
    if lacking and call.strict:
        raise _unheld(chosen, lacking, len(lacking))


def _unheld(chosen: Format, lost: Sequence[Lost], count: int) -> NotAcceptable:
    """For who wants everything or nothing."""
    places = ", ".join(f"{one.ref.kind} {one.ref}{' ' if one.place else ''}{one.place}" for one in lost[:5])
    return NotAcceptable("SDMX_FORMAT_CANNOT_HOLD", format=chosen.full, count=count, found=places)


def losing(call: Call, count: int) -> dict[str, str]:
    """The headers that say how much is lost, and that all was wanted."""
    applied = {"Preference-Applied": "handling=strict"} if call.strict and "prefer" in call.request.headers else {}
    return {LOST: str(count), **applied} if count else applied
