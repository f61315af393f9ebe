"""Communes named in texts: spelling variants, districts, look-alikes elsewhere, units of 2025."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbncheck import Pack, load_pack
from mbncheck.balance.places import places_named
from mbncheck.pack.load import load_places

PACK = load_pack()
AFTER = date(2025, 8, 1)

NAMED = [
    ("Tối 12/3, lực lượng chức năng về xã Đắk Sắk, huyện Đắk Mil để tuyên truyền.", {"dak-sak"}),
    ("Bà con xã Đăk Săk (Đăk Mil) ký cam kết.", {"dak-sak"}),
    ("Loa truyền thanh xã Đak Sak phát mỗi sáng.", {"dak-sak"}),
    ("Tại thôn 5, xã Đắk Ha, huyện Đắk Glong, nhiều hộ đã nghe cảnh báo.", {"dak-ha"}),
    ("Công an xã Nhân Cơ, huyện Đắk R’ Lấp, Đắk Nông tiếp nhận đơn.", {"nhan-co"}),
    ("Chị T. trú xã Đạo Nghĩa (Đăk RLấp) suýt bị lừa.", {"dao-nghia"}),
    ("Thị trấn Ea Tling, huyện Cư Jút, tỉnh Đắk Nông", {"ea-tling"}),
    ("thị trấn EaT’ ling, huyện Cư Jut", {"ea-tling"}),
    (
        "Các xã biên giới: Đắk Wil (Cư Jút), Thuận An (Đắk Mil), Thuận Hạnh (Đắk Song).",
        {"dak-wil", "thuan-an", "thuan-hanh"},
    ),
    ("Các xã Đức Minh, Đức Mạnh và Thuận An, huyện Đắk Mil", {"duc-minh", "duc-manh", "thuan-an"}),
    ("Đồn Biên phòng phối hợp với xã Quảng Trực, xã Đắk Búk So (Tuy Đức) phát tờ rơi.", {"quang-truc", "dak-buk-so"}),
    ("XÃ ĐẮK N’DRUNG HUYỆN ĐẮK SONG TUYÊN TRUYỀN PHÒNG, CHỐNG MUA BÁN NGƯỜI", {"dak-ndrung"}),
    ("Ở Buôn Choáh, người dân đã biết gọi 111.", {"buon-choah"}),
    ("Đắk R'Măng và Đắk Som là hai xã xa của Đắk Glong.", {"dak-rmang", "dak-som"}),
    ("Phường Nghĩa Tân, TP. Gia Nghĩa", {"nghia-tan"}),
    ("Xã Quảng Hoà, huyện Đắk G’long", {"quang-hoa"}),
    ("Thị trấn Đắk Mil sáng nay treo băng rôn, tỉnh Đắk Nông.", {"thi-tran-dak-mil"}),
    ("Xã Trường Xuân (huyện Đắk Song) họp dân.", {"truong-xuan"}),
    ("Đoàn đến xã Nâm N’Jang, Nâm N'Đir và Đắk Drô.", {"nam-njang", "nam-ndir", "dak-dro"}),
]

NOT_NAMED = [
    "Ông Nông Đức Mạnh và bà Nguyễn Thuận Hà dự hội nghị ở Đắk Nông.",
    "Hoạt động nhân đạo, giữ trọn đạo nghĩa ở tỉnh Đắk Nông.",
    "Xã Tân Thành, huyện Vụ Bản, tỉnh Nam Định",
    "Xã Quảng Phú, huyện Cư M’gar (Đắk Lắk); tin từ Công an Đắk Nông.",
    "Phường Nghĩa Tân, quận Cầu Giấy, Hà Nội. Nạn nhân quê Đắk Nông.",
    "Phường Thuận An, Bình Dương",
    "Tạp chí Nâm Nung ra số mới ở Đắk Nông.",
    "Khu vực suối Đắk R'Tíh và thủy điện Đắk R'Tíh.",
    "Thành phố Đắk Hà? Không: huyện Đắk Hà (Kon Tum).",
    "Công an huyện Đắk Mil, huyện Đắk Song, huyện Cư Jút, huyện Tuy Đức.",
    "Xã Quảng Phú Cầu ở ngoại thành; nạn nhân về Đắk Nông.",
    "Ban dự án mỏ bô xít Nhân Cơ tại Đắk R'lấp.",
    "Xã Long Sơn có nhiều nhà bè.",
    "",
]


@pytest.mark.parametrize(("text", "expected"), NAMED)
def test_named(text: str, expected: set[str]) -> None:
    """Names count however they are spelled, alone, in lists and with their district."""
    assert set(places_named(text, PACK)) == expected
    assert set(places_named(unicodedata.normalize("NFD", text), PACK)) == expected
    assert set(places_named(text.replace("’", "'"), PACK)) == expected


@pytest.mark.parametrize("text", NOT_NAMED)
def test_not_named(text: str) -> None:
    """People, words, rivers, magazines, districts and communes of other provinces are none of ours."""
    assert places_named(text, PACK) == ()


def test_without_diacritics() -> None:
    """A text message typed without diacritics names communes too."""
    sms = "Canh bao: xa Dak Wil, huyen Cu Jut co nguoi gia danh tuyen lao dong sang Campuchia, ba con can canh giac."
    assert places_named(sms, PACK) == ("dak-wil",)


def test_local_outlets_need_not_name_the_province() -> None:
    """A commune station says "xã Long Sơn" and means its own."""
    assert places_named("Đây là Đài truyền thanh xã Long Sơn.", PACK) == ()
    assert places_named("Đây là Đài truyền thanh xã Long Sơn.", PACK, local=True) == ("long-son",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Xã Đắk Sắk ra quân.", ("dak-sak-2025",)),
        ("Phường Nam Gia Nghĩa, tỉnh Lâm Đồng", ("nam-gia-nghia-2025",)),
        ("Xã Tuy Đức, tỉnh Lâm Đồng (trước đây thuộc tỉnh Đắk Nông)", ("tuy-duc-2025",)),
        ("Các xã Thuận An, Đắk Mil và Đức Lập, tỉnh Lâm Đồng", ("dak-mil-2025", "duc-lap-2025", "thuan-an-2025")),
        ("Xã Đắk Ha trước đây", ("dak-ha",)),
        ("Xã Quảng Trực, tỉnh Lâm Đồng", ("quang-truc",)),
    ],
)
def test_after_the_merger(text: str, expected: tuple[str, ...]) -> None:
    """From 1 July 2025 a name that old and new units share means the new one."""
    assert places_named(text, PACK, AFTER) == expected


def test_the_units() -> None:
    """71 units in 2020, 28 after the merger, each old one merged once or left as it was; seven, then five are key."""
    places = load_places()
    assert places is not None
    old = [place for place in places.places if place.in_use(date(2020, 6, 1))]
    new = [place for place in places.places if place.in_use(AFTER)]
    assert (len(old), len(new)) == (71, 28)
    assert {unit: sum(place.unit == unit for place in old) for unit in ("xã", "phường", "thị trấn")} == {
        "xã": 60,
        "phường": 6,
        "thị trấn": 5,
    }
    merged = [id_ for place in new for id_ in place.formed_from]
    assert sorted(merged + [place.id for place in new if place in old]) == sorted(place.id for place in old)
    assert (sum(place.key for place in old), sum(place.key for place in new)) == (7, 5)


@pytest.mark.parametrize("place", [place for place in PACK.places.places if place.area], ids=lambda place: place.id)  # type: ignore[union-attr]
def test_every_unit_and_variant_is_found(place) -> None:  # type: ignore[no-untyped-def]
    """Each of the 71 is found by each of its spellings, with its unit and district before and after."""
    areas = {area.id: area for area in PACK.places.areas}  # type: ignore[union-attr]
    for name in (place.name, *place.variants):
        for spelled in (name, name.replace("Đắk", "Đăk"), name.replace("'", "’"), name.replace("'", "")):
            text = f"Ngày 30/7, {place.unit} {spelled}, huyện {areas[place.area].name} tổ chức mít tinh."
            assert places_named(text, PACK) == (place.id,), text


@given(st.text(alphabet="Đđắăak rR'’l ấpNâmug,()xãhuyện\n", max_size=80))
def test_any_text(text: str) -> None:
    """No text breaks it, and only ids of the pack come out, sorted and once."""
    named = places_named(text, PACK)
    assert list(named) == sorted(set(named))


def test_a_pack_without_places(real_pack: Pack) -> None:
    """A pack that lists no places names none."""
    assert places_named("xã Đắk Wil", real_pack.model_copy(update={"places": None})) == ()
