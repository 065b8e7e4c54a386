"""What a linker may read and write, and what it is told of its surroundings: the rest is closed."""

from __future__ import annotations

import os
import shlex
import shutil
import site
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import darkfigure
from darkfigure.linkage_eval.isolation.child import OURS
from darkfigure.linkage_eval.isolation.landlock import Doors
from darkfigure.linkage_eval.linkers import registry
from darkfigure.linkage_eval.linkers.registry import Place

# Where Python finds us. The parts of the package may be links to folders elsewhere.
ROOT = Path(os.path.realpath(darkfigure.__file__)).parent.parent
_ALONE = ("isolation/child.py", "linkers/command.py")  # of ours, what runs beside others' code
_SYSTEM = (
    *("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/etc", "/nix/store", "/gnu/store"),
    *("/proc", "/sys/devices/system", "/sys/fs/cgroup"),
)
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
_SHARED_MEMORY = "/dev/shm"  # noqa: S108, where locks between processes live
_TOLD = {
    *("PATH", "LANG", "LANGUAGE", "TZ", "LD_LIBRARY_PATH", "PYTHONHASHSEED", "PYTHONPATH"),
    *("JAVA_HOME", "R_HOME", "R_LIBS", "R_LIBS_USER", "R_LIBS_SITE", "JULIA_DEPOT_PATH"),
}
_TOLD_BY_START = ("LC_", "OMP_", "OPENBLAS_", "MKL_", "NUMEXPR_", "GOTO_", "BLIS_", "VECLIB_")
_OF_SPARK = ("SPARK_", "PYSPARK_", "HADOOP_", "YARN_")
_PLACES_TOLD = ("JAVA_HOME", "R_HOME", "R_LIBS", "R_LIBS_USER", "R_LIBS_SITE")
_MODULES = {".py", ".pyc", ".so", ".pyd"}
# What a program beside itself needs, if it lies in a folder of its own such as PREFIX/bin.
_BESIDE_A_PROGRAM = ("bin", "lib", "lib64", "libexec", "conf", "pyvenv.cfg")


@dataclass(frozen=True)
class Surroundings:
    """Where a linker works.

    Parameters
    ----------
    doors
        What is open to it.
    environment
        Its environment variables.
    paths
        Where Python shall look for modules besides the usual places.
    """

    doors: Doors
    environment: Mapping[str, str]
    paths: tuple[str, ...]


def surroundings(
    place: Place, options: Mapping[str, Any], closed: Iterable[Path], work: Path
) -> Surroundings:
    """Say where a linker works.

    Parameters
    ----------
    place
        Where it is found.
    options
        Those that name files open them to it.
    closed
        Files and folders that stay closed wherever they lie.
    work
        Its own folder, where alone it can write.
    """
    ours = place.kind == "library"
    network = registry.needs_network(place)
    shut = {Path(os.path.realpath(one)) for one in closed}
    named = [one for one in _named(place, options) if not _lies_in(one, shut)]
    listed = [*_packages(), *_told_packages(), *_own_folders(place)]
    beside = [module for folder in listed for module in _modules_in(folder)]
    read = [*_python(), *_places_told(), *_own_files(place), *beside, *named]
    if not ours:
        shut |= {
            one
            for root in (str(ROOT), *site.getsitepackages(), *sys.path)
            for one in _our_folders(Path(root))
        }
    parts = ROOT / OURS / "linkage_eval"
    alone = [Path(os.path.realpath(parts / one)) for one in _ALONE]
    read += _our_folders(ROOT) if ours else alone
    listed += [ROOT] if ours else []
    doors = Doors(
        read=tuple(dict.fromkeys(str(one) for one in read)),
        write=(str(work), *_DEVICES, _SHARED_MEMORY),
        closed=tuple(sorted(map(str, shut))),
        listed=tuple(dict.fromkeys(map(str, listed))),
        network=network,
    )
    paths = [*_paths(ours=ours), *(map(str, _own_folders(place)) if place.kind == "point" else ())]
    return Surroundings(doors, _environment(work, network=network), tuple(paths))


def trusting(work: Path) -> Surroundings:
    """Say where a linker works to which nothing is closed."""
    told = {**_environment(work, network=True), **os.environ, "TMPDIR": str(work)}
    return Surroundings(Doors((), ()), told, _paths(ours=True))


def _environment(work: Path, *, network: bool) -> dict[str, str]:
    starts = (*_TOLD_BY_START, *(_OF_SPARK if network else ()))
    told = {
        name: value
        for name, value in os.environ.items()
        if name in _TOLD or name.startswith(starts)
    }
    own = {"HOME": str(work), "TMPDIR": str(work), "PYTHONDONTWRITEBYTECODE": "1"}
    return told | own


def _paths(*, ours: bool) -> tuple[str, ...]:
    found = [site.getusersitepackages()] if site.ENABLE_USER_SITE else []
    return (*([str(ROOT)] if ours else []), *(one for one in found if Path(one).is_dir()))


@cache
def _python() -> tuple[Path, ...]:
    """Name the system's folders and those of Python and its packages."""
    whole = [*map(Path, _SYSTEM), Path(sys.prefix), Path(sys.base_prefix), Path(sys.exec_prefix)]
    whole += [Path(one) for one in (*site.getsitepackages(), *_paths(ours=False))]
    return tuple(dict.fromkeys(Path(os.path.realpath(one)) for one in whole if one.exists()))


@cache
def _packages() -> tuple[Path, ...]:
    """Name folders of packages under development, where much else may lie."""
    lines = [
        line.strip()
        for folder in site.getsitepackages()
        for file in sorted(Path(folder).glob("*.pth"))
        for line in file.read_text("utf-8", "replace").splitlines()
    ]
    folders = [Path(os.path.realpath(line)) for line in lines if Path(line).is_absolute()]
    return tuple(one for one in folders if one != ROOT and one.is_dir())


def _told_packages() -> Iterator[Path]:
    for one in os.environ.get("PYTHONPATH", "").split(os.pathsep):
        folder = Path(os.path.realpath(one))
        if one and folder != ROOT and folder.is_dir():
            yield folder


def _places_told() -> Iterator[Path]:
    for name in _PLACES_TOLD:
        for one in os.environ.get(name, "").split(os.pathsep):
            if one:
                yield Path(os.path.realpath(one))


def _our_folders(root: Path) -> Iterator[Path]:
    package = root / OURS
    if (package / "__init__.py").exists():
        parts = (one for one in package.iterdir() if one.is_dir())
        yield from (Path(os.path.realpath(one)) for one in (package, *parts))


def _own_files(place: Place) -> Iterator[Path]:
    if place.kind == "file":
        yield Path(os.path.realpath(place.what.rpartition(":")[0]))
    elif place.kind == "point":
        yield from registry.files_of(place)


def _own_folders(place: Place) -> Iterator[Path]:
    """Name the folders whose modules a linker may import besides."""
    files = [Path(place.what.rpartition(":")[0])] if place.kind == "file" else []
    if place.kind == "point":
        installed = {Path(os.path.realpath(one)) for one in site.getsitepackages()}
        yield from {file.parent for file in registry.files_of(place)} - installed
    if place.kind == "command":
        files = [Path(word) for word in _split(place.what) if word.endswith(".py")]
    for file in files:
        if file.is_file():
            yield from {file.resolve().parent, file.parent.resolve()}


def _modules_in(folder: Path) -> Iterator[Path]:
    """Name modules and packages in a folder, and nothing else that may lie there."""
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return
    for one in entries:
        if one.suffix in _MODULES or (one / "__init__.py").is_file():
            yield Path(os.path.realpath(one))


def _named(place: Place, options: Mapping[str, Any]) -> Iterator[Path]:
    """Name files and folders that a command line or an option names, and its program."""
    words = [one for one in options.values() if isinstance(one, str)]
    if place.kind == "command":
        line = _split(place.what)
        words += line
        yield from _program(shutil.which(line[0]) if line else None)
    for word in words:
        for one in {word, word.rpartition("=")[2]}:
            if one and os.path.exists(one):  # noqa: PTH110, any text at all
                yield Path(os.path.realpath(one))


def _program(found: str | None) -> Iterator[Path]:
    if found:
        for one in {Path(os.path.abspath(found)), Path(os.path.realpath(found))}:  # noqa: PTH100
            yield one
            if one.parent.name == "bin":
                yield from (one.parent.parent / name for name in _BESIDE_A_PROGRAM)


def _split(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:  # the linker says so when it is asked
        return []


def _lies_in(path: Path, folders: Iterable[Path]) -> bool:
    return any(folder in {path, *path.parents} for folder in folders)
