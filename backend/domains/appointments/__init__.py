"""Appointments: the booking engine put to work with people, receipts, trace and timers."""
