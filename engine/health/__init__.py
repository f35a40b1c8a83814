"""How training goes: a diagnosis by layer, troubles and their remedies, scenarios that show them."""
