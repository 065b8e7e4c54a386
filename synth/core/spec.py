"""Typed specifications: frozen and strict; an error lists everything that is wrong with one."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from darkfigure.synth.core.errors import SpecError
from darkfigure.synth.core.printable import printable, steering

Rate = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
Amount = Annotated[float, Field(ge=0)]


class Spec(BaseModel):
    """Base of every specification: unknown keys are refused and nothing changes later.

    The docstring below a field says what it means, in its JSON Schema too. A number rests on what
    stands there behind "Source:"; without that it is assumed.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


S = TypeVar("S", bound=Spec)
_LISTED = 20  # problems of one message
_QUOTED = 200  # letters of a quoted value


def build(model: type[S], data: Mapping[str, Any], where: str) -> S:
    """Make a spec from plain data.

    Parameters
    ----------
    model
        Class of the spec.
    data
        Plain data, as read from TOML.
    where
        Source of the data for the message, such as "scenario village.toml".

    Raises
    ------
    SpecError
        The data do not fit the model; the message lists every problem, its place and its cure.
    """
    try:
        built = model.model_validate(data)
    except ValidationError as error:
        problems = error.errors(include_url=False)
        lines = [_describe(problem, model) for problem in problems[:_LISTED]]
        raise _wrong(where, lines, len(problems)) from None
    letters = list(steering(data))
    if letters:
        lines = [
            f"{path}: holds the control character {code}; remove it." for path, code in letters
        ]
        raise _wrong(where, lines[:_LISTED], len(lines))
    return built


def _wrong(where: str, lines: list[str], count: int) -> SpecError:
    if count > len(lines):
        lines = [*lines, f"and {count - len(lines):,} more."]
    title = "1 problem" if count == 1 else f"{count:,} problems"
    return SpecError(f"{where} has {title}:\n" + "\n".join(f"  - {line}" for line in lines))


def _describe(problem: Mapping[str, Any], model: type[BaseModel]) -> str:
    path = problem["loc"]
    name = printable(".".join(str(part) for part in path), _QUOTED)
    if problem["type"] == "extra_forbidden":
        return f"{name}: {_unknown_key(str(path[-1]), _known_keys(model, path[:-1]))}"
    if problem["type"] == "missing":
        return f"{name}: is missing; add it."
    value = problem["input"]
    if isinstance(value, Mapping):
        return f"{name}: {_sentence(problem)}"
    return f"{name} = {printable(repr(value), _QUOTED)}: {_sentence(problem)}"


def _sentence(problem: Mapping[str, Any]) -> str:
    message = str(problem["msg"]).removeprefix("Value error, ").removeprefix("Input ")
    return message[:1].lower() + message[1:].rstrip(".") + "."


def _unknown_key(key: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key[:_QUOTED], known, n=1)
    mend = f"did you mean '{near[0]}'?" if near else f"known keys: {', '.join(known)}."
    return f"unknown key; {mend}"


def _known_keys(model: type[BaseModel], path: tuple[Any, ...]) -> list[str]:
    """Find the keys that are allowed at a place inside a model."""
    for part in path:
        # A field may have another name in its file.
        named = {field.alias or name: field for name, field in model.model_fields.items()}
        inner = _model_in(named[part].annotation) if part in named else None
        if inner:
            model = inner
    return sorted(field.alias or name for name, field in model.model_fields.items())


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401, an annotation is anything
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    models = (_model_in(inner) for inner in get_args(annotation))
    return next((model for model in models if model), None)
