"""Training packs: for each attendee data of their own and exercises; the answers apart."""

from darkfigure.reports.teaching.course import Course, write_course

__all__ = ["Course", "write_course"]
