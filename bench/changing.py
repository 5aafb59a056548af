"""One change at a time: how long the flow of one commodity takes to follow, from where it stood and from scratch."""

import numpy as np

from bench.stages import Stages, network_of
from bench.table import Row, timed
from server.docking.engine import simplex
from server.docking.engine.network import Network

INSERTED = 60


def changing_rows(stages: Stages, size: int) -> list[Row]:
    """Target 7: an offer doubles, as if a second one like it came in; and the largest commodity is solved anew."""
    jobs, random = stages.run.jobs, np.random.default_rng(2)
    offers = np.array([job.market.offers for job in jobs])
    slowest, warm = 0.0, []
    for at, count in enumerate(random.multinomial(INSERTED, offers / offers.sum()).tolist()):
        network = network_of(jobs[at])
        sink = len(network.supply) - 1
        solution, seconds = timed(lambda network=network, sink=sink: simplex.solve(network, sink))
        slowest = max(slowest, seconds)
        for offer in random.integers(0, offers[at], count).tolist():
            more = with_more(network, offer, sink)
            basis = solution.basis
            warm.append(1000 * timed(lambda more=more, basis=basis: simplex.solve(more, basis=basis, hot=True))[1])
    middle = float(np.median(warm))
    return [
        Row(7, size, "one offer more, flow follows, p50 ms", f"{middle:.2f} ms", f"{INSERTED} offers", middle, 2),
        Row(7, size, "slowest commodity solved anew, seconds", f"{slowest:.3f} s", "", slowest, 0.5),
    ]


def with_more(network: Network, offer: int, sink: int) -> Network:
    """The offer gives twice as much; its way past everything comes first among the arcs."""
    supply, capacity = network.supply.copy(), network.capacity.copy()
    supply[sink] -= supply[offer]
    supply[offer] *= 2
    capacity[offer] = supply[offer]
    return Network(network.tail, network.head, capacity, network.cost, supply)
