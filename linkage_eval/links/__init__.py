"""Links as tables, files and row numbers, and the truth against which they are judged."""
