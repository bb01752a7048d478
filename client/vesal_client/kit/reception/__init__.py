"""Receptions of feeds: their details, and the upload of one."""
