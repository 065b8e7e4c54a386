"""Linkers of files, and where they work."""

from pathlib import Path


def working_in(folder):
    """Give the processes of linkers whose own folder lies in a folder; others may be at work."""
    mark, found = f"TMPDIR={folder}/darkfigure-".encode(), []
    for file in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in file.read_bytes():
                found.append(int(file.parent.name))
        except OSError:
            pass
    return found
