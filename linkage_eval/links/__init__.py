"""Links as tables, files and row numbers, and the true links that they are judged by."""
