"""Files of trained weights: their form, those that a server keeps, how one is uploaded."""
