"""The linkage methods that come with Darkfigure; `registry.py` finds them and others' too."""
