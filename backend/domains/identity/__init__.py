"""Residents, staff, sessions, roles, consent."""
