"""Several archived letters as one file to print. Each stays as it was; only the pile is new."""

import io
from collections.abc import Iterable


def one_file(letters: Iterable[bytes]) -> bytes:
    """The pages one behind the other. This file is for the printer: what is read aloud is the single letter."""
    import pypdf  # memory that only a process that prints should hold

    writer = pypdf.PdfWriter()
    for pdf in letters:
        writer.append(io.BytesIO(pdf), import_outline=False)
    writer.add_metadata({"/Title": "Briefe"})
    pile = io.BytesIO()
    writer.write(pile)
    return pile.getvalue()
