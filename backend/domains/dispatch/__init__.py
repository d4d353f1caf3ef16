"""有呼同应: one calls, all who are responsible answer, and nobody loses sight of it."""
