"""One file a command of vesal-server."""
