"""The fictional district, its seed and the stand-ins. Production never imports this package."""
