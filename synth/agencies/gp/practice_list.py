"""The list of practices of Wales."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.framework.records import Tables, add
from darkfigure.synth.agencies.gp.tables import GP_PRACTICES
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.schema import HEALTH_BOARDS, coded
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.setting.practices import boards, practices


def practice_codes(practice: Ints) -> pa.StringArray:
    """Give practices their codes, which no practice has.

    Parameters
    ----------
    practice
        Rows of `setting.practices.practices()`, shape (n,).
    """
    return pa.array(np.char.mod("W9%04d", practice), pa.string())


def write_practices(out: Tables) -> None:
    """List the practices.

    Parameters
    ----------
    out
        Receives the table.
    """
    every, codes = practices(), {name: code for code, name in HEALTH_BOARDS.items()}
    board = np.array([list(HEALTH_BOARDS).index(codes[name]) for name in boards()])
    table = pa.table(
        {
            "practice_code": practice_codes(np.arange(len(every.board))),
            "health_board": coded(board[every.board], HEALTH_BOARDS),
            "lsoa_code": pa.array(wales().code[every.lsoa], pa.string()),
            "list_size": every.list_size.round().astype(np.int64),
        }
    )
    add(out, GP_PRACTICES, table)
