"""Draws outlines in degrees as short SVG paths, each with a point for its label."""

import heapq
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from .reference import Geometry

WIDTH = 560.0
TENTHS = 10  # a path keeps one decimal
PRECISION, LEAST = 0.5, 0.01  # of a label point, in units of the drawing

Point = tuple[float, float]
Shape = list[list[list[Point]]]  # polygons, rings, points in units of the drawing


@dataclass(frozen=True, slots=True)
class Drawing:
    """Paths and label points by INSEE code, in a viewBox of this width and height."""

    width: float
    height: float
    paths: dict[str, str]
    labels: dict[str, Point]


def project(outlines: Mapping[str, Geometry], *, width: float = WIDTH) -> Drawing:
    """Project outlines (equirectangular, true at the middle latitude), the north at the top."""
    points = [point for outline in outlines.values() for point in _points(outline)]
    if not points:
        return Drawing(width, 0.0, {}, {})
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    shrink = math.cos(math.radians((south + north) / 2))
    scale = width / (((east - west) * shrink) or 1.0)

    def place(point: Point) -> Point:
        return (point[0] - west) * shrink * scale, (north - point[1]) * scale

    shapes: dict[str, Shape] = {
        code: [[[place(point) for point in ring] for ring in polygon] for polygon in outline]
        for code, outline in outlines.items()
    }
    return Drawing(
        width=width,
        height=math.ceil((north - south) * scale * TENTHS) / TENTHS,
        paths={code: _path(shape) for code, shape in shapes.items()},
        labels={code: _label(shape) for code, shape in shapes.items()},
    )


def _points(outline: Geometry) -> Iterator[Point]:
    return (point for polygon in outline for ring in polygon for point in ring)


def _path(shape: Shape) -> str:
    return "".join(_ring(ring) for polygon in shape for ring in polygon)


def _ring(ring: list[Point]) -> str:
    """Write a ring from point to point; each step starts where the rounded one before ended."""
    tenths = [(round(x * TENTHS), round(y * TENTHS)) for x, y in ring[:-1]]
    written = [f"M{_number(tenths[0][0])}{_joined(tenths[0][1])}"]
    command = "l"
    for (x0, y0), (x1, y1) in pairwise(tenths):
        if (x0, y0) != (x1, y1):
            across = _number(x1 - x0) if command else _joined(x1 - x0)
            written.append(f"{command}{across}{_joined(y1 - y0)}")
            command = ""
    return "".join(written) + "z"


def _number(tenths: int) -> str:
    """Write tenths the short way: 3, -.5, 12.4."""
    sign, (whole, tenth) = "-" * (tenths < 0), divmod(abs(tenths), TENTHS)
    return sign + (f"{whole or ''}.{tenth}" if tenth else str(whole))


def _joined(tenths: int) -> str:
    """Write a number after another: its minus sign parts them, or a space does."""
    return _number(tenths) if tenths < 0 else f" {_number(tenths)}"


class _Cell(NamedTuple):
    """A square of the search: the best it may hold (negative, for the heap), where, how wide."""

    hope: float
    x: float
    y: float
    half: float
    depth: float


def _label(shape: Shape) -> Point:
    """Give the point farthest from the edges of the largest polygon, to one decimal."""
    polygon = max(shape, key=lambda rings: abs(_area(rings[0])))
    xs, ys = [x for x, _ in polygon[0]], [y for _, y in polygon[0]]
    across, down = max(xs) - min(xs), max(ys) - min(ys)
    enough = max(LEAST, min(PRECISION, min(across, down) / 20))
    best = _cell(sum(xs) / len(xs), sum(ys) / len(ys), 0.0, polygon)
    middle = min(xs) + across / 2, min(ys) + down / 2
    queue = [_cell(*middle, max(across, down) / 2, polygon)]
    while queue:
        cell = heapq.heappop(queue)
        best = max(best, cell, key=lambda one: one.depth)
        if -cell.hope - best.depth <= enough:
            break
        half = cell.half / 2
        for x in (cell.x - half, cell.x + half):
            for y in (cell.y - half, cell.y + half):
                heapq.heappush(queue, _cell(x, y, half, polygon))
    return round(best.x, 1), round(best.y, 1)


def _cell(x: float, y: float, half: float, polygon: list[list[Point]]) -> _Cell:
    depth = _depth(x, y, polygon)
    return _Cell(-(depth + half * math.sqrt(2)), x, y, half, depth)


def _depth(x: float, y: float, polygon: list[list[Point]]) -> float:
    """Give the distance to the nearest edge, negative outside."""
    inside, nearest = False, math.inf
    for ring in polygon:
        for (x0, y0), (x1, y1) in pairwise(ring):
            if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
                inside = not inside
            nearest = min(nearest, _gap(x - x0, y - y0, x1 - x0, y1 - y0))
    return math.sqrt(nearest) if inside else -math.sqrt(nearest)


def _gap(px: float, py: float, dx: float, dy: float) -> float:
    """Give the squared distance from a point to a segment that starts at the origin."""
    length = dx * dx + dy * dy
    along = max(0.0, min(1.0, (px * dx + py * dy) / length)) if length else 0.0
    return (px - along * dx) ** 2 + (py - along * dy) ** 2


def _area(ring: list[Point]) -> float:
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring)) / 2
