"""Parts of the home page: figures in words, the list of open work, announcements."""
