"""What figures rest on stays: nobody takes a structure away from under them, or turns it so that they say something else.

The invented country's harvest, in structures that are not final: nothing else protects them.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.access import LOCAL_ADMINISTRATOR
from hub.database import writing
from hub.wiring import Hub
from registry.actions import put
from registry.errors import Conflict
from registry.model import Artefact, Code, coded
from registry.ref import Ref
from registry.submission import Order, Purpose
from tests import world

ORDER = Order("PUT /sdmx/v2/structure")
CROP = replace(world.CROP, ref=replace(world.CROP.ref, id="CL_CROP_MO"), is_final=False)
DSD = replace(
    world.DSD,
    ref=replace(world.DSD.ref, id="MUA_MO"),
    dimensions=tuple(
        replace(part, representation=coded(CROP.ref)) if part.codelist == world.CROP.ref else part
        for part in world.DSD.dimensions
    ),
    is_final=False,
)
FLOW = replace(world.DATAFLOW, ref=replace(world.DATAFLOW.ref, id="MUA_MO"), structure=DSD.ref, is_final=False)

SOYA = Code("DAU", {"vi": "Đậu tương", "en": "Soya"})
TURNED = replace(DSD, dimensions=(*reversed(DSD.dimensions[:-1]), DSD.dimensions[-1]))
UNMEASURED = replace(DSD, measures=())
FEWER = replace(CROP, items=CROP.items[:1])


@pytest.fixture
def bare(empty_hub: Hub) -> Hub:
    """The structures, and no figures."""
    with writing(empty_hub.engine) as connection:
        put(connection, [CROP, DSD, FLOW], world.act(empty_hub.clock.now()))
    return empty_hub


@pytest.fixture
def filled(bare: Hub) -> Hub:
    """A draft of figures is enough."""
    assert bare.drafts.draft(bare.catalogue.structure(FLOW.ref), world.harvest(), LOCAL_ADMINISTRATOR)
    return bare


def refused(hub: Hub, made: Artefact) -> list[str]:
    results = hub.ports.maintenance.submit([made], Purpose.REPLACE, ORDER, LOCAL_ADMINISTRATOR)
    return [one.error.code for one in results if one.error]


@pytest.mark.parametrize("made", [TURNED, UNMEASURED, FEWER], ids=["dimensions turned", "no measure", "a code less"])
def test_what_would_make_figures_say_something_else_is_refused(filled: Hub, made: Artefact) -> None:
    before = filled.catalogue.get(made.ref)
    assert refused(filled, made) == ["FIGURES_REST_ON_IT"]
    assert filled.catalogue.get(made.ref) == before


def test_what_figures_rest_on_is_not_deleted(filled: Hub) -> None:
    """Not even where nothing else names it: the figures do."""
    refs: list[Ref] = [FLOW.ref, DSD.ref, CROP.ref]
    result = filled.ports.maintenance.remove(FLOW.ref, None, ORDER, LOCAL_ADMINISTRATOR)
    assert result.error is not None and result.error.code == "FIGURES_REST_ON_IT"
    with pytest.raises(Conflict) as error:
        filled.ports.proposals.propose("", refs, "Thử", LOCAL_ADMINISTRATOR)
    assert error.value.code == "FIGURES_REST_ON_IT"
    assert [filled.catalogue.get(ref).ref for ref in refs] == refs


def test_what_adds_and_what_only_words_go_through(filled: Hub) -> None:
    assert refused(filled, replace(CROP, items=(*CROP.items, SOYA))) == []
    assert refused(filled, replace(FLOW, names={"vi": "Vụ mùa năm nay", "en": "This year's harvest"})) == []


def test_without_figures_everything_may_go(bare: Hub) -> None:
    assert refused(bare, TURNED) == refused(bare, FEWER) == []
    assert bare.ports.maintenance.remove(FLOW.ref, None, ORDER, LOCAL_ADMINISTRATOR).error is None
