"""The page's modules by themselves, in Node: what they compute, without a browser."""
