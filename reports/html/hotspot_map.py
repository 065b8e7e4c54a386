"""A map of hotspots, seen and missed, drawn from the coordinates of the world's neighbourhoods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape

from darkfigure.linkage_eval.sharing.metrics.hotspots import choose
from darkfigure.reports.html.formats import count
from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.setting.coordinates import coordinates
from darkfigure.synth.setting.geography import wales

_SHARE = 0.1  # of the neighbourhoods can be looked after, as `measuring.places` has it
_SIDE, _EDGE = 300, 14
_SHOWN = 0.03, 0.97  # quantiles of the places between which the map lies
_SMALLEST, _LARGEST = 2.5, 11.0  # radius of a neighbourhood with the fewest and the most violence
KINDS = {
    "seen": "a hotspot that is seen",
    "missed": "a hotspot that is missed",
    "wrong": "taken for a hotspot and none",
    "other": "another neighbourhood",
}


@dataclass(frozen=True)
class HotspotMap:
    """A map, the sentence that says what is on it, and the number of each kind of neighbourhood."""

    svg: Markup
    said: str
    counted: Mapping[str, int]


def draw_hotspots(known: Mapping[str, tuple[float, int]], watcher: str) -> HotspotMap:
    """Draw where a watcher would look, and where violence truly is.

    Parameters
    ----------
    known
        Records that the watcher can put there and true violence, by neighbourhood (LSOA code).
    watcher
        What the watcher is called inside a sentence.
    """
    codes = [code for code in known if code in _rows()]
    records = np.array([known[code][0] for code in codes])
    true = np.array([known[code][1] for code in codes], np.int64)
    n_chosen = max(1, round(_SHARE * len(codes)))
    kinds = _kinds(records, true, n_chosen)
    counted = {kind: kinds.count(kind) for kind in KINDS}
    said = _sentence(counted, watcher)
    points = _points(codes)
    order = sorted(range(len(codes)), key=lambda row: kinds[row] != "other")
    radius = _radius(true)
    marks = Markup("").join(
        _mark(kinds[row], points[row], radius[row], _about(codes[row], records[row], true[row]))
        for row in order
    )
    svg = Markup(
        '<svg class="map" viewBox="0 0 {side} {side}" role="img"><title>{said}</title>{marks}</svg>'
    ).format(side=_SIDE, said=said, marks=marks)
    return HotspotMap(svg, said, counted)


def _rows() -> dict[str, int]:
    return {code: row for row, code in enumerate(wales().code.tolist())}


def _kinds(records: Floats, true: Ints, n_chosen: int) -> list[str]:
    """Tell of each neighbourhood which of `KINDS` it is; ties count as hotspots."""
    chosen = np.zeros(len(true), bool)
    chosen[choose(records, n_chosen)] = True
    worst = true >= max(np.sort(true)[::-1][n_chosen - 1], 1)
    names = np.select([chosen & worst, worst, chosen], ["seen", "missed", "wrong"], "other")
    return [str(name) for name in names]


def _sentence(counted: Mapping[str, int], watcher: str) -> str:
    n_hot, n_all = counted["seen"] + counted["missed"], sum(counted.values())
    if not counted["seen"] + counted["wrong"]:
        return (
            f"{watcher} is told of no neighbourhood, and misses the {n_hot} with the most violence "
            f"of {n_all}."
        )
    return (
        f"Of the {n_hot} neighbourhoods with the most violence ({n_all} in all) {watcher} would "
        f"look in {counted['seen']}, and miss {counted['missed']}."
    )


def _points(codes: list[str]) -> Floats:
    """Place neighbourhoods on the square: north is up, and a kilometre as long both ways.

    Those far away from all others stand at the edge, so that a city fills the map.
    """
    rows = [_rows()[code] for code in codes]
    latitude, longitude = (np.asarray(part)[rows] for part in coordinates())
    places = np.column_stack([longitude * np.cos(np.radians(latitude.mean())), -latitude])
    low, high = np.quantile(places, _SHOWN, axis=0)
    scale = (_SIDE - 2 * _EDGE) / max(float((high - low).max()), 1e-9)
    points = _SIDE / 2 + scale * (places - (low + high) / 2)
    return np.clip(points, _EDGE, _SIDE - _EDGE)


def _radius(true: Ints) -> Floats:
    most = max(int(true.max(initial=0)), 1)
    return np.asarray(_SMALLEST + (_LARGEST - _SMALLEST) * np.sqrt(true / most))


def _about(code: str, records: float, true: int) -> str:
    return f"{code}: {count(true)} acts of violence, {count(records)} known there"


def _mark(kind: str, point: Floats, radius: float, about: str) -> Markup:
    """Draw one neighbourhood; a cross goes through what is wrongly chosen, a ring is empty."""
    x, y, r = (round(float(number), 1) for number in (*point, radius))
    cross = Markup("")
    if kind == "wrong":
        cross = Markup('<path d="M{} {}l{} {}m0 {}l{} {}"/>').format(
            x - r, y - r, 2 * r, 2 * r, -2 * r, -2 * r, 2 * r
        )
    return Markup('<g class="{}"><title>{}</title><circle cx="{}" cy="{}" r="{}"/>{}</g>').format(
        kind, escape(about), x, y, r, cross
    )
