"""Numbers and lists as the page writes them."""

from __future__ import annotations

from collections.abc import Sequence

NO_BREAK = "\u00a0"
DASH = "\u2013"
UNKNOWN = "not known"


def percent(share: float | None, digits: int = 1) -> str:
    """Write a share as a percentage: 0.861 is "86.1 %"."""
    return UNKNOWN if share is None else f"{100 * share:.{digits}f}{NO_BREAK}%"


def interval(low: float | None, high: float | None) -> str:
    """Write an interval of shares without the sign: "(84.0-88.0)"."""
    if low is None or high is None:
        return "(no interval)"
    return f"({100 * low:.1f}{DASH}{100 * high:.1f})"


def points(difference: float) -> str:
    """Write a difference of two shares: "44.9 percentage points"."""
    return f"{100 * abs(difference):.1f} percentage points"


def count(n: float | None) -> str:
    """Write a number of things with commas."""
    return UNKNOWN if n is None else f"{n:,.0f}"


def seconds(duration: float | None) -> str:
    """Write a duration with two or three figures, in the unit that suits it."""
    if duration is None:
        return UNKNOWN
    if duration < 1:
        return f"{duration:.2f}{NO_BREAK}s" if duration >= 0.01 else f"<0.01{NO_BREAK}s"
    if duration < 10:
        return f"{duration:.1f}{NO_BREAK}s"
    if duration < 120:
        return f"{duration:.0f}{NO_BREAK}s"
    if duration < 7200:
        minutes, rest = divmod(round(duration), 60)
        return f"{minutes}{NO_BREAK}min {rest}{NO_BREAK}s"
    hours, rest = divmod(round(duration / 60), 60)
    return f"{hours}{NO_BREAK}h {rest}{NO_BREAK}min"


def megabytes(amount: float | None) -> str:
    """Write an amount of memory in MB, or in GB from 1,000 MB."""
    if amount is None:
        return UNKNOWN
    if amount < 1000:
        return f"{amount:.0f}{NO_BREAK}MB"
    return f"{amount / 1000:.1f}{NO_BREAK}GB"


def times(ratio: float) -> str:
    """Write how many times as long: "3.2 times", "31 times"."""
    return f"{ratio:.1f} times" if ratio < 10 else f"{ratio:,.0f} times"


def listing(words: Sequence[str]) -> str:
    """Join words as a sentence does: "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def capital(sentence: str) -> str:
    """Write the first letter large and leave the rest as it is."""
    return sentence[:1].upper() + sentence[1:]
