"""A page on which a class looks at its answers together, beside those of the methods."""

from darkfigure.reports.classroom.reading import read_sitting
from darkfigure.reports.classroom.sitting import Sitting
from darkfigure.reports.classroom.write import write_sitting

__all__ = ["Sitting", "read_sitting", "write_sitting"]
