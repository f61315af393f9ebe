"""Why something cannot be read and what to do about it, in both languages."""

from __future__ import annotations

from mbncheck.model import Rejected
from mbncheck.read.options import MEGABYTE

SAVE_AS_TEXT = (
    "hãy lưu lại thành văn bản thuần với bảng mã UTF-8",
    "save it again as plain text in UTF-8",
)


class Refused(Exception):  # noqa: N818 - said of a file, not of a fault in the program
    """A file, or a part of one (``origin``), that cannot be read."""

    def __init__(self, reason_vi: str, reason_en: str, remedy_vi: str, remedy_en: str, origin: str = "") -> None:
        super().__init__(reason_en)
        self.reason_vi, self.reason_en = reason_vi, reason_en
        self.remedy_vi, self.remedy_en = remedy_vi, remedy_en
        self.origin = origin

    def rejected(self, path: str = "") -> Rejected:
        """The same as something to show and count."""
        return Rejected(path, self.reason_vi, self.reason_en, self.remedy_vi, self.remedy_en, self.origin)


def unreadable(error: OSError) -> Refused:
    """A file that the system does not hand out."""
    if isinstance(error, PermissionError):
        return Refused(
            "không có quyền đọc tệp này",
            "no permission to read this file",
            "hãy cấp quyền đọc",
            "grant read permission",
        )
    if isinstance(error, FileNotFoundError):
        return Refused("không có tệp này", "no such file", "hãy kiểm tra lại đường dẫn", "check the path")
    return Refused(
        f"không đọc được ({error.strerror})",
        f"cannot be read ({error.strerror})",
        "hãy kiểm tra tệp và ổ đĩa",
        "check the file and the disk",
    )


def not_a_file() -> Refused:
    """A folder, a pipe, a device."""
    return Refused("không phải tệp thường", "not an ordinary file", "hãy nêu tên một tệp", "name a file")


def empty() -> Refused:
    """A file without text."""
    return Refused("tệp rỗng", "the file is empty", "hãy kiểm tra lại nội dung tệp", "check its content")


def no_text(origin: str = "") -> Refused:
    """A document, or a row of a table, in which nothing is written."""
    return Refused(
        "không có chữ nào", "there is no text in it", "hãy kiểm tra lại nội dung", "check its content", origin
    )


def binary() -> Refused:
    """Bytes that are no text."""
    return Refused("tệp nhị phân, không phải văn bản", "binary, not a text", *SAVE_AS_TEXT)


def unknown_format() -> Refused:
    """A format that nothing here reads."""
    return Refused(
        "không thuộc định dạng nào đọc được",
        "not of a format that can be read",
        "xem các định dạng bằng lệnh mbncheck formats, hoặc lưu bài thành .docx hay .txt",
        "see mbncheck formats, or save the article as .docx or .txt",
    )


def misnamed(suffix: str) -> Refused:
    """A file whose content is not what its name promises."""
    return Refused(
        f"tên có đuôi {suffix} nhưng nội dung không phải",
        f"named {suffix}, but its content is something else",
        "hãy mở tệp bằng chương trình đã tạo ra nó rồi lưu lại",
        "open it in the program that made it and save it again",
    )


def damaged(title_vi: str, title_en: str) -> Refused:
    """A file that its own format's library cannot make sense of."""
    return Refused(
        f"tệp hỏng hoặc bị cắt cụt ({title_vi})",
        f"damaged or cut off ({title_en})",
        "hãy chép lại từ bản gốc, hoặc mở bằng chương trình đã tạo ra nó rồi lưu lại",
        "copy it again from the original, or open it in the program that made it and save it again",
    )


def missing_library(title_vi: str, title_en: str, extra: str) -> Refused:
    """A format whose library is not installed."""
    command = f"pip install 'mbncheck[{extra}]'"
    return Refused(
        f"chưa cài thư viện để đọc {title_vi}",
        f"the library that reads {title_en} is not installed",
        f"hãy cài: {command}",
        f"install it: {command}",
    )


def too_large(limit: int) -> Refused:
    """More bytes than allowed."""
    size = f"{limit / MEGABYTE:g} MB"
    return Refused(
        f"tệp lớn hơn {size}",
        f"larger than {size}",
        "hãy tách tệp: mỗi tệp một bài, hoặc nâng giới hạn (--max-bytes, --max-archive-bytes)",
        "split it: one article a file, or raise the limit (--max-bytes, --max-archive-bytes)",
    )


def too_many_pages(limit: int) -> Refused:
    """More pages than allowed."""
    return Refused(
        f"nhiều hơn {limit} trang",
        f"more than {limit} pages",
        "hãy tách tệp, hoặc nâng giới hạn (--max-pages)",
        "split it, or raise the limit (--max-pages)",
    )


def too_many_members(limit: int) -> Refused:
    """More articles, rows or members than allowed; those before it were read."""
    return Refused(
        f"nhiều hơn {limit} mục; phần sau không được đọc",
        f"more than {limit} entries; the rest is not read",
        "hãy tách tệp, hoặc nâng giới hạn (--max-members)",
        "split it, or raise the limit (--max-members)",
    )


def too_deep(limit: int) -> Refused:
    """An archive within an archive, too many times over."""
    return Refused(
        f"tệp nén lồng nhau quá {limit} lớp",
        f"archives nested more than {limit} deep",
        "hãy giải nén lớp ngoài trước, hoặc nâng giới hạn (--max-depth)",
        "unpack the outer ones first, or raise the limit (--max-depth)",
    )


def expands_too_much(limit: int) -> Refused:
    """A bomb: few bytes that unpack to very many."""
    return Refused(
        f"giải nén ra quá {limit} lần kích thước; có thể là tệp phá hoại",
        f"unpacks to more than {limit} times its size; it may be meant to harm",
        "đừng mở nếu không rõ nguồn; nếu tin cậy, nâng giới hạn (--max-ratio)",
        "do not open it unless you know its source; if you trust it, raise the limit (--max-ratio)",
    )


def unsafe_name() -> Refused:
    """A member that would land outside the archive's own folder."""
    return Refused(
        "tên mục trong tệp nén chỉ ra ngoài thư mục; có thể là tệp phá hoại",
        "a member's name leads out of the archive; it may be meant to harm",
        "đừng giải nén tệp này nếu không rõ nguồn",
        "do not unpack this archive unless you know its source",
    )


def not_a_member() -> Refused:
    """A link or a device in an archive."""
    return Refused(
        "mục trong tệp nén là liên kết hoặc thiết bị, không phải tệp",
        "a link or a device in an archive, not a file",
        "hãy nén lại với chính tệp ấy",
        "pack the file itself",
    )


def encrypted() -> Refused:
    """A file behind a password."""
    return Refused("tệp có mật khẩu", "protected by a password", "hãy bỏ mật khẩu rồi lưu lại", "save it without one")


def forbidden_xml() -> Refused:
    """XML that declares entities: no newsroom's software does, every XML bomb does."""
    return Refused(
        "XML khai báo thực thể (ENTITY); có thể là tệp phá hoại",
        "XML that declares entities; it may be meant to harm",
        "hãy xuất lại tệp từ hệ thống gốc, không kèm DTD",
        "export it again from its own system, without a DTD",
    )


def too_slow(seconds: float) -> Refused:
    """A parser that had to be stopped."""
    return Refused(
        f"đọc quá {seconds:g} giây nên đã dừng",
        f"stopped after {seconds:g} seconds",
        "hãy lưu lại ở dạng đơn giản hơn (.txt), hoặc nâng giới hạn (--seconds)",
        "save it in a simpler form (.txt), or raise the limit (--seconds)",
    )


def too_much_memory(limit: int) -> Refused:
    """A parser that asked for more memory than allowed, or fell over."""
    size = f"{limit / MEGABYTE:g} MB"
    return Refused(
        f"cần nhiều hơn {size} bộ nhớ, hoặc làm hỏng trình đọc",
        f"needs more than {size} of memory, or breaks its parser",
        "hãy tách tệp hoặc lưu lại ở dạng đơn giản hơn (.txt)",
        "split it, or save it in a simpler form (.txt)",
    )
