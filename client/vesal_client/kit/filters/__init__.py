"""The filter bar: what narrows a list, declared once, shown as chips."""
