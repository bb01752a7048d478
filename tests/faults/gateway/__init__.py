"""A fake gateway in a process of its own: it speaks real protocols, misbehaves by seed, and logs what it accepts."""
