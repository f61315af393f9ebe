"""The shadow text and its map."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mbncheck.text import normalise as module
from mbncheck.text.diacritics import fold, lacks_diacritics
from mbncheck.text.normalise import normalise
from mbncheck.text.shadow import Shadow

LETTERS = "aàảãáạăằâậbcdđeèêếghiìíỉklmnoòóọôồơờpqrstuùúụưứvxyỳýỷỵ"
SYLLABLES = ["hoà", "hòa", "thuỷ", "thủy", "quý", "quí", "lý", "lí", "kỹ", "toàn", "người", "bị", "lừa", "bán"]
ODD = (
    "\u200b\u00ad\ufeff\u202e\u0301\u0302\u0323\u031b\u00a0\u3000\t\n\r\u2028\0\ud800"
    "ßŉİǰſðÐƉＡ９–—“”‘’´…👮\u200d♀\ufe0f각\u1100\u1161\u11a8 ,.-'\""
)

vietnamese = st.text(alphabet=LETTERS + LETTERS.upper() + "  .,-\n", max_size=120)
odd = st.text(alphabet=LETTERS + LETTERS.upper() + ODD, max_size=60)
any_text = st.one_of(st.text(st.characters(), max_size=60), odd, vietnamese)
wrapped = st.lists(
    st.lists(st.sampled_from([*SYLLABLES, "Nguyễn", "Cô,", "Hà."]), min_size=1, max_size=16).map(" ".join), max_size=8
).map("\n".join)
same = settings(derandomize=True, deadline=None, max_examples=300)


def shadow_of(text: str) -> str:
    """Only the text of the shadow."""
    return normalise(text).text


@pytest.mark.parametrize(
    ("variants", "shadow"),
    [
        (("hoà bình", "hòa bình", "HOÀ BÌNH", "Hoa\u0300 bi\u0300nh"), "hòa bình"),
        (("khoẻ", "khỏe", "KHOẺ"), "khỏe"),
        (("thuỷ", "thủy", "Thuỷ,", "thủy,"), None),
        (("tòan", "toàn", "TÒAN"), "toàn"),
        (("qúa", "quá"), "quá"),
        (("gía", "giá"), "giá"),
        (("tíêng", "tiếng", "ti\u00e9\u0302ng", "tie\u0301\u0302ng"), "tiếng"),
        (("lý do", "lí do"), "lí do"),
        (("quý", "quí", "QUÝ"), "quí"),
        (("công ty", "công ti"), "công ti"),
        (("đồng", "ðồng", "Ðồng", "Ɖồng", "ĐỒNG"), "đồng"),
        (("a – b", "a — b", "a − b", "a - b"), "a - b"),
        (("“a” ‘b’", "\"a\" 'b'", "«a» ´b´"), "\"a\" 'b'"),
        (("mua bán", "mua\u00a0bán", "mua \u200b bán", "mua\t bán", "mu\u00ada bán", "\ufeffmua bán"), "mua bán"),
        (("a\nb", "a\r\nb", "a \n\n \u00a0\nb", "a\u2028b", "a\n\u200b\nb"), "a\nb"),
        (("ＳＩＭ ９", "𝐒𝐈𝐌 𝟗", "sim 9"), "sim 9"),
    ],
)
def test_variants_share_one_shadow(variants: tuple[str, ...], shadow: str | None) -> None:
    """The many spellings of one text have one shadow."""
    shadows = {v.rstrip(",") if shadow is None else v for v in map(shadow_of, variants)}
    assert len(shadows) == 1
    assert shadow is None or shadows == {shadow}


@pytest.mark.parametrize(
    "text", ["toàn", "ngoài", "quỳnh", "huynh", "hoãn", "vy", "chuyên", "khuỵu", "gìn giữ", "ngày"]
)
def test_right_spellings_stay(text: str) -> None:
    """What has one right spelling is left as it is."""
    assert shadow_of(text) == text


def test_only_wrapped_lines_are_joined() -> None:
    """A line end inside a sentence is a space; after a short line or a full stop it stays."""
    line = "Bộ đội biên phòng vừa giải cứu hai phụ nữ bị lừa"
    assert shadow_of(f"{line}\nbán qua biên giới") == f"{line} bán qua biên giới".casefold()
    assert shadow_of(f"{line}\r\n  bán qua") == f"{line} bán qua".casefold()
    for kept in (f"{line}.\nbán", f"{line}\n\nbán", f"{line}\nBán", "Hai phụ nữ\nbị lừa"):
        assert "\n" in shadow_of(kept)


def test_original_keeps_marks_with_their_letter() -> None:
    """A span of the shadow never cuts a decomposed letter of the original."""
    text = unicodedata.normalize("NFD", "bị lừa bán")
    shadow = normalise(text)
    start = shadow.text.index("lừa")
    a, b = shadow.original(start, start + 3)
    assert unicodedata.normalize("NFC", text[a:b]) == "lừa"
    assert shadow.original(start + 1, start + 2) == (a + 1, a + 4)
    loose = normalise("x\u0323y")
    assert loose.original(0, 1) == loose.original(1, 2) == (0, 2)


def test_original_of_changed_lengths() -> None:
    """Gaps, removed characters and long foldings map to what they stand for."""
    shadow = normalise("  Mua\u200b \t bá\u00adn\n\nStraße ")
    assert shadow.text == "mua bán\nstrasse"
    assert shadow.original(0, 3) == (2, 5)
    assert shadow.original(3, 4) == (6, 9)
    assert shadow.original(4, 7) == (9, 13)
    assert shadow.original(7, 8) == (13, 15)
    assert shadow.original(12, 13) == shadow.original(13, 14) == (19, 20)
    assert shadow.shadow(2, 5) == (0, 3)
    assert shadow.shadow(9, 13) == (4, 7)


def test_spans_out_of_range_are_refused() -> None:
    """A span that is none raises, on either side."""
    shadow = normalise("a  b")
    for bad in ((-1, 1), (2, 1), (0, 5)):
        with pytest.raises(ValueError, match="span"):
            shadow.original(*bad)
        with pytest.raises(ValueError, match="span"):
            shadow.shadow(*bad)


@same
@given(st.one_of(any_text, wrapped))
def test_idempotent(text: str) -> None:
    """Normalising a shadow changes nothing, not even a length."""
    once = normalise(text)
    twice = normalise(once.text)
    assert twice.text == once.text
    assert unicodedata.is_normalized("NFC", once.text)


@same
@given(st.one_of(vietnamese, wrapped))
def test_composed_and_decomposed_agree(text: str) -> None:
    """NFC, NFD and mixtures of both have the same shadow."""
    decomposed = unicodedata.normalize("NFD", text)
    half = text[: len(text) // 2] + unicodedata.normalize("NFD", text[len(text) // 2 :])
    assert shadow_of(text) == shadow_of(decomposed) == shadow_of(half)


@same
@given(st.lists(st.sampled_from(["hoà", "khoẻ", "thuỷ", "loè", "uý", "Toà"]), max_size=8))
def test_tone_placements_agree(syllables: list[str]) -> None:
    """New and old tone placement have the same shadow."""
    old = {"hoà": "hòa", "khoẻ": "khỏe", "thuỷ": "thủy", "loè": "lòe", "uý": "úy", "Toà": "Tòa"}
    assert shadow_of(" ".join(syllables)) == shadow_of(" ".join(map(old.__getitem__, syllables)))


@same
@given(any_text)
def test_map_is_monotone_and_in_range(text: str) -> None:
    """Characters of the shadow map to spans in order, and together they lie inside the text."""
    shadow = normalise(text)
    last = (0, 0)
    for i in range(len(shadow.text)):
        a, b = shadow.original(i, i + 1)
        assert 0 <= a < b <= len(text)
        assert a >= last[1] or (a, b) == last
        last = (a, b)
        low, high = shadow.shadow(a, b)
        assert low <= i < high
    assert shadow.length == len(text)
    for i in range(len(text) + 1):
        assert 0 <= shadow.shadow(i, i)[0] <= len(shadow.text)


@same
@given(any_text)
def test_a_token_maps_to_what_normalises_to_it(text: str) -> None:
    """The original of each token of the shadow has that token as its shadow."""
    shadow = normalise(text)
    start = 0
    for token in shadow.text.replace("\n", " ").split(" "):
        a, b = shadow.original(start, start + len(token))
        if token:
            assert shadow_of(text[a:b]) == token
        start += len(token) + 1


@same
@given(st.one_of(vietnamese, wrapped))
def test_the_short_way_changes_nothing(text: str) -> None:
    """The careful way, character by character, gives the same shadow and map as the quick one."""
    quick = normalise(text)
    slow = _carefully(text)
    assert quick.text == slow.text
    for i in range(len(quick.text)):
        assert quick.original(i, i + 1) == slow.original(i, i + 1)


def _carefully(text: str) -> Shadow:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_ODD", re.compile(""))
        return normalise(text)


def test_every_character_is_settled() -> None:
    """Each character of Unicode, alone and after a letter, has a stable shadow."""
    for code in [*range(0x3100), *range(0xD7A0, 0xE010), *range(0xF900, 0x10000), *range(0x1D400, 0x1D800)]:
        for text in (chr(code), "a" + chr(code)):
            shadow = shadow_of(text)
            assert shadow_of(shadow) == shadow, hex(code)


@pytest.mark.parametrize(
    "text", ["\0", "\u0301" * 100_000, "\u200b" * 100_000, " " * 100_000, "\n\n" * 50_000, "ớ" * 99_999]
)
def test_long_odd_texts_are_quick(text: str) -> None:
    """A hundred thousand odd characters take less than three seconds."""
    start = time.perf_counter()
    normalise(text)
    normalise(unicodedata.normalize("NFD", text))
    assert time.perf_counter() - start < 3


@same
@given(any_text)
def test_fold_keeps_the_length(text: str) -> None:
    """Folding maps character to character and leaves no Vietnamese letter with a diacritic."""
    shadow = shadow_of(text)
    folded = fold(shadow)
    assert len(folded) == len(shadow)
    assert not set(folded) & set("àảãáạăâđèêìòôơùưỳ")


def test_fold_of_vietnamese() -> None:
    """Every Vietnamese letter has its base."""
    assert fold("đường dây nóng: lừa đảo, ỷ lại") == "duong day nong: lua dao, y lai"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tuyen nguoi di lam viec nhe luong cao o Campuchia, bao an o, lien he ngay", True),
        ("Con oi me dang o cua khau, goi dien cho chu cong an nhe", True),
        ("Tuyển người đi làm việc nhẹ lương cao ở Campuchia, bao ăn ở", False),
        ("The ministry launched a new campaign against trafficking in persons last week", False),
        ("Please send me the report about children before the meeting starts", False),
        ("alo", False),
        ("1234567890 - 0987654321 - 111 - 113 - 115", False),
        ("", False),
    ],
)
def test_lacks_diacritics(text: str, expected: bool) -> None:
    """Bare Vietnamese is recognised; Vietnamese, English, numbers and short texts are not taken for it."""
    assert lacks_diacritics(shadow_of(text)) is expected
