"""Text typed without diacritics, as in many SMS: how to know it, and how to make any text look like it."""

from __future__ import annotations

import re
import unicodedata


class _Bases(dict[int, str]):
    def __missing__(self, code: int) -> str:
        letter = unicodedata.normalize("NFD", chr(code))
        plain = letter[0] if all(map(unicodedata.combining, letter[1:])) else chr(code)
        self[code] = plain
        return plain


_bases = _Bases({ord("đ"): "d", ord("Đ"): "D"})


def fold(shadow_text: str) -> str:
    """``shadow_text`` without diacritics, character by character; the length stays."""
    return shadow_text.translate(_bases)


_WORD = re.compile(r"[^\W\d_]+")
_BARE_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ch|ph|qu|th|tr|[bcdghklmnprstvx])?"
    r"(?:a(?:ch|nh|ng|[cimnoptuy])?|e(?:nh|ch|ng|[cmnoptu])?|i(?:nh|ch|[mnptu])?"
    r"|o(?:ng|oc|[cimnpt])?|u(?:ng|[cimnpt])?|y"
    r"|ia|ie(?:ng|[cmnptu])|ye(?:ng|[mntu])|oa(?:ng|nh|ch|[cimnopty])?|oe(?:[mnot])?"
    r"|ua(?:ng|[nty])?|uo(?:ng|[cimnptu])?|uu|ue(?:nh|ch)?|uy(?:nh|ch|a|u|en|et|[nt])?)"
)
_MIN_LETTERS = 20
_DIACRITICS_PER_LETTER = 0.01
_SYLLABLES_PER_WORD = 0.7


def lacks_diacritics(shadow_text: str) -> bool:
    """Whether ``shadow_text`` is Vietnamese typed without diacritics, as in many SMS.

    At least 20 ASCII letters, a diacritic on fewer than one letter in a hundred, and most words
    must be possible Vietnamese syllables, which sets English apart.
    """
    ascii_text = shadow_text.encode("ascii", "ignore").decode("ascii")
    if len(ascii_text) < 0.9 * len(shadow_text):
        return False  # ordinary Vietnamese, found out quickly
    letters = sum(map(str.isalpha, shadow_text))
    plain = sum(map(str.isalpha, ascii_text))
    if plain < _MIN_LETTERS or letters - plain >= _DIACRITICS_PER_LETTER * letters:
        return False
    words = _WORD.findall(shadow_text)
    syllables = sum(_BARE_SYLLABLE.fullmatch(word) is not None for word in words)
    return syllables >= _SYLLABLES_PER_WORD * len(words)
