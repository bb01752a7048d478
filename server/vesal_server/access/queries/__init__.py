"""The SQL of users, groups and sessions."""
