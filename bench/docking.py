"""The docking engine against its targets (docs/performance.md), each with its reference in the same run."""

import argparse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.changing import changing_rows
from bench.general import general_rows
from bench.growth import draw
from bench.instances import instance
from bench.stages import Stages, priced_rows, pricing_rows, rounding_rows, simplex_rows
from bench.stored import stored_rows
from bench.table import Row, machine, table
from bench.whole import measured_apart, whole_rows
from server.docking.engine.problem import Problem

NAMES = {"cold": "ours, by commodity", "ortools": "OR-tools, by commodity", "highs": "HiGHS", "networkx": "NetworkX"}


def main(arguments: list[str]) -> None:
    """Measure, print the table, and draw the growth with size when a path is given."""
    parser = argparse.ArgumentParser(prog="bench docking", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000], help="needs, and as many offers")
    parser.add_argument(
        "--database", type=int, metavar="SCALE", help="also load, dock and store a scenario of this scale"
    )
    parser.add_argument("--plot", type=Path, help="write the growth with size as SVG")
    options = parser.parse_args(arguments)
    series: dict[str, list[tuple[int, float]]] = {}
    measure(instance(300), 300)  # loads the compiled code
    rows = general_rows()
    for size in options.sizes:
        found, spent = measure(instance(size), size)
        whole = measured_apart(size)
        rows += found + whole_rows(whole)
        for name, label in NAMES.items():
            if name in spent:
                series.setdefault(label, []).append((size, spent[name]))
        series.setdefault("whole engine", []).append((size, whole.cpu))
    if options.database:
        rows += stored_rows(options.database)
    print(table(rows))
    print(f"\n{machine()}; seconds are CPU seconds unless said otherwise")
    if options.plot:
        draw(options.plot, series)


def measure(problem: Problem, size: int) -> tuple[list[Row], dict[str, float]]:
    """The stages of one instance."""
    with ThreadPoolExecutor(2) as threads:
        stages = Stages.of(problem, threads)
        rows = simplex_rows(stages, size) + changing_rows(stages, size) + pricing_rows(stages, size)
        rows += rounding_rows(stages, size, threads) + priced_rows(stages, size)
    return rows, stages.spent
