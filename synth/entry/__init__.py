"""Data entry: what a clerk writes down of what the agency knows.

`enter` takes a table as an agency knows it and gives the table as its system holds it, with a
ledger of every cell that differs. What goes wrong is listed in `faults`, how often in a system's
profile (`profile`), why it comes in clusters in `clustering`.
"""

from darkfigure.synth.entry.clustering import Circumstances
from darkfigure.synth.entry.corrupt import Entered, enter
from darkfigure.synth.entry.faults.variants import Variants
from darkfigure.synth.entry.profile import SystemProfile
from darkfigure.synth.entry.table import FAULTS

__all__ = ["FAULTS", "Circumstances", "Entered", "SystemProfile", "Variants", "enter"]
