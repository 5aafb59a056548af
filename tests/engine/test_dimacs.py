"""`jiedui engine`: instances with known optima, bounds and parallel arcs, and files that are refused with a reason."""

from pathlib import Path

import pytest

from server.docking.engine import dimacs

# The example of the DIMACS format description; its optimum is 14.
EXAMPLE = """c Problem line (nodes, links)
p min 4 5
c Node descriptor lines (supply+ or demand-)
n 1 4
n 4 -4
c Arc descriptor lines (from, to, minflow, maxflow, cost)
a 1 2 0 4 2
a 1 3 0 2 2
a 2 3 0 2 1
a 2 4 0 3 3
a 3 4 0 5 1
"""


def answer(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str], str]:
    """Exit code, lines of standard output, standard error."""
    path = tmp_path / "file.min"
    path.write_text(text)
    code = dimacs.main(str(path))
    out, err = capsys.readouterr()
    return code, out.splitlines(), err


def flows(lines: list[str]) -> list[tuple[int, ...]]:
    """The f lines as numbers."""
    return [tuple(map(int, line.split()[1:])) for line in lines if line.startswith("f ")]


def test_the_example_of_the_format_has_its_known_optimum(tmp_path, capsys) -> None:
    code, lines, err = answer(EXAMPLE, tmp_path, capsys)
    assert (code, lines[0], err) == (0, "s 14", "")
    sent = flows(lines)
    assert sum(flow for tail, _, flow in sent if tail == 1) == 4
    assert sum(flow for _, head, flow in sent if head == 4) == 4


def test_a_lower_bound_is_kept_and_paid_for(tmp_path, capsys) -> None:
    text = EXAMPLE.replace("a 2 4 0 3 3", "a 2 4 2 3 3").replace("a 1 3 0 2 2", "a 1 3 0 2 -9")
    code, lines, _ = answer(text, tmp_path, capsys)
    assert (code, lines[0]) == (0, "s -6")
    assert (2, 4, 2) in flows(lines)


def test_parallel_arcs_stay_apart_and_the_cheaper_fills_first(tmp_path, capsys) -> None:
    text = "p min 2 2\nn 1 5\nn 2 -5\na 1 2 0 3 4\na 1 2 0 3 1\n"
    code, lines, _ = answer(text, tmp_path, capsys)
    assert (code, lines) == (0, ["s 11", "f 1 2 2", "f 1 2 3"])


def test_without_supply_only_negative_cycles_flow(tmp_path, capsys) -> None:
    assert answer("p min 2 1\na 1 2 0 3 4\n", tmp_path, capsys)[:2] == (0, ["s 0"])
    cycle = "p min 3 3\na 1 2 0 3 -4\na 2 3 0 2 1\na 3 1 0 9 1\n"
    assert answer(cycle, tmp_path, capsys)[:2] == (0, ["s -4", "f 1 2 2", "f 2 3 2", "f 3 1 2"])


def test_a_loop_is_used_when_it_pays(tmp_path, capsys) -> None:
    text = "p min 1 2\na 1 1 0 3 -2\na 1 1 1 3 5\n"
    assert answer(text, tmp_path, capsys)[:2] == (0, ["s -1", "f 1 1 3", "f 1 1 1"])


def test_nothing_at_all_is_solved(tmp_path, capsys) -> None:
    assert answer("p min 1 0\n", tmp_path, capsys)[:2] == (0, ["s 0"])


def test_values_at_the_edge_of_exactness_are_solved_exactly(tmp_path, capsys) -> None:
    big, dear = 10**15, 10**9
    text = f"p min 3 2\nn 1 {big}\nn 3 -{big}\na 1 2 0 {big} {dear}\na 2 3 0 {big} {dear}\n"
    assert answer(text, tmp_path, capsys)[1][0] == f"s {2 * big * dear}"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("p min 2 1\nn 1 5\nn 2 -5\na 1 2 0 4 1\n", "infeasible"),
        ("p min 2 0\nn 1 5\nn 2 -5\n", "infeasible"),
        ("p min 2 1\nn 1 5\nn 2 -4\na 1 2 0 9 1\n", "unbalanced"),
        (f"p min 2 1\nn 1 5\nn 2 -5\na 1 2 0 9 {1 << 60}\n", "overflow"),
        (f"p min 2 1\nn 1 {1 << 60}\nn 2 -{1 << 60}\na 1 2 0 {1 << 60} 1\n", "overflow"),
        ("p min 2 1\na 1 2 5 4 1\n", "line 2"),
        ("p min 2 1\na 1 3 0 4 1\n", "line 2"),
        ("p min 2 1\nn 3 4\n", "line 2"),
        ("p min 2 1\nn 1 4\nn 1 4\n", "line 3"),
        ("p min 2 2\na 1 2 0 4 1\n", "2 arcs are announced"),
        ("p max 2 1\na 1 2 0 4 1\n", "not a min-cost flow"),
        ("p min 2 1\np min 2 1\n", "second problem line"),
        ("a 1 2 0 4 1\n", "comes before"),
        ("p min 2 1\na 1 2 0 4\n", "5 numbers expected"),
        ("p min 2 1\na 1 2 0 4 1.5\n", "not a whole number"),
        ("p min 2 1\nx 1\n", "unknown line"),
        ("", "no line 'p min"),
    ],
)
def test_what_cannot_be_solved_is_refused_with_a_reason(text: str, reason: str, tmp_path, capsys) -> None:
    code, lines, err = answer(text, tmp_path, capsys)
    assert (code, lines) == (1, [])
    assert reason in err


def test_a_file_that_is_not_there_is_named(tmp_path, capsys) -> None:
    assert dimacs.main(str(tmp_path / "none.min")) == 1
    assert "none.min: No such file" in capsys.readouterr().err
