"""Agencies, a folder each: events that reach them become their own tables.

The `AGENCY` of a folder is its manifest, by which `schema.registry` finds it; `framework` is what
they share.
"""
