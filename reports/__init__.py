"""What a run found, as one page of HTML that needs no network."""

from darkfigure.reports.html.report import write_report

__all__ = ["write_report"]
