"""Drawn digits: centring, rejection of drawings that are no digits, saliency, robustness."""
