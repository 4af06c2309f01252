"""Numbers that come in as text: from addresses, hidden fields and cursors."""

BIGGEST = 2**62  # fits a bigint with room for what is added to it


def read_number(text: object, *, biggest: int = BIGGEST) -> int | None:
    """A whole number of plain digits, or None. `isdigit` alone lets `²` through, which `int` refuses."""
    digits = str(text or "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 19:
        return None
    number = int(digits)
    return number if number <= biggest else None
