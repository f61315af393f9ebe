"""Messages: the same keys and values in both languages, safe for a terminal."""

from __future__ import annotations

import ast
import string

import pytest
from conftest import ROOT

from mbncheck.locale import LANGUAGES, number, printable, say
from mbncheck.locale.en import MESSAGES as EN
from mbncheck.locale.vi import MESSAGES as VI


def fields(message: str) -> set[str]:
    """The values that a message asks for."""
    return {name for _, name, _, _ in string.Formatter().parse(message) if name}


def test_both_languages_say_the_same() -> None:
    """Each message exists in both languages and asks for the same values."""
    assert set(VI) == set(EN)
    for key in VI:
        assert fields(VI[key]) == fields(EN[key]), key
        assert VI[key].strip(), key


def test_every_message_asked_for_is_there() -> None:
    """No code asks for a message that is not there."""
    for path in sorted((ROOT / "mbncheck").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                key = node.args[1]
                if isinstance(key, ast.Constant):
                    assert key.value in VI, f"{path}: {key.value!r}"


@pytest.mark.parametrize(
    ("value", "decimals", "vi", "en"),
    [
        (1234.5, 1, "1.234,5", "1,234.5"),
        (0.5, 0, "0", "0"),
        (1e6, 0, "1.000.000", "1,000,000"),
        (-0.25, 2, "-0,25", "-0.25"),
    ],
)
def test_numbers(value: float, decimals: int, vi: str, en: str) -> None:
    """Numbers are written as each language writes them."""
    assert (number("vi", value, decimals), number("en", value, decimals)) == (vi, en)


def test_printable() -> None:
    """One line, without anything that a terminal would obey; letters and marks stay."""
    shown = "Nạn mua  bán \ufffd[31mngười\ufffd\ufffd\ufffd ạ a\u0323"
    assert printable("Nạn\tmua\r\nbán \x1b[31mngười\x07\u202e\ud800 ạ a\u0323") == shown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_values_are_made_safe(lang: str) -> None:
    """What comes from outside is made safe when it is said."""
    assert "\x1b" not in say(lang, "written", path="\x1b[31m")
    assert "{x}" in say(lang, "written", path="{x}")
