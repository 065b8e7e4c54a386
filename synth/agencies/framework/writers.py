"""The writers of agencies, made of their manifests when a world is made."""

from __future__ import annotations

from functools import cache

from darkfigure.synth.agencies.framework.agency import Agency
from darkfigure.synth.core.errors import SpecError
from darkfigure.synth.schema import AGENCIES


@cache
def writer_of(name: str) -> Agency:
    """Load the writer of an agency.

    Parameters
    ----------
    name
        Name of an agency that the registry knows.

    Raises
    ------
    SpecError
        It is not where the manifest says, or no `Agency`.
    """
    manifest = AGENCIES[name]
    kind = manifest.load("writer")
    if not (isinstance(kind, type) and issubclass(kind, Agency)):
        raise SpecError(
            f"agency '{name}' of {manifest.home}: its writer '{manifest.writer}' is no Agency; "
            "derive it from darkfigure.synth.agencies.framework.agency.Agency."
        )
    return kind()
