"""The parts of an Office package, read as a stream: nothing is unpacked as a whole, and nothing in a part can expand.

Every part is a stranger's: expat reads it in steps and refuses a document type before any entity is declared, whatever
the encoding and wherever the declaration stands; sizes, counts and depth are limited while the bytes come in, and never
taken from what the package says of itself.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from typing import Any, BinaryIO, NoReturn
from xml.parsers import expat

from macros.problem import KitError

MAX_UNPACKED = 200 << 20
"""Bytes that the parts of a package may have in total, counted as they are unpacked."""
MAX_DIRECTORY = 1 << 20
"""Bytes of the table of contents, which is all of a package that has to be held in memory."""
MAX_ELEMENTS = 3_000_000
"""XML elements in a package."""
MAX_DEPTH = 64
MAX_PIECE = 1 << 20
"""Bytes of one tag, comment or instruction; some versions of expat begin it anew with each step, which takes the square of its length."""
_STEP = 1 << 16
_END = b"PK\x05\x06"
_XML = (".xml", ".rels", ".vml")

Start = Callable[[str, dict[str, str]], Any]
End = Callable[[str], Any]


class _RootReached(Exception):
    """The prologue is over."""


class Package:
    """A ZIP file of parts."""

    def __init__(self, name: str, stream: BinaryIO) -> None:
        """Read the table of contents.

        Args:
            name: The file's name, for messages.
            stream: Its bytes, from the beginning; seekable.

        Raises:
            KitError: The table cannot be read or asks for more than a workbook needs.
        """
        self.name, self._unpacked, self._elements = name, 0, 0
        self._refuse_long_directory(stream)
        try:
            self._archive = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise self.unreadable(str(error)) from None
        self._members = {member.filename: member for member in self._archive.infolist()}
        for member in self._archive.infolist():
            if member.flag_bits & 1:
                raise KitError(f"{name}: the workbook has a password; save it without one, or save the list as CSV")
            if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise self.unreadable("a part is packed in a way that no workbook uses")
        if len(self._members) != len(self._archive.infolist()):
            raise self.unreadable("two parts have one name")

    def __contains__(self, part: str) -> bool:
        return part in self._members

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of all parts."""
        return tuple(self._members)

    def first(self, part: str, count: int) -> bytes:
        """The first bytes of a part."""
        try:
            with self._archive.open(self._members[part]) as stream:
                return stream.read(count)
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError) as error:
            raise self.unreadable(str(error)) from None

    def read(self, part: str, start: Start, end: End | None = None, text: Callable[[str], Any] | None = None) -> None:
        """Send the elements of an XML part to handlers, in order, as they come in.

        Args:
            part: Its name.
            start: Takes the name of an element, its namespace and a space before it, and its attributes.
            end: Takes the name of an element that is over.
            text: Takes running text, in pieces.

        Raises:
            KitError: The part is broken, declares a document type, or passes a limit.
        """
        parser = self._parser(part)
        depth, count = 0, self._elements  # plain names, since this runs for every element

        def begin(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth, count
            depth += 1
            count += 1
            if depth > MAX_DEPTH or count > MAX_ELEMENTS:
                raise self._too_much(part, depth)
            start(name, attributes)

        def over(name: str) -> None:
            nonlocal depth
            depth -= 1
            if end is not None:
                end(name)

        parser.StartElementHandler, parser.EndElementHandler = begin, over
        if text is not None:
            parser.CharacterDataHandler = text
        self._feed(part, parser)
        self._elements = count

    def _too_much(self, part: str, depth: int) -> KitError:
        if depth > MAX_DEPTH:
            return KitError(
                f"{self.name}: '{_short(part)}' is nested deeper than {MAX_DEPTH} levels, which no workbook needs; save it again"
            )
        return KitError(f"{self.name}: the workbook has more than 3 million parts; save the list alone in a file of its own")

    def refuse_document_types(self) -> None:
        """Look at the prologue of every XML part, also of those that nobody reads.

        Raises:
            KitError: A part declares a document type, or its prologue is broken.
        """
        for part in self._members:
            if part.lower().endswith(_XML):
                parser = self._parser(part)
                parser.StartElementHandler = _stop
                try:
                    self._feed(part, parser)
                except _RootReached:
                    continue

    def _parser(self, part: str) -> Any:
        def refuse(*_: Any) -> NoReturn:
            raise KitError(f"{self.name}: '{_short(part)}' declares a document type, which no workbook needs; save it again")

        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
        parser.ExternalEntityRefHandler = refuse
        return parser

    def _feed(self, part: str, parser: Any) -> None:
        try:
            with self._archive.open(self._members[part]) as stream:
                fed = 0
                while step := stream.read(_STEP):
                    fed += len(step)
                    self._unpacked += len(step)
                    if self._unpacked > MAX_UNPACKED:
                        raise KitError(
                            f"{self.name}: the workbook unpacks to more than 200 MiB; save the lists alone in a file of their own"
                        )
                    parser.Parse(step, False)
                    if fed - parser.CurrentByteIndex > MAX_PIECE:
                        raise self.unreadable(f"'{_short(part)}' has a tag or comment of more than 1 MiB")
                parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise self.unreadable(f"'{_short(part)}': {error}") from None
        except (zipfile.BadZipFile, zlib.error, EOFError, LookupError, ValueError, NotImplementedError, OSError) as error:
            raise self.unreadable(str(error)) from None

    def _refuse_long_directory(self, stream: BinaryIO) -> None:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - (1 << 16) - 22))
        tail = stream.read()
        stream.seek(0)
        at = tail.rfind(_END)
        if at >= 0 and len(tail) >= at + 16 and int.from_bytes(tail[at + 12 : at + 16], "little") > MAX_DIRECTORY:
            raise KitError(f"{self.name}: the package has more parts than a workbook needs; save the list alone in a file of its own")

    def unreadable(self, what: str) -> KitError:
        """The refusal of a package that is broken, in one sentence."""
        said = " ".join(what.split())[:80].rstrip(" .;:") if what.isprintable() else "it is damaged"
        return KitError(
            f"{self.name}: the file is no XLSX workbook that can be read ({said}); open it, save it again as XLSX, or save it as CSV"
        )


def _stop(*_: Any) -> None:
    raise _RootReached


def _short(part: str) -> str:
    text = "".join(char for char in part if char.isprintable())
    return text if len(text) <= 60 else text[:58] + " …"
