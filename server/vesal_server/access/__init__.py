"""Users, their groups, their passwords, their sessions."""
