"""The counselling screens, where the rooms meet, one module each (design.md 2)."""
