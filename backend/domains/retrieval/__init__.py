"""One index over everything that can answer a question."""
