"""Agencies are known by their manifests, and a wrong one is refused with what to mend."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from darkfigure.scenarios import load_scenario
from darkfigure.synth.agencies.framework.agency import Agency
from darkfigure.synth.agencies.framework.contact_numbers import contact_ids
from darkfigure.synth.agencies.framework.writers import writer_of
from darkfigure.synth.core.errors import SpecError
from darkfigure.synth.core.spec import Spec, build
from darkfigure.synth.scenario import Scenario
from darkfigure.synth.schema import AGENCIES, DATE, SUBJECTS, TABLES, TEXT, Column, Table
from darkfigure.synth.schema import registry as registries
from darkfigure.synth.schema.manifest import AgencyManifest, Extract
from darkfigure.synth.schema.registry import GROUP, RESERVED, Registry, in_order, registry

CALLS = Table(
    "line",
    "calls",
    "a call",
    ("no",),
    (Column("no", TEXT, "number"), Column("day", DATE, "when")),
)
LINE = AgencyManifest(
    name="line",
    label="Line",
    spec="records:Line",
    writer="records:Advisers",
    tables=(CALLS,),
    subjects={"line": CALLS},
)
EXTRACT = Extract("calls", ("calls",), "no", "no", "no", 0.5)


@pytest.mark.parametrize("name", list(AGENCIES))
def test_an_agency_of_ours_is_as_its_manifest_says(name: str):
    """It has no problems, a specification with defaults, and a writer."""
    assert [] == list(AGENCIES[name].problems())
    assert issubclass(AGENCIES[name].load("spec"), Spec)
    assert isinstance(writer_of(name), Agency)
    assert f"darkfigure.synth.agencies.{name}" == AGENCIES[name].home


def test_all_lists_follow_from_the_manifests():
    """Tables, people's tables, and tables of the scenario's settings, in the same order."""
    tables = [table.path for agency in AGENCIES.values() for table in agency.tables]
    sources = [source for agency in AGENCIES.values() for source in agency.subjects]
    assert tables == [path for path in TABLES if not path.startswith("truth/")]
    assert sources == list(SUBJECTS)
    assert list(AGENCIES) == [name for name in Scenario.model_fields if name in AGENCIES]


def test_no_agency_can_be_called_as_what_a_scenario_calls_something_else():
    """Each of its own settings and methods is reserved, and none is reserved for nothing."""
    own = {name for name in vars(Scenario.__mro__[1]) if not name.startswith(("_", "model_"))}
    own |= set(Scenario.model_fields) - set(AGENCIES)
    assert own | {"extends", "truth", "framework"} == RESERVED


def test_each_agency_acts_after_those_on_whose_records_it_acts():
    """Whatever their places in lists are."""
    late = {name: replace(agency, place=-agency.place) for name, agency in AGENCIES.items()}
    order = list(in_order(late))
    assert sorted(order) == sorted(AGENCIES)
    for name, agency in AGENCIES.items():
        assert all(order.index(earlier) < order.index(name) for earlier in agency.after)


def test_agencies_that_wait_for_each_other_are_refused():
    """The message names the circle."""
    circle = {"a": replace(LINE, after=("b",)), "b": replace(LINE, after=("a",))}
    with pytest.raises(SpecError, match="a after b after a"):
        in_order(circle)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": "Line"}, "small letters"),
        ({"name": "other"}, "must have the source 'other'"),
        ({"subjects": {}}, "is empty"),
        ({"subjects": {"line/north": CALLS}}, "must be the source of one of its own"),
        ({"tables": ()}, "must be the source of one of its own"),
        (
            {"subjects": {"line": replace(CALLS, columns=CALLS.columns[:1])}},
            "needs the day or time",
        ),
        ({"tables": (replace(CALLS, key=("nu",)),)}, "lacks the column 'nu' of its key"),
        ({"tables": (replace(CALLS, columns=CALLS.columns * 2),)}, "two columns of one name"),
        (
            {"tables": (replace(CALLS, columns=(Column("no", TEXT, "", field="shoe"),)),)},
            "field 'shoe' is none of surname,",
        ),
        ({"extracts": (replace(EXTRACT, tables=("call",)),)}, "'call', which is none"),
        ({"extracts": (replace(EXTRACT, event="when"),)}, "'when', which its tables lack"),
        ({"extracts": (replace(EXTRACT, joins=("no",)),)}, "a column in `joins` for each"),
    ],
)
def test_what_is_wrong_with_a_manifest_is_said(changes: dict[str, object], reason: str):
    """One problem, of which the message says where it is."""
    assert [] == list(replace(LINE, extracts=(EXTRACT,)).problems())
    assert any(reason in problem for problem in replace(LINE, **changes).problems())


MANIFEST = """
from darkfigure.synth.schema import DATE, TEXT, Column, Table
from darkfigure.synth.schema.manifest import AgencyManifest
COLUMNS = (Column("no", TEXT, "number"), Column("day", DATE, "when"))
CALLS = Table({name!r}, "calls", "a call", ("no",), COLUMNS)
AGENCY = AgencyManifest(name={name!r}, label="Line", spec={spec!r}, writer="records:Advisers",
    tables=(CALLS,), subjects={{{name!r}: CALLS}}{more})
"""


def looked_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, point: str = "line", **of: str
) -> Registry:
    """Look for agencies where a package with such a manifest is installed."""
    package = folder / "their_line"
    package.mkdir()
    said = {"name": "line", "spec": "records:Line", "more": ""} | of
    (package / "__init__.py").write_text(of.get("text", MANIFEST.format(**said)))
    spec = "from darkfigure.synth.core.spec import Spec\nclass Line(Spec):\n    pass\nNone_ = 3\n"
    (package / "records.py").write_text(spec)
    monkeypatch.syspath_prepend(folder)
    for module in ("their_line", "their_line.records"):
        monkeypatch.delitem(registries.importlib.sys.modules, module, raising=False)
    entry = EntryPoint(point, of.get("value", "their_line:AGENCY"), GROUP)
    monkeypatch.setattr(registries, "entry_points", lambda *, group: [entry] * (group == GROUP))
    return registry.__wrapped__()


def test_an_agency_of_another_package_comes_after_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """It is loaded from where its entry point is, and leaves the order of ours as it is."""
    known = looked_for(tmp_path, monkeypatch)
    assert {} == known.broken
    assert (*known.ours, "line") == tuple(known.sound)
    assert "Line" == known.sound["line"].load("spec").__name__


@pytest.mark.parametrize(
    ("of", "reason"),
    [
        ({"text": "raise RuntimeError('no licence')"}, r"\(RuntimeError: no licence\); mend"),
        ({"value": "their_lime:AGENCY"}, "cannot be loaded"),
        ({"value": "their_line:AGENT"}, "cannot be loaded"),
        ({"value": "their_line:CALLS"}, "is a Table; let it name an AgencyManifest"),
        ({"name": "lime"}, "says name = 'lime'; give both the same name"),
        ({"name": "seed", "point": "seed"}, "scenarios call something else so"),
        ({"name": "ed", "point": "ed"}, "darkfigure.synth.agencies.ed is called so"),
        ({"spec": "record:Line"}, "its spec 'record:Line' cannot be loaded"),
        ({"spec": "records:None_"}, "its spec is no Spec"),
        ({"more": ", after=('line',)"}, "line after line"),
    ],
)
def test_a_broken_package_hinders_nobody_else(
    of: dict[str, str], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """All others are known, and of the broken one there is a message."""
    known = looked_for(tmp_path, monkeypatch, **of)
    assert known.ours == tuple(known.sound)
    assert list(AGENCIES) == list(known.ours)
    (message,) = known.broken.values()
    with pytest.raises(SpecError, match=reason):
        raise SpecError(message)


@pytest.mark.parametrize(
    ("name", "reason"),
    [("line", "mend or uninstall"), ("edd", "Did you mean 'ed'"), ("", "there is no agency")],
)
def test_a_scenario_that_names_no_sound_agency_is_refused(
    name: str, reason: str, monkeypatch: pytest.MonkeyPatch
):
    """With what is wrong with the package, or the nearest name."""
    known = replace(registry(), broken={"line": "mend or uninstall it"})
    monkeypatch.setattr("darkfigure.synth.scenario.registry", lambda: known)
    with pytest.raises(SpecError, match=reason):
        build(Scenario, {"name": "x", "agencies": ["ed", name]}, "scenario x.toml")


def test_a_scenario_that_names_no_system_gets_the_agency_s_own(tmp_path: Path):
    """Of an agency of which it names one, it gets no other."""
    file = tmp_path / "x.toml"
    file.write_text('name = "x"\nagencies = ["ed", "gp", "pnd"]\n[systems]\ned = "gp"\n')
    systems = load_scenario(str(file)).systems
    assert {"ed", "gp"} == systems.keys()
    assert systems["ed"] == systems["gp"] == load_scenario("merthyr").systems["gp"]


def test_settings_of_idle_guests_are_left_out(monkeypatch: pytest.MonkeyPatch):
    """So that the manifest of a dataset can be read where they are not installed."""
    known = replace(registry(), ours=tuple(name for name in AGENCIES if name != "mash"))
    monkeypatch.setattr("darkfigure.synth.scenario.registry", lambda: known)
    scenario = load_scenario("merthyr")
    assert "mash" in scenario.resolved()
    assert "mash" not in scenario.model_copy(update={"agencies": ("ed",)}).resolved()


def test_every_contact_has_a_number_of_its_own():
    """Of whatever source, also of one that nobody knows, and of neighbouring incidents."""
    sources = [*SUBJECTS, "line", "lime"]
    incident, source = np.meshgrid(np.arange(2**40 - 50, 2**40), np.arange(len(sources)))
    names = pa.array(sources).take(pa.array(source.ravel()))
    ids = contact_ids(incident.ravel(), names)
    assert ids.min() >= 0
    assert ids.max() < 2**48  # as of all ids of a dataset
    assert len(np.unique(ids)) == ids.size
