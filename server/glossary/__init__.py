"""The glossary: a card for every symbol and term that the page uses, in each language."""
