"""Several archived letters as one file to print. Each stays as it was; only the pile is new.

Imported where it is needed: pypdf is memory that only a process that prints should hold.
"""

import io
from collections.abc import Iterable
from typing import Any

import pypdf
from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, NameObject, NumberObject, TextStringObject

TITLE = "Briefe"


def one_file(letters: Iterable[bytes]) -> bytes:
    """The pages one behind the other, with the tags of each letter: the pile is read aloud as the letters are.

    The letters themselves are not set anew, because what is printed is what the archive keeps.
    """
    pile = pypdf.PdfWriter()
    tags = _Tags()
    for pdf in letters:
        reader = pypdf.PdfReader(io.BytesIO(pdf))
        first = len(pile.pages)
        pile.append(reader, import_outline=False)
        tags.take(reader, pile, first)
    tags.write(pile)
    pile.add_metadata({"/Title": TITLE})
    written = io.BytesIO()
    pile.write(written)
    return written.getvalue()


class _Tags:
    """The structure trees of the letters side by side in one (ISO 32000-1 14.7); `append` leaves them behind.

    A page finds its tags by a key in a table. Each letter counts its keys from 0, so they count on in the pile. Links
    have such keys too: a friendly letter has no links.
    """

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.table: list[Any] = []
        self.roles: dict[Any, Any] = {}
        self.next_key = 0

    def take(self, reader: pypdf.PdfReader, pile: pypdf.PdfWriter, first: int) -> None:
        """Copy the tags of a letter whose pages begin at `first`; what they say of its pages means the copies."""
        root = reader.root_object.get("/StructTreeRoot")
        if root is None:
            return
        tree: Any = root.get_object().clone(pile)
        kids = tree["/K"]
        self.letters += kids if isinstance(kids, list) else [tree.raw_get("/K")]
        self.roles |= tree.get("/RoleMap", {})
        numbers = list(tree["/ParentTree"]["/Nums"])
        for key, entry in zip(numbers[::2], numbers[1::2], strict=True):
            self.table += [NumberObject(self.next_key + key), entry]
        pages: list[Any] = list(reader.pages)
        for number, page in enumerate(pages):
            pile.pages[first + number][_name("StructParents")] = NumberObject(self.next_key + page["/StructParents"])
        self.next_key += max(numbers[::2]) + 1

    def write(self, pile: pypdf.PdfWriter) -> None:
        whole: Any = pile._add_object(
            _dictionary(Type=_name("StructElem"), S=_name("Document"), K=ArrayObject(self.letters))
        )
        root = pile._add_object(
            _dictionary(
                Type=_name("StructTreeRoot"),
                K=ArrayObject([whole]),
                RoleMap=DictionaryObject(self.roles),
                ParentTree=_dictionary(Nums=ArrayObject(self.table)),
                ParentTreeNextKey=NumberObject(self.next_key),
            )
        )
        whole.get_object()[_name("P")] = root
        for letter in self.letters:
            letter.get_object()[_name("P")] = whole
        pile.root_object.update(
            _dictionary(
                StructTreeRoot=root,
                MarkInfo=_dictionary(Marked=BooleanObject(True)),
                Lang=TextStringObject("de"),
                ViewerPreferences=_dictionary(DisplayDocTitle=BooleanObject(True)),
            )
        )


def _name(text: str) -> NameObject:
    return NameObject(f"/{text}")


def _dictionary(**entries: Any) -> DictionaryObject:
    return DictionaryObject({_name(key): value for key, value in entries.items()})
