"""The backend: kernel, HTTP layer, domains, integrations, and the doors web, worker and cli."""
