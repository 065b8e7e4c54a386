"""What people see in the terminal, a module for each kind of thing that is shown."""
