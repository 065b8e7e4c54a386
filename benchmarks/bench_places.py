"""How fast people find places to go, how far they go, and how few places hold what happens there.

`python benchmarks/bench_places.py` prints the figures beside published and assumed ones.
"""

from __future__ import annotations

import time

import numpy as np
import pytest

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.schema import FORCES
from darkfigure.synth.setting.coordinates import distance_km, home_coordinates
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.setting.going_out import PURPOSES, Outings, choose_homes, choose_places
from darkfigure.synth.setting.places import LICENSED, places

CHANCE = Stream(11)
ACTS = 1_400_000
NIGHT_ACTS = 300_000
# Of violence in public at night, what happens on a night out and what on streets; assumed.
NIGHT_SHARES = {"night_out": 0.65, "street_night": 0.35}
# Share of all neighbourhoods or premises that hold so much of the violence in public at night, and
# how many of 20 neighbourhoods; assumed for Wales, after the law of crime concentration.
LSOAS_HOLD = {0.25: 0.012, 0.5: 0.05}
PREMISES_HOLD = {0.25: 0.012, 0.5: 0.05, 0.8: 0.17}


def outings(purpose: Ints, seed: int = 3) -> Outings:
    """Make acts of people who live as Wales does; a person has three or so."""
    act = np.arange(len(purpose))
    person = Stream(seed).below("person", act, len(act) // 3 + 1)
    lsoa = Stream(seed).pick("home", person, wales().residents)
    age = Stream(seed).uniform("age", person) * 80
    return Outings(purpose, lsoa, person, act, age)


def homes(acts: Outings) -> tuple[Floats, Floats]:
    """Give the point of each person's home."""
    dwelling = Stream(3).below("dwelling", acts.person_id, wales().households[acts.home_lsoa])
    return home_coordinates(acts.home_lsoa, dwelling)


@pytest.mark.benchmark(group="places")
def bench_choose_places(benchmark):
    """Choose places for 1.4 million acts of all purposes, with places and gravity at hand."""
    acts = outings(np.arange(ACTS) % len(PURPOSES))
    choose_places(acts.at(np.arange(12)), CHANCE)
    chosen = benchmark.pedantic(choose_places, (acts, CHANCE), rounds=2)
    assert len(chosen) == ACTS


def show_speed() -> None:
    """Print what it takes to make places and to choose among them."""
    begin = time.process_time()
    every = places(CHANCE)
    print(f"{len(every)} places made in {time.process_time() - begin:.2f} s")  # noqa: T201
    acts = outings(np.arange(ACTS) % len(PURPOSES))
    begin = time.process_time()
    choose_places(acts.at(np.arange(len(PURPOSES))), CHANCE)
    print(f"gravity of all purposes reckoned in {time.process_time() - begin:.2f} s")  # noqa: T201
    begin = time.process_time()
    choose_places(acts, CHANCE)
    print(f"a million acts placed in {(time.process_time() - begin) / ACTS * 1e6:.2f} s")  # noqa: T201


def show_distances() -> None:
    """Print medians and means of the distance from home by purpose, in towns and elsewhere."""
    target = {row["purpose"]: row for row in load("outing_distances").to_pylist()}
    print("km from home          towns: median  mean | rural: median  mean | own LSOA | aim, towns")  # noqa: T201
    for number, purpose in enumerate((*PURPOSES, "home")):
        acts = outings(np.full(60_000, number))
        if purpose == "home":
            lsoa, dwelling = choose_homes(acts.home_lsoa, acts.act_id, CHANCE)
            there = home_coordinates(lsoa, dwelling)
        else:
            chosen = places(CHANCE).at(choose_places(acts, CHANCE))
            lsoa, there = chosen.lsoa, (chosen.latitude, chosen.longitude)
        away, rural = distance_km(homes(acts), there), wales().rural[acts.home_lsoa]
        figures = [f(away[part]) for part in (~rural, rural) for f in (np.median, np.mean)]
        aim = target.get(purpose)
        aims = f"{aim['median_km']:.1f} {aim['mean_km']:.1f}" if aim else "-"
        text = "  ".join(f"{figure:11.2f}" for figure in figures)
        print(f"{purpose:14}{text}  {np.mean(lsoa == acts.home_lsoa):10.2f}     {aims}")  # noqa: T201


def show_concentration() -> None:
    """Print how few neighbourhoods and premises hold violence in public at night."""
    kinds = [PURPOSES.index(purpose) for purpose in NIGHT_SHARES]
    which = Stream(4).pick("purpose", np.arange(NIGHT_ACTS), list(NIGHT_SHARES.values()))
    chosen = places(CHANCE).at(choose_places(outings(np.array(kinds)[which]), CHANCE))
    count = np.bincount(chosen.lsoa, minlength=len(wales().code))
    _show_holding("neighbourhoods", count, LSOAS_HOLD)
    print(f"  the top 20 hold {np.sort(count)[-20:].sum() / count.sum():.3f}")  # noqa: T201
    for number, force in enumerate(FORCES):
        own = count[wales().force == number]
        print(f"  the top neighbourhood of {force} holds {own.max() / own.sum():.3f}")  # noqa: T201
    licensed = np.isin(places(CHANCE).kind, LICENSED)
    rows = choose_places(outings(np.full(NIGHT_ACTS, PURPOSES.index("night_out"))), CHANCE)
    visits = np.bincount(rows, minlength=len(licensed))[licensed]
    _show_holding("licensed premises", visits, PREMISES_HOLD)
    print(f"  the top 10 hold {np.sort(visits)[-10:].sum() / visits.sum():.3f}")  # noqa: T201


def _show_holding(label: str, count: Ints, published: dict[float, float]) -> None:
    """Print the share of units that hold a share of all acts."""
    held = np.cumsum(np.sort(count)[::-1]) / count.sum()
    for share, aim in published.items():
        units = (np.searchsorted(held, share) + 1) / len(count)
        print(f"  {share:.0%} lies in {units:.4f} of {label}; assumed for Wales {aim}")  # noqa: T201


if __name__ == "__main__":
    show_speed()
    show_distances()
    show_concentration()
