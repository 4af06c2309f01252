"""Our own templates with a single space for indentation: a tenth of a long form is spaces that nobody sees."""

import re

from django.template.loaders import filesystem

INDENTATION = re.compile(r"(?m)^[ \t]{2,}")


class Loader(filesystem.Loader):
    """Shortens what stands before a line of a page's source. What people wrote comes later and stays as it is."""

    def get_contents(self, origin):  # type: ignore[no-untyped-def]
        contents = super().get_contents(origin)
        return INDENTATION.sub(" ", contents) if origin.name.endswith(".html") else contents
