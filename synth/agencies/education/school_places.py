"""The list of schools, which is that of all Wales: pupils cross the borders of authorities."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.education.tables import FAITH, MEDIUM, PHASE, SCHOOLS
from darkfigure.synth.agencies.framework.records import Tables, add
from darkfigure.synth.schema import coded
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.setting.school_names import school_names
from darkfigure.synth.setting.schools import school_sites


def write_schools(out: Tables) -> None:
    """List the schools.

    Parameters
    ----------
    out
        Receives the table.
    """
    geography, sites = wales(), school_sites()
    names = np.array(geography.authorities["name"].to_pylist(), object)[sites.authority]
    table = pa.table(
        {
            "school_code": pa.array(np.char.mod("%07d", sites.code), pa.string()),
            "school_name": school_names(),
            "phase": coded(sites.kind, PHASE),
            "language_medium": coded(sites.medium, MEDIUM),
            "religious_character": coded(sites.faith, FAITH),
            "local_authority": pa.array(names, pa.string()),
            "lsoa_code": pa.array(geography.code[sites.lsoa], pa.string()),
        }
    )
    add(out, SCHOOLS, table)
