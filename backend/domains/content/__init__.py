"""The check of what residents write, before others see it."""
