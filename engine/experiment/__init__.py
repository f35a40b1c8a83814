"""The experiment: the frozen description of a run, its parts, and how its plain form is read or refused."""
