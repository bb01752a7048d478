"""What travels between client and server, one module a term; every message is a frozen msgspec Struct."""
