"""The frozen description that a run follows from, its parts, and how it is read and refused."""
