"""Reports of a run: one page of HTML that needs no network, pages of practice, the terminal."""

from darkfigure.reports.html.report import write_report

__all__ = ["write_report"]
