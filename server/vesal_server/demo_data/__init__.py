"""A generated bank for demonstrations and trials: believable, repeatable by seed, and nobody's."""
