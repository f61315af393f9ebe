"""What a broadcast script holds beside the words that are said: labels, cues, time codes, columns, the sheet's head.

Whether a text is a script at all is told by ``strength``; words shown on the screen (*Chữ chạy: …*) stay in the text,
since the audience reads them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from mbncheck.model import Span
from mbncheck.read.dates import parse_duration

__all__ = ["Element", "Kind", "elements_of", "strength"]

Kind = Literal["label", "cue", "time", "head", "table", "caption", "opening"]


@dataclass(frozen=True, slots=True)
class Element:
    """A part of a script that is not said: ``kind``, where it stands, and what it tells.

    ``label``: a speaker's label (``name``; empty where it ends the speaker before). ``cue``: music, pictures, how to
    read; ``seconds`` where it is a tape of that length (``name`` ``"tape"`` where it tells a tape's first or last
    words). ``time``: a time code; ``seconds`` from the start, and ``name`` ``"end"`` for the second of a pair.
    ``head``: who made it, when it is on air; ``seconds`` where it states the length. ``table``: a cell that is not
    said, with ``seconds`` in the duration column, or the head of the columns (``name`` ``"columns"``). ``caption``:
    the label of words on the screen (``words`` is where they stand). ``opening``: words said that only a broadcast
    opens or closes with.
    """

    kind: Kind
    start: int
    end: int
    name: str = ""
    seconds: float | None = None
    words: Span | None = None


# --- what it looks for -----------------------------------------------------------------------------------

_HOSTS = (
    r"ptv|mc|btv|phát thanh viên|dẫn chương trình|người dẫn(?: chuyện| chương trình)?|lời dẫn|ld|lời bình|lb|vo"
    r"|lời xướng|lời kết|lời chào|người đọc|xướng ngôn viên|biên tập viên"
)
_GUESTS = r"pv|phóng viên|hỏi|đáp|khách mời|nhân vật|lời|thính giả|giọng (?:nam|nữ)|nhà báo"
_INTERVIEWED = r"phỏng vấn|phát biểu|pb|sync|băng"
_PERSONS = (
    r"ông|bà(?! con)|anh(?! em| chị)|chị(?! em)|em|cháu|cô(?! bác| chú)|chú(?! ý)|bác|đồng chí|đ/c|bạn|luật sư|sư"
    r"|linh mục|già làng|trưởng|phó|đại|thượng|trung|thiếu|chuyên gia|cán bộ|nạn nhân|nghệ sĩ|bác sĩ|thầy|cô giáo"
    r"|một (?:chị|anh|bác|người)"
)
_CAPITAL = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
_TAIL = r"(?:[ \t]*\([^()\n]{0,80}\))*[ \t]*[:：](?![/\d])[ \t]*"
_LABEL = re.compile(
    rf"[ \t]*[-–•*_]*[ \t]*(?P<name>(?:{_HOSTS}|{_GUESTS})(?:[ \t]?\d{{1,2}})?(?:[ \t]+(?:nam|nữ|sync|hỏi|trả lời))?"
    rf"|(?:{_INTERVIEWED}|pv)\b[^:：()\n]{{0,60}}){_TAIL}",
    re.IGNORECASE,
)
_ANY_LABEL = re.compile(
    rf"[ \t]*[-–•]?[ \t]*(?P<name>[{_CAPITAL}][^\s:：()\n.!?;]*(?:[ \t][^\s:：()\n.!?;]+){{0,6}})"
    rf"{_TAIL}(?=[{_CAPITAL}\"“]|$)"
)
_PERSON = re.compile(rf"(?:{_PERSONS})\b", re.IGNORECASE)
_NO_NAME = re.compile(
    r"đường dây|tổng đài|hotline|số|địa chỉ|lưu ý|chú ý|điều|khoản|bước|cách|thứ|tin|bài|phần|mục|nguồn|ảnh|ghi chú"
    r"|dấu hiệu|ví dụ|kết luận|chuyên mục|chương trình|chủ đề|tiêu đề|thông điệp|khẩu hiệu",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"[ \t]*[-–•(\[]?[ \t]*(?:chữ(?: chạy| hiện| trên màn hình)?|bảng chữ|banner|phụ đề|đồ họa chữ)[ \t]*:[ \t]*", re.I
)
_HEAD = re.compile(
    r"[ \t]*(?:(?:tổng )?thời lượng|thời gian(?: phát)?(?: sóng)?|giờ phát(?: sóng)?|ngày phát(?: sóng)?|phát(?: sóng)?"
    r"|thực hiện|biên tập(?: viên)?|biên kịch|kịch bản|đạo diễn|quay phim|hình ảnh và dựng|dựng(?: phim)?|thể hiện"
    r"|kỹ thuật(?: viên)?|trình bày|duyệt|người duyệt|chịu trách nhiệm[^:\n]{0,30}|nhóm thực hiện|tổ chức sản xuất"
    r"|người viết|tác giả|file|tệp|băng số|mã băng)[ \t]*:[ \t]*\S.*$",
    re.IGNORECASE,
)
_CAST = re.compile(r"[ \t]*(?:khách mời|nhân vật|tham gia)[ \t]*:[ \t]*\S.*$", re.IGNORECASE)
_CUE_WORDS = (
    r"nhạc|tiếng (?:động|gà|loa|vỗ|cười|khóc|xe|còi|chuông|mưa|gió|sóng|hát|trống|chân|súng|ồn|chổi)|trống|hình\b|cảnh"
    r"|cận|toàn cảnh|trung cảnh|quay|flycam|lia|đọc|phát (?:chậm|lại|băng|nhạc)|lặp|nhắc lại|nói chậm|chậm|ngừng|nghỉ"
    r"|dừng|giọng|nhấn|băng|hết băng|trả băng|cười|im lặng|nhỏ dần|to dần|mờ dần|làm mờ|che mặt|đổi giọng|logo|lên hình"
    r"|off\b|voice|hiện trường|phỏng vấn|từ đầu|đến cuối|nền\b|chèn"
)
_CUE_IN_LINE = re.compile(rf"[(\[][ \t]*(?:{_CUE_WORDS})[^()\[\]\n]{{0,160}}[)\]][ \t]*", re.IGNORECASE)
_CUE_LINE = re.compile(
    r"[ \t]*[-–•*]?[ \t]*(?:(?:nhạc(?: hiệu| cắt| nền| kết| chuyển| dạo)?|tiếng(?: động)?|hình(?: ảnh| hiệu)?"
    r"|cảnh(?: \d+)?|cận cảnh|toàn cảnh|trả băng|hết băng|từ đầu|đến cuối|âm thanh|logo)[ \t]*[:(\[–-].*"
    r"|(?:nhạc (?:hiệu|cắt|nền|kết|chuyển|dạo)|trả băng|hết băng|hình hiệu|tiếng động)\b.{0,60}(?<![.!?]))$",
    re.IGNORECASE,
)
_PLAIN_CUE = re.compile(
    rf"[ \t]*[(\[][^()\n]{{0,40}}?(?:đọc \w+ lần|đọc lại)|[ \t]*[(\[][ \t]*(?:{_CUE_WORDS})", re.IGNORECASE
)
_OWN_LINE_CUE = re.compile(
    r"[ \t]*\([^()\n]*(?:nhạc|tiếng|hình|cảnh|giây|đọc|phát|dẫn|quay|chương trình|đài|kênh|trống)[^()\n]*\)[ \t]*$",
    re.IGNORECASE,
)


def _times_like(code: str) -> re.Pattern[str]:
    """A time code, or two that a stretch goes from and to, in brackets or not."""
    return re.compile(
        rf"[(\[]?[ \t]*(?P<from>{code})(?:[ \t]*(?:-->|→|-|–|đến)[ \t]*(?P<to>{code}))?[ \t]*[)\]]?[ \t]*[:–-]?[ \t]*"
    )


_TIMES = _times_like(r"\d{2}:\d{2}:\d{2}(?:[:.,]\d{2,3})?")
# 00:35 - 01:20 PV: … Minutes and seconds look like a time of day, so only before the label of someone who speaks.
_SHORT_TIMES = _times_like(r"\d{1,2}:\d{2}")
_QUOTED = '"”″'
_SHORT = rf"\d{{1,3}}['’′]\s?(?:\d{{1,2}}(?:[{_QUOTED}]|'')?)?|\d{{1,3}}(?:[{_QUOTED}]|'')"  # 1'25", 25"
_LENGTH = re.compile(
    rf"[(\[](?:[^()\[\]\n]{{0,40}}?[ \t:,])?(?P<length>{_SHORT})[ \t]*[)\]]"
    rf"|(?<![\w.,])(?P<bare>\d{{1,2}}['’′]\s?\d{{1,2}}(?:[{_QUOTED}]|''))"
)
_STATED = re.compile(r"\bthời lượng\b[^\d\n]{0,12}(?P<length>\d[^·|;\n]{0,24})", re.IGNORECASE)
_SPOT_LENGTH = re.compile(
    r"(?:thông điệp|spot|clip|phóng sự|trailer|bản tin|tiểu phẩm)\b[^\n]{0,40}?[ (](?P<length>\d{1,3} (?:giây|phút))",
    re.I,
)
_TITLE_LENGTH = re.compile(rf"\((?P<length>\d{{1,3}}[ \t]*(?:['’′]|giây|phút|p\d|[{_QUOTED}])[^()\n]{{0,12}})\)[ \t]*$")
_OPENING = re.compile(
    r"a ?lô[,.]|bà con (?:ơi|chú ý)|(?:hỡi|(?:kính )?(?:thưa|chào)) (?:toàn thể )?(?:bà con"
    r"|quý vị và (?:các bạn|bà con)|quý (?:thính|khán) giả|các bạn nghe đài)"
    r"|đây là (?:đài|tiếng nói|chương trình (?:phát|truyền) thanh)",
    re.IGNORECASE,
)
_STATION = re.compile(
    r"đài (?:truyền thanh|phát thanh|xã|phường)|loa truyền thanh|cụm loa|phát thanh (?:xã|phường|huyện)"
    r"|bản tin (?:sáng|trưa|chiều|tối|thời sự|truyền thanh|phát thanh|\d)"
    r"|chương trình (?:phát thanh|truyền thanh|truyền hình)",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:chương trình|bản tin)[^.\n]{0,30} (?:đến|tới) đây (?:là|xin)|tin hết|đài phát lại"
    r"|cảm ơn (?:quý vị và|quý thính giả|bà con)[^\n]{0,30}(?:lắng nghe|theo dõi)",
    re.IGNORECASE,
)
_HOST = re.compile(rf"(?:{_HOSTS}|pb)\b", re.IGNORECASE)
_CUE_LENGTH = re.compile(rf"{_SHORT}|\d{{1,3}} ?(?:giây|phút)")
_ENDS_OF_TAPE = re.compile(r"[ \t]*(?:từ đầu|đến cuối)\b", re.IGNORECASE)
_HEAD_LINES, _FOOT_LINES, _OPENING_LINES = 12, 4, 6
_TITLE = 160  # characters; a longer line is no title
_LINE = re.compile(r"[^\r\n\x0b\x0c]+")


def strength(text: str, elements: Iterable[Element]) -> int:
    """How many signs there are that nothing but a broadcast script has."""
    opening = {one.name for one in elements if one.kind == "opening"}
    talk = sum(one.kind == "label" for one in elements) > 1  # so has an interview in a newspaper: counts once
    return len(opening) + sum(_is_strong(text, one) for one in elements) + talk


def _is_strong(text: str, one: Element) -> bool:
    if one.kind == "label":
        return _HOST.match(one.name) is not None
    if one.kind == "cue":
        return _OWN_LINE_CUE.match(text, one.start, one.end) is None or _PLAIN_CUE.match(text, one.start) is not None
    return (
        one.kind == "time"
        or (one.kind == "table" and one.name == "columns")
        or (one.kind == "head" and bool(one.seconds))
    )


# --- where they are ----------------------------------------------------------------------------------------


def elements_of(text: str) -> tuple[Element, ...]:
    """Everything in ``text`` that would be no speech if it were a script, in the order of the text."""
    lines = [found.span() for found in _LINE.finditer(text) if not found.group().isspace()]
    cast = _cast(text, lines)
    found: list[Element] = []
    columns: tuple[str, ...] = ()
    for number, (start, end) in enumerate(lines):
        cells = _cells(text, start, end)
        if len(cells) > 1 and (roles := _roles(text, cells)):
            columns = roles
            found.append(Element("table", start, end, "columns"))
        elif len(cells) > 1 and columns:
            found.extend(_row(text, cells, columns, cast))
        else:
            found.extend(_line(text, start, end, number, len(lines), cast))
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


def _cast(text: str, lines: Iterable[Span]) -> frozenset[str]:
    """The names that stand before a colon again and again, or are a person's: they speak in this script."""
    names = Counter(
        found["name"].strip()
        for start, end in lines
        for cell_start, cell_end in _cells(text, start, end)
        if (found := _ANY_LABEL.match(text, cell_start, cell_end))
    )
    return frozenset(
        name for name, times in names.items() if (times > 1 or _PERSON.match(name)) and _NO_NAME.match(name) is None
    )


def _line(text: str, start: int, end: int, number: int, count: int, cast: frozenset[str]) -> Iterator[Element]:
    at_edge = number < _HEAD_LINES or number >= count - _FOOT_LINES
    if at_edge and (_HEAD.match(text, start, end) or (number < 2 and _CAST.match(text, start, end))):
        yield Element("head", start, end, _key(text, start, end), _stated(text, start, end))
        return
    if found := _CAPTION.match(text, start, end):
        yield Element("caption", start, found.end(), words=(found.end(), end))
        return
    stated = _stated_within(text, start, end, number)
    if stated:
        yield stated
    yield from _broadcast_phrases(text, start, end, number, count)
    if _OWN_LINE_CUE.match(text, start, end) or _CUE_LINE.match(text, start, end):
        name = "tape" if _ENDS_OF_TAPE.match(text, start, end) else ""
        yield Element("cue", start, end, name, None if stated else _tape(text, start, end))
        return
    yield from _speech(text, start, end, cast)


def _stated_within(text: str, start: int, end: int, number: int) -> Element | None:
    """The length that a title, or a line of the head without labels, states."""
    if end - start > _TITLE:
        return None
    for pattern, within in ((_STATED, _HEAD_LINES), (_TITLE_LENGTH, 2), (_SPOT_LENGTH, 1)):
        if number < within and (found := pattern.search(text, start, end)):
            span = found.span("length") if pattern is _SPOT_LENGTH else found.span()
            return Element("head", *span, "", parse_duration(found["length"]))
    return None


def _speech(text: str, start: int, end: int, cast: frozenset[str]) -> Iterator[Element]:
    """Time code, label and cues of a line or cell that is said."""
    times = _TIMES.match(text, start, end) or _SHORT_TIMES.match(text, start, end)
    if times and (times.re is _TIMES or _LABEL.match(text, times.end(), end)):
        yield Element("time", times.start(), times.end(), seconds=parse_duration(times["from"]))
        if times["to"]:
            yield Element("time", times.start(), times.end(), "end", parse_duration(times["to"]))
        start = times.end()
    while cue := _CUE_IN_LINE.match(text, start, end):
        yield Element("cue", *cue.span(), seconds=_tape(text, *cue.span()))
        start = cue.end()
    label = _LABEL.match(text, start, end) or _ANY_LABEL.match(text, start, end)
    if label and (label.re is _LABEL or label["name"].strip() in cast):
        if _LENGTH.fullmatch(text[label.end() : end].strip().join("()")):
            yield Element("cue", start, end, seconds=_tape(text, start, end))  # Băng: 1'25"
            return
        yield Element("label", start, label.end(), _name(label["name"]))
        start = label.end()
    cues = [cue.span() for cue in _CUE_IN_LINE.finditer(text, start, end)]
    yield from (Element("cue", *cue, seconds=_tape(text, *cue)) for cue in cues)
    for length in _LENGTH.finditer(text, start, end):
        if not any(left <= length.start() < right for left, right in cues):
            yield Element("cue", *length.span(), seconds=parse_duration(length["length"] or length["bare"]))


def _broadcast_phrases(text: str, start: int, end: int, number: int, count: int) -> Iterator[Element]:
    if number < _OPENING_LINES and (found := _OPENING.search(text, start, min(end, start + _TITLE))):
        yield Element("opening", *found.span(), "opening")
    if number < 2 and end - start <= _TITLE and (found := _STATION.search(text, start, end)):
        yield Element("opening", *found.span(), "station")
    if number >= count - _FOOT_LINES and (found := _CLOSING.search(text, start, end)):
        yield Element("opening", *found.span(), "closing")


# --- tables: TT | Hình | Lời | Thời lượng -----------------------------------------------------------------------

_ROLES = {
    "number": r"s?tt|số(?: tt| cảnh)?|cảnh(?: số)?|shot|no\.?",
    "picture": r"(?:khuôn )?hình(?: ảnh)?|cảnh quay|video|picture|nội dung hình",
    "speech": r"(?:nội dung )?lời(?: (?:bình|dẫn|thoại|đọc))?(?: ?[/,–-] ?(?:âm thanh|tiếng).*)?"
    r"|thuyết minh|nội dung(?: lời| đọc)?|(?:âm thanh|tiếng) ?[/,–-] ?lời.*|âm thanh \(lời.*\)|text|lời.*",
    "sound": r"âm thanh|tiếng(?: động)?|nhạc|âm nhạc|audio|sound",
    "duration": r"thời lượng.*|thời gian.*|t/?l|duration|time",
    "note": r"ghi chú|người (?:đọc|thực hiện)|nguồn|note",
}


def _cells(text: str, start: int, end: int) -> list[Span]:
    """The cells of a line that is a row of a table: between tabs, or between vertical bars."""
    separator = "\t" if "\t" in text[start:end] else "|"
    cells = []
    while (at := text.find(separator, start, end)) >= 0:
        cells.append((start, at))
        start = at + 1
    return [*cells, (start, end)]


def _roles(text: str, cells: Iterable[Span]) -> tuple[str, ...]:
    """What the columns hold, if the cells are the head of a script's table; else nothing."""
    roles = tuple(_role(text[start:end].strip(" *_\xa0").lower()) for start, end in cells)
    if not {"picture", "speech", "sound"} & {*roles} or sum(role not in ("", "other") for role in roles) < 2:
        return ()
    if "other" in roles and "speech" not in roles:
        return ()
    if "speech" not in roles:  # picture and sound: what is said stands with the sound
        return tuple("speech" if role == "sound" else role for role in roles)
    return roles


def _role(title: str) -> str:
    if not title:
        return ""
    return next((role for role, pattern in _ROLES.items() if re.fullmatch(pattern, title)), "other")


def _row(text: str, cells: list[Span], columns: tuple[str, ...], cast: frozenset[str]) -> Iterator[Element]:
    first, last = cells[0][0], cells[-1][1]
    if _begins_row(text, cells, columns):
        yield Element("label", first, first)  # a row without a label is nobody's
    for position, (start, end) in enumerate(cells):
        role = columns[position] if position < len(columns) else "note"
        if role == "speech" and not set(text[start:end].strip()) <= {*"-: "}:
            yield from _speech(text, start, end, cast)
            continue
        if role == "picture" and (shown := _LABEL.match(text, start, end)):
            yield Element("label", start, end, _name(shown["name"] if shown.end() == end else text[shown.end() : end]))
        seconds = parse_duration(text[start:end]) if role == "duration" else None
        yield Element("table", max(start - 1, first), min(end + 1, last), "cell", seconds)


def _begins_row(text: str, cells: Iterable[Span], columns: tuple[str, ...]) -> bool:
    """Whether these cells are a row, not another line of the row before: one has its number, or a picture."""
    telling = "number" if "number" in columns else "picture"
    return any(role == telling and text[start:end].strip() for (start, end), role in zip(cells, columns, strict=False))


# --- what they tell -----------------------------------------------------------------------------------------------


def _key(text: str, start: int, end: int) -> str:
    return text[start:end].partition(":")[0].strip().lower()


def _stated(text: str, start: int, end: int) -> float | None:
    found = _STATED.search(text, start, end)
    return parse_duration(found["length"]) if found else None


def _tape(text: str, start: int, end: int) -> float | None:
    """How long the tape or the music of a cue runs."""
    found = _CUE_LENGTH.search(text, start, end)
    return parse_duration(found.group()) if found else None


def _name(label: str) -> str:
    name = " ".join(re.sub(r"\([^()]*\)", "", label).strip(" \t-–•*_").split())
    return re.sub(r"^(?:phỏng vấn|phát biểu(?: của)?)[ :]+(?=\S)", "", name, flags=re.IGNORECASE)
