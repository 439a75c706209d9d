"""What an answer tells of figures that crossed from one version of a classification to another."""

from __future__ import annotations

from functools import cached_property

import strawberry

from registry import answers, correspondence, recoding
from registry.dated import Outdated
from registry.model import Structure
from registry.ref import Ref
from registry.text import Names, pick
from schema.context import Info
from schema.fields import described
from schema.metadata import Lang, LocalText, texts
from schema.releases import Release, release
from schema.scalars import Number, number

MOST_TOLD = 20
"""Codes that a text names."""


@strawberry.type(description="How much of the source came through in one state. What was not recoded at all is broken too.")
class RecodingShare:
    state: str = strawberry.field(
        description="EXACT, ESTIMATED or BROKEN, as the attribute RECODING says it of each figure: every source code goes to "
        "the code as a whole; some of it was parted by known shares or put together by a weight the question named; of some of "
        "it the share is not known, so no value is given, because the rest would pass for the whole."
    )
    observations: int = strawberry.field(description="Source observations; each counts with its least sure figure.")
    observation_share: Number | None = strawberry.field(description="Of all source observations; null where there are none.")
    value_share: Number | None = strawberry.field(
        description="Of all source values, without signs; null where they cannot be added up: rates, indices, several units or "
        "indicators."
    )


@strawberry.type(description="A stored correspondence that was used.")
class RecodingTable:
    ref: str
    inverted: bool = strawberry.field(description="Used from its target list to its source list.")


@strawberry.type(description="What shares in use were measured by; null where the correspondence does not say.")
class RecodingWeights:
    basis: str | None = strawberry.field(description="turnover, population, area, value or equal.")
    period: str | None = strawberry.field(description="When it was measured.")
    source: str | None = strawberry.field(description="Where the shares come from.")


def _share(state: correspondence.State, tally: recoding.Tally) -> RecodingShare:
    total = sum(tally.observations.values())
    found = tally.observations[state]
    return RecodingShare(
        state=recoding.code_of(state),
        observations=found,
        observation_share=_number(found / total) if total else None,
        value_share=_number(tally.amounts[state]) if tally.amounts else None,
    )


def _number(share: float) -> Number | None:
    return number(f"{share:.6f}".rstrip("0").rstrip("."))


@strawberry.type(description="One dimension of one dataflow, recoded for the answer.")
class Recoding:
    held: strawberry.Private[recoding.Crossing]
    dataflow: str
    dimension: str
    from_codelist: str
    to_codelist: str

    @described("The stored correspondences on the way, in order.")
    def tables(self) -> list[RecodingTable]:
        return [RecodingTable(ref=str(ref), inverted=turned) for ref, turned in self.held.table.steps]

    @described("The weights behind the shares in use; empty where nothing was parted.")
    def weights(self) -> list[RecodingWeights]:
        return [
            RecodingWeights(basis=one.basis or None, period=one.period or None, source=one.source or None)
            for one in self.held.weights
        ]

    @described("How much of the whole selection, on all pages, came through exactly, by estimates, or not at all.")
    def shares(self) -> list[RecodingShare]:
        tally = self._tally
        return [_share(state, tally) for state in correspondence.State]

    @described("Source codes in use whose shares are not known, or that ended: what they go into has no value.")
    def broken_codes(self) -> list[str]:
        return list(self.held.broken)

    @described("Source codes in use without a counterpart: their figures are not in the answer.")
    def unlinked_codes(self) -> list[str]:
        return list(self.held.unlinked)

    @described("Codes without a value because the question left out source codes that go to them.")
    def partial_codes(self) -> list[str]:
        return list(self.held.partial)

    @cached_property
    def _tally(self) -> recoding.Tally:
        return self.held.tally()


def recodings(answer: answers.Answer) -> list[Recoding]:
    return [
        Recoding(
            held=one,
            dataflow=str(one.dataflow),
            dimension=one.dimension,
            from_codelist=str(one.table.from_list),
            to_codelist=str(one.table.to_list),
        )
        for one in answer.crossings
    ]


@strawberry.type(description="A dataflow whose figures are in the answer.")
class DataSource:
    dataflow: str
    release: Release | None = strawberry.field(description="The release they are of; null while nothing of it is published.")


def sources(answer: answers.Answer) -> list[DataSource]:
    return [DataSource(dataflow=_ref(ref, answer), release=release(held) if held else None) for ref, held in answer.releases]


def _ref(ref: Ref, answer: answers.Answer) -> str:
    exact = answer.structure.dataflow.ref
    return str(exact if ref == answer.selection.dataflow else ref)


@strawberry.type(description="Codes of a dimension that stand in periods in which they are not valid.")
class DataWarning:
    said: strawberry.Private[Names]
    dimension: str
    codelist: str
    codes: list[str]

    @strawberry.field
    def text(self, info: Info, lang: Lang = None) -> str:
        return info.context.text(self.said, lang)

    @strawberry.field
    def texts(self) -> list[LocalText]:
        return texts(self.said)


def warnings(answer: answers.Answer, structure: Structure) -> list[DataWarning]:
    return [
        DataWarning(said=_told(one, structure), dimension=one.dimension, codelist=str(one.codelist), codes=list(one.codes))
        for one in answer.outdated()
    ]


_OUTDATED = {
    "en": "{name} ({dimension}): {count} codes of {codelist} stand in periods in which they are not valid ({codes}); there "
    "they may have meant something else.",
    "vi": "{name} ({dimension}): {count} mã của {codelist} đứng ở kỳ mà mã không có hiệu lực ({codes}); khi đó mã có thể có "
    "nghĩa khác.",
}


def _told(one: Outdated, structure: Structure) -> Names:
    some = ", ".join(one.codes[:MOST_TOLD]) + (", ..." if len(one.codes) > MOST_TOLD else "")
    facts = {"dimension": one.dimension, "count": len(one.codes), "codelist": one.codelist, "codes": some}
    return {lang: text.format(name=pick(structure.names(one.dimension), lang), **facts) for lang, text in _OUTDATED.items()}
