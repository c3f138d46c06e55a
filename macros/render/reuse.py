"""What the ISMS gives, as a page: verdicts with their grounds, totals beside the article's figures, and the article's own tables."""

from __future__ import annotations

from macros.facts.reuse import FIRST, Ground, Known, Total, Verdict, difference, overall
from macros.model.workspace import Workspace
from macros.render.facts import ACTION_TONES, REUSE_TONES
from macros.render.markup import admonition, badge, plain, running, sentences, table
from macros.render.page_links import PageLinks

STANDING_TONES = {Known.HOLDS: "good", Known.PARTLY: "warn", Known.UNKNOWN: "calm", Known.MISSING: "bad"}


class ReusePage:
    """The page on reuse of one workspace."""

    def __init__(self, workspace: Workspace, links: PageLinks) -> None:
        self.workspace, self.links = workspace, links

    def page(self, verdicts: tuple[Verdict, ...], totals: tuple[Total, ...]) -> str:
        """Everything: overall, by section, per requirement."""
        return "\n\n".join(
            (self.summary(totals), self.sections(totals), "## Requirement by requirement", self.verdicts(verdicts), self.figures())
        )

    def summary(self, totals: tuple[Total, ...]) -> str:
        """The overall count, with what it does not say."""
        whole = overall(totals)
        left = whole.effort_left
        line = (
            f"Of {whole.count} requirements, {badge(f'{whole.reuse} reuse', 'good')} as they are, "
            f"{badge(f'{whole.extend} extend', 'info')} and {badge(f'{whole.new} new', 'bad')}"
            + ("." if left is None else f": {left} percent of the effort remain, {100 - left} percent fall away.")
        )
        return (
            line
            + "\n\n"
            + admonition(
                "info",
                "What the share says",
                sentences(
                    "It is the effort that remains, in the kit's own points, as a share of the effort where nothing can be reused. "
                    "The points are our judgement, for planning only, and a requirement that has to be extended is not done. "
                    "The article's percentages are its author's estimates, given without a method."
                ),
            )
        )

    def sections(self, totals: tuple[Total, ...]) -> str:
        """Counts by section, beside the article's figures, with the difference explained."""
        rows = [
            (
                self.links.requirement(f"{FIRST}:{total.section}"),
                str(total.reuse),
                str(total.extend),
                str(total.new),
                "–" if total.effort_left is None else f"{total.effort_left} %",
                plain(f"~{total.published} %") if total.published is not None else "–",
                running(difference(total)),
            )
            for total in totals
        ]
        return "## By section\n\n" + table(
            ("Section", "Reuse", "Extend", "New", "Effort that remains", "Article, estimate of likeness", "How they compare"), rows
        )

    def verdicts(self, verdicts: tuple[Verdict, ...]) -> str:
        """One row a requirement."""
        rows = [
            (
                self.links.requirement(verdict.requirement),
                badge(verdict.verdict.value, ACTION_TONES[verdict.verdict.value]),
                badge(verdict.level.value, REUSE_TONES[verdict.level.value]),
                "<br>".join(self._ground(ground) for ground in verdict.grounds) or "nothing",
                self._why(verdict),
                str(verdict.effort),
            )
            for verdict in verdicts
        ]
        headings = ("Requirement", "To do", "Reviewed reuse", "Rests on", "Because, and new work", "Effort, points")
        return table(headings, rows, "aims-table--filter aims-table--dense")

    def _ground(self, ground: Ground) -> str:
        papers = ", ".join(self.links.record(name, with_id=True) for name in ground.documents)
        return f"{self.links.requirement(ground.requirement)} {badge(ground.standing.value, STANDING_TONES[ground.standing])}" + (
            f"<br><small>{papers}</small>" if papers else ""
        )

    def _why(self, verdict: Verdict) -> str:
        parts = [running(verdict.reason)]
        if verdict.new_work:
            parts.append(f"**New work** {sentences(verdict.new_work)}")
        if verdict.warning:
            parts.append(f"**Only looks alike** {sentences(verdict.warning)}")
        return "<br>".join(parts)

    def figures(self) -> str:
        """The article's own figures, exactly, from the data."""
        published = self.workspace.published
        if published is None:
            return ""
        clauses, areas, rows = published.clause_alignment, published.section_synergy, published.control_synergy
        mean = sum(row["percent"] for row in clauses) / len(clauses)
        levels = {word: sum(row["level"] == word for row in rows) for word in ("High", "Medium", "Low")}
        return "\n\n".join(
            (
                "## The article's figures",
                sentences(
                    "These are what the source article prints, for a whole ISMS. "
                    "They are estimates of its author; the errata and the review stand beside them on a page of their own."
                ),
                table(
                    ("Article", "Figures"),
                    (
                        (
                            plain(f"{len(clauses)} clauses"),
                            plain(", ".join(f"{row['clause']}: ~{row['percent']} %" for row in clauses))
                            + f"<br>{plain(f'mean {mean:.1f} %')}",
                        ),
                        (
                            plain(f"{len(areas)} sections"),
                            plain(
                                ", ".join(
                                    f"{row['section'].removeprefix('iso42001:')}: {row['level']} ~{row['percent']} %" for row in areas
                                )
                            ),
                        ),
                        (
                            plain(f"{len(rows)} rows of controls"),
                            plain(", ".join(f"{number} {word}" for word, number in levels.items() if number)),
                        ),
                    ),
                ),
                "[Published against reviewed](/requirements/published.md)",
            )
        )
