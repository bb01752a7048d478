"""Facilities given to experts."""
