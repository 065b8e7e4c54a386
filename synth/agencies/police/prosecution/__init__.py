"""What follows an arrest: detention, bail, charges, hearings, and orders that protect somebody."""
