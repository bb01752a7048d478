"""The service of Vesal."""
