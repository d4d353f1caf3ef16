"""Messages: what residents are told, the inbox, consents, and the log of what was sent."""
