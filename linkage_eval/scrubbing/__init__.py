"""Scrubbers of free text: what they get, what they give, and one of the library.

A scrubber gets texts and nothing else, and says where people, places, times and numbers stand in
them. `studies.scrub` scores it by the truth.
"""
