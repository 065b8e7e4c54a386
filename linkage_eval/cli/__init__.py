"""The `darkfigure` command: every verb is a thin twin of a Python function.

Data goes to standard output, progress and messages to standard error. Exit codes are those of
`synth.errors`; 2 is a wrong option, 130 an interruption.
"""

from __future__ import annotations

import sys

import typer

from linkage_eval.cli import datasets, estimation, evaluation, gate, library, sharing, training
from synth.errors import DarkfigureError

app = typer.Typer(
    name="darkfigure",
    help="Simulate violence and what agencies record of it; benchmark linkage against the truth.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command("list")(library.list_known)
for verb in (
    datasets.generate,
    evaluation.run,
    evaluation.link,
    evaluation.score,
    evaluation.measure,
    evaluation.explain,
    evaluation.report,
    sharing.share,
    gate.baseline,
    gate.compare,
    estimation.estimate,
    estimation.coverage,
    training.practise,
    training.teach,
    datasets.verify,
    datasets.describe,
    datasets.trace,
    datasets.fidelity,
    datasets.namesakes,
    library.dictionary,
    library.schema,
):
    app.command()(verb)


def main() -> None:
    """Run the command; an error is one message and an exit code, never a traceback."""
    try:
        app()
    except DarkfigureError as error:
        typer.echo(f"darkfigure: {error}", err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        typer.echo(
            "darkfigure: interrupted; the same command goes on from what is finished.", err=True
        )
        sys.exit(130)
