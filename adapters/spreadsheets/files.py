"""Names that other modules knew before reading and writing parted."""

from .reading import read_table, read_tables
from .writing import write_csv, write_xlsx

__all__ = ["read_table", "read_tables", "write_csv", "write_xlsx"]
