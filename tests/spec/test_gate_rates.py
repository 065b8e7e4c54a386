"""The gate's two rates over simulated pull requests: harm that is caught, and false alarms.

A pull request here changes whose pairs are linked. Three kinds: nothing changes; as many people
are lost as gained, so that no harm is done; one person in a hundred is lost. People, not pairs,
are drawn, for a person's records are linked or missed together. Clocks scatter by a fifth, and the
machine that runs the candidate is up to three times slower or quicker than the baseline's.
"""

import numpy as np
import pytest
from scipy.stats import binom

from darkfigure.linkage_eval.contracts import LINKS
from darkfigure.linkage_eval.gate.checks import check_all
from darkfigure.linkage_eval.gate.pairing import Lineup
from darkfigure.linkage_eval.gate.sides import GateCell
from darkfigure.linkage_eval.gate.tolerances import load_tolerances
from darkfigure.synth.core.chance import Stream

# About what suite `ci` has: people with true pairs, two seeds together.
N_PEOPLE = 3_000
N_TRIALS = 200
BASE_RECALL = 0.92
PLACE = ("merthyr", "clear", "ed-police", "mine")


class Counted:
    """Both sides' counts of each person, as a pair of judged worlds gives them."""

    def __init__(self, before, after):
        self._counts = np.column_stack([before, after])

    def counts(self):
        """Give them."""
        return self._counts


def outcomes(linked, n_true):
    """Make a linker's counts: whoever is linked has all pairs linked, and no false ones."""
    n_right = np.where(linked, n_true, 0)
    return np.column_stack([n_right, n_right, n_true, n_true * 1_000])


def pull_request(trial, *, lost=0.0, gained=0.0, slower=1.0):
    """Check a candidate that lost and gained some shares of all people."""
    chance, ids = Stream(trial, ("pull request",)), np.arange(N_PEOPLE)
    n_true = 1 + chance.below("pairs", ids, 2)
    before = chance.happens("linked", ids, BASE_RECALL)
    # As shares of those who can be lost or gained.
    loses = chance.happens("lost", ids, lost / BASE_RECALL)
    gains = chance.happens("gained", ids, gained / (1 - BASE_RECALL))
    after = np.where(before, ~loses, gains)
    machine = 3 ** (2 * chance.uniform("machine", ids[:1])[0] - 1)
    noise = 1 + 0.2 * (chance.uniform("noise", ids[:2]) - 0.5)
    empty = LINKS.empty_table()
    cells = (
        GateCell("ok", empty, 2.0 * noise[0], 0.1, 300.0),
        GateCell("ok", empty, 2.0 * noise[1] * slower * machine, 0.1 * machine, 300.0),
    )
    both = Counted(outcomes(before, n_true), outcomes(after, n_true))
    lineup = Lineup(*PLACE, ((None, *cells),), (both,))
    return {one.measure for one in check_all([lineup], load_tolerances()) if one.bad}


def rates(n_trials):
    """Give how many pull requests of each kind fail the gate."""
    kinds = {
        "unchanged": {},
        "as many lost as gained": {"lost": 0.01, "gained": 0.01},
        "one in a hundred lost": {"lost": 0.01},
        "twice as slow": {"slower": 2.0},
    }
    return {
        kind: sum(bool(pull_request(trial, **how)) for trial in range(n_trials))
        for kind, how in kinds.items()
    }


def fits(failed, n_trials):
    """Assert what holds for any number of trials.

    Unchanged linkers never fail, on however slow a machine; equal ones fail with probability at
    most alpha (more would come with probability 1e-6); harm is caught nine times in ten.
    """
    assert 0 == failed["unchanged"]
    alpha = load_tolerances().alpha
    assert binom.sf(failed["as many lost as gained"] - 1, n_trials, alpha) > 1e-6
    assert failed["one in a hundred lost"] >= 0.9 * n_trials
    assert n_trials == failed["twice as slow"]


def test_a_few_pull_requests():
    """Twenty of each kind."""
    fits(rates(20), 20)


@pytest.mark.slow
def test_two_hundred_pull_requests(capsys):
    """Two hundred of each kind; the rates are printed."""
    failed = rates(N_TRIALS)
    with capsys.disabled():
        print(*(f"\n{kind}: {n} of {N_TRIALS} fail" for kind, n in failed.items()))  # noqa: T201
    fits(failed, N_TRIALS)


def test_what_is_lost_is_what_is_named():
    """Losing people lowers recall, F1 and F*; precision stays, since no link is wrong."""
    assert {"recall", "f1", "f_star"} == pull_request(1, lost=0.05)
