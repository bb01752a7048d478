"""The server as the client sees it: HTTP, and one module a term. No Qt."""
