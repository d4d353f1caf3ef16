"""Community deliberation: topics, discussion, votes and what became of them."""
