"""The health of training: a diagnosis by layer, troubles, their remedies, and scenarios that show them."""
