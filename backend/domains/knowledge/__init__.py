"""The knowledge base: articles that departments own, review in three pairs of eyes and keep true."""
