"""پرونده‌های معوق, and a facility with all that happened to it."""
