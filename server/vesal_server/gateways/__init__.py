"""What messages leave through: a small protocol, and one module for each gateway that speaks it."""
