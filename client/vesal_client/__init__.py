"""The desktop client of Vesal."""
