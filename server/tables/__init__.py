"""Tables of one's own data that pages give: kept by their content, and described."""
