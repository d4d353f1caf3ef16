"""The domains: each with rules, model, service, schemas and routes."""
