"""Everything around the pages: log-in, window, menu, tabs, search, status line."""
