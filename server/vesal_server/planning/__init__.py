"""Who is reached on a day, when and how: plans, and what later events change in them."""
