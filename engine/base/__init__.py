"""What every room of the engine stands on: refusals, the names of tensors, settings."""
