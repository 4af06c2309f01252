"""Tagged PDF (PDF/UA-1) from a Typst template and data: no temporary file, no font of the machine, no network.

Text goes in as data and is never part of the source, so nothing in it can be taken for a command. What people have
typed goes through `characters.readable` first: PDF/UA allows no missing glyph, and the compiler refuses to write one.
"""

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jobcenter.platform.pdf.coverage import FONTS

# In this order; from the fourth last on they are inside the typst package and serve for what the others lack. All are
# named, because the search for a font that nobody named gives up early.
FAMILIES = (
    "Noto Sans",
    "Vazirmatn",
    "Noto Sans Armenian",
    "Noto Sans Ethiopic",
    "Noto Sans Georgian",
    "DejaVu Sans Mono",
    "Libertinus Serif",
    "New Computer Modern",
    "New Computer Modern Math",
)


def typeset(template: Path, data: Mapping[str, Any]) -> bytes:
    """The PDF. The template reads `sys.inputs.data` and `sys.inputs.fonts`, both JSON."""
    import typst  # memory that only a process that prints should hold

    return typst.compile(
        template,
        root=template.parent,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data), "fonts": json.dumps(FAMILIES)},
        pdf_standards="ua-1",
        format="pdf",
    )


@functools.cache
def _fonts() -> Any:
    """Read once per process; it may be shared between threads."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[FONTS])
