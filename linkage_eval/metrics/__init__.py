"""Metrics as such: their declaration, the inputs that they may ask for, and all that are known."""
