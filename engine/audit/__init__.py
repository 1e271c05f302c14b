"""The record: a Merkle tree over all events, signed statements about it, proofs. It knows no case and signs nothing."""
