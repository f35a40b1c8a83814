"""Why a number is what it is: passes, the chain rule term by term, wishes, proofs by finite differences."""
