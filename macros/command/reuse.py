"""`reuse`: what the ISMS already gives, requirement by requirement."""

from __future__ import annotations

import argparse
import csv
import io

from macros.command.screen import show
from macros.command.workspace import organisation_of, tell_pinned
from macros.encode.data import as_json as json_text
from macros.encode.data import cell
from macros.encode.terminal import lines as as_lines
from macros.facts.reuse import Total, Verdict, difference, overall, totals
from macros.render.views import views_of
from macros.world import World

COLUMNS = ("requirement", "title", "verdict", "reviewed_reuse", "rests_on", "documents", "reason", "new_work", "warning", "effort_points")


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    parser.add_argument("--format", choices=("csv", "json", "markdown", "text"), default="text", help="how to print (default: text)")


def run(given: argparse.Namespace) -> int:
    """Print the verdicts and the totals; 0 always, since nothing here is a problem."""
    world = organisation_of(given, "controls")
    tell_pinned(given, world.workspace)
    found = world.facts.reuse
    show({"text": as_text, "json": as_json, "csv": as_csv, "markdown": as_markdown}[given.format](world, found))
    return 0


def as_text(world: World, found: tuple[Verdict, ...]) -> str:
    """A line a requirement with what it rests on, then the totals with the article's figures explained."""
    lines = []
    for verdict in found:
        lines.append(f"{verdict.verdict.value:7} {verdict.requirement} {verdict.title}")
        lines += [f"        rests on {ground.requirement}: {ground.why}" for ground in verdict.grounds]
        lines.append(f"        {verdict.reason}")
        if verdict.new_work:
            lines.append(f"        new work: {verdict.new_work}")
        if verdict.warning:
            lines.append(f"        only looks alike: {verdict.warning}")
    lines.append("")
    counted = totals(world.workspace, found)
    lines += [f"{_counts(total)}   {difference(total)}" for total in counted]
    whole = overall(counted)
    saved = "" if whole.effort_left is None else f"   {100 - whole.effort_left} % falls away,"
    lines += [f"{_counts(whole)}{saved} of {whole.count} requirements", _POINTS, "", *_figures(world)]
    return as_lines(lines)


_POINTS = "The share is the effort that remains: the kit's own points here, against those where nothing can be reused."


def _counts(total: Total) -> str:
    left = "  no points known" if total.effort_left is None else f"  {total.effort_left:3} % of the effort remains"
    return f"{total.section:5} reuse {total.reuse:2}  extend {total.extend:2}  new {total.new:2}{left}"


def _figures(world: World) -> list[str]:
    published = world.workspace.published
    if published is None:
        return []
    clauses, areas, rows = published.clause_alignment, published.section_synergy, published.control_synergy
    mean = sum(row["percent"] for row in clauses) / len(clauses)
    return [
        "The article's figures, its author's estimates for a whole ISMS:",
        f"  {len(clauses)} clauses: " + ", ".join(f"{row['clause']} ~{row['percent']} %" for row in clauses) + f"; mean {mean:.1f} %",
        f"  {len(areas)} sections: " + ", ".join(f"{row['section'].removeprefix('iso42001:')} ~{row['percent']} %" for row in areas),
        f"  {len(rows)} rows of controls: " + ", ".join(f"{row['iso42001_printed']} {row['level']}" for row in rows),
    ]


def as_json(world: World, found: tuple[Verdict, ...]) -> str:
    """An object with `requirements`, each with its `verdict`, `totals`, and the effort that remains in all, in percent."""
    rows = [
        {
            "requirement": verdict.requirement,
            "title": verdict.title,
            "section": verdict.section,
            "verdict": verdict.verdict.value,
            "reviewed_reuse": verdict.level.value,
            "rests_on": [
                {
                    "requirement": ground.requirement,
                    "standing": ground.standing.value,
                    "why": ground.why,
                    "documents": list(ground.documents),
                }
                for ground in verdict.grounds
            ],
            "reason": verdict.reason,
            "warning": verdict.warning,
            "new_work": verdict.new_work,
            "effort_points": verdict.effort,
        }
        for verdict in found
    ]
    counted = totals(world.workspace, found)
    left = overall(counted).effort_left
    return json_text({"requirements": rows, "totals": [_section(total) for total in counted], "effort_remaining_percent": left})


def _section(total: Total) -> dict[str, object]:
    return {
        "section": total.section,
        "reuse": total.reuse,
        "extend": total.extend,
        "new": total.new,
        "share_percent": total.share,
        "effort_remaining_percent": total.effort_left,
        "article_percent": total.published,
        "difference": difference(total),
    }


def as_csv(world: World, found: tuple[Verdict, ...]) -> str:
    """A row a requirement, for a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for verdict in found:
        ends = "; ".join(f"{ground.requirement} ({ground.standing.value})" for ground in verdict.grounds)
        papers = "; ".join(name for ground in verdict.grounds for name in ground.documents)
        said = (verdict.reason, verdict.new_work or "", verdict.warning or "", verdict.effort)
        row = (verdict.requirement, verdict.title, verdict.verdict.value, verdict.level.value, ends, papers, *said)
        writer.writerow([cell(value) for value in row])
    return out.getvalue()


def as_markdown(world: World, found: tuple[Verdict, ...]) -> str:
    """The same tables as on the site."""
    return views_of(world).reuse_page.page(found, totals(world.workspace, found)) + "\n"
