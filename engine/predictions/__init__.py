"""Predictions: questions about a moment to come, each with a key and a reason in the engine's own numbers."""
