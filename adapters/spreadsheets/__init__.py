"""CSV and XLSX: files as rows of text, and rows as organisations."""
