"""What goes wrong in data entry, a module for each kind of field."""
