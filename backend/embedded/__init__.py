"""Real PostgreSQL and Valkey from PyPI wheels, for the demo and the tests.

Nothing in production imports this package; it is used when no address is set.
"""
