"""A page on which people learn clerical review: pairs to judge, then scored and explained."""

from darkfigure.reports.practise.practice import Level, Practice, level_of
from darkfigure.reports.practise.write import write_practice

__all__ = ["Level", "Practice", "level_of", "write_practice"]
