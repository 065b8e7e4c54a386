"""Sharing strategies as data: what is read, what is refused and why."""

from __future__ import annotations

import datetime as dt
import re
from typing import get_args

import pyarrow as pa
import pytest

from darkfigure import scenarios
from darkfigure.linkage_eval.sharing import forms
from darkfigure.linkage_eval.sharing.strategy.durations import days_of
from darkfigure.linkage_eval.sharing.strategy.expressions import select_rows
from darkfigure.linkage_eval.sharing.strategy.flows import ReleaseForm
from darkfigure.linkage_eval.sharing.strategy.form_kinds import FORMS, Kind
from darkfigure.linkage_eval.sharing.strategy.generalise import generalise
from darkfigure.linkage_eval.sharing.strategy.library import load_strategy
from darkfigure.linkage_eval.sharing.strategy.lint import find_problems
from darkfigure.linkage_eval.sharing.strategy.names import overlay_names, strategy_names
from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy
from darkfigure.synth.core.errors import SpecError, UnknownNameError
from darkfigure.synth.core.spec import build
from darkfigure.synth.schema import Column

FLOW = {
    "id": "f",
    "source": {"agency": "ed:*", "dataset": "attendances"},
    "recipient": {"agency": "police:*"},
    "fields": ["arrived_at", "surname", "date_of_birth"],
    "withhold": ["*"],
    "basis": {
        "art6": "6(1)(e)",
        "art9": "9(2)(g)",
        "power": "CDA1998-s115",
        "common_law": "public-interest",
    },
    "identifiability": "identified-police",
    "retention": "P1Y",
}


def made(**changed: object) -> SharingStrategy:
    """Make a strategy of one flow that is in order but for what is changed."""
    header = {"id": "mine", "title": "Mine"}
    return build(SharingStrategy, {"strategy": header, "flow": [FLOW | changed]}, "mine")


def complaints(**changed: object) -> dict[str, str]:
    """Give what the lint objects to, by kind."""
    return {one.kind: one.message for one in find_problems(made(**changed)) if one.error}


@pytest.mark.parametrize("name", scenarios.names("strategies"))
def test_every_strategy_of_the_library_is_in_order(name: str):
    """Each strategy loads and passes the lint; each overlay can be laid over any."""
    if name in overlay_names():
        assert load_strategy(f"cardiff-model+{name}").id == "cardiff-model"
    else:
        assert load_strategy(name).id == name


def test_the_catalogue_is_whole():
    """Every strategy of the catalogue has its file."""
    wanted = """none patchwork cardiff-model istv-minimum mash marac alert-flags pnd-hit pnd-full
        one-niche minimum-dataset-national sail clk clk-hardened keyed-hash federated-counts
        federated-dp synthetic-release single-system"""
    assert set(strategy_names()) == set(wanted.split())


def test_a_flow_that_is_in_order_has_no_problem():
    """The flow that the other tests break is without fault."""
    assert complaints() == {}


def test_a_field_that_does_not_exist_is_refused_with_the_nearest():
    """The message names the flow, the field and what was meant."""
    with pytest.raises(SpecError, match=r"flow 'f'.*'surnam'.*Did you mean 'surname'"):
        made(fields=["surnam"])


def test_all_problems_of_a_file_come_in_one_message():
    """Two faults, one message."""
    with pytest.raises(SpecError, match=r"(?s)2 problems.*touches.*retension.*retention"):
        made(retension="P1Y", touches=-1)


def test_undecided_fields_are_refused_by_name():
    """What is neither shared nor withheld stands in the message; a rule decides the rest."""
    assert "attendance_group" in complaints(withhold=["nhs_number"])["undecided"]
    assert "for how long" in complaints(retention=None)["undecided"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"basis": {**FLOW["basis"], "power": "PCSC2022-s16"}}, r"s\.16\(4\).*patient"),
        ({"basis": {**FLOW["basis"], "art9": ""}}, "special category"),
        ({"basis": {**FLOW["basis"], "common_law": ""}}, "confidential"),
        ({"basis": {**FLOW["basis"], "power": ""}}, "names no power"),
        ({"basis": {**FLOW["basis"], "power": "CDA1998-s15"}}, "Did you mean 'CDA1998-s115'"),
        ({"basis": {**FLOW["basis"], "power": "DPA2018-part3"}}, "competent authority"),
        ({"basis": {**FLOW["basis"], "power": "CA2004-s10"}}, "England only"),
        ({"basis": {**FLOW["basis"], "power": "DEA2017-s64"}}, "health services"),
        ({"recipient": {"agency": "public:anybody"}}, "relevant authorities"),
    ],
)
def test_an_unlawful_flow_is_refused_with_its_source(changed: dict[str, object], said: str):
    """A power that does not carry a flow is named, with the reason."""
    assert re.search(said, complaints(**changed)["unlawful"])


def test_istv_passes_where_named_records_do_not():
    """The serious violence duty carries times and places without names."""
    power = {"basis": {"power": "PCSC2022-s16"}, "identifiability": "none"}
    assert complaints(fields=["arrived_at", "assault_location_type"], **power) == {}
    assert "unlawful" in complaints(**power)


def test_suppression_below_the_recipients_threshold_is_refused():
    """Counts of three may not go to a partnership that gets none below five."""
    counts = {
        "fields": ["assault_location_type"],
        "identifiability": "none",
        "format": {"kind": "aggregate", "by": ["assault_location_type"], "min_cell": 3},
    }
    assert "min_cell = 5" in complaints(**counts)["unsafe"]
    own = {"recipient": {"agency": "police:*", "threshold": 3}}
    assert complaints(**counts, **own) == {}


def test_names_that_nobody_is_said_to_read_are_a_contradiction():
    """Identity in the clear is not "none", and a hash needs what it is made of."""
    assert "can read who it is" in complaints(identifiability="none")["inconsistent"]
    hashed = complaints(format={"kind": "keyed_hash"}, identifiability="pseudonymous")
    assert "forename, sex" in hashed["inconsistent"]


def test_a_forbidden_field_is_found_under_its_linkage_name():
    """`dob` and `name` forbid each system's own columns of them."""
    flow = {**FLOW}
    data = {"strategy": {"id": "x", "title": "X"}, "flow": [flow]}
    data["expect"] = {"forbid_fields": ["name", "dob"]}
    found = [one.message for one in find_problems(build(SharingStrategy, data, "x"))]
    assert found == ["carries surname, date_of_birth, which `expect.forbid_fields` forbids."]


def test_an_overlay_varies_one_lever_and_nothing_else():
    """Hesitancy goes, everything else stays."""
    plain, eager = load_strategy("mash"), load_strategy("mash+hesitancy-off")
    assert {flow.hesitancy.base for flow in eager.flow} == {0.0}
    assert [flow.model_copy(update={"hesitancy": None}) for flow in plain.flow] == [
        flow.model_copy(update={"hesitancy": None}) for flow in eager.flow
    ]
    assert plain.governance == eager.governance


def test_extending_changes_a_flow_by_its_id():
    """The full search differs from the hit-or-no-hit search in what is answered."""
    hit, full = load_strategy("pnd-hit").flow[0], load_strategy("pnd-full").flow[0]
    assert (hit.format.mode, full.format.mode) == ("hit_no_hit", "full")
    assert (hit.basis, hit.format.asker) == (full.basis, full.format.asker)


@pytest.mark.parametrize("name", ["cardif-model", "mash+hesitancy-of", "hesitancy-off"])
def test_unknown_names_are_refused(name: str):
    """A wrong strategy, a wrong overlay, an overlay alone."""
    with pytest.raises((UnknownNameError, SpecError), match=r"Did you mean|no strategy"):
        load_strategy(name)


ROWS = pa.table(
    {
        "kind": ["11", "12", None],
        "at": pa.array([dt.datetime(2021, 5, 1), dt.datetime(2022, 5, 1), None]),  # noqa: DTZ001
        "flag": [True, None, False],
    }
)
KIND = {"kind": Column("kind", pa.string(), "", {"11": "assault", "12": "accident"})}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [True, True, True]),
        ("kind == 'assault'", [True, False, False]),
        ("kind != '11'", [False, True, False]),
        ("kind in ['accident', 'assault']", [True, True, False]),
        ("kind not in ['accident']", [True, False, False]),
        ("at >= '2022-01-01'", [False, True, False]),
        ("flag", [True, False, False]),
        ("not flag", [False, False, True]),
        ("kind is None or flag", [True, False, True]),
        ("kind is not None and not (kind == '12')", [True, False, False]),
    ],
)
def test_rows_are_selected_by_comparison(text: str, expected: list[bool]):
    """Codes go by their meaning too, and nothing missing compares."""
    assert select_rows(text, ROWS, KIND).to_pylist() == expected


@pytest.mark.parametrize(
    "text",
    ["__import__('os')", "kind.upper() == '11'", "1 < 2 < 3", "kind == flag", "kind ==", "[1][0]"],
)
def test_nothing_but_comparisons_is_an_expression(text: str):
    """Calls, attributes and arithmetic are refused."""
    with pytest.raises(SpecError, match=r"not allowed|no expression"):
        made(rows=text)


@pytest.mark.parametrize(("text", "days"), [("P10D", 10), ("PT6H", 0.25), ("P2W", 14)])
def test_durations_are_days(text: str, days: float):
    """As ISO 8601 has them."""
    assert days_of(text) == days


@pytest.mark.parametrize("text", ["", "P", "10D", "P10", "PT"])
def test_what_is_no_duration_is_refused(text: str):
    """Nothing is guessed."""
    with pytest.raises(ValueError, match="duration"):
        days_of(text)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"rows": "arrived_at >= 'foo'"}, "`rows` cannot be asked"),
        ({"rows": "surname"}, "`rows` cannot be asked"),
        ({"rows": "not surname"}, "`rows` cannot be asked"),
        ({"rows": "sex in [1, 'a']"}, "`rows` cannot be asked"),
        ({"rows": "sex in 5"}, "`rows` cannot be asked"),
        ({"generalise": {"arrived_at": "named_place"}}, "arrived_at, which is a time"),
        ({"retention": "P9999999Y"}, "at most a thousand years"),
        ({"recipient": {"agency": "police:*", "onward_lag": "P99999999999Y"}}, "thousand years"),
        ({"trigger": {"kind": "schedule", "every": "P0D"}}, "no time at all"),
        ({"trigger": {"queue": {"cadence": "P0D"}}}, "no time at all"),
    ],
)
def test_what_could_not_be_worked_is_refused(changed: dict[str, object], said: str):
    """Before anything is read, with the flow and the reason."""
    with pytest.raises(SpecError, match=said):
        made(**changed)


@pytest.mark.parametrize(
    ("written", "level", "expected"),
    [
        ("1988-07-18", "year", "1988-01-01"),
        ("18/07/1988", "year", "1988-01-01"),
        ("18.07.1988 ", "month", "1988-07-01"),
        ("2023-05-01 14:37:00", "hour", "2023-05-01 14:00"),
        ("not known", "year", None),
        ("cf48 8fi", "district", "CF48"),
        (" The  Crown, ", "named_place", "THE CROWN"),
        ("Tŷ  Coch", "named_place", "TY COCH"),
        ("Køkken & Bar", "named_place", "KOKKEN BAR"),
        (" - ", "named_place", None),
    ],
)
def test_what_is_written_is_coarsened(written: str, level: str, expected: str | None):
    """However a system writes dates; what is none stays missing."""
    assert generalise(pa.chunked_array([[written]]), level).to_pylist() == [expected]


def test_every_form_says_what_it_is_and_makes_a_release():
    """Its name, its traits and its release are one list each, and agree."""
    assert set(get_args(Kind)) == set(FORMS) == set(vars(forms)["_RELEASES"])
    for name in FORMS:
        form = ReleaseForm.model_validate(
            {"kind": name, "by": ["month"], "asker": "ed/attendances"}
        )
        assert form.what.measure.startswith("dpv:")
        assert form.what.attacked_by(form) or form.what.unattacked
        assert not (form.counts and form.has_records)
