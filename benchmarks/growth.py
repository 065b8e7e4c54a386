"""How generation grows with people: measure a size, and draw all that were measured.

Usage: `growth.py measure PERSONS [WORKERS]` prints a line for `docs/growth.csv`;
`growth.py draw docs/growth.csv docs/growth.svg` draws.
"""

from __future__ import annotations

import csv
import math
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq

from darkfigure.synth.storage.dataset import Dataset
from darkfigure.synth.storage.parts import encoding_of

COLUMNS = ("persons", "rows", "cpu_s", "floor_cpu_s", "peak_mb")
_WIDTH, _HEIGHT, _LEFT, _TOP = 640, 360, 70, 20
_FONT = 'font-family="sans-serif" font-size="12" role="img"'
_PEOPLE, _SECONDS = (4.0, 6.7), (-1.0, 3.0)  # decades of the axes
_GOAL = (3_107_489, 120)  # people of Wales, and a minute of two cores


def measure(persons: int, workers: int) -> str:
    """Generate a part of Wales, write its tables again, and give the line."""
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "wales"
        size = ["--persons", str(persons), "--workers", str(workers), "--out", str(out), "--quiet"]
        command = [sys.executable, "-m", "darkfigure", "generate", "wales", *size]
        subprocess.run(command, check=True)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        made = Dataset.open(out)
        rows = sum(said["rows"] for said in made.tables.values())
        written = [rows, f"{used.ru_utime + used.ru_stime:.1f}", f"{floor(made, out):.1f}"]
    return ",".join(map(str, [persons, *written, round(used.ru_maxrss / 1024)]))


def floor(made: Dataset, folder: Path) -> float:
    """Write finished tables once more, one after the other; give the CPU seconds."""
    seconds = 0.0
    for name in made.tables:
        table = made.read(name)
        begin = time.process_time()
        pq.write_table(table, folder / "again", **encoding_of(table))
        seconds += time.process_time() - begin
    return seconds


def draw(table: Path, out: Path) -> None:
    """Draw CPU seconds over people, both on logarithmic scales."""
    with table.open(encoding="utf-8", newline="") as lines:
        rows = [
            {name: float(row[name] or "nan") for name in COLUMNS} for row in csv.DictReader(lines)
        ]
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" {_FONT}>',
        "<title>CPU seconds of generation over people</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        *_axes(),
        *_line(rows, "cpu_s", "#1f5fa8", "generate"),
        *_line(rows, "floor_cpu_s", "#777", "writing alone"),
        *_mark(*_GOAL, "#b02020", "goal"),
        "</svg>",
    ]
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _place(persons: float, seconds: float) -> tuple[float, float]:
    along = (math.log10(persons) - _PEOPLE[0]) / (_PEOPLE[1] - _PEOPLE[0])
    up = (math.log10(seconds) - _SECONDS[0]) / (_SECONDS[1] - _SECONDS[0])
    wide, high = _WIDTH - _LEFT - 100, _HEIGHT - _TOP - 50
    return _LEFT + along * wide, _TOP + (1 - up) * high


def _axes() -> list[str]:
    bottom, grey = _place(10 ** _PEOPLE[0], 10 ** _SECONDS[0])[1], 'stroke="#ddd"'
    drawn = []
    for people in (10_000, 100_000, 1_000_000):
        x = _place(people, 1)[0]
        drawn.append(f'<line x1="{x:.0f}" x2="{x:.0f}" y1="{_TOP}" y2="{bottom:.0f}" {grey}/>')
        drawn.append(
            f'<text x="{x:.0f}" y="{bottom + 16:.0f}" text-anchor="middle">{people:,}</text>'
        )
    right = _place(10 ** _PEOPLE[1], 1)[0]
    for seconds in (0.1, 1, 10, 100, 1000):
        y = _place(10_000, seconds)[1]
        drawn.append(f'<line x1="{_LEFT}" x2="{right:.0f}" y1="{y:.0f}" y2="{y:.0f}" {grey}/>')
        drawn.append(f'<text x="{_LEFT - 6}" y="{y + 4:.0f}" text-anchor="end">{seconds:g}</text>')
    middle = (_LEFT + right) / 2
    drawn.append(f'<text x="{middle:.0f}" y="{bottom + 36:.0f}" text-anchor="middle">people</text>')
    turned = f'x="14" y="{_HEIGHT / 2:.0f}" transform="rotate(-90 14 {_HEIGHT / 2:.0f})"'
    drawn.append(f'<text {turned} text-anchor="middle">CPU seconds</text>')
    return drawn


def _line(rows: list[dict[str, float]], column: str, colour: str, said: str) -> list[str]:
    places = [_place(row["persons"], row[column]) for row in rows if row[column] > 0]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
    x, y = places[-1]
    return [
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
        *dots,
        f'<text x="{x + 8:.1f}" y="{y + 4:.1f}" fill="{colour}">{said}</text>',
    ]


def _mark(persons: float, seconds: float, colour: str, said: str) -> list[str]:
    x, y = _place(persons, seconds)
    return [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="none" stroke="{colour}" stroke-width="2"/>',
        f'<text x="{x + 8:.1f}" y="{y + 4:.1f}" fill="{colour}">{said}</text>',
    ]


def main() -> None:
    """Measure or draw."""
    if sys.argv[1] == "draw":
        draw(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        workers = int(sys.argv[3]) if len(sys.argv) > 3 else 1
        print(measure(int(sys.argv[2]), workers))  # noqa: T201


if __name__ == "__main__":
    main()
