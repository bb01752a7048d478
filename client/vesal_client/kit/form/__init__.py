"""Forms, declared from fields."""
