"""Pages with all their details opened."""

OPEN_ALL = "document.querySelectorAll('details').forEach((each) => { each.open = true; });"
