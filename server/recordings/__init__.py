"""Recorded runs that pages and training loops give: kept by their content, proven, and opened."""
