"""What all agencies share: how events become rows, and rows become records."""
