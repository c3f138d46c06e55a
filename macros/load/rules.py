"""The rules that speak while files are being read: shape, not sense."""

from __future__ import annotations

from macros.load.odd import Oddness
from macros.problem import Rule, Severity

_SUBJECTS = {
    "CAT": ("Catalogue file", "Everything else is judged against the catalogues"),
    "ORG": ("Organisation file", "Every page and every check reads who the organisation is from `org.yaml`"),
    "DOC": ("Front matter", "A document whose front matter is not read drops out of every requirement it answers"),
    "REG": ("Register", "A record that is not read is a record an auditor will not see"),
    "SOA": ("Statement of Applicability", "The Statement of Applicability is the decision an auditor starts from"),
}


def _family(prefix: str) -> tuple[Rule, ...]:
    subject, reason = _SUBJECTS[prefix]
    rows = (
        ("001", "cannot be read", f"{reason}. MkDocs skips what it cannot read without a word; here it is an error."),
        ("002", "lacks an entry", f"{reason}. Each entry that is asked for is used by a page, a check or an export."),
        ("003", "has an entry that is not known", f"{reason}. A misspelt key would otherwise be silently without effect."),
        ("004", "has a value that is not accepted", f"{reason}. Closed words, dates and forms are what checks can decide on."),
        (
            "005",
            "names a requirement without its catalogue",
            (
                "Both standards number controls A.5 to A.8: `iso42001:A.5.2` is "
                "the impact assessment process, `iso27001:A.5.2` is security roles. A bare id means either."
            ),
        ),
    )
    return tuple(
        Rule(f"{prefix}{number}", f"{subject} {title}", why, Severity.ERROR)
        for number, title, why in rows
        if f"{prefix}{number}" != "ORG005"  # org.yaml names no requirement
    )


SHAPE = {rule.code: rule for prefix in _SUBJECTS for rule in _family(prefix)}

MERGE = Rule(
    "UPD101",
    "Merge is not finished",
    "Conflict markers left by an update or a merge build without complaint and publish both "
    "versions of a sentence; nobody can tell which one was approved.",
    Severity.ERROR,
)
UNKNOWN_ORIGIN = Rule(
    "UPD103",
    "Record of what the kit generated is not there",
    "A generation writes `.aims.json` last, so without it nobody knows whether the repository is whole; nor can anybody tell a "
    "text that was made the organisation's own from one that is still the kit's, or an engine as delivered from a changed one.",
    Severity.ERROR,
)
LINK = Rule(
    "SEC101",
    "File is a symbolic link",
    "A link inside `docs/` or `registers/` is followed by the site build and can publish a file from outside the repository.",
    Severity.ERROR,
)
ENCODING = Rule(
    "SEC102",
    "File is not UTF-8 text",
    "A text that one program reads in one encoding and the next in another is not one controlled text.",
    Severity.ERROR,
)
ACTING = Rule(
    "SEC110",
    "Text holds a character that acts instead of being shown",
    "Control characters steer terminals and end lines, and Unicode's embeddings, overrides and isolates make a text read differently "
    "from what it holds, so that an approver agrees to other words than those in force. The marks that Arabic, Hebrew, Persian "
    "and Indic names need (U+200E, U+200F, U+061C, U+200C, U+200D) are text.",
    Severity.ERROR,
)

ODD = {
    Oddness.UNREADABLE: Rule(
        "SEC140",
        "File or folder cannot be read",
        "What is not read is not checked; a missing right or a broken disk is no reason to call the rest whole.",
        Severity.ERROR,
    ),
    Oddness.NO_FILE: Rule(
        "SEC141",
        "No plain file stands where a file is read",
        "A pipe, a socket or a device has no content that was reviewed, and reading one can wait for ever; "
        "a submodule's files are in another repository's history.",
        Severity.ERROR,
    ),
    Oddness.TOO_LARGE: Rule(
        "SEC142",
        "File is larger than 1 MiB",
        "A text that nobody can review is no controlled text, and reading without a limit lets one file hold up every check.",
        Severity.ERROR,
    ),
    Oddness.TOO_MANY: Rule(
        "SEC143",
        "Folders lie too deep, or files are too many",
        "Reading without a limit lets one change hold up every check; 32 folders below one another and 100,000 files are beyond any "
        "management system.",
        Severity.ERROR,
    ),
}

TWO_FORMS = Rule(
    "REG310",
    "Register is kept in two forms",
    "A table is one file, or a folder with one head and parts; where both are there, nobody can tell which head holds "
    "and whether a row stands in both.",
    Severity.ERROR,
)

RULES: tuple[Rule, ...] = (*SHAPE.values(), MERGE, UNKNOWN_ORIGIN, LINK, ENCODING, ACTING, *ODD.values(), TWO_FORMS)
