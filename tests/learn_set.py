"""A small labelled set made by a seeded hand, and a pack that knows only part of what is in it."""

from __future__ import annotations

import random
from functools import cache

from small_packs import pack_of, rule

from mbncheck import Checker, Pack
from mbncheck.learn.train import Trained, train
from mbncheck.read.labelled import Labelled

TIE = "Nạn buôn người vẫn còn ở vùng biên."
FILM = "Bộ phim về nạn buôn người ra rạp tuần này."
LURES = ("Kẻ lạ hứa tìm chỗ làm ở thành phố.", "Chúng hứa trả công rất hậu.", "Có người hứa đưa đi xa.")
LEAFLETS = (
    "Cán bộ phát tờ rơi ở chợ phiên.",
    "Đoàn viên mang tờ rơi đến từng nhà.",
    "Tờ rơi được dán ở nhà văn hóa.",
)
FILLERS = (
    "Trời hôm ấy mưa to.",
    "Bà con đi nương từ sớm.",
    "Đường vào bản còn khó.",
    "Xã có năm thôn.",
    "Vụ lúa này được mùa.",
    "Con suối chảy qua làng.",
)


def pack() -> Pack:
    """A pack with a rule for promises (T1), and for leaflets (T2) one that never fires."""
    return pack_of(
        scope=[rule("S.named", "~buôn người", worth=1.0)],
        theme=[rule("T1.promise", "~hứa", element="1a", worth=0.5)],
        second=[rule("T2.never", "~không bao giờ có", element="2a", worth=1.0)],
    )


@cache
def labelled() -> tuple[Labelled, ...]:
    """150 pieces: real ones with promises, leaflets, both or neither; films, which are out of scope; and rain."""
    chance = random.Random(20200730)
    return tuple(_piece(number, chance) for number in range(150))


def _piece(number: int, chance: random.Random) -> Labelled:
    film, rain, lure, leaflet = number % 5 == 0, number % 15 == 1, chance.random() < 0.5, chance.random() < 0.5
    sentences = chance.sample(FILLERS, 3)
    evidence: dict[str, str] = {}
    for theme, wanted, choices in (("T1", lure, LURES), ("T2", leaflet, LEAFLETS)):
        if wanted and not rain:
            sentence = chance.choice(choices)
            sentences.insert(chance.randrange(len(sentences)), sentence)
            evidence |= {} if film else {theme: " ".join(sentence.split()[:6])}
    sentences.append(FILM if film else "Không có gì mới." if rain else TIE)
    return Labelled(
        id=f"synthetic:{number}",
        text=" ".join(sentences),
        in_scope=int(not film and not rain),
        themes={theme: 2 if theme in evidence else 0 for theme in ("T1", "T2")},
        evidence=evidence,
        stratum="film" if film else "news",
    )


@cache
def trained() -> Trained:
    """A model trained on the set."""
    return train(Checker(pack(), model=None), labelled(), "synthetic", lambda done: None)
