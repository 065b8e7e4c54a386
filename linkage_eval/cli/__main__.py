"""`python -m linkage_eval.cli` is the command `darkfigure`."""

from linkage_eval.cli import main

main()
