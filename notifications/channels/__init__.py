"""The ways to a person, one module each; the engine knows them by ``base.Channel`` alone."""
