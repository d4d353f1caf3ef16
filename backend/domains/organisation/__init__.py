"""Departments and streets of the district."""
