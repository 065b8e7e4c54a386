"""A suite on the tiny world."""

from tiny_world import write_world


def make_tiny(world, seed, folder):
    """Write the tiny world where a run keeps its datasets."""
    return write_world(folder / f"{world.name}-{seed}", seed=seed)
