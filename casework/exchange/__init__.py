"""Reading files of the leading system: bytes to lines, lines to what they would change. Nothing is written here."""
