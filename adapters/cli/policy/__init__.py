"""guikou policy: everything about the rules themselves."""
