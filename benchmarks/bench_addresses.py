"""How like those of Wales addresses are: people by district, names of streets, numbers of houses.

`python benchmarks/bench_addresses.py` prints the figures beside published and assumed ones.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict

import numpy as np
import pytest

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.setting.geography import Addresses, addresses, wales

CHANCE = Stream(11)
ASKED = 500_000
# Share of numbered houses with such a number, from assumed lengths of streets; and of streets.
NUMBERS = {1: 0.029, 2: 0.029, 5: 0.027, 10: 0.024, 13: 0.014, 20: 0.016, 50: 0.005, 100: 0.0013}
LENGTHS = {5: 4, 10: 6, 25: 11, 50: 20, 75: 37, 90: 66, 95: 94, 99: 181}


def homes() -> tuple[Ints, Ints]:
    """Give neighbourhood and number of every household's dwelling."""
    counts = wales().households
    lsoa = np.repeat(np.arange(len(counts)), counts)
    return lsoa, np.arange(len(lsoa)) - np.repeat(np.cumsum(counts) - counts, counts)


@pytest.mark.benchmark(group="addresses")
def bench_addresses(benchmark):
    """Name half a million dwellings, with the streets of Wales at hand."""
    lsoa, dwelling = (part[:ASKED] for part in homes())
    addresses(lsoa[:9], dwelling[:9], CHANCE)
    written = benchmark.pedantic(addresses, (lsoa, dwelling, CHANCE), rounds=3)
    assert len(written.house) == ASKED


def show_speed(lsoa: Ints, dwelling: Ints) -> None:
    """Print what it takes to lay out the streets and to name dwellings."""
    begin = time.process_time()
    addresses(lsoa[:9], dwelling[:9], CHANCE)
    print(f"streets laid out in {time.process_time() - begin:.2f} s")  # noqa: T201
    begin = time.process_time()
    addresses(lsoa[:ASKED], dwelling[:ASKED], CHANCE)
    print(f"{ASKED} dwellings named in {time.process_time() - begin:.2f} s")  # noqa: T201


def show_districts(written: Addresses, people: np.ndarray) -> None:
    """Print how far districts and sectors are from the people that are published."""
    table = load("postcode_sectors").to_pylist()
    codes = written.postcode.dictionary.to_pylist()
    size = np.bincount(written.postcode.indices.to_numpy(), people)
    for label, part, least in (("districts", "outcode", 3_000), ("sectors", "sector", 2_000)):
        published, here = Counter[str](), Counter[str]()
        for row in table:
            published[row[part]] += row["residents"]
        for code, count in zip(codes, size, strict=False):
            here[code.split()[0] if part == "outcode" else code[:-2]] += count
        off = {name: here[name] / total - 1 for name, total in published.items() if total > least}
        worst = sorted(off, key=lambda name: -abs(off[name]))[:5]
        print(f"{len(off)} {label} of more than {least} people; the furthest off:")  # noqa: T201
        for name in worst:
            print(f"  {name:8}{here[name]:8.0f}, published {published[name]:6} {off[name]:+.1%}")  # noqa: T201


def show_streets(written: Addresses) -> None:
    """Print how many names of streets there are, and in how many towns the commonest."""
    towns = defaultdict(set)
    places = set(zip(*(getattr(written, part).to_pylist() for part in PARTS[1:3]), strict=True))
    for street, town in places:
        towns[street].add(town)
    cardiff = sum(town == "Cardiff" for _, town in places)
    print(f"{len(towns)} names of streets in Wales, {cardiff} in Cardiff")  # noqa: T201
    alone = sum(len(where) == 1 for where in towns.values())
    print(f"{alone / len(towns):.2f} of names in one town; published 0.86")  # noqa: T201
    for street in sorted(towns, key=lambda name: -len(towns[name]))[:10]:
        print(f"  {street}: {len(towns[street])} of {N_TOWNS} towns")  # noqa: T201
    distinct = set(zip(*(getattr(written, part).to_pylist() for part in PARTS), strict=True))
    share = len(distinct) / len(written.house)
    print(f"{share:.4f} of addresses differ in house, street, town or postcode")  # noqa: T201
    distinct = {row[:3] for row in distinct}
    share = len(distinct) / len(written.house)
    print(f"{share:.4f} of addresses differ in house, street or town")  # noqa: T201


PARTS = ("house", "street", "town", "postcode")
N_TOWNS = len(set(load("postcode_sectors")["town"].to_pylist()))


def show_houses(written: Addresses) -> None:
    """Print how houses are numbered, and how long streets are."""
    count = Counter(written.house.to_pylist())
    total = len(written.house)
    numbered = {int(name): n for name, n in count.items() if name.isdigit()}
    every = sum(numbered.values())
    for number, aim in NUMBERS.items():
        print(f"  number {number}: {numbered.get(number, 0) / every:.4f}; assumed {aim}")  # noqa: T201
    names = set(load("house_names")["name"].to_pylist())
    shares = {
        "a name alone": (sum(n for name, n in count.items() if name in names), 0.14),
        "a suffix": (
            sum(n for name, n in count.items() if name[:-1].isdigit() and name[-1] == "A"),
            0.012,
        ),
        "a flat": (sum(n for name, n in count.items() if "Flat" in name), 0.125),
    }
    for label, (n, aim) in shares.items():
        print(f"  with {label}: {n / total:.3f}; assumed {aim}")  # noqa: T201
    street = Counter(zip(*(getattr(written, p).to_pylist() for p in PARTS[1:3]), strict=True))
    for share, aim in LENGTHS.items():
        length = np.percentile(list(street.values()), share)
        print(f"  {share} % of streets have {length:.0f} households or fewer; assumed {aim}")  # noqa: T201


if __name__ == "__main__":
    every_lsoa, every_dwelling = homes()
    show_speed(every_lsoa, every_dwelling)
    every_address = addresses(every_lsoa, every_dwelling, CHANCE)
    show_districts(every_address, (wales().residents / wales().households)[every_lsoa])
    show_streets(every_address)
    show_houses(every_address)
