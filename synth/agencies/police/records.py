"""The police: four forces with their own systems; occurrences, nominals, roles, intelligence.

Officers number occurrences in the order of the reports, so numbering needs all of them at once;
nominals are then written block by block, with their people.
"""

from __future__ import annotations

import numpy as np

from darkfigure.synth.agencies.framework.agency import Agency, SampleBlock, SimulatedEvents
from darkfigure.synth.agencies.framework.records import RecordingContext, Tables
from darkfigure.synth.agencies.police.aliases import write_aliases
from darkfigure.synth.agencies.police.cases import PoliceCases, record_cases
from darkfigure.synth.agencies.police.encounters.writing import EncounterPages
from darkfigure.synth.agencies.police.english import write_english
from darkfigure.synth.agencies.police.markers import write_markers
from darkfigure.synth.agencies.police.merging import note_merged
from darkfigure.synth.agencies.police.nominals import opened_in, write_nominals
from darkfigure.synth.agencies.police.occurrences import write_occurrences
from darkfigure.synth.agencies.police.prosecution.writing import ProsecutionPages
from darkfigure.synth.agencies.police.spec import Police
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.schema import FORCES

__all__ = ["Police", "PoliceCases", "PoliceForces"]


class PoliceForces(Agency):
    """The agency of the four forces."""

    def prepare(self, simulated: SimulatedEvents, spec: Police) -> PoliceCases:
        """Collect all cases: recorded violence, and all other work of the police."""
        return record_cases(simulated, spec)

    def named(self, prepared: PoliceCases) -> Ints:
        """Give everybody who is met in a case."""
        return np.unique(prepared.meetings.person)

    def write_block(
        self, block: SampleBlock, prepared: PoliceCases, spec: Police, out: Tables
    ) -> None:
        """Write the nominals of a block's people, and whom officers met besides."""
        pages = EncounterPages(block, prepared)
        pages.write(out)
        _write_people(block.context, prepared, spec, out)
        write_markers(block.context, prepared, out, pages.evidence())

    def write_outsiders(
        self, context: RecordingContext, prepared: PoliceCases, spec: Police, out: Tables
    ) -> None:
        """Write the nominals of people outside the sample."""
        _write_people(context, prepared, spec, out)
        write_markers(context, prepared, out)

    def write_whole(self, simulated: SimulatedEvents, prepared: PoliceCases, out: Tables) -> None:
        """Write the forces' occurrences and the roles in them, and English residents."""
        write_occurrences(simulated, prepared, prepared.spec, out)
        pages = ProsecutionPages(simulated, prepared)
        for number in range(len(FORCES)):
            pages.write(number, out)
        write_english(simulated, prepared, prepared.spec, out)


def _write_people(context: RecordingContext, cases: PoliceCases, spec: Police, out: Tables) -> None:
    for opened in opened_in(cases.meetings, context):
        write_nominals(context, opened, spec, out)
        write_aliases(context, opened, spec, out)
        note_merged(context, cases.meetings, opened, out)
