"""The inputs that a metric may ask for by name.

A metric is a function whose parameters are its needs. It is measured wherever all of them are
there: a metric that needs match probabilities, say, of the linkers that give some.
"""

from __future__ import annotations

from typing import Literal

Scope = Literal["links", "sharing"]

_LINKS = {
    "judged": "the links set against the truth (`links.truth.ScoredLinks`)",
    "truth": "the persons of all records, and the true pairs (`links.truth.Truth`)",
    "chance": "keyed draws for samples and resampled intervals (`synth.core.chance.Stream`)",
    "probabilities": "the links' match probabilities, of linkers that give them",
    "compared": "the pairs that the linker compared, if it tells (`contracts.Pairs`)",
    "labels": "the numbers of labelled pairs that the linker learnt from, if it did, by metric",
    "clusters": "the cluster of each record, where records of one table are linked",
    "shared": "ids of the left and the right records that the linker was given",
    "assaults": 'assault attendances and police reports, of tasks that link "ed" to the police '
    "(`evaluation.assaults.Assaults`)",
}
_SHARING = {
    "knowledge": "what each recipient learns of a strategy at work "
    "(`sharing.engine.at_work.Knowledge`)",
    "remaining": "the same where the deterred stay away",
    "presentations": "attendances after assaults, and those that deterrence loses "
    "(`sharing.metrics.deterrence.Presentations`)",
    "cpu_seconds": "processor time that the strategy took to run",
    "view": "the dataset without its truth (`sharing.strategy.agency_view.AgencyView`)",
    "sight": "what agencies see of true incidents (`sharing.metrics.visibility.Sight`)",
    "lists": "incidents with injury by agency (`sharing.measuring.recaptured.Lists`)",
    "atlas": "neighbourhoods and their incidents (`sharing.measuring.places.Atlas`)",
    "risks": "the people at serious risk (`sharing.measuring.at_risk.Risks`)",
    "attacker": "attacks on forms of release (`sharing.measuring.attacks.Attacker`)",
    "members": "attacks on synthetic releases (`sharing.measuring.members.Members`)",
}
_EITHER = {"dataset": "the simulated world with its truth (`synth.storage.dataset.Dataset`)"}

NEEDS: dict[Scope, dict[str, str]] = {
    "links": {**_LINKS, **_EITHER},
    "sharing": {**_SHARING, **_EITHER},
}


def scopes_of(needs: tuple[str, ...]) -> tuple[Scope, ...]:
    """Give the scopes that have all these inputs."""
    return tuple(scope for scope, known in NEEDS.items() if known.keys() >= set(needs))
