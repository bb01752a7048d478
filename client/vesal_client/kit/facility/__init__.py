"""A facility's details: one panel for every page that shows facilities."""
