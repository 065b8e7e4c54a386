"""Draws of faults are keyed by field and number: the table of faults can grow and be reordered."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from entry_tables import DESK, EVEN, VARIANTS, circumstances, people
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.fields import FIELDS
from darkfigure.synth.core.spec import build
from darkfigure.synth.entry import FAULTS, SystemProfile, enter
from darkfigure.synth.entry.fault_kinds import CellFault
from darkfigure.synth.entry.table import PAIRS, SINGLE, WHOLES

N_RECORDS = 400
KNOWN = people(N_RECORDS)
NEW = CellFault(
    1 + max(fault.number for fault in SINGLE),
    "reversed",
    ("surname", "town"),
    "a test wrote it backwards",
    lambda cells: pc.utf8_reverse(cells.values),
)
PROFILE = build(
    SystemProfile,
    {
        "title": "everything",
        "source": "none",
        "spread": EVEN,
        "placeholders": dict.fromkeys(FIELDS, ("N/K", "XX")) | {"date_of_birth": "01/01/1900"},
        "faults": {
            field: {fault.name: {"rate": 0.05} for fault in FAULTS if field in fault.rated_at}
            for field in FIELDS
        },
    },
    "test",
)


def entered(patched: pytest.MonkeyPatch, rates: dict[str, float] | None = None, **tables: object):
    """Enter the same records with other tables of faults, and a rate of the new fault."""
    for name, faults in tables.items():
        patched.setattr(f"darkfigure.synth.entry.engine.{name}", faults)
    profile = PROFILE
    if rates:
        usual = SystemProfile.rates
        patched.setattr(SystemProfile, "rates", lambda self, field: usual(self, field) | rates)
    return enter(KNOWN, DESK, profile, circumstances(N_RECORDS), Stream(3), variants=VARIANTS)


@pytest.fixture(scope="module")
def usual():
    """The records as entered with the faults that there are."""
    with pytest.MonkeyPatch.context() as patched:
        return entered(patched)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.permutations(SINGLE), st.permutations(WHOLES), st.permutations(PAIRS))
def test_a_reordered_table_changes_no_record(usual, single, wholes, pairs):
    """Whatever the order, the same cells are written, by the same faults."""
    with pytest.MonkeyPatch.context() as patched:
        again = entered(patched, SINGLE=single, WHOLES=wholes, PAIRS=pairs)
    assert again.table.equals(usual.table)
    assert again.faults.equals(usual.faults)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(0, len(SINGLE)))
def test_a_fault_without_a_rate_changes_no_record(usual, place):
    """Wherever in the table it is added."""
    with pytest.MonkeyPatch.context() as patched:
        again = entered(patched, SINGLE=(*SINGLE[:place], NEW, *SINGLE[place:]))
    assert again.table.equals(usual.table)
    assert again.faults.equals(usual.faults)


def test_a_fault_with_a_rate_leaves_the_others_as_they_were(usual):
    """It takes cells that no other fault took, and no cell from another."""
    with pytest.MonkeyPatch.context() as patched:
        again = entered(patched, {NEW.name: 0.2}, SINGLE=(NEW, *SINGLE))
    others = again.faults.filter(pc.not_equal(again.faults["fault"].cast(pa.string()), NEW.name))
    assert others.num_rows < again.faults.num_rows
    assert others.to_pylist() == usual.faults.to_pylist()


def test_a_number_belongs_to_one_fault():
    """Within its kind; pairs that share a field share a lane."""
    for faults in (SINGLE, WHOLES):
        assert max(Counter(fault.number for fault in faults).values()) == 1
    for pair in PAIRS:
        for other in PAIRS:
            assert pair.lane == other.lane or not set(pair.fields) & set(other.fields)


def test_faults_of_a_field_strike_independently():
    """With rates of a fifth, any two strike together about one record in 25.

    Six standard errors: a false alarm in some 100 million for each of the pairs.
    """
    from darkfigure.synth.entry.fault_draws import FaultDraws, Odds

    n = 20_000
    seeds = Stream(5).words("records", np.arange(n))
    for field in ("surname", "date_of_birth"):
        numbers = [fault.number for fault in SINGLE if field in fault.fields]
        odds = Odds.of(np.ones(n))
        draws = FaultDraws(f"cells {field}", seeds, odds, dict.fromkeys(numbers, 0.2))
        struck = np.zeros((len(numbers), n))
        for place, number in enumerate(numbers):
            struck[place, draws.rows(number)] = 1
        together = struck @ struck.T / n
        apart = ~np.eye(len(numbers), dtype=bool)
        assert abs(together[apart] - 0.04).max() < 6 * np.sqrt(0.04 * 0.96 / n)


def test_fields_draw_apart():
    """The same fault of two fields strikes other records."""
    twice = replace(NEW, fields=("surname", "town"))
    with pytest.MonkeyPatch.context() as patched:
        done = entered(patched, {NEW.name: 0.5}, SINGLE=(twice,), PAIRS=(), WHOLES=())
    keys = {
        column: set(
            done.faults.filter(pc.equal(done.faults["column"].cast(pa.string()), column))[
                "record_id"
            ].to_pylist()
        )
        for column in ("the_surname", "the_town")
    }
    assert keys["the_surname"] != keys["the_town"]
