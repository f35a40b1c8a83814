"""The conditions that training may stop at: what each measures, when it is tested, and how they are written."""
