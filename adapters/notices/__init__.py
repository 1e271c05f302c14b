"""Notices on their way out of the outbox: as messages, through a channel, delivered at least once."""
