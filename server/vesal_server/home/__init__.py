"""صفحه اصلی and the status line: figures of a scope, open work, announcements, alerts."""
