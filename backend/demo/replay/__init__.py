"""A day of the demo district, replayed through the real services by an injected clock."""
