"""The linker's own process: shut the truth out, load the linker, link, measure.

Started by `isolation.py` with a job on standard input. Until the truth is closed only the
standard library is imported, so that no thread and no other code escapes the guard.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linkage_eval import landlock

if TYPE_CHECKING:
    from linkage_eval.asking import Question
    from linkage_eval.contracts import Linker

_MB = 1 << 20
_KB = 1 << 10
_GUARDED = {"open", "os.link", "os.rename", "os.symlink"}

Identity = tuple[int, int]


def refuse(folders: Iterable[Path]) -> None:
    """Refuse Python's own opening of anything below some folders, for good.

    The folders are known by device and inode, so neither links nor other spellings get round.
    """
    closed = {_identity(folder.stat()) for folder in folders if folder.exists()}

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _GUARDED and any(_is_below(one, closed) for one in arguments):
            raise PermissionError("the truth is closed to linkers")

    sys.addaudithook(hook)


def _is_below(path: object, closed: set[Identity]) -> bool:
    if not isinstance(path, (str, bytes, os.PathLike)):
        return False
    place = Path(os.path.realpath(os.fsdecode(path)))
    return any(_identity_of(above) in closed for above in (place, *place.parents))


def _identity_of(path: Path) -> Identity | None:
    try:
        return _identity(path.stat())
    except OSError:
        return None


def _identity(found: os.stat_result) -> Identity:
    return found.st_dev, found.st_ino


def shut_out(closed: list[Path], work: Path) -> str:
    """Close folders by every guard there is; give the names of those that are active."""
    if not closed:
        return "none"
    refuse(closed)
    if not landlock.version():
        return "audit"
    landlock.close(closed, keep=[work])
    return "landlock+audit"


def main() -> None:
    """Do the job that stands on standard input; write links and what it took."""
    job = json.load(sys.stdin)
    work = Path(job["work"])
    said: dict[str, Any] = {"guard": shut_out([Path(one) for one in job.pop("closed")], work)}
    _cap_memory(job["memory_mb"] * _MB)
    try:
        said |= _link(job, work)
    except MemoryError:
        said["failure"] = f"ran out of memory ({job['memory_mb']} MB allowed)"
    except Exception as error:  # noqa: BLE001, whatever others' code raises is a result
        said["failure"] = _describe(error, job["memory_mb"])
    (work / "said.json").write_text(json.dumps(said), encoding="utf-8")


def _cap_memory(size: int) -> None:
    # Not RLIMIT_AS: Arrow and DuckDB reserve far more addresses than they use.
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard == resource.RLIM_INFINITY or size < hard:
        resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def _link(job: dict[str, Any], work: Path) -> dict[str, float]:
    # These start threads and load others' code: not before the truth is closed.
    import pyarrow.parquet as pq  # noqa: PLC0415

    from linkage_eval import asking  # noqa: PLC0415
    from linkage_eval.reference_kernel import reference_seconds  # noqa: PLC0415
    from linkage_eval.registry import load  # noqa: PLC0415

    linker = load(job["linker"], job["options"])
    labels = work / "labelled.parquet"
    left, right = (pq.read_table(work / f"{side}.parquet") for side in ("left", "right"))
    question = asking.Question(
        left,
        right,
        seed=job["seed"],
        within=job["within"],
        labelled=pq.read_table(labels) if labels.exists() else None,
    )
    reference = reference_seconds()
    wall, cpu = time.perf_counter(), _cpu_seconds()
    links = asking.link(linker, question)
    took = {"wall_seconds": time.perf_counter() - wall, "cpu_seconds": _cpu_seconds() - cpu}
    # Before and after: a machine that slows down meanwhile slows both.
    took["reference_seconds"] = (reference + reference_seconds()) / 2
    took |= {"peak_mb": _peak_mb(), "gives_probability": asking.gives_probability(linker)}
    pq.write_table(links, work / "links.parquet")
    if job["compared"]:
        _tell_compared(linker, question, work)
    return took


def _tell_compared(linker: Linker, question: Question, work: Path) -> None:
    """Write the pairs that were compared; its links stand even if there are too many to list."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    from linkage_eval import asking  # noqa: PLC0415

    try:
        compared = asking.compared_by(linker, question)
        if compared is not None:
            pq.write_table(compared, work / "candidates.parquet")
    except Exception as error:
        if not _is_out_of_memory(error):
            raise
        (work / "candidates.parquet").unlink(missing_ok=True)


def _describe(error: Exception, memory_mb: int) -> str:
    from synth.errors import DarkfigureError  # noqa: PLC0415

    if _is_out_of_memory(error):
        return f"ran out of memory ({memory_mb} MB allowed)"
    if isinstance(error, DarkfigureError):
        return f"failed: {error}"
    said = str(error).strip().splitlines()
    return f"crashed: {type(error).__name__}: {said[0] if said else 'no message'}"


def _is_out_of_memory(error: BaseException | None) -> bool:
    while error:  # Splink wraps what DuckDB says
        if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryException":
            return True
        error = error.__cause__
    return False


def _cpu_seconds() -> float:
    uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in uses)


def _peak_mb() -> float:
    """Give the largest resident size of this process or of any it waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    status = Path("/proc/self/status")
    if not status.exists():  # macOS counts bytes
        return max(children, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / _MB
    # Not ru_maxrss: a process inherits that of the one which started it.
    lines = status.read_text(encoding="ascii").splitlines()
    own = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    return max(own, children) / _KB


if __name__ == "__main__":
    main()
