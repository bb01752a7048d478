"""The SQL of the overdue list and of a facility's details."""
