"""What the messages of many people say together: hot issues."""
