"""Explanations: passes, the chain rule term by term, per-example gradients, wishes, proofs by finite differences."""
