"""The list of schools."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.education.tables import PHASE, SCHOOLS
from darkfigure.synth.agencies.framework.records import Tables, add
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.schema import coded
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.setting.schools import school_names, school_sites


def write_schools(authorities: Ints, chance: Stream, out: Tables) -> None:
    """List the schools of some authorities.

    Parameters
    ----------
    authorities
        Numbers of local authorities.
    chance
        Stream of the schools; draws are keyed by school.
    out
        Receives the table.
    """
    geography, sites = wales(), school_sites(authorities)
    names = np.array(geography.authorities["name"].to_pylist(), object)[sites.authority]
    table = pa.table(
        {
            "school_code": pa.array(np.char.mod("%07d", sites.code), pa.string()),
            "school_name": school_names(sites, chance),
            "phase": coded(sites.phase, PHASE),
            "local_authority": pa.array(names, pa.string()),
            "lsoa_code": pa.array(geography.code[sites.lsoa], pa.string()),
        }
    )
    add(out, SCHOOLS, table)
