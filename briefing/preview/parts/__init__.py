"""The parts of an issue as the page shows them: cards, fields, and what a check says about them."""
