"""A busy hour of the hotline, simulated: what operators wait for while callers speak."""
