"""The metrics of links: how right they are, what they hide, and why pairs were missed.

Every decorated function in a module here is a metric of the library.
"""
