"""What `import darkfigure` offers: a function for each verb of the command, and few beside."""
