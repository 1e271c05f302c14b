"""What other programs read: calendars, code-scanning tools, editors, drawing tools."""
