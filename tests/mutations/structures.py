"""Ways to damage what has a form of its own: JSON, tables as CSV, workbooks, pages of HTML."""

from __future__ import annotations

import copy
import io
import json
import random
import re
import zipfile
from collections.abc import Sequence
from typing import Any

from tests.mutations.changes import BYTES, CHARACTERS, DAYS, VALUES, Change, Damage, damaged

ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 10**15, 10**400, 1.5, -0.0, 1e308, "", " ", [], {}, [[]], [None], {"": None}, {"a": []}, [{}]),
    *("x" * 10_000, "a\nb", "\x1b[2J", "::error::x", "<img src=x onerror=alert(1)>", "{{ 1 }}", "../../x", "POL-001", "0" * 40, "\ud800"),
    *("https://example.org", "javascript:alert(1)", *DAYS, *CHARACTERS),
)


def _places(value: Any, path: tuple = ()) -> list[tuple]:
    found = [path]
    if isinstance(value, dict):
        for key, part in value.items():
            found += _places(part, (*path, key))
    elif isinstance(value, list):
        for number, part in enumerate(value[:20]):
            found += _places(part, (*path, number))
    return found


def _put(value: Any, path: tuple, new: Any) -> Any:
    if not path:
        return new
    top = value
    for part in path[:-1]:
        top = top[part]
    top[path[-1]] = new
    return value


def json_value(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    """Another value at one place, a part moved to another place, or an entry that is gone or new."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return Damage(data + b"{", "broken JSON")
    places = _places(value)
    path = chance.choice(places)
    kind = chance.randrange(4)
    if kind == 0 and path and isinstance(path[-1], str):
        top = value
        for part in path[:-1]:
            top = top[part]
        del top[path[-1]]
    elif kind == 1:
        part = value
        for step in chance.choice(places):
            part = part[step]
        value = _put(value, path, copy.deepcopy(part))
    elif kind == 2:
        value = _put(value, path, {chance.choice(("x", "id", "state", "", "\ud800", "__proto__")): chance.choice(ODD)})
    else:
        value = _put(value, path, chance.choice(ODD))
    return Damage(json.dumps(value, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass"), "JSON value")


def json_text(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    """What no writer of JSON would write, in front of a value, so that no reader can make sense of the whole."""
    values = [found.end() for found in re.finditer(rb'":[ ]?(?=["{\[\d])', data)]
    at = chance.choice(values) if values else 0
    pieces = (
        *(
            b"NaN,",
            b"Infinity,",
            b"1e999,",
            b"9" * 6_000 + b",",
            b"[" * 3_000,
            b'{"a":' * 3_000,
            b'"\\ud800",',
            b'"\\u0000",',
            b"01,",
            b"'x',",
        ),
        *(
            b"// x\n",
            b'"x" "y",',
            b'1, "state": 1, "state": 2,',
            b'{"a":1,"a":2},',
            b"tru,",
            b'"\n",',
            b"\xff,",
            b"\xef\xbb\xbf,",
            b'{"a":1}',
        ),
    )
    return Damage(data[:at] + chance.choice(pieces) + data[at:], "JSON text", sure=bool(values))


JSON: tuple[Change, ...] = (json_value, json_value, json_value, json_text, *BYTES)


def csv_cell(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    """Another cell, with or without quotation marks that fit."""
    lines = data.split(b"\n")
    at = chance.randrange(len(lines))
    cells = lines[at].split(b";")
    pieces = (
        *VALUES,
        *CHARACTERS,
        *DAYS,
        "31/12/2026",
        "12/31/26",
        "45000",
        "5.10",
        "A.5",
        "=1+1",
        "x" * 140_000,
        '"x',
        'x"y',
        '"a""b"',
        "a;b",
        "\n" * 50,
    )
    cells[chance.randrange(len(cells))] = chance.choice(pieces).encode("utf-8")
    if chance.random() < 0.2:
        cells = cells * chance.choice((0, 2, 100))
    lines[at] = b";".join(cells)
    return Damage(b"\n".join(lines), "cell")


def csv_rows(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    """Rows that are gone, doubled, in another order, or thousands."""
    lines = data.split(b"\n")
    kind = chance.randrange(4)
    if kind == 0:
        del lines[chance.randrange(len(lines))]
    elif kind == 1:
        lines.insert(0, chance.choice((b"", b"sep=;", b"sep=|", b"a;b;c", b";;;")))
    elif kind == 2:
        chance.shuffle(lines)
    else:
        lines += [chance.choice(lines)] * chance.choice((1, 30, 400))
    return Damage(b"\n".join(lines), "rows")


CSV: tuple[Change, ...] = (csv_cell, csv_cell, csv_rows, *BYTES)

_XML = (
    *(
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
        b"&a;",
        b"<v>99999999</v>",
        b"<v></v>",
        b'<c r="ZZZ9999999" t="s"><v>1</v></c>',
        b'<c t="inlineStr"/>',
    ),
    *(
        b'<row r="1048577">',
        b'<row r="-1"/>',
        b"<f>1/0</f>",
        b"</sheetData>",
        b'<c t="d"><v>x</v></c>',
        b'<c t="e"><v>#REF!</v></c>',
        b"\xff",
        b"&#0;",
    ),
    *(b'<dimension ref="A1:XFD1048576"/>', b'<mergeCell ref="x"/>', b'<c t="n"><v>1e400</v></c>', b'<c t="b"><v>x</v></c>', b'<c r="A0"/>'),
)


def workbook_member(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    """One part of the archive damaged, gone, doubled or renamed; the archive itself is sound."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(entry.filename, archive.read(entry)) for entry in archive.infolist()]
    except Exception:  # an archive that an earlier change has broken; what that raises is no closed list
        return Damage(data[:-1], "broken archive")
    if not members:
        return Damage(b"PK", "empty archive")
    at = chance.randrange(len(members))
    name, content = members[at]
    kind = chance.randrange(6)
    if kind == 0:
        del members[at]
    elif kind == 1:
        members[at] = (chance.choice(("../x", "xl/workbook.xml", name.upper(), "x")), content)
    elif kind == 2:
        place = content.find(b">", chance.randrange(len(content) + 1)) + 1
        members[at] = (name, content[:place] + chance.choice(_XML) + content[place:])
    elif kind == 3:
        members[at] = (name, content.decode("utf-8", "replace").encode(chance.choice(("utf-16", "utf-16-le", "latin-1")), "replace"))
    else:
        members[at] = (name, damaged(chance, content, [part for _, part in members], BYTES).data[: 1 << 20])
    return Damage(_packed(members), f"member {name}")


def _packed(members: list[tuple[str, bytes]]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


WORKBOOK: tuple[Change, ...] = (workbook_member, workbook_member, workbook_member, workbook_member, *BYTES)

_TAGS = (
    *(
        b"<a href=",
        b"<a href='x",
        b"<img srcset='a 1x, ,b'>",
        b"<meta http-equiv=refresh content='0;url=x'>",
        b"<base href=//x>",
        b"<!--",
        b"<![x",
        b"<!x",
    ),
    *(
        b"<?x",
        b"</",
        b"<a id=x name=y href=#>",
        b"<svg><use xlink:href='#x'/></svg>",
        b"<a href='http://[::1'>",
        b"<a href='%zz'>",
        b"<a href='\0'>",
    ),
    *(
        b"<a href='/../../x'>",
        b"<a href='//'>",
        b"<a href='x:y'>",
        b"&#xFFFFFFFF;",
        b"&#55296;",
        b"<script>",
        b"<textarea>",
        b"<p " + b"a" * 5_000,
        b"<" * 500,
    ),
)


def tag(chance: random.Random, data: bytes, others: Sequence[bytes]) -> Damage:
    """Markup that nobody closes, and addresses that lead nowhere."""
    at = data.find(b"<", chance.randrange(len(data) + 1))
    return Damage(data[:at] + chance.choice(_TAGS) + data[at:], "tag")


HTML: tuple[Change, ...] = (tag, tag, tag, *BYTES)
