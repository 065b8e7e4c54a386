"""Data entry: what a clerk writes down of what the agency knows.

`enter` takes a table as an agency knows it and gives the table as its system holds it, with a
ledger of every cell that differs. What goes wrong is listed in `faults`, how often in a system's
profile (`profile`), why it comes in clusters in `clustering`.
"""

from synth.entry.clustering import Circumstances
from synth.entry.entered import Entered, enter
from synth.entry.faults import FAULTS
from synth.entry.profile import SystemProfile
from synth.entry.variants import Variants

__all__ = ["FAULTS", "Circumstances", "Entered", "SystemProfile", "Variants", "enter"]
