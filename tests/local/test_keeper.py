"""What dies is started again, at once the first time and more slowly each time after."""

import subprocess

import pytest

from server.local.keeper import Keeper
from server.local.messages import StartProblem


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Fragile:
    """A service whose process is already over when it is looked at."""

    name = "fragile"

    def __init__(self) -> None:
        self.starts = 0
        self.refuses = False
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.starts += 1
        if self.refuses:
            raise StartProblem("not now")
        self.process = subprocess.Popen(["true"])
        self.process.wait()

    def stop(self) -> None:
        self.process = None


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service() -> Fragile:
    service = Fragile()
    service.start()
    service.starts = 0
    return service


def starts_within(keeper: Keeper, clock: Clock, service: Fragile, seconds: float) -> int:
    before = service.starts
    until = clock.now + seconds
    while clock.now < until:
        keeper.look()
        clock.now += 0.1
    return service.starts - before


def test_a_dead_service_is_started_again_within_a_second(clock: Clock, service: Fragile):
    assert starts_within(Keeper(service, clock), clock, service, 1) >= 1


def test_one_that_dies_again_and_again_is_started_every_few_seconds_only(clock: Clock, service: Fragile):
    keeper = Keeper(service, clock)
    starts_within(keeper, clock, service, 20)
    assert 2 <= starts_within(keeper, clock, service, 10) <= 3


def test_one_that_refuses_to_start_is_tried_further(clock: Clock, service: Fragile):
    keeper = Keeper(service, clock)
    service.refuses = True
    assert starts_within(keeper, clock, service, 20) > 4
    service.refuses = False
    assert starts_within(keeper, clock, service, 5) >= 1


def test_after_a_calm_time_it_is_quick_again(clock: Clock, service: Fragile):
    keeper = Keeper(service, clock)
    starts_within(keeper, clock, service, 20)
    with subprocess.Popen(["sleep", "60"]) as alive:
        service.process = alive
        service.start = lambda: None
        starts_within(keeper, clock, service, 40)
        alive.kill()
    del service.start
    service.starts = 0
    assert starts_within(keeper, clock, service, 1) >= 1
