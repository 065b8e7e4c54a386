"""The `darkfigure` command: every verb is a thin twin of a Python function.

Data goes to standard output, progress and messages to standard error. Exit codes are those of
`synth.core.errors`; 2 is a wrong option, 130 an interruption.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from types import FrameType
from typing import Any, Literal, cast

import typer
from typer.core import TyperCommand, TyperGroup

from darkfigure.reports.terminal.lines import say
from darkfigure.synth.core.errors import DarkfigureError

# Each verb, and the function behind it; verbs of two words are listed below the first.
VERBS = {
    "list": "library.list_known",
    "generate": "worlds.generate",
    "run": "evaluation.run",
    "link": "evaluation.link",
    "pair": "evaluation.pair",
    "score": "evaluation.score",
    "measure": "evaluation.measure",
    "explain": "evaluation.explain",
    "report": "evaluation.report",
    "share": "sharing.share",
    "baseline": "gate.baseline",
    "compare": "gate.compare",
    "history": "gate.history",
    "estimate": "estimation.estimate",
    "ceiling": "ceilings.ceiling",
    "coverage": "estimation.coverage",
    "scrub": "texts.scrub",
    "practise": "training.practise",
    "teach": "training.teach",
    "classroom": "training.classroom",
    "contest make": "contest.make",
    "contest score": "contest.score",
    "verify": "worlds.verify",
    "describe": "looking.describe",
    "trace": "looking.trace",
    "fidelity": "looking.fidelity",
    "namesakes": "looking.namesakes",
    "cache": "library.cache",
    "dictionary": "library.dictionary",
    "schema": "library.schema",
}
_GROUPS = {"contest": "Hold a contest of linkage methods: `make` its pack, `score` the answers."}
# Frames are for people who look; in pipes and logs they are in the way, and slow.
_LOOK: Literal["rich"] | None = "rich" if sys.stdout.isatty() else None
_WIDTH = 120  # of help that nobody's screen bounds: no line of it is cut


def load_verb(name: str) -> TyperCommand:
    """Import the function behind a verb and make a command of it."""
    module, function = VERBS[name].split(".")
    alone = typer.Typer(add_completion=False, rich_markup_mode=_LOOK)
    behind = getattr(import_module(f"darkfigure.reports.cli.{module}"), function)
    alone.command(name.rpartition(" ")[2])(behind)
    command = typer.main.get_command(alone)
    assert isinstance(command, TyperCommand)  # noqa: S101, an app of one function is no group
    return command


class _Verbs(Mapping[str, TyperCommand | TyperGroup]):
    """Commands by name, imported when asked for: each would be slowed by what others import.

    `before` is the first word of verbs of two, with a blank behind it.
    """

    def __init__(self, before: str = "") -> None:
        self._before = before
        told = (verb.removeprefix(before) for verb in VERBS if verb.startswith(before))
        self._names = dict.fromkeys(verb.split()[0] for verb in told)

    def __getitem__(self, name: str) -> TyperCommand | TyperGroup:
        if name not in _GROUPS:
            return load_verb(self._before + name)
        return TyperGroup(
            name=name,
            commands=cast("Any", _Verbs(f"{name} ")),  # typed as a dict, used as a mapping
            help=_GROUPS[name],
            no_args_is_help=True,
            rich_markup_mode=_LOOK,
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names


class _Darkfigure(TyperGroup):
    def __init__(self, **said: Any) -> None:  # noqa: ANN401, typer's own
        super().__init__(**said | {"commands": _Verbs()})

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401, typer's own
        # Above this, typer would end without a word.
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            kept = _KEPT.get(ctx.invoked_subcommand, ".")
            say(f"darkfigure: interrupted{kept}", err=True)
            raise typer.Exit(130) from None


# What an interruption leaves; of other verbs nothing is left half-written.
_KEPT = {"generate": "; the same command goes on from the blocks that are finished."}


app = typer.Typer(
    name="darkfigure",
    cls=_Darkfigure,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=_LOOK,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "terminal_width": None if _LOOK else _WIDTH,
    },
)


@app.callback()
def _about() -> None:
    """Simulate violence and what agencies record of it; benchmark linkage against the truth."""


class _Interrupted:
    """Remember Ctrl-C, of which a compiled module that is loading makes an ImportError."""

    def __init__(self) -> None:
        self.came = False
        # In the background of a shell the signal is ignored, and stays so.
        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
            signal.signal(signal.SIGINT, self._note)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.came = True
        signal.default_int_handler(number, frame)


def main() -> None:
    """Run the command; an error is one message and an exit code, never a traceback."""
    interrupted = _Interrupted()
    try:
        app()
    except DarkfigureError as error:
        say(f"darkfigure: {error}", err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:  # before a verb has begun
        sys.exit(130)
    except Exception:
        if not interrupted.came:
            raise
        say("darkfigure: interrupted.", err=True)
        sys.exit(130)
