"""Workflows of both kinds: their rules, overlap, templates and files."""
