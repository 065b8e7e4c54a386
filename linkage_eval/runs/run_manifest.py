"""The manifest of a run, checked whenever it is read: the keys that are used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ConfigDict, Field

from darkfigure.linkage_eval.metrics.declaration import Direction
from darkfigure.synth.core.errors import DatasetError, SpecError
from darkfigure.synth.core.plain_data import read_json
from darkfigure.synth.core.spec import Spec, build

_AGAIN = "Run the suite again."


class _Read(Spec):
    model_config = ConfigDict(extra="ignore", strict=True)


class _Suite(_Read):
    title: str
    name: str = ""


class _System(_Read):
    title: str = ""


class _Scenario(_Read):
    name: str
    title: str = ""
    description: str = ""
    severity: float = 1.0
    systems: dict[str, _System] = Field(default_factory=dict)


class _Dispersion(_Read):
    source: str
    cause: str
    ratio: float | None
    records: int


class _Uneven(_Read):
    kind: str
    group: str
    ratio: float | None


class _World(_Read):
    scenario: _Scenario | None = None
    seed: int | None = None
    persons: int | None = None
    hashes: dict[str, str]
    dispersion: list[_Dispersion] | None = None
    faults_by_group: list[_Uneven] | None = None


class _Metric(_Read):
    label: str
    meaning: str
    formula: str
    direction: Direction
    unit: str


class _Manifest(_Read):
    suite: _Suite
    datasets: dict[str, _World]
    metrics: dict[str, _Metric] = Field(default_factory=dict)
    guards: list[str] = Field(default_factory=list)
    held_out: list[str] = Field(default_factory=list)
    versions: dict[str, str] = Field(default_factory=dict)


def read_run_manifest(file: Path) -> dict[str, Any]:
    """Read and check the manifest of a run.

    Raises
    ------
    OSError, ValueError
        The file is missing, or is no JSON.
    DatasetError
        A key is missing, or its value is of the wrong type.
    """
    manifest = read_json(file)
    if not isinstance(manifest, dict):
        raise ValueError("no object")  # noqa: TRY004, as of what is no JSON
    try:
        build(_Manifest, manifest, str(file))
    except SpecError as error:
        raise DatasetError(f"{error}\n{_AGAIN}") from None
    return manifest
