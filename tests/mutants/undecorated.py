"""Properties, and methods whose answers are held, as plain functions with a line beneath them, since mutmut passes by what has a decorator."""

from __future__ import annotations

import ast

TAKEN = ("property", "cached_property", "answered_once")


def undecorated(text: str) -> str:
    """A module that does the same, in which `@property` above a method is `name = property(name)` beneath it."""
    lines = text.split("\n")
    for node in reversed(list(ast.walk(ast.parse(text)))):
        if not isinstance(node, ast.ClassDef):
            continue
        for method in reversed(node.body):
            if isinstance(method, ast.FunctionDef) and len(method.decorator_list) == 1:
                decorator = method.decorator_list[0]
                if isinstance(decorator, ast.Name) and decorator.id in TAKEN:
                    lines.insert(method.end_lineno or 0, f"{' ' * method.col_offset}{method.name} = {decorator.id}({method.name})")
                    del lines[decorator.lineno - 1]
    return "\n".join(lines)
