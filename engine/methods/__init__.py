"""The methods by name, with their equations as pure functions: activations, losses, optimizers and others."""
