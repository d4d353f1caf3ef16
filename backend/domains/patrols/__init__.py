"""Patrols of grid workers: the way walked, the places checked, what was found."""
