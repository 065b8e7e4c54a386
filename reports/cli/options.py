"""Options and arguments that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Out = Annotated[Path, typer.Option("--out", help="Where to write.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no table.")]
Workers = Annotated[
    int | None, typer.Option(min=1, help="Processes to use; default: as many as are of use.")
]
Folder = Annotated[Path, typer.Argument(metavar="DATASET", help="Folder of a dataset.")]
Where = Annotated[
    Path,
    typer.Argument(metavar="DATASET", help="Folder of a dataset, or a suite with your own files."),
]
RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run.")]
SaltFile = Annotated[
    Path | None,
    typer.Option(
        "--salt",
        metavar="FILE",
        envvar="DARKFIGURE_SALT",
        help="A secret of 16 bytes or more that goes into all draws.",
    ),
]
TrustLinkers = Annotated[
    bool,
    typer.Option("--trust-linkers", help="Close nothing to linkers; the results will say so."),
]
