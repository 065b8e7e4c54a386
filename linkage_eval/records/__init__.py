"""The input of linkers: the records of each source in one form, and the events in them."""
