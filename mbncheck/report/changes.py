"""What changes between two packs or models, for a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from mbncheck.check.checker import Checker
from mbncheck.evaluate.changes import SCOPE, Change, Difference, Tally, level_word
from mbncheck.locale import number, printable, say

SHOWN = 5  # pieces of evidence on each side; all of them stand in the JSON
QUOTE_WIDTH = 100
SIDES = (("gone", "−", "red"), ("new", "+", "green"), ("kept", "=", "dim"))


class ChangesReport:
    """Shows changes as they come, then the sums."""

    def __init__(self, old: Checker, new: Checker, lang: str, *, color: bool = True) -> None:
        self.old = old
        self.new = new
        self.lang = lang
        self.console = Console(no_color=not color, highlight=False, markup=False)

    def heading(self) -> None:
        """Which two are compared."""
        for sign, checker in (("−", self.old), ("+", self.new)):
            reference = checker.pack.reference
            model = checker.reader.name if checker.reader else say(self.lang, "model_none")
            pack = f"{reference.id} {reference.version} ({reference.hash[:12]})"
            self.console.print(
                f"{sign} {say(self.lang, 'compared', pack=pack, model=model)}", style="bold", soft_wrap=True
            )

    def show(self, change: Change) -> None:
        """One piece that changes."""
        article = change.article
        about = [article.id or "-", article.outlet or "", article.published.isoformat() if article.published else ""]
        self.console.print()
        self.console.print(Text(" · ".join(printable(part) for part in about if part), style="bold"), soft_wrap=True)
        for name, difference in change.differences.items():
            self._difference(name, difference)

    def _difference(self, name: str, difference: Difference) -> None:
        line = Text(f"  {self._name(name)}: ")
        line.append(say(self.lang, level_word(name, difference.before))).append(" → ")
        line.append(say(self.lang, level_word(name, difference.after)), style="bold")
        before, after = (
            "–" if value is None else f"{number(self.lang, 100 * value)} %" for value in difference.probabilities
        )
        if (before, after) != ("–", "–"):
            line.append(f" ({before} → {after})", style="dim")
        self.console.print(line, soft_wrap=True)
        for side, sign, style in SIDES:
            items = getattr(difference, side)
            for item in items[:SHOWN]:
                shown = Text(f"    {sign} {item.rule} {item.line}:{item.column} ", style=style)
                self.console.print(shown.append(_short(printable(item.text))), soft_wrap=True)
            if len(items) > SHOWN:
                more = say(self.lang, "more", count=len(items) - SHOWN)
                self.console.print(Text(f"    {sign} {more}", style=style))

    def _name(self, name: str) -> str:
        if name == SCOPE:
            return say(self.lang, "scope")
        checker = self.new if name in self.new.pack.themes else self.old
        return f"{name} {checker.pack.theme_title(name, self.lang)}"

    def closing(self, tally: Tally, rejected: int) -> None:
        """The sums: how many pieces moved from which level to which."""
        self.console.print()
        if tally.moves:
            table = Table(say(self.lang, "theme"), say(self.lang, "before"), say(self.lang, "after"))
            table.add_column(say(self.lang, "pieces"), justify="right")
            for (name, before, after), count in sorted(tally.moves.items()):
                words = (say(self.lang, level_word(name, level)) for level in (before, after))
                table.add_row(say(self.lang, "scope") if name == SCOPE else name, *words, str(count))
            self.console.print(table)
        counts = {"checked": tally.checked, "changed": tally.changed, "rejected": rejected}
        self.console.print(say(self.lang, "changes", **counts))


def _short(text: str) -> str:
    return text if len(text) <= QUOTE_WIDTH else f"{text[: QUOTE_WIDTH - 1]}…"
