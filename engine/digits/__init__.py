"""Drawn digits: centring, rejection of what is none, saliency, robustness."""
