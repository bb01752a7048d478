"""What staff did about a facility, and what customers promised."""
