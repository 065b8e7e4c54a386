"""Hold a wheel to the repository: every file of the package, by its name there, and no other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "darkfigure"
# What the program reads when it runs, and would be missed only then.
DATA = (".toml", ".csv", ".html", ".css", ".js", "SOURCES.md", "py.typed")


def main(wheel: str) -> None:
    """End with a message if the wheel holds anything else than the package."""
    held = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    wanted = package_files()
    if held != wanted:
        sys.exit(f"{wheel}: missing {sorted(wanted - held)}, too many {sorted(held - wanted)}")
    counts = {end: sum(name.endswith(end) for name in held) for end in DATA}
    if not all(counts.values()):
        sys.exit(f"{wheel}: no file of some kinds: {counts}")
    print(f"{wheel}: {len(held)} files of the package darkfigure, of them {counts}")


def package_files() -> set[str]:
    """Name the files under version control as the package does, by the links to their folders."""
    folders = {one.resolve(): one.name for one in PACKAGE.iterdir() if one.is_symlink()}
    names = {f"darkfigure/{file.relative_to(PACKAGE)}" for file in tracked(PACKAGE)}
    for folder, name in folders.items():
        names |= {f"darkfigure/{name}/{file.relative_to(folder)}" for file in tracked(folder)}
    return names


def tracked(folder: Path) -> list[Path]:
    """List the files of a folder that are under version control, without links."""
    words = ["git", "ls-files", "-z", "--", str(folder)]
    told = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [ROOT / name for name in told.split("\0") if name]
    return [file for file in files if file.is_file() and not file.is_symlink()]


if __name__ == "__main__":
    main(*sys.argv[1:])
