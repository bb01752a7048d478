"""Parts that all pages are built from."""
