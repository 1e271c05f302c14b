"""Invented organisations and whole years of their supervision: seeded, marked as generated, never a real one's data.

`organizations` and `lives` make them, `write` keeps them, `groups` joins them. What is drawn from stands in the
policy's own sample.yaml, which `recipe` reads; nothing here knows the names of one policy.
"""
