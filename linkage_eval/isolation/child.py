"""The linker's own process: load it, ask it, hand over plain numbers.

Started by `warden.py` behind closed doors. It stands alone: whatever else is ours cannot be opened
here, unless the linker is one of the library's. Nobody believes what it says, so it may be plain:
a linker's answer is the rows of the left and the right records of each link, and a score.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

OURS = "darkfigure"
ID_LENGTH = 10  # a letter for the side and nine digits
_MOST_WORDS = 2_000
_MOST_STATUSES = 1_000
_N_EXAMPLES = 3


class Unusable(Exception):  # noqa: N818, it says what is wrong with a linker
    """A linker cannot be used; the message says why."""


class Nonsense(Exception):  # noqa: N818, it says what is wrong with an answer
    """An answer is no answer to what was asked."""


def main() -> None:
    """Do the job that the warden passes on."""
    say, hear = (int(number) for number in sys.argv[1:3])
    for file in (say, hear):
        os.set_inheritable(file, False)
    with open(hear, encoding="utf-8") as words:  # noqa: PTH123, no path
        job = json.loads(words.readline())
        sys.argv = [job["linker"]["what"]]
        sys.path[:0] = job["paths"]
        if not job["ours"]:
            sys.meta_path.insert(0, _Hidden())
        try:
            _work(job, lambda event, **told: _tell(say, event, **told), words.readline)
        except BaseException as error:  # noqa: BLE001, whatever others' code raises is a result
            _tell(say, "failed", why=_describe(error, job["memory_mb"]))


def _tell(say: int, event: str, **told: object) -> None:
    os.write(say, json.dumps({"event": event, **told}).encode() + b"\n")


def _work(job: dict[str, Any], tell: Any, wait: Any) -> None:  # noqa: ANN401
    # What it takes to import these is nobody's business: Arrow wants pandas where a linker answers
    # with lists, and most linkers want them too.
    for name in ("pyarrow.compute", "pyarrow.parquet", "pandas"):
        with suppress(ImportError):
            importlib.import_module(name)
    work = Path(job["work"])
    linker = load(job["linker"]["kind"], job["linker"]["what"], job["options"])
    tell("ready")
    wait()
    labels = work / "labelled.arrow"
    left = _read(work / "left.arrow")
    right = left if job["within"] else _read(work / "right.arrow")
    labelled = _read(labels) if labels.exists() else None
    answered = ask(linker, left, right, seed=job["seed"], within=job["within"], labelled=labelled)
    statuses = write_links(answered, left, right, work)
    probability = bool(getattr(linker, "gives_probability", False))
    tell("linked", gives_probability=probability, statuses=statuses)
    wait()
    write_compared(linker, left, right, work)
    tell("compared")


def _read(file: Path) -> Any:  # noqa: ANN401
    import pyarrow as pa  # noqa: PLC0415

    return pa.ipc.open_file(pa.memory_map(str(file))).read_all()


class _Hidden:
    """Says in plain words why what is ours cannot be imported."""

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        if name.partition(".")[0] == OURS:
            raise ModuleNotFoundError(
                f"{name} is hidden from linkers, which need nothing of it; "
                "`--trust-linkers` opens it to those that you trust",
                name=name,
            )
        return None


def load(kind: str, what: str, options: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Make a linker.

    Parameters
    ----------
    kind, what
        As `registry.Place` says.
    options
        For its constructor.

    Raises
    ------
    Unusable
        There is no such linker, or it does not take these options.
    """
    if kind == "library":
        # Importable for the library's alone.
        from darkfigure.linkage_eval.linkers.registry import load as load_ours  # noqa: PLC0415

        return load_ours(what, options)
    if kind == "command":
        beside = Path(__file__).parent.parent / "linkers" / "command.py"
        return make(_module_of(beside).Command, what, {"line": what, **options})
    place, _, attribute = what.rpartition(":")
    if kind == "file":
        sys.path.insert(0, str(Path(place).parent))
        return make(_attribute(_module_of(Path(place)), attribute, place), what, options)
    maker = importlib.import_module(place)
    for name in attribute.split("."):
        maker = getattr(maker, name)
    return make(maker, what, options)


def make(maker: Any, name: str, options: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Call what makes a linker, and look at what it made.

    Raises
    ------
    Unusable
        It does not take these options, or what it made is no linker.
    """
    try:
        inspect.signature(maker).bind(**options)
    except (TypeError, ValueError) as error:
        raise Unusable(f"linker '{name}': {error}; see its documentation.") from None
    made = maker(**options)
    if not hasattr(made, "name") or not callable(getattr(made, "link", None)):
        raise Unusable(f"'{name}' is no linker: it needs a `name` and a method `link`.")
    return made


def _module_of(file: Path) -> Any:  # noqa: ANN401, whatever the file holds
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        raise Unusable(f"{file} cannot be loaded as Python.")
    module = importlib.util.module_from_spec(spec)
    # What it pickles is found again by those that it starts.
    sys.modules.setdefault(file.stem, module)
    spec.loader.exec_module(module)
    return module


def _attribute(module: Any, name: str, file: str) -> Any:  # noqa: ANN401
    if not hasattr(module, name):
        import difflib  # noqa: PLC0415, seldom needed

        known = sorted(one for one in vars(module) if not one.startswith("_"))
        near = difflib.get_close_matches(name, known, n=1)
        hint = f" Did you mean '{near[0]}'?" if near else ""
        raise Unusable(f"There is no linker in {file} called '{name}'.{hint}")
    return getattr(module, name)


def ask(
    linker: Any,  # noqa: ANN401, whatever others made
    left: Any,  # noqa: ANN401, an Arrow table, as the next
    right: Any,  # noqa: ANN401
    *,
    seed: int,
    within: bool = False,
    labelled: Any = None,  # noqa: ANN401
) -> Any:  # noqa: ANN401
    """Let a linker learn, if it does, and link.

    Parameters
    ----------
    linker
        As `contracts.Linker` says.
    left, right
        Schema `RECORDS`.
    seed
        For the linker.
    within
        Whether both are the same table, whose records are linked to each other.
    labelled
        Schema `LABELLED`, for linkers that learn.

    Returns
    -------
    Whatever it answered.

    Raises
    ------
    Unusable
        It learns from labels and got none, or got labels and does not learn.
    """
    supervised = callable(getattr(linker, "fit", None))
    if supervised != (labelled is not None):
        raise Unusable(
            "it learns from labels: give it `supervision`, such as { labels = 200 }"
            if supervised
            else "it was given labels, but has no method `fit`: leave `supervision` out"
        )
    if supervised:
        linker.fit(left, right, labelled)
    if within and callable(getattr(linker, "deduplicate", None)):
        return linker.deduplicate(left, seed=seed)
    return linker.link(left, right, seed=seed)


def write_links(answered: Any, left: Any, right: Any, work: Path) -> list[str]:  # noqa: ANN401
    """Write an answer as numbers: rows of the left, of the right, scores, numbers of statuses.

    Returns
    -------
    The statuses that the numbers stand for, where the linker gives any.

    Raises
    ------
    ValueError, TypeError
        It is no table of links.
    Nonsense
        It names records that are not there.
    """
    import numpy as np  # noqa: PLC0415, as below, not before there is something to write
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    # Anything that Arrow can make a table of is welcome, a pandas frame for one.
    links = answered if isinstance(answered, pa.Table) else pa.table(answered)
    for name in ("left_id", "right_id"):
        if name not in links.column_names:
            raise ValueError(
                f"no column {name}; needed are left_id, right_id and, if there is one, score; "
                f"found: {', '.join(links.column_names) or 'none'}"
            )
    for name, known in (("left", left["record_id"]), ("right", right["record_id"])):
        rows = rows_of(links[f"{name}_id"].cast(pa.string()), known, f"{name}_id")
        _write(work / name, rows)
    scores = np.ones(len(links))
    if "score" in links.column_names:
        scores = pc.fill_null(links["score"].cast(pa.float64()), float("nan")).to_numpy()
    _write(work / "score", np.ascontiguousarray(scores, "<f8"))
    if "status" not in links.column_names:
        return []
    coded = links["status"].cast(pa.string()).fill_null("").combine_chunks().dictionary_encode()
    if len(coded.dictionary) > _MOST_STATUSES:
        raise Nonsense(f"more than {_MOST_STATUSES:,} different statuses")
    _write(work / "status", np.asarray(coded.indices).astype("<i8"))
    return [str(one)[:_MOST_WORDS] for one in coded.dictionary.to_pylist()]


def _write(file: Path, numbers: Any) -> None:  # noqa: ANN401
    # Not `tofile`, which is silent about a full disk.
    with file.open("wb") as opened:
        opened.write(numbers)


def rows_of(ids: Any, known: Any, column: str) -> Any:  # noqa: ANN401
    """Read off ids which row each is of: they are numbered.

    Parameters
    ----------
    ids
        Text, shape (n,), chunked.
    known
        All ids of that side, shape (m,).
    column
        Their name.

    Returns
    -------
    Shape (n,), int64.

    Raises
    ------
    Nonsense
        Some are of no record.
    """
    import numpy as np  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    side = ord(known[0].as_py()[0]) if len(known) else 0
    found, proper = [np.empty(0, "<i8")], True
    for chunk in filter(len, ids.chunks):
        if (
            chunk.null_count
            or pc.all(pc.equal(pc.binary_length(chunk), ID_LENGTH)).as_py() is False
        ):
            proper = False
            break
        start = np.frombuffer(chunk.buffers()[1], np.int32)[chunk.offset]
        texts = np.frombuffer(chunk.buffers()[2], np.uint8)
        letters = texts[start : start + ID_LENGTH * len(chunk)].reshape(-1, ID_LENGTH)
        digits = letters[:, 1:] - 48  # what is below wraps round and is too large
        proper &= bool((letters[:, 0] == side).all() and (digits < 10).all())
        number = np.zeros(len(chunk), "<i8")
        for place in range(ID_LENGTH - 1):
            number = number * 10 + digits[:, place]
        found.append(number)
    rows = np.concatenate(found)
    if proper and (not len(rows) or rows.max() < len(known)):
        return rows
    unknown = ids.filter(pc.invert(pc.is_in(ids, value_set=pa.concat_arrays(known.chunks))))
    some = ", ".join(repr(one) for one in unknown.unique()[:_N_EXAMPLES].to_pylist())
    count = f"1 {column} is" if len(unknown) == 1 else f"{len(unknown):,} {column}s are"
    raise Nonsense(f"{count} not among the {len(known):,} records of that side, such as {some}")


def write_compared(linker: Any, left: Any, right: Any, work: Path) -> None:  # noqa: ANN401
    """Write the pairs that a linker compares, as rows, if it tells.

    Raises
    ------
    Nonsense
        They are no whole numbers.
    """
    import numpy as np  # noqa: PLC0415

    if not callable(getattr(linker, "block", None)):
        return
    pairs = linker.block(left, right)
    sides: Sequence[Any] = pairs if isinstance(pairs, tuple) else (pairs.left, pairs.right)
    for name, side in zip(("compared_left", "compared_right"), sides, strict=True):
        rows = np.asarray(side)
        if rows.size and rows.dtype.kind not in "iu":
            raise Nonsense(f"block() gives row numbers, which are whole, not {rows.dtype}")
        _write(work / name, rows.astype("<i8").ravel())


def _describe(error: BaseException, memory_mb: int) -> str:
    if _is_out_of_memory(error):
        return f"ran out of memory ({memory_mb} MB allowed)"
    kinds = {kind.__name__ for kind in type(error).__mro__}
    try:
        said = str(error)[:_MOST_WORDS].strip()
    except Exception:  # noqa: BLE001, it may be as broken as the rest
        said = ""
    if isinstance(error, Nonsense):
        return f"returned nonsense: {said}"
    if "UnableError" in kinds:
        return f"cannot work here: {said}"
    if kinds & {"DarkfigureError", "Unusable", "CommandError"}:
        return f"failed: {said}"
    first = said.splitlines()[0] if said else "no message"
    return f"crashed: {type(error).__name__}: {first}"


def _is_out_of_memory(error: BaseException | None) -> bool:
    for _ in range(100):  # causes may go round in a circle
        if error is None:
            return False
        # Splink wraps what DuckDB says.
        if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryException":
            return True
        error = error.__cause__
    return False


if __name__ == "__main__":
    main()
