"""The plot in docs/performance.md: how time grows with size, on logarithmic scales."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 360, 64, 160, 24, 48
Scale = Callable[[float], float]
COLOURS = ("#0b6e4f", "#b3541e", "#3d5a98", "#8a3ffc", "#555555")


def draw(path: Path, series: dict[str, list[tuple[int, float]]]) -> None:
    """Write an SVG of CPU seconds by size; each series is a line of (size, seconds)."""
    points = [point for line in series.values() for point in line if point[1] > 0]
    across = _scale([size for size, _ in points], LEFT, WIDTH - RIGHT)
    up = _scale([seconds for _, seconds in points], HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        *_grid([size for size, _ in points], [seconds for _, seconds in points], across, up),
    ]
    for colour, (name, line) in zip(COLOURS, series.items(), strict=False):
        at = [(across(size), up(seconds)) for size, seconds in line if seconds > 0]
        path_of = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
        parts.append(f'<polyline points="{path_of}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in at]
        parts.append(f'<text x="{at[-1][0] + 8:.1f}" y="{at[-1][1] + 4:.1f}" fill="{colour}">{name}</text>')
    path.write_text("\n".join([*parts, "</svg>\n"]), encoding="utf-8")


def _scale(values: Sequence[float], first: float, last: float) -> Scale:
    """Where a value goes between two coordinates."""
    low, high = math.log10(min(values)), math.log10(max(values))
    return lambda value: first + (math.log10(value) - low) / (high - low or 1) * (last - first)


def _grid(sizes: list[int], seconds: list[float], across: Scale, up: Scale) -> list[str]:
    """Lines and labels at the sizes and at powers of ten."""
    parts = []
    for size in sorted(set(sizes)):
        x = across(size)
        parts.append(f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{HEIGHT - BOTTOM}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{size:,}</text>')
    for power in range(math.ceil(math.log10(min(seconds))), math.floor(math.log10(max(seconds))) + 1):
        y = up(10**power)
        parts.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g} s</text>')
    parts.append(
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 10}" text-anchor="middle">needs, and as many offers</text>'
    )
    return parts
