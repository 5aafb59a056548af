"""T3: the service and a plain model of its rules agree after every move, whatever is tried in whatever order.

A move that the model forbids is refused and changes nothing that anybody can read. The control is a model with one wrong
rule: the same moves must show that the two disagree.
"""

from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from server.verify import verify
from tests.factories.accounts import make_member, make_overseer, make_user
from tests.factories.participants import make_county_government, make_participant
from tests.faults.arena import Web
from tests.faults.compared import World
from tests.faults.dealings import Dealings
from tests.faults.model import Forgetful, Ledger
from tests.faults.size import LONG, SEED, SIZE
from tests.faults.tally import TOTAL
from tests.support.database import Database
from tests.support.http import ORIGIN, Api


@pytest.fixture
async def world(api: Api, web: Web) -> World:
    county, giver = await make_county_government(), await make_participant()
    roles = ("editor", "reviewer", "signatory")
    users = {
        "clerk": await make_member(county.id, "editor"),
        "county": await make_member(county.id, *roles),
        "giver": await make_member(giver.id, *roles),
        "newcomer": await make_user(),
        "coordinator": await make_overseer(),
    }
    people: dict[str, httpx2.Client] = {}
    for name, user in users.items():
        session = await api.signed_in(user)
        headers = {"Origin": ORIGIN, "Accept-Language": "en", "X-CSRF-Token": session.headers["X-CSRF-Token"]}
        headers["Cookie"] = f"jiedui={session.cookies['jiedui']}"
        people[name] = httpx2.Client(base_url=f"{web.url}/api/v1", headers=headers, timeout=30)
    return World(people)


def play(world: World, ledger: type[Ledger], examples: int, *phases: Phase) -> None:
    """Play as many games against a model; raises AssertionError where the two disagree."""
    machine = type("Dealings", (Dealings,), {"world": world, "ledger": ledger})
    played = settings(
        max_examples=examples,
        stateful_step_count=SIZE.steps,
        deadline=None,
        database=None,
        phases=phases or (Phase.generate, Phase.shrink),
        suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large),
        print_blob=False,
    )
    run_state_machine_as_test(seed(SEED)(machine), settings=played)


MOVES = [name for name in dir(Ledger) if not name.startswith("_") and name != "shown"]


@pytest.fixture
async def findings(database: Database, world: World) -> Any:
    """What the auditor finds after the test: asked for before it, since the moves are made in step."""
    yield
    found = await verify(database.servers.owner_url)
    TOTAL.mis_summed += len(found)
    assert found == []


@pytest.mark.usefixtures("findings")
def test_the_service_and_the_model_agree_after_every_move(world: World):
    try:
        play(world, Ledger, SIZE.examples)
    except BaseException:
        TOTAL.mis_summed += 1
        raise
    TOTAL.acknowledged += sum(times for (_, allowed), times in world.made.items() if allowed)
    if SIZE is LONG:
        rare = [move for move in MOVES if not (world.made[move, True] and world.made[move, False])]
        assert len(rare) <= 1, f"so many games try nearly every move, where it is allowed and where it is not: {rare}"


def test_a_model_with_a_wrong_rule_disagrees(world: World):
    """The control: the comparison sees what one wrong rule does."""
    with pytest.raises(AssertionError):
        play(world, Forgetful, 60, Phase.generate)
