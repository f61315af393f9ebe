"""What a Vietnamese syllable is: an onset, a rhyme, one tone. Tells Vietnamese from what only looks like it.

The inventory is that of the standard orthography (Đoàn Thiện Thuật, *Ngữ âm tiếng Việt*, 1977, tables of
onsets and rhymes), with the coda *k* of names such as Đắk Lắk added. Both placements of the tone (hoà, hòa)
are syllables.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["is_common", "is_syllable"]

_ONSETS = "ngh ng nh gh gi kh ch ph qu th tr b c d đ g h k l m n p r s t v x"
_RHYMES = """
a ac ach ai am an ang anh ao ap at au ay ak ăc ăm ăn ăng ăp ăt ăk âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu êk
i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu ik y ych ynh yt yêm yên yêng yêt yêu
o oc oi om on ong op ot oong ooc ok oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt
oe oem oen oeo oet ô ôc ôi ôm ôn ông ôp ôt ôông ôôc ôk ơ ơi ơm ơn ơp ơt
u ua uân uâng uât uây uc ue uê uêch uên uênh uêt ui um un ung uôc uôi uôm uôn uông uôp uôt uơ up ut uk
uy uya uych uyên uyêt uyn uynh uyp uyt uyu ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
"""
# The hundred-odd syllables that make up half of any running text: what decides between two readings that
# are both possible.
_COMMON = """
và của có là được không người cho với một đã các những trong này để khi ra đến từ vào về cũng nhiều năm
lại như phải sẽ bị ông làm sau thì công trên đó mà hai việc ngày cô nước nhà theo đi việt đang tại rất
con thể cơ bà tôi hơn còn nên do anh hiện tháng số trước mới nam biết đầu thành họ chỉ thấy điều qua động
đồng tự đường giờ mình đình gia khác xã hội học đại đời lý quốc tế phát triển tổ chức định đối bán mua tỉnh
huyện phố trường bộ chính phủ quyết án tội tù vụ xảy bắt giữ lừa trẻ em phụ nữ tuổi sống gái chủ thời gian
đây nay nhất nhưng vì ở vẫn nếu hay chưa cả mỗi lần rồi lên xuống thế giới khu vực cao thuộc đề nghị dân tiền
"""

_TONES = {"\u0300": "huyền", "\u0301": "sắc", "\u0303": "ngã", "\u0309": "hỏi", "\u0323": "nặng"}
_STOPPED = ("c", "ch", "k", "p", "t")


def _alternatives(words: str) -> str:
    return "|".join(sorted(words.split(), key=len, reverse=True))


_SYLLABLE = re.compile(f"(?:{_alternatives(_ONSETS)})?(?:{_alternatives(_RHYMES)})")
_is_common = frozenset(_COMMON.split()).__contains__


@lru_cache(maxsize=1 << 14)
def is_syllable(word: str) -> bool:
    """Whether ``word`` (any case, any normal form) is spelt as a Vietnamese syllable; bare ones need no tone.

    Syllables that end in a stop (c, ch, k, p, t) and carry a tone carry *sắc* or *nặng*.
    """
    decomposed = unicodedata.normalize("NFD", word.lower())
    tones = [char for char in decomposed if char in _TONES]
    bare = unicodedata.normalize("NFC", "".join(char for char in decomposed if char not in _TONES))
    if len(tones) > 1 or _SYLLABLE.fullmatch(bare) is None:
        return False
    return not tones or _TONES[tones[0]] in ("sắc", "nặng") or not bare.endswith(_STOPPED)


def is_common(word: str) -> bool:
    """Whether ``word`` is one of the commonest syllables of running text."""
    return _is_common(unicodedata.normalize("NFC", word).lower())
