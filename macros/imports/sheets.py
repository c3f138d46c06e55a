"""One file becomes sheets of cells: CSV in the usual encodings, or XLSX with its formulas in sight."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from macros.imports.cells import EMPTY, MAX_BYTES, MAX_COLUMNS, Budget, Cell, Row, Sheet, clean, letters
from macros.imports.workbook import workbook
from macros.problem import KitError

__all__ = ["EMPTY", "Cell", "Row", "Sheet", "letters", "read_sheets"]

DELIMITERS = (",", ";", "\t")
MAX_LINE = 1 << 20
"""Characters on one line of a CSV file."""
_SAMPLE_LINES, _SAMPLE = 60, 1 << 18
_STEP = 1 << 20
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_FORMULA = re.compile(r"=\s*[\w+\-@(\"'{]")

Score = Callable[[Sheet], int]
Found = tuple[tuple[Sheet, ...], tuple[str, ...]]


def read_sheets(path: Path, score: Score) -> Found:
    """Read one file, in steps.

    Args:
        path: A CSV or XLSX file of at most 50 MiB and 100,000 rows.
        score: How many headings are recognised in a sheet; the delimiter of a CSV file is the one with the most.

    Returns:
        Its sheets, and remarks on how it was read.

    Raises:
        KitError: The file cannot be read; the message names the place and the way out.
    """
    name = path.name
    try:
        with _opened(path) as stream:
            if os.fstat(stream.fileno()).st_size > MAX_BYTES:
                raise KitError(f"{name}: the file is larger than 50 MiB; save the lists alone in a file of their own")
            begin = stream.read(512)
            if begin.startswith(_OLD_OFFICE):
                raise KitError(f"{name}: this is an old XLS file or one with a password; save it as XLSX without a password, or as CSV")
            stream.seek(0)
            return workbook(name, stream) if begin.startswith(b"PK") else _csv(name, stream, score)
    except (OSError, ValueError) as error:
        raise KitError(f"'{path}' cannot be read ({getattr(error, 'strerror', None) or error}); name a CSV or XLSX file") from None


def _opened(path: Path) -> BinaryIO:
    """The bytes of a regular file; opening anything else could wait for ever."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise KitError(f"'{path}' is no file; name a CSV or XLSX file")
    return path.open("rb")


# CSV


def _csv(name: str, stream: BinaryIO, score: Score) -> Found:
    encoding, remarks = _encoding(name, stream)
    begin = "".join(_sample(name, stream, encoding))
    declared = re.match(r"sep=([,;\t])\r?\n", begin)
    start = begin[declared.end() :] if declared else begin

    def quality(delimiter: str) -> tuple[int, int]:
        rows = tuple(_rows(name, iter(start.splitlines(keepends=True)), delimiter, 0, strict=False))
        return score(Sheet(name, None, rows)), max((len(row.kept) for row in rows), default=0)

    delimiter = declared.group(1) if declared else max(DELIMITERS, key=quality)
    lines = _lines(name, stream, encoding)
    if declared:
        next(lines)
    rows = tuple(_rows(name, lines, delimiter, 1 if declared else 0, strict=True))
    return (Sheet(name, None, rows),), remarks


def _sample(name: str, stream: BinaryIO, encoding: str) -> Iterator[str]:
    length = 0
    for number, line in enumerate(_lines(name, stream, encoding)):
        length += len(line)
        if number >= _SAMPLE_LINES or length > _SAMPLE:
            return
        yield line


def _lines(name: str, stream: BinaryIO, encoding: str) -> Iterator[str]:
    """The lines with their ends; one that does not end is never held in memory."""
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding, newline="")
    try:
        number = 1
        while line := text.readline(MAX_LINE):
            if len(line) == MAX_LINE and line[-1] not in "\r\n":
                raise KitError(
                    f"{name}, line {number}: the line is longer than a million characters, so this is no list; save it again as CSV"
                )
            yield line
            number += 1
    finally:
        with contextlib.suppress(ValueError):  # the file was closed first, after an error
            text.detach()


def _steps(stream: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """The bytes in steps, each with the number of the line on which it begins."""
    stream.seek(0)
    line = 1
    while step := stream.read(_STEP):
        yield step, line
        line += step.count(b"\n")


def _encoding(name: str, stream: BinaryIO) -> tuple[str, tuple[str, ...]]:
    empty = True
    for step, line in _steps(stream):
        if line == 1 and step.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise KitError(f"{name}: the file is UTF-16 text; save it as 'CSV UTF-8'")
        if b"\0" in step:
            if max(step[0::2].count(0), step[1::2].count(0)) > len(step) // 5:
                raise KitError(f"{name}: the file is UTF-16 text; save it as 'CSV UTF-8'")
            place = line + step.count(b"\n", 0, step.index(b"\0"))
            raise KitError(f"{name}, line {place}: a NUL byte stands here, so this is no CSV file; save the list as XLSX or 'CSV UTF-8'")
        empty = empty and not step.strip()
    if empty:
        raise KitError(f"{name}: the file is empty; save the list again")
    if _wrong_line(stream, "utf-8") is None:
        return "utf-8-sig", ()
    wrong = _wrong_line(stream, "cp1252")
    if wrong is not None:
        raise KitError(f"{name}, line {wrong}: the text is neither UTF-8 nor Windows-1252; save it as 'CSV UTF-8'")
    return "cp1252", (f"{name} is not UTF-8 and was read as Windows-1252; look at the accents below",)


def _wrong_line(stream: BinaryIO, encoding: str) -> int | None:
    """The line on which the bytes stop to be text in an encoding; None where all of them are."""
    decoder = codecs.getincrementaldecoder(encoding)()
    begins = 1
    try:
        for step, line in _steps(stream):
            begins = line
            decoder.decode(step)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return begins + error.object.count(b"\n", 0, error.start)
    return None


def _rows(name: str, lines: Iterator[str], delimiter: str, skipped: int, strict: bool) -> Iterator[Row]:
    budget = Budget(name)
    reader = csv.reader(lines, delimiter=delimiter, strict=strict)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if not strict:
                return
            what = "a quotation mark is not closed, or text follows it"
            what = f"a cell is too long, or {what}" if "limit" in str(error) else what
            raise KitError(f"{name}, line {line + skipped}: {what}; save the list again as CSV, or as XLSX") from None
        kept = [_kept(text) for text in cells[:MAX_COLUMNS]]
        while kept and not kept[-1]:
            kept.pop()
        if kept:
            yield budget.take_row(Row(line + skipped, tuple(kept)))
        line = reader.line_num + 1


def _kept(text: str) -> str | Cell:
    shown = clean(text)
    return Cell(shown, formula=True) if shown.startswith("=") and _FORMULA.match(shown) else shown
