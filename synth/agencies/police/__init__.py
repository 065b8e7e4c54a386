"""The police: four forces with their own systems; occurrences, nominals, roles, intelligence.

Officers number occurrences in the order of the reports, so numbering needs all of them at once;
nominals are then written with the people they are about.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synth.agencies.agency import Agency, Happenings, Sampled
from synth.agencies.police.aliases import write_aliases
from synth.agencies.police.cases import Cases, record_cases
from synth.agencies.police.english import write_english
from synth.agencies.police.merging import note_merged
from synth.agencies.police.nominals import opened_in, write_nominals
from synth.agencies.police.occurrences import write_occurrences
from synth.agencies.police.spec import Police
from synth.agencies.records import Office, Tables

Ints = NDArray[np.int64]

__all__ = ["Cases", "Police", "PoliceForces"]


class PoliceForces(Agency):
    """The four forces."""

    def prepare(self, happened: Happenings, spec: Police) -> Cases:
        """Record the incidents that the police record, and everything else beside them."""
        return record_cases(happened, spec)

    def named(self, prepared: Cases) -> Ints:
        """Give everybody who is met in a case."""
        return np.unique(prepared.meetings.person)

    def write_block(self, block: Sampled, prepared: Cases, spec: Police, out: Tables) -> None:
        """Write the nominals of a block's people."""
        _write_people(block.office, prepared, spec, out)

    def write_outsiders(self, office: Office, prepared: Cases, spec: Police, out: Tables) -> None:
        """Write the nominals of people outside the sample."""
        _write_people(office, prepared, spec, out)

    def write_whole(self, happened: Happenings, prepared: Cases, out: Tables) -> None:
        """Write the forces' occurrences and the roles in them, and English residents."""
        write_occurrences(happened, prepared, prepared.spec, out)
        write_english(happened, prepared, prepared.spec, out)


def _write_people(office: Office, cases: Cases, spec: Police, out: Tables) -> None:
    for opened in opened_in(cases.meetings, office):
        write_nominals(office, opened, spec, out)
        write_aliases(office, opened, spec, out)
        note_merged(office, cases.meetings, opened, out)
