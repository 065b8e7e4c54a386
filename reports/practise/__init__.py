"""A page on which people learn clerical review: pairs to judge, then scored and explained."""

from reports.practise.practice import Level, Practice, level_of
from reports.practise.write import write_practice

__all__ = ["Level", "Practice", "level_of", "write_practice"]
