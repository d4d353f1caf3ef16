"""The 12345 hotline: calls, tickets, and what happens to them."""
