"""All the SQL of an intake: staging, checks, merge, episodes, arrivals."""
