"""The catalogue: government service items, their versions, life events, and search."""
