"""What every term of the server stands on."""
