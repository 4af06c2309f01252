"""What providers offer and what the person chooses, with a worded intent (design.md 2)."""
