"""The front ends' own checks."""
