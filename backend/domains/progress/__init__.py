"""Progress: one place that tells where any matter stands."""
