"""What a run found, as one page of HTML that needs no network."""

from reports.report import write_report

__all__ = ["write_report"]
