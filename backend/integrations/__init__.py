"""Clients of servers outside the house, one module a server."""
