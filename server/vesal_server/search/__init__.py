"""Search anywhere: customers, facilities and letters over all that the caller's pages would show."""
