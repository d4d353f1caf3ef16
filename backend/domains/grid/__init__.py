"""Streets, communities and grid cells; who is on duty where."""
