"""Which category and department words speak for, learned from what the district has closed."""
