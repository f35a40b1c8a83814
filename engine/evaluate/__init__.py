"""How good a network is: predictions, accuracy, what it answers over a plane, and films of that."""
