"""Data entry: a clerk writes down the facts that the agency knows, with faults.

`enter` takes a table of known facts and gives the table as its system holds it, with a ledger of
every cell that differs. `faults` lists the faults, a system's profile (`profile`) their rates, and
`clustering` the reasons why they come in clusters.
"""

from darkfigure.synth.entry.clustering import Circumstances
from darkfigure.synth.entry.corrupt import Entered, enter
from darkfigure.synth.entry.faults.variants import Variants
from darkfigure.synth.entry.profile import SystemProfile
from darkfigure.synth.entry.table import FAULTS

__all__ = ["FAULTS", "Circumstances", "Entered", "SystemProfile", "Variants", "enter"]
