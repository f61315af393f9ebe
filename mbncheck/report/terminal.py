"""Results as a table for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from mbncheck.locale import number, printable, say
from mbncheck.model import LEARNED, NO_DIACRITICS, Article, CheckResult, Evidence, Rejected, ThemeResult

if TYPE_CHECKING:
    from mbncheck.check.checker import Checker

Item = TypeVar("Item")

LEVEL_STYLES = {"covered": "bold green", "mentioned": "yellow", "absent": "dim"}
LEVEL_SIGNS = {"covered": "●", "mentioned": "◐", "absent": "○"}
HIGHLIGHT = "bold reverse"
BAR_WIDTH = 8
QUOTE_WIDTH = 220
WIDTH_OFF_TERMINAL = 110


class TextReport:
    """Shows results as they come; ``show`` returns how many files were rejected."""

    def __init__(
        self,
        checker: Checker,
        lang: str,
        themes: tuple[str, ...],
        *,
        explain: bool = False,
        quiet: bool = False,
        color: bool | None = None,
    ) -> None:
        self.checker = checker
        self.lang = lang
        self.themes = themes
        self.explain = explain
        self.quiet = quiet
        self.console = Console(no_color=color is False, highlight=False, soft_wrap=False)
        self.errors = Console(stderr=True, no_color=color is False, highlight=False)
        if not self.console.is_terminal:
            self.console.width = max(self.console.width, WIDTH_OFF_TERMINAL)

    @property
    def is_at_terminal(self) -> bool:
        """Whether someone is looking."""
        return self.console.is_terminal

    def with_progress(self, items: Sequence[Item]) -> Iterator[Item]:
        """``items`` as they are asked for, counted by a bar below what is printed, gone at the end."""
        from rich.progress import Progress

        with Progress(console=self.console, transient=True) as progress:
            yield from progress.track(items, description=say(self.lang, "reading"))

    def show(self, outcomes: Iterable[tuple[Article, CheckResult] | Rejected]) -> int:
        """Print every outcome, then the sums where there is more than one."""
        checked = rejected = in_scope = 0
        for outcome in outcomes:
            if isinstance(outcome, Rejected):
                rejected += 1
                self._reject(outcome)
                continue
            article, result = outcome
            checked += 1
            in_scope += result.in_scope
            self._piece(article, result)
        if checked + rejected > 1:
            self._say("summary", read=checked + rejected, checked=checked, rejected=rejected, in_scope=in_scope)
        return rejected

    def _say(self, key: str, **values: object) -> None:
        self.console.print(Text(say(self.lang, key, **values)))

    def _reject(self, rejected: Rejected) -> None:
        reason, remedy = (
            (rejected.reason_en, rejected.remedy_en) if self.lang == "en" else (rejected.reason_vi, rejected.remedy_vi)
        )
        message = say(self.lang, "rejected", path=rejected.place, reason=reason, remedy=remedy)
        self.errors.print(Text(message, style="red"), soft_wrap=True)

    def _piece(self, article: Article, result: CheckResult) -> None:
        if self.quiet:
            line = Text(f"{printable(article.id)}: " if article.id else "")
            self.console.print(line.append_text(self._closing(result)), soft_wrap=True)
            return
        self.console.print(self._heading(article, result))
        for note in result.notes:
            if note.code == NO_DIACRITICS.code and result.no_diacritics:
                continue  # the heading says so
            self.console.print(
                Text(f"{note.code}: {printable(note.message(self.lang))}", style="yellow"), soft_wrap=True
            )
        self.console.print(self._table(article, result))
        if self.explain:
            self._explanation(article, result)
        self.console.print(self._closing(result))
        self.console.print()

    def _heading(self, article: Article, result: CheckResult) -> Text:
        line = Text(printable(article.id) or "-", style="bold")
        if result.in_scope:
            verdict, style = "in_scope", "green"
        elif any(theme.level != "absent" for theme in result.themes.values()):
            verdict, style = "out_of_scope_mentions", "yellow"
        else:
            verdict, style = "out_of_scope", "dim"
        parts = [(say(self.lang, verdict), style)]
        if result.scope_probability is not None:
            value = number(self.lang, min(max(100 * result.scope_probability, 1), 99))  # never certain
            parts.append((say(self.lang, "probability", value=value), "dim"))
        parts.append((say(self.lang, "length", count=number(self.lang, result.length)), "dim"))
        if result.no_diacritics:
            parts.append((say(self.lang, "no_diacritics"), "dim"))
        for words, style in parts:
            line.append(" · ").append(words, style=style)
        return line

    def _table(self, article: Article, result: CheckResult) -> Table:
        table = Table(expand=self.console.is_terminal, show_lines=True, pad_edge=False)
        table.add_column(say(self.lang, "theme"), ratio=3, min_width=24)
        table.add_column(say(self.lang, "level"), no_wrap=True)
        table.add_column(say(self.lang, "share"), no_wrap=True)
        table.add_column(say(self.lang, "evidence"), ratio=6, min_width=36)
        for theme in self.themes:
            found = result.themes[theme]
            table.add_row(self._theme(found), self._level(found), self._bar(found), self._best_evidence(article, found))
        return table

    def _theme(self, found: ThemeResult) -> Text:
        style = "bold" if found.level == "covered" else "" if found.level == "mentioned" else "dim"
        cell = Text()
        cell.append(f"{found.theme} ", style=style)
        cell.append(self.checker.pack.theme_title(found.theme, self.lang), style=style)
        for element in found.elements:
            cell.append(f"\n{element} {self.checker.pack.element_title(element, self.lang)}", style="cyan")
        return cell

    def _level(self, found: ThemeResult) -> Text:
        style = LEVEL_STYLES[found.level]
        cell = Text(f"{LEVEL_SIGNS[found.level]} {say(self.lang, found.level)}", style=style)
        if found.unsure:
            cell.append(f"\n? {say(self.lang, 'unsure')}", style="magenta")
        return cell

    def _bar(self, found: ThemeResult) -> Text:
        if not found.share:
            return Text("")
        filled = max(round(found.share * BAR_WIDTH), 1)
        bar = Text("█" * filled, style=LEVEL_STYLES[found.level])
        bar.append("░" * (BAR_WIDTH - filled), style="dim")
        return bar.append(f"\n{number(self.lang, 100 * found.share)} %")

    def _best_evidence(self, article: Article, found: ThemeResult) -> Group | Text:
        best = found.clearest
        if best is None:
            return Text("–", style="dim")
        lines = [self._quote(article, best, found.evidence), self._position(best)]
        others = len({item.sentence for item in found.evidence}) - 1
        if others:
            lines[1].append(f" · {say(self.lang, 'more', count=others)}", style="dim")
        return Group(*lines)

    def _position(self, item: Evidence) -> Text:
        where = say(self.lang, "position", line=item.line, column=item.column)
        speaker = f" · {say(self.lang, 'speaker', name=item.speaker)}" if item.speaker else ""
        return Text(where + speaker, style="dim")

    def _quote(self, article: Article, item: Evidence, all_items: Iterable[Evidence]) -> Text:
        """The sentence of ``item`` with the evidence words highlighted, cut around them where it is long."""
        start, end = _window(item)
        quote = Text("…" if start > item.sentence[0] else "")
        parts = sorted({part for other in all_items if other.sentence == item.sentence for part in other.parts})
        position = start
        for left, right in parts:
            left, right = max(left, position), min(right, end)
            if left >= right:
                continue
            quote.append(_one_line(article.text[position:left]))
            quote.append(_one_line(article.text[left:right]), style=HIGHLIGHT)
            position = right
        quote.append(_one_line(article.text[position:end]))
        return quote.append("…" if end < item.sentence[1] else "")

    def _explanation(self, article: Article, result: CheckResult) -> None:
        for theme in self.themes:
            found = result.themes[theme]
            if not found.evidence:
                continue
            value = "" if found.probability is None else f" · p = {number(self.lang, found.probability, 2)}"
            self.console.print(Text(f"{theme} · Σ = {number(self.lang, found.total, 1)}{value}", style="bold"))
            for item in found.evidence:
                title = self._rule_title(item)
                line = Text(f"  {item.line}:{item.column} ", style="dim")
                worth = number(self.lang, item.worth, 1)
                likely = "" if item.probability is None else f"; p = {number(self.lang, item.probability, 2)}"
                line.append(f"{item.rule} ", style="cyan").append(f"(+{worth}{likely}) {title}: ")
                self.console.print(line.append(_one_line(item.text), style=HIGHLIGHT), soft_wrap=True)

            self._weights(article, theme)

    def _weights(self, article: Article, theme: str) -> None:
        from mbncheck.report.explanation import feature_in_words  # for --explain alone

        moved = self.checker.explain(article.text, theme, masked=article.masked)
        if moved:
            self.console.print(Text(f"  {say(self.lang, 'weights')}:", style="dim"))
        for name, part in moved:
            value = f"{'+' if part > 0 else '−'}{number(self.lang, abs(part), 2)}"
            words = feature_in_words(name, self.checker.pack, self.lang)
            self.console.print(Text(f"    {value}  {words}", style="dim"), soft_wrap=True)

    def _rule_title(self, item: Evidence) -> str:
        if item.rule.startswith(LEARNED):
            return say(self.lang, "learned")
        return self.checker.pack.rule_title(item.rule, self.lang)

    def _closing(self, result: CheckResult) -> Text:
        """What is missing, and what an editor should read again because the model is not sure of it."""
        closing = self._missing(result)
        unsure = [theme for theme in self.themes if result.themes[theme].unsure]
        if unsure:
            closing.append(" ").append(say(self.lang, "unsure_themes", themes=self._titles(unsure)), style="magenta")
        return closing

    def _titles(self, themes: Iterable[str]) -> str:
        return "; ".join(f"{theme} {self.checker.pack.theme_title(theme, self.lang)}" for theme in themes)

    def _missing(self, result: CheckResult) -> Text:
        by_level: dict[str, list[str]] = {"covered": [], "mentioned": [], "absent": []}
        for theme in self.themes:
            by_level[result.themes[theme].level].append(theme)
        count = len(self.themes)
        if len(by_level["covered"]) == count == 1:
            return Text(say(self.lang, "one_covered", theme=self.themes[0]), style="bold green")
        if len(by_level["covered"]) == count:
            return Text(say(self.lang, "all_covered", count=count), style="bold green")
        if len(by_level["absent"]) == count > 1:
            return Text(say(self.lang, "nothing", count=count), style="bold")
        sentences = []
        for key, level in (("missing", "absent"), ("only_mentioned", "mentioned")):
            if by_level[level]:
                names = self._titles(by_level[level])
                sentences.append(say(self.lang, key, count=len(by_level[level]), themes=names))
        return Text(" ".join(sentences), style="bold")


def _window(item: Evidence) -> tuple[int, int]:
    """The part of the sentence to show: all of it, or what fits around the evidence."""
    start, end = item.sentence
    if end - start <= QUOTE_WIDTH:
        return start, end
    spare = max(QUOTE_WIDTH - (item.end - item.start), 40) // 2
    return max(start, item.start - spare), min(end, item.end + spare)


def _one_line(text: str) -> str:
    """``text`` safe for a terminal: no line breaks, no control characters."""
    return "".join(char if char.isprintable() else " " for char in text)
