"""What each kind of change consists of; `KINDS` has them by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from macros.authoring.documents import FOLDERS
from macros.checks import ALL_RULES
from macros.command.verbs import VERBS
from macros.model.document import DocumentType
from macros.model.records.kinds import BY_NAME
from tests.scaffold.changes import Change, Refused

MODULES = {
    "CAT": "catalogues",
    "DOC": "documents",
    "ORG": "organisation",
    "REG": "records",
    "SEC": "security",
    "SOA": "records",
    "STA": "tells",
    "TRC": "texts",
    "UPD": "updates",
}
"""The module of `macros/checks/` for the first letters of a code, where the caller names none."""
TEMPLATE = "<<cookiecutter.org>>"
CODEOWNERS = "examples/tarnmoor/overlay/CODEOWNERS"
LONGEST_MODULE = 400
_SLUG = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


def check(root: Path, given: Mapping[str, str]) -> Change:
    """A rule of `check`, with a world in which it speaks and one in which it is silent."""
    code, title = (
        _wanted(given, "CODE", r"[A-Z]{3}[1-9]\d\d", "such as REG331"),
        _wanted(given, "TITLE", r"\S.*\S", "a sentence without a stop"),
    )
    if code in ALL_RULES or (root / "tests/checks" / code).exists():
        raise Refused(f"{code} is taken, and codes are never reused; choose another number")
    module = given.get("MODULE") or MODULES.get(code[:3])
    if module is None or not (root / f"macros/checks/{module}.py").is_file():
        raise Refused(f"no module of rules is known for {code}; name one of 'macros/checks/' as MODULE=...")
    words = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")
    change = Change(root, code=code, title=title.replace('"', "'"), name=f"{code.lower()}_{words}"[:60].rstrip("_"))
    path = f"macros/checks/{module}.py"
    if not re.search(r"^from macros\.checks\.registry import .*\bSaid, check\b", change.text(path), re.MULTILINE):
        raise Refused(f"'{path}' holds no rules of its own; name another module as MODULE=...")
    change.append(path, "check.py.txt")
    if change.text(path).count("\n") > LONGEST_MODULE:
        raise Refused(f"'{path}' would have more than {LONGEST_MODULE} lines; name another module as MODULE=...")
    policy = (root / "tests/world/docs/policies/ai-policy.md").read_text("utf-8")
    change.put(f"tests/checks/{code}/good/docs/policies/ai-policy.md", policy)
    change.put(f"tests/checks/{code}/bad/docs/policies/ai-policy.md", policy.replace("title: AI policy", f"title: AI policy {code}"))
    change.put(
        f"tests/checks/{code}/bad/expected.txt",
        f"docs/policies/ai-policy.md:3: {code} 'POL-001' ‹write what is wrong, as a clause›; ‹write the way out, as an instruction›\n",
    )
    change.changelog(f"Rule {code}: ‹write what it finds, and since when it matters to an organisation›")
    return change


def register(root: Path, given: Mapping[str, str]) -> Change:
    """A register whose rows stand in one file, its kind of record, and a first record of the worked organisation."""
    name = _wanted(given, "NAME", _SLUG.pattern, "a plural such as site-visits")
    if name in BY_NAME:
        raise Refused(f"there is a register '{name}' already; choose another NAME")
    one = (given.get("ONE") or name.removesuffix("s")).replace("-", " ")
    prefix = given.get("PREFIX") or name.replace("-", "")[:3].upper()
    taken = set(re.findall(r"^\| `([A-Z]+)` \|", (root / "docs/glossary.md").read_text("utf-8"), re.MULTILINE))
    if not re.fullmatch(r"[A-Z]{2,4}", prefix) or prefix in taken:
        raise Refused(f"'{prefix}' is taken, or is not two to four capitals; name other letters for the ids as PREFIX=...")
    module, type_name = name.replace("-", "_"), one.title().replace(" ", "")
    change = Change(root, name=name, one=one, prefix=prefix, module=module, type=type_name)
    change.create(f"macros/model/records/{module}.py", "record.py.txt")
    kinds = "macros/model/records/kinds.py"
    imported = re.search(r"^from macros\.model\.records import \(\n((?:    \w+,\n)+)\)$", change.text(kinds), re.MULTILINE)
    if imported is None:
        raise Refused(f"the import of the kinds is not found in '{kinds}'; mend the pattern in 'tests/scaffold'")
    modules = "".join(f"    {one},\n" for one in sorted({*re.findall(r"\w+", imported.group(1)), module}))
    change.files[kinds] = change.text(kinds).replace(imported.group(), f"from macros.model.records import (\n{modules})")
    change.before(kinds, ")\n\nBY_NAME", f'    _table("{name}", "{one}", {module}.{type_name}, "id title owner noted_on"),\n')
    change.create(f"{TEMPLATE}/registers/{name}.yaml", "register.yaml.txt")
    change.create(f"examples/tarnmoor/overlay/registers/{name}.yaml", "example-register.yaml.txt")
    _owned(change, f"/registers/{name}.yaml", "/registers/suppliers")
    row = f"| `{prefix}` | ‹write what one record is, with its article› | `{name}` |"
    change.in_order("docs/glossary.md", row, r"^\| `[A-Z]+` \| .* \| `[a-z-]+` \|$(?<!front matter` \|)(?<=[a-z]` \|)")
    change.before("tests/test_new.py", '    "concerns": (', f'    "{name}": ("title=A first one", "noted_on=2026-11-01"),\n')
    change.changelog(f"The register `{name}`: ‹write what it holds, and who keeps it›")
    return change


def document(root: Path, given: Mapping[str, str]) -> Change:
    """A document of the template, as a draft with the sections of its type."""
    kind = _wanted(
        given,
        "TYPE",
        "|".join(sorted(kind.value for kind in DocumentType if kind is not DocumentType.SYSTEM)),
        "context, data-management, policy, procedure or role",
    )
    title = _wanted(given, "TITLE", r"\S.*\S", "the title as it stands on the page")
    prefix, folder = DocumentType(kind).prefix, FOLDERS[kind]
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    docs = root / TEMPLATE / "docs"
    numbers = [
        int(found)
        for path in docs.rglob("*.md")
        for found in re.findall(rf"^id: {prefix}-(\d{{3}})$", path.read_text("utf-8"), re.MULTILINE)
    ]
    # Numbers of texts that only some answers generate are taken as well, and what was ever given away stays so in the changelog.
    change = Change(root, id=f"{prefix}-{max(numbers) + 1:03}", title=title, type=kind, slug=slug)
    sections = {"role": "document-role.md.txt", "context": "document-context.md.txt"}
    change.create(f"{TEMPLATE}/docs/{folder}/{slug}.md", sections.get(kind, "document.md.txt"))
    change.append("examples/tarnmoor/front-matter.yaml", "front-matter.yaml.txt")
    change.append("examples/tarnmoor/tailoring.yaml", "tailoring.yaml.txt")
    _owned(change, f"/docs/{folder}/{slug}.md", f"/docs/{folder}/")
    change.changelog(f"{change.words['id']} {title}: ‹write what it rules, and what an organisation must decide›")
    return change


def catalogue(root: Path, given: Mapping[str, str]) -> Change:
    """A framework or standard as a catalogue, with the test of its counts and a crosswalk to ISO/IEC 42001."""
    name = _wanted(given, "NAME", _SLUG.pattern, "such as iso23894")
    change = Change(root, name=name)
    change.create(f"controls/{name}.yaml", "catalogue.yaml.txt")
    change.create(f"controls/crosswalks/{name}--iso42001.yaml", "crosswalk.yaml.txt")
    module = f"tests/test_catalogue_{name.replace('-', '_')}.py"
    change.create(module, "test_catalogue.py.txt")
    change.changelog(f"The catalogue `{name}`: ‹write which source in which edition, and what its requirements are for›")
    return change


def verb(root: Path, given: Mapping[str, str]) -> Change:
    """A command that prints something about a repository, as text and as JSON."""
    name = _wanted(given, "NAME", _SLUG.pattern, "such as owners")
    if name in VERBS:
        raise Refused(f"there is a command '{name}' already; choose another NAME")
    module = name.replace("-", "_")
    change = Change(root, name=name, module=module)
    change.create(f"macros/command/{module}.py", "verb.py.txt")
    change.before("macros/command/verbs.py", ")\n\nVERBS: dict", change.filled("verbs-entry.py.txt"))
    change.before("docs/commands.md", "### doctor\n", change.filled("command.md.txt"))
    change.create(f"tests/test_{module}_command.py", "test_verb.py.txt")
    change.before("tests/test_terminal.py", '    ("schema",),\n', f'    ("{name}",),\n    ("{name}", "--format", "json"),\n')
    change.before("tests/test_hostile.py", '    "explain": ("explain",', f'    "{name}": ("{name}",),\n')
    change.changelog(f"`{name}`: ‹write what it gives, and to whom›")
    return change


KINDS: dict[str, Callable[[Path, Mapping[str, str]], Change]] = {
    "check": check,
    "register": register,
    "document": document,
    "catalogue": catalogue,
    "verb": verb,
}
"""Each kind of change that can be begun."""
NEEDS_SCHEMAS = ("register",)
"""Kinds after which the JSON Schemas are made anew."""


def _owned(change: Change, path: str, like: str) -> None:
    """A line for a file of the worked organisation in CODEOWNERS, with the owners of the first file beside it."""
    owners = re.search(rf"^{like}\S* (.*)$", change.text(CODEOWNERS), re.MULTILINE)
    if owners is None:
        raise Refused(f"no line for {like!r} is found in '{CODEOWNERS}'; mend the pattern in 'tests/scaffold'")
    first = "/docs/" if like.startswith("/docs/") else "/registers/"
    change.in_order(CODEOWNERS, f"{path} {owners.group(1)}", rf"^{first}.*$")


def _wanted(given: Mapping[str, str], name: str, pattern: str, like: str) -> str:
    value = given.get(name, "").strip()
    if not re.fullmatch(pattern, value):
        raise Refused(f"{name}={value!r} does not fit; give {like}" if value else f"{name}=... is missing; give {like}")
    return value
