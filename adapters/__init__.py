"""Everything that touches the world: stores, tables of files, the command line."""
