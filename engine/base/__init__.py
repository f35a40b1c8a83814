"""What all packages of the engine build on: refusals, the names of tensors, settings."""
