"""What every route stands on: problem+json, sessions, guards, idempotency, paging, OpenAPI."""
