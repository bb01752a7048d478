"""All the SQL of planning."""
