"""The register of a community: homes, their owners and residents, proxies, transfers."""
