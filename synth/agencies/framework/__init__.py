"""Parts that all agencies share: events become rows, and rows become records."""
