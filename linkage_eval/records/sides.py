"""The sides of a task: the sources for which they stand, and whether both are the same."""

from __future__ import annotations

from collections.abc import Iterable


def expand(name: str, known: Iterable[str]) -> list[str]:
    """Give the sources for which a side stands: one, all below it, or several joined by "+".

    Parameters
    ----------
    name
        Such as "ed", "police/gwent", "police" for all forces together, or "ed+police".
    known
        All sources.

    Returns
    -------
    The sources in the order of the name; empty if a part of the name stands for none.

    Raises
    ------
    ValueError
        A source is named twice.
    """
    known, sources = list(known), []
    for part in name.split("+"):
        below = [source for source in known if source == part or source.startswith(f"{part}/")]
        if not below:
            return []
        sources += below
    twice = [source for source in known if sources.count(source) > 1]
    if twice:
        raise ValueError(f"'{name}' names {', '.join(twice)} twice; name each source once")
    return sources


def are_one(left: str, right: str, known: Iterable[str]) -> bool:
    """Tell whether the two sides of a task are the same, so that it links records to each other.

    Parameters
    ----------
    left, right
        The names of the sides in the task; without `right`, `left` is linked to itself.
    known
        All sources.

    Raises
    ------
    ValueError
        A side names a source twice, or the sides share some sources and not all: a record would
        be linked to itself.
    """
    known = list(known)
    first, second = expand(left, known), expand(right or left, known)
    if set(first) == set(second):
        return bool(first) or right in {"", left}
    shared = [source for source in first if source in second]
    if shared:
        raise ValueError(
            f"'{left}' and '{right}' share {', '.join(shared)}, whose records would be linked to "
            "themselves; name two sides that share nothing, or one side alone"
        )
    return False
