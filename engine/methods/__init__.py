"""The methods by name, each with its equations as pure functions: activations, losses, optimizers and the rest."""
