"""How large an answer may be: nobody's file may take the organiser's memory."""

from __future__ import annotations

MOST_BYTES = 200_000_000  # of a file: some ten million links as CSV; assumed
_LINKS_PER_RECORD, _FEWEST = 50, 10_000  # true pairs are about one a record; assumed


def most_links(records: int) -> int:
    """Give the number of links that an answer may hold.

    Parameters
    ----------
    records
        Number of records in the pack, of both sides together.
    """
    return max(_FEWEST, _LINKS_PER_RECORD * records)


def refuse_links(n: int, records: int) -> None:
    """Make sure that an answer is not too long.

    Parameters
    ----------
    n
        Links of the answer, or rows of its file.
    records
        Number of records in the pack.

    Raises
    ------
    ValueError
        It is; the message goes on from the name of the file.
    """
    if n > most_links(records):
        raise ValueError(f"holds {n:,} links; an answer may hold {most_links(records):,}")
