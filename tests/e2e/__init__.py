"""The whole demo in a real browser."""
