"""`python -m darkfigure` is the command `darkfigure`."""

from darkfigure.reports.cli import main

main()
