"""What was agreed with the person: will, resources, the individually worded agreement (design.md 2)."""
