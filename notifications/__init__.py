"""The delivery engine: every message once, by the best way that person allows."""
