"""A dataset without its truth, as an agency sees it."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from pathlib import Path

import pyarrow as pa

from darkfigure.linkage_eval.sharing.strategy.holdings import Holding
from darkfigure.synth.core.errors import DatasetError
from darkfigure.synth.storage.dataset import Dataset

_HIDDEN = "truth"
_YEAR = 365.25


class AgencyView(Dataset):
    """A dataset whose truth can be neither found nor read."""

    @classmethod
    def of(cls, dataset: Dataset) -> AgencyView:
        """Make a view without the truth; a view stays as it is, with the tables it has read."""
        if isinstance(dataset, cls):
            return dataset
        tables = {name: entry for name, entry in dataset.tables.items() if not _is_truth(name)}
        return cls(dataset.path, {**dataset.manifest, "tables": tables})

    @property
    def study_start(self) -> float:
        """The day on which the study begins, in days since 1970."""
        start = dt.date.fromisoformat(self.manifest["scenario"]["start"])
        return float((start - dt.date(1970, 1, 1)).days)

    @property
    def study_end(self) -> float:
        """The day on which the study ends, in days since 1970."""
        return self.study_start + _YEAR * float(self.manifest["scenario"]["years"])

    def held(self, holding: Holding) -> pa.Table:
        """Read a holding of an agency; once for all flows that take from it."""
        if holding.name not in self._shelf:
            self._shelf[holding.name] = holding.read(self)
        return self._shelf[holding.name]

    @cached_property
    def alfs(self) -> dict[tuple[str, ...], dict[str, str | None]]:
        """Linking fields that a third party has given, by subject, for each set of fields."""
        return {}

    @cached_property
    def _shelf(self) -> dict[str, pa.Table]:
        return {}

    def file(self, name: str) -> Path:
        """Give the file of a table of an agency."""
        _refuse(name)
        return super().file(name)

    def read(self, name: str, columns: list[str] | None = None) -> pa.Table:
        """Read a table of an agency."""
        _refuse(name)
        return super().read(name, columns)


def _is_truth(name: str) -> bool:
    return name.split("/", maxsplit=1)[0] == _HIDDEN


def _refuse(name: str) -> None:
    if _is_truth(name):
        raise DatasetError(
            f"'{name}' is part of the truth, which no strategy sees; read a table of an agency."
        )
