"""Specifications that nobody should write: each is refused in one message, at once."""

from __future__ import annotations

import datetime as dt
import random
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from darkfigure import scenarios
from darkfigure.linkage_eval.gate.tolerances import load_tolerances
from darkfigure.linkage_eval.runs.suite import load_suite
from darkfigure.linkage_eval.sharing.strategy.library import load_strategy
from darkfigure.synth.core.errors import DarkfigureError, SpecError

SECONDS = 1.0
# What mutated values become: of every kind, and at every border.
STRANGE: tuple[Any, ...] = (
    *(-1, 0, 1, 2, 1.5, -0.0, 2**63, -(2**63), 10**40, float("inf"), float("nan"), 1e308, True),
    *("", " ", "x", "0", "-1", "nan", "*", "@", "..", "../../etc/passwd", "/dev/zero", "a.toml"),
    *("\x1b[2J", "\u202eevil", "\x00", "\ud800"[:0], "é" * 300, "x" * 5_000, "1; drop table"),
    *("${HOME}", "{0}", "%s", "__import__('os')", "clear", "ed", "police", "merthyr"),
    *([], [[]], [1], ["x"], ["*"], {}, {"": 1}, {"id": 1}, {"id": "x"}, [{}], [{"id": []}]),
    *(
        dt.date(2021, 4, 1),
        dt.datetime(1, 1, 1, tzinfo=dt.UTC),
        dt.time(1),
        [None][1:],
        {"rate": 2},
        ["ed", 1],
    ),
)


def read(kind: str, name: str) -> dict[str, Any]:
    """Read a file of the library as plain data, without what it extends."""
    return tomllib.loads((scenarios.LIBRARY / kind / f"{name}.toml").read_text())


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give where every value stands."""
    inner = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in inner:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from places(value, (*path, key))


def copied(data: Any) -> Any:
    """Copy tables and lists, all the way down."""
    if isinstance(data, dict):
        return {key: copied(value) for key, value in data.items()}
    return [copied(value) for value in data] if isinstance(data, list) else data


def mutate(data: dict[str, Any], dice: random.Random) -> str:
    """Change one to three things of a specification; say what."""
    done = []
    for _ in range(dice.randint(1, 3)):
        path = dice.choice([*places(data)])
        holder, key = data, path[-1]
        for step in path[:-1]:
            holder = holder[step]
        what = dice.choice(("replace", "replace", "replace", "drop", "rename", "wrap"))
        value = holder.pop(key)
        if what == "rename" and isinstance(key, str):
            key = dice.choice(("", "x", f"{key}s", "\x07", "extends", "id"))
        elif what == "wrap":
            value = dice.choice(([value], {"x": value}))
        elif what == "replace":
            value = copied(dice.choice(STRANGE))
        if what != "drop" or not data:
            put(holder, key, value)
        done.append(f"{what} {'.'.join(map(str, path))}")
    return ", ".join(done)


def put(holder: Any, key: Any, value: Any) -> None:
    """Put a value back into a table or a list."""
    if isinstance(holder, list):
        holder.insert(key, value)
    else:
        holder[key] = value


def toml(value: Any) -> str:
    """Write a value as TOML, tables inline."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(str(k))} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return '"' + "".join(letter_of(letter) for letter in str(value)) + '"'


def letter_of(letter: str) -> str:
    """Write a letter of a basic string."""
    return letter if letter.isprintable() and letter not in '"\\' else f"\\U{ord(letter):08X}"


def document(data: dict[str, Any]) -> str:
    """Write a whole file, each top-level key on its line."""
    return "".join(f"{toml(str(key))} = {toml(value)}\n" for key, value in data.items())


def load_system(path: str) -> None:
    """Load a system's profile as scenarios do."""
    file = Path(path).with_name("carrier.toml")
    file.write_text(f'extends = "merthyr"\nname = "x"\n[systems]\ned = {toml(path)}\n')
    scenarios.load_scenario(str(file))


def load_any_strategy(path: str) -> None:
    """Load a strategy, or an overlay laid over one."""
    is_overlay = "[overlay]" in Path(path).read_text() or '"overlay" =' in Path(path).read_text()
    load_strategy(f"mash+{path}" if is_overlay else path)


KINDS: dict[str, tuple[str, Callable[[str], object]]] = {
    "scenario": ("library", scenarios.load_scenario),
    "system": ("systems", load_system),
    "strategy": ("strategies", load_any_strategy),
    "suite": ("suites", load_suite),
}


@cache
def library(kind: str) -> list[dict[str, Any]]:
    """Give what is mutated; scenarios with all that they could say as well."""
    folder = KINDS[kind][0]
    data = [read(folder, name) for name in scenarios.names(folder)]
    if kind == "scenario":
        whole = scenarios.load_scenario("merthyr").model_dump(mode="json", exclude={"systems"})
        whole = {key: value for key, value in whole.items() if value is not None}
        data.append(without_none(whole))
    return data


def without_none(data: Any) -> Any:
    """Leave out what TOML cannot say."""
    if isinstance(data, dict):
        return {key: without_none(value) for key, value in data.items() if value is not None}
    return [without_none(value) for value in data] if isinstance(data, list) else data


def outcome(load: Callable[[str], object], file: Path) -> str:
    """Load a file; say how it went, and let anything unexpected out."""
    start = time.process_time()
    try:
        load(str(file))
    except DarkfigureError as error:
        message = str(error)
        assert message
        assert len(message) < 12_000
        assert message.replace("\n", "").replace("\t", "").isprintable()
        told = "refused"
    else:
        told = "accepted"
    assert time.process_time() - start < SECONDS * 3, "too slow"
    return told


def try_mutated(kind: str, folder: Path, seeds: range) -> Counter[str]:
    """Try as many mutated specifications as there are seeds."""
    figures: Counter[str] = Counter()
    load = KINDS[kind][1]
    for seed in seeds:
        dice = random.Random(f"{kind} {seed}")  # noqa: S311, no secret
        data = copied(dice.choice(library(kind)))
        changes = mutate(data, dice)
        file = folder / f"{kind}.toml"
        file.write_text(document(data), encoding="utf-8")
        try:
            figures[outcome(load, file)] += 1
        except Exception as error:
            error.add_note(f"{kind}, seed {seed}: {changes}")
            raise
    return figures


@pytest.mark.parametrize("n", [60, pytest.param(200, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", KINDS)
def test_mutated_specifications_are_accepted_or_refused(kind: str, n: int, tmp_path: Path):
    """Of so many of each kind none ends in anything but a specification or one message."""
    figures = try_mutated(kind, tmp_path, range(n))
    print(f"\n{kind}: tried {n}, {dict(figures)}, tracebacks 0, hangs 0")  # noqa: T201, the figures
    assert n == figures.total()
    assert figures["refused"] > n / 2


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_many_more_mutated_specifications(kind: str, tmp_path: Path):
    """Five thousand of each kind."""
    figures = try_mutated(kind, tmp_path, range(1_000, 6_000))
    print(f"\n{kind}: tried 5000, {dict(figures)}, tracebacks 0, hangs 0")  # noqa: T201, the figures
    assert 5_000 == figures.total()


LARGE = {
    "a number of 10,000 digits": "persons = " + "9" * 10_000,
    "a number of 10,000 hexadecimal digits": "persons = 0x" + "f" * 10_000,
    "a number of 65 bits": "persons = 9223372036854775808",
    "3,000 nested brackets": "areas = " + "[" * 3_000 + "]" * 3_000,
    "40 nested brackets": "areas = " + "[" * 40 + "]" * 40,
    "3,000 nested tables": "areas = " + "{a = " * 3_000 + "1" + "}" * 3_000,
    "a key of 50,000 parts": ".".join(["a"] * 50_000) + " = 1",
    "a quoted key of 40,000 parts": ".".join(['"a"'] * 40_000) + " = 1",
    "a table of 100 parts": "[" + ".".join(["a"] * 100) + "]",
    "ten megabytes of unknown keys": "".join(f"key{n} = 1\n" for n in range(800_000)),
    "15,000 unknown keys": "".join(f"key{n} = 1\n" for n in range(15_000)),
    "100,000 values": "areas = [" + "1," * 100_000 + "]",
    "100,000 texts": "areas = [" + '"x",' * 60_000 + "]",
    "15,000 wrong values": "areas = [" + "1," * 15_000 + "]",
    "a text of 200,000 letters": 'name = "' + "x" * 200_000 + '"',
    "a key of 200,000 letters": "x" * 200_000 + " = 1",
    "a text that does not end": 'name = "' + "x" * 200_000,
    "100,000 line breaks": "\n" * 100_000 + "=",
    "escapes": 'title = "\\u001b[31mred\\u0007"',
    "reversed writing": 'title = "\\u202egnp.exe"',
    "no TOML": "\x00\x01\x02",
    "an extension of itself": 'extends = "many.toml"',
    "an extension of a device": 'extends = "/dev/zero"',
    "an extension of 5,000 letters": 'extends = "' + "x" * 5_000 + '.toml"',
    "an extension that is a number": "extends = 7",
}


@pytest.mark.parametrize("what", LARGE)
@pytest.mark.parametrize(
    "load", [scenarios.load_scenario, load_suite, load_strategy, load_tolerances]
)
def test_what_is_without_measure_is_refused_at_once(what: str, load, tmp_path: Path):
    """Within a second, in one message of bounded length."""
    file = tmp_path / "many.toml"
    file.write_text(LARGE[what] + "\n")
    assert "refused" == outcome(load, file)


def test_files_that_are_none_are_refused(tmp_path: Path):
    """Bytes that are no UTF-8, folders, and links to devices without an end."""
    (tmp_path / "bytes.toml").write_bytes(b'name = "\xff"')
    (tmp_path / "zero.toml").symlink_to("/dev/zero")
    (tmp_path / "folder.toml").mkdir()
    for name in ("bytes.toml", "zero.toml", "folder.toml", "none.toml", "x" * 5_000 + ".toml"):
        for load in (scenarios.load_scenario, load_suite, load_strategy, load_tolerances):
            assert "refused" == outcome(load, tmp_path / name)


def test_a_long_list_of_problems_ends_with_their_number(tmp_path: Path):
    """The first twenty are named."""
    file = tmp_path / "many.toml"
    file.write_text('extends = "merthyr"\n' + "".join(f"key{n} = 1\n" for n in range(300)))
    with pytest.raises(SpecError) as caught:
        scenarios.load_scenario(str(file))
    lines = str(caught.value).splitlines()
    assert lines[0].endswith("has 300 problems:")
    assert "  - and 280 more." == lines[-1]
    assert 22 == len(lines)


def test_a_control_character_is_named_with_its_place(tmp_path: Path):
    """Where it stands and which it is, without showing it."""
    file = tmp_path / "mine.toml"
    file.write_text('extends = "merthyr"\nname = "x"\ntitle = "\\u001b[2Jgone"\n')
    with pytest.raises(SpecError, match=r"title: holds the control character U\+001B; remove it"):
        scenarios.load_scenario(str(file))
