"""From bytes to text: every encoding Vietnamese was written in, what is told, what is refused."""

from __future__ import annotations

import json
import random
import re
import unicodedata
from functools import cache

import pytest
from conftest import ROOT, SHARED
from hypothesis import given, settings
from hypothesis import strategies as st
from legacy_writers import WRITERS, abc_cannot, bytes_by_table, cp1258, misread, tcvn3, vni

from mbncheck.errors import EncodingError, ReadError
from mbncheck.text.encodings import ENCODINGS, decode, decode_font, encoding_named
from mbncheck.text.legacy import CODECS

PLAIN = str.maketrans("–—“”‘’…", "--\"\"''.")  # what TCVN 5712, VISCII and VIQR have not
PHRASES = "phòng, chống mua bán người / đường dây nóng"
LINES = [
    "Công an huyện vừa triệt phá một đường dây lừa bán phụ nữ sang bên kia biên giới.",
    "Bà con hãy cảnh giác với lời hứa việc nhẹ, lương cao.",
    "Khi nghi ngờ, hãy gọi ngay tổng đài 111 để được giúp đỡ.",
]


def sentences_of(paths: list[str], folder: str) -> list[str]:
    """Sentences with diacritics from labelled texts, each once."""
    found: dict[str, None] = {}
    for name in paths:
        for line in (ROOT / folder / name).read_text(encoding="utf-8").splitlines():
            for paragraph in json.loads(line)["text"].splitlines():
                for sentence in re.split(r"(?<=[.!?])\s+(?=[A-ZĐÀ-Ỹ])", paragraph.strip()):
                    if 20 <= len(sentence) <= 400 and re.search("[à-ỹđ]", sentence):
                        found[unicodedata.normalize("NFC", sentence)] = None
    return list(found)


@cache
def real_sentences() -> list[str]:
    """500 sentences: of real texts where they are, else of this project's own."""
    if (SHARED / "annotation").is_dir():
        found = sentences_of([f"{name}.jsonl" for name in ("train", "dev", "official")], "../shared/annotation")
    else:
        found = sentences_of(["pieces.jsonl", "official.jsonl", "retold.jsonl"], "corpora")
    random.Random(4).shuffle(found)
    return found[:500]


@pytest.mark.parametrize("form", WRITERS)
def test_round_trip_of_real_sentences(form: str) -> None:
    """Of 500 real sentences, one by one, at least 99 in 100 come back to the letter from each form.

    Where a form has no such character (curly quotes, a capital with a tone in ABC), the sentence is written without.
    """
    right = wrong = 0
    for sentence in real_sentences():
        if form.startswith("tcvn3") and abc_cannot(sentence):
            continue
        try:
            raw = WRITERS[form](sentence)
        except (KeyError, UnicodeEncodeError):
            sentence = sentence.translate(PLAIN)
            try:
                raw = WRITERS[form](sentence)
            except (KeyError, UnicodeEncodeError):
                continue  # a letter or sign of another language
        came_back = unicodedata.normalize("NFC", decode(raw).text) == sentence
        right, wrong = right + came_back, wrong + (not came_back)
    assert right + wrong >= 430
    assert right >= 0.99 * (right + wrong)


@pytest.mark.parametrize("encoding", ["cp1258", "tcvn3", "tcvn5712", "vni", "viscii", "viqr"])
def test_what_was_guessed_is_told(encoding: str) -> None:
    """A reading that was found out is named, with its confidence, by MBN901; a forced one is certain."""
    text = "\n".join(LINES)
    found = decode(WRITERS[encoding](text))
    assert (found.text, [note.code for note in found.notes]) == (text, ["MBN901"])
    # TCVN 5712 and ABC differ in capitals with a tone only, of which there are none here.
    assert found.encoding == ("tcvn3" if encoding == "tcvn5712" else encoding)
    assert found.confidence > 0.95
    assert encoding_named(found.encoding).upper() in found.notes[0].message_vi
    forced = decode(WRITERS[encoding](text), encoding)
    assert (forced.text, forced.encoding, forced.confidence, forced.notes) == (text, encoding, 1.0, ())


@pytest.mark.parametrize(
    ("shown", "encoding"),
    [
        ("phßng, chèng mua b¸n ng\u00adêi / ®\u00adêng d©y nãng", "tcvn3"),
        ("phoøng, choáng mua baùn ngöôøi / ñöôøng daây noùng", "vni"),
        ("phòng, ch¯ng mua bán ngß¶i / ðß¶ng dây nóng", "viscii"),
        ("phoÌng, chôìng mua baìn ngýõÌi / ðýõÌng dây noìng", "cp1258"),
    ],
)
def test_known_strings(shown: str, encoding: str) -> None:
    """What Windows shows of old texts is what the published tables say, as bytes and saved again as UTF-8."""
    assert decode(shown.encode("cp1252")).text == PHRASES
    mended = decode(shown.encode())
    if encoding != "cp1258":  # composed and loose tones both: too near to plain Latin to be mended unasked
        assert (mended.text, [note.code for note in mended.notes]) == (PHRASES, ["MBN903"])


def test_capitals_of_abc() -> None:
    """Capitals that ABC fonts lack come back where the rest of the word or line is in capitals, and only there."""
    heading = "TĂNG CƯỜNG PHÒNG, CHỐNG MUA BÁN NGƯỜI\nÔng Lý Hà ở UBND TỈNH nói: Bà Tư đã về.\nHÀ NỘI"
    assert decode(tcvn3(heading)).text == heading


def test_a_letter_that_is_often_lost() -> None:
    """The ư of TCVN3 is a soft hyphen, which programs drop: it is put back where only it makes a word, and told."""
    text = "Nước bạn đưa người về; người được cứu như mọi người, trên những con đường lớn.\nTRƯỜNG HỌC"
    found = decode(tcvn3(text).replace(b"\xad", b""))
    assert found.text == text.replace("đưa", "đa")  # which is a word as well
    assert [note.code for note in found.notes] == ["MBN901", "MBN903"]
    whole = decode(tcvn3(text))
    assert (whole.text, len(whole.notes)) == (text, 1)


def test_quotes_of_word_processors() -> None:
    """Curly quotes and dashes that Word put into ABC texts are no letters."""
    text = f"“{LINES[0]}” – {LINES[1]}"
    raw = b"\x93" + tcvn3(LINES[0]) + b"\x94 \x96 " + tcvn3(LINES[1])
    assert decode(raw).text == text


@pytest.mark.parametrize("encoding", ["cp1258", "tcvn3", "vni", "viscii"])
def test_two_encodings_in_one_file(encoding: str) -> None:
    """A file put together from UTF-8 and something older is read line by line, and told by line."""
    raw = "\n".join(LINES).encode() + b"\r\n" + WRITERS[encoding](LINES[0]) + b"\n"
    found = decode(raw)
    assert found.text == "\n".join(LINES) + f"\r\n{LINES[0]}\n"
    assert found.encoding == f"utf-8 + {encoding}"
    assert [note.code for note in found.notes] == ["MBN902"]
    assert "dòng 4" in found.notes[0].message_vi


@pytest.mark.parametrize("form", ["utf-8 as cp1252", "tcvn3 as cp1252", "vni as cp1252", "references"])
def test_wrong_readings_among_right_ones(form: str) -> None:
    """Lines that went through a wrong reading are mended where the others are right, and told by line."""
    found = decode("\n".join(LINES).encode() + b"\n" + WRITERS[form](LINES[1]))
    assert found.text == "\n".join([*LINES, LINES[1]])
    assert [(note.code, "(dòng 4)" in note.message_vi) for note in found.notes] == [("MBN903", True)]


@pytest.mark.parametrize(
    "text",
    [
        "ĐÃ\u00a0BẮT NGHI PHẠM",
        "Dòng họ Núñez ở São Paulo gửi 5 µg, ± 3 °C; ® là nhãn hiệu, CAFÉ» là tên quán.",
        "Bon Bu Prâng, nau mpôl bu nông ƀư ŭ tă lah ngơi kơt nây.",
        "Lah a[aơ bu ch^ng gong [ư đê| nau t^ng",
        "AT&T và R&D; mã &#x; không phải chữ",
        "Ta ghét ai? Ta yêu. (a) + b^2 = c",
    ],
)
def test_what_is_right_stays(text: str) -> None:
    """Text that is odd but right comes out as it went in, without a note."""
    found = decode(text.encode())
    assert (found.text, found.notes) == (text, ())


def test_damaged_characters() -> None:
    """A letter cut at the end of a file is shown as damaged and told; the rest is read."""
    raw = "\n".join([*LINES, "Hết giờ"]).encode()[:-1]
    found = decode(raw)
    assert found.text == "\n".join([*LINES, "Hết gi"]) + "\ufffd"
    assert [note.code for note in found.notes] == ["MBN904"]
    assert found.confidence < 1


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Chi oi, ben em dang tuyen nguoi lam viec nhe luong cao, bao an o, lien he Zalo ngay nhe.", ["MBN905"]),
        ("The committee will meet again on Thursday to discuss the annual report.", []),
        ("", []),
    ],
)
def test_without_diacritics(text: str, codes: list[str]) -> None:
    """Vietnamese typed without diacritics is told from English, and from nothing."""
    found = decode(text.encode())
    assert (found.text, [note.code for note in found.notes]) == (text, codes)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"PK\x03\x04\0\0", "binary, not a text"),
        (bytes(range(7, 32)) + b"\xff", "binary, not a text"),
        (b"abc\xff", "not UTF-8 (byte 4 is wrong)"),
        (b"\xff", "not UTF-8 (byte 1 is wrong)"),
        (b"\xff\xfea\0b", "not UTF-16"),
        ("Le café est fermé à Noël, dès l'été où ça gêne".encode("latin-1"), "not UTF-8"),
    ],
)
def test_refused(raw: bytes, reason: str) -> None:
    """Binary data and what no encoding of Vietnamese fits is refused with reason and remedy."""
    with pytest.raises(ReadError) as caught:
        decode(raw)
    assert isinstance(caught.value, EncodingError)
    assert caught.value.reason_en.startswith(reason)
    assert all((caught.value.reason_vi, caught.value.remedy_vi, caught.value.remedy_en))


@pytest.mark.parametrize(
    ("raw", "encoding", "reason"),
    [
        ("chống".encode(), "ascii", "not ASCII (byte 3 is wrong)"),
        (b"a\x81b\xd2\xff", "cp1252", "not CP1252"),
        (b"a", "klingon", "no encoding 'klingon'"),
        (b"a", "base64", "no encoding 'base64'"),
        (b"a", "", "no encoding ''"),
    ],
)
def test_forced_wrongly(raw: bytes, encoding: str, reason: str) -> None:
    """A forced encoding that does not fit, and one that is none, is told."""
    with pytest.raises(EncodingError) as caught:
        decode(raw, encoding)
    assert caught.value.reason_en.startswith(reason)


def test_names_of_encodings() -> None:
    """Every name is known, in any case, and so are the usual other names."""
    assert [encoding_named(name.upper()) for name in ENCODINGS] == list(ENCODINGS)
    assert encoding_named("ABC") == "tcvn3"
    assert encoding_named("windows-1258") == "cp1258"
    assert encoding_named("iso-8859-15") == "iso8859-15"
    assert set(CODECS) <= set(ENCODINGS)


@given(st.binary(max_size=200))
@settings(derandomize=True, deadline=None, max_examples=300)
def test_any_bytes(raw: bytes) -> None:
    """Any bytes are either read or refused as no text; what is UTF-8 without signs of a mistake is not changed."""
    try:
        found = decode(raw)
    except EncodingError:
        return
    assert isinstance(found.text, str)
    assert 0 <= found.confidence <= 1


@given(st.text(st.characters(codec="utf-8"), max_size=80))
@settings(derandomize=True, deadline=None, max_examples=300)
def test_utf_8_is_always_read(text: str) -> None:
    """Whatever is UTF-8 without NUL is read, and changed only with a note."""
    if "\0" in text or text.startswith("\ufeff"):
        return
    found = decode(text.encode())
    assert found.text == text or found.notes


@pytest.mark.parametrize(
    ("shown", "font", "text"),
    [
        ("phßng, chèng mua b¸n ng\u00adêi", ".VnTime", "phòng, chống mua bán người"),
        ("Céng hoµ x· héi chñ nghÜa", ".VnTimeH", "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA"),
        ("phoøng, choáng mua baùn ngöôøi", "VNI-Times", "phòng, chống mua bán người"),
        ("ÑÖÔØNG DAÂY NOÙNG", "vni-helve", "ĐƯỜNG DÂY NÓNG"),
        ("“ma tuý” – 100 €", "Times New Roman", "“ma tuý” – 100 €"),
        ("“b¸n” – ọ", ".VnArial", "“bán” – ọ"),
        ("", ".VnTime", ""),
    ],
)
def test_fonts(shown: str, font: str, text: str) -> None:
    """Runs in ABC and VNI fonts are read as these fonts show them; others, and characters they lack, stay."""
    assert decode_font(shown, font) == text


def test_old_text_saved_as_utf_16() -> None:
    """UTF-16 in either byte order is read with its mark, and told where the mark is gone."""
    text = "\n".join(LINES)
    for encoding in ("utf-16-le", "utf-16-be"):
        assert [note.code for note in decode(text.encode(encoding)).notes] == ["MBN901"]
    assert decode(text.encode("utf-16")).notes == ()


def test_writers_differ() -> None:
    """The writers of these tests write different bytes, so that one table cannot stand for another."""
    written = {name: write(LINES[0]) for name, write in WRITERS.items()}
    assert len({*written.values()}) == len(written) - 1  # TCVN 5712 and ABC differ in capitals alone
    assert written["tcvn3"] == bytes_by_table("tcvn5712")(LINES[0])
    assert misread(vni)(LINES[0]) != vni(LINES[0]) != cp1258(LINES[0])
