"""The register of assumptions: every number of a world, with its source or the word assumed."""

import json
import re
import runpy

import pytest
from command import darkfigure
from source_code import ROOT

from darkfigure.linkage_eval.catalogue import KINDS, WHOLE
from darkfigure.linkage_eval.fidelity.assumptions import (
    ASSUMED,
    SCHEMA,
    assumptions,
    assumptions_of,
)
from darkfigure.scenarios import load_scenario
from darkfigure.synth.reference import known
from darkfigure.synth.scenario import Scenario


@pytest.fixture(scope="module")
def register(village):
    """The register of a small dataset, by parameter."""
    return {row["parameter"]: row for row in assumptions(village).to_pylist()}


def _numbers(plain, path=""):
    """Walk a scenario's plain data and give the paths of its numbers."""
    for key, value in plain.items():
        if isinstance(value, dict):
            yield from _numbers(value, f"{path}{key}.")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield f"{path}{key}".removesuffix(".rate")


def test_every_number_of_the_scenario_is_listed(register, village):
    """No parameter escapes the register, not even a system's fault rate."""
    listed = set(register)
    needed = set(_numbers(village.manifest["scenario"])) - {"seed", "persons", "years"}
    assert set() == needed - listed
    assert len(needed) > 200


def test_every_calibration_table_is_listed(register):
    """Tables stand with the source and grade that SOURCES.md gives them."""
    assert {f"reference/{name}" for name in known()} <= set(register)
    assert register["reference/violence_rates"]["assumed"]
    assert not register["reference/ages"]["assumed"]


def test_what_the_code_assumes_is_listed(register):
    """Constants of the simulation whose comments say assumed stand with value and comment."""
    found = register["darkfigure.synth.lives.fates._MEN, _WOMEN, _IN_CARE"]
    assert ("(1.023, 0.712, 1.8)", True) == (found["value"], found["assumed"])
    assert "factors" in found["meaning"]
    inside = [name for name in register if name.startswith("darkfigure.synth.")]
    assert len(inside) > 80
    assert not [name for name in inside if "NEVER" in name]


def test_a_number_without_source_is_assumed(register):
    """Only a named source that says nothing of an assumption takes the mark away."""
    assert register["ed.location_rate"]["source"] == ASSUMED
    assert register["ed.location_rate"]["assumed"]
    assert register["gp.registered_rate"]["source"] == "well known"
    assert not register["gp.registered_rate"]["assumed"]
    assert register["police.duplicate_rate"]["assumed"]


def test_rates_of_faults_have_the_profile_s_source(register):
    """A system's profile names the source of each rate, and the register repeats it."""
    found = register["systems.ed.faults.ethnic_group.missing"]
    assert ("0.31", True) == (found["value"], found["assumed"])
    assert found["source"].startswith("F0337, grade C")


def test_values_are_those_of_the_dataset(register, village):
    """The register shows what this world used, not the defaults."""
    share = village.manifest["scenario"]["contacts"]["unknown_share"]
    assert str(share) == register["contacts.unknown_share"]["value"]


def test_schema_says_what_fields_mean():
    """The docstring below a field is its description in the JSON Schema."""
    defined = Scenario.model_json_schema()["$defs"]
    text = defined["Police"]["properties"]["refresh_rate"]["description"]
    assert text.startswith("Meetings at which")


def test_command_lists_assumptions(village_path):
    """The verb prints the register, as text and as JSON."""
    words = ("fidelity", village_path, "--assumptions")
    runs = [darkfigure(*words, *more) for more in ((), ("--json",))]
    assert [0, 0] == [run.returncode for run in runs]
    assert "are assumed" in runs[0].stdout
    assert SCHEMA.names == list(json.loads(runs[1].stdout)[0])


def test_every_number_says_what_it_means_and_where_it_stands(register):
    """A reader gets from the register to the line."""
    assert not [name for name, row in register.items() if not row["meaning"]]
    for name, row in register.items():
        file, _, line = row["place"].partition(":")
        assert (ROOT / file).is_file(), name
        if name.startswith("darkfigure."):
            first = name.rpartition(".")[2].split(", ")[-1]
            assert first in (ROOT / file).read_text().splitlines()[int(line) - 1]
    assert register["contacts.unknown_share"]["place"].startswith("synth/reporting/")


def test_a_constant_with_a_source_is_listed(register):
    """Not only what is assumed."""
    found = register["darkfigure.synth.agencies.framework.care_episodes.ORDER_RATE"]
    assert ("Welsh Government 2022-23", False) == (found["source"], found["assumed"])


def test_the_list_of_assumptions_is_the_register():
    """`darkfigure list assumptions` has every number with value, source, meaning and place."""
    listed = KINDS["assumptions"]()
    rows = assumptions_of(load_scenario(WHOLE)).to_pylist()
    assert [row["parameter"] for row in rows] == list(listed)
    for row in rows:
        texts = (row["value"], row["source"], row["meaning"], row["place"])
        assert all(text in listed[row["parameter"]] for text in texts)


def test_the_page_of_the_documentation_lists_every_number():
    """Each once, in a table of its kind."""
    page = "".join(runpy.run_path(str(ROOT / "docs/made.py"))["_assumptions"]())
    names = re.findall(r"^[|] `([^`]+)`", page, re.MULTILINE)
    rows = assumptions_of(load_scenario(WHOLE)).to_pylist()
    assert sorted(row["parameter"] for row in rows) == sorted(names)
