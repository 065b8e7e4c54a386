"""The simulation: people, the violence they suffer, and what agencies write down of it."""
