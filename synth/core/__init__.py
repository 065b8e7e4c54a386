"""The lowest floor: chance, errors, arrays, specifications; it imports nothing of the rest."""
