"""A policy's rules as sets: what the engine decides of one organisation, said in SQL of all of them at once.

Every expression is made from the very parts that the engine's closures are made from, by sqlglot, for the dialects in
`sql.DIALECTS`; property tests hold each to what the closure says.
"""
