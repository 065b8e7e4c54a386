"""What a linker is given: the records of each source in one form, and the events in them."""
