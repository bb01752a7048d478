"""Taking in the bank's overdue list: read, check, stage, merge, whole or not at all."""
