"""Trained networks that come along: a safetensors file each, and the recipe that it can be made anew from."""
