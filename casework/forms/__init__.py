"""Text in, domain values out (house style 18)."""
