"""The policy beijing-2015, as data."""
