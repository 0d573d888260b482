"""Which legacy encoding a text is written in: charset-normalizer's word, weighed with what the letters show."""

import numpy as np

_MULTIBYTE = ("cp932", "gb18030", "big5", "euc_jp", "cp949")
_C1_HOLES = (0x81, 0x8D, 0x8F, 0x90, 0x9D)


def rank_legacy(evidence: bytes, histogram: np.ndarray) -> tuple[str, ...]:
    """Encodings that can read the text, the likeliest first; never empty."""
    east = [codec for codec in _MULTIBYTE if _east_asian_share(evidence, codec) > 0.9]
    if east:
        return tuple(sorted(east, key=lambda codec: -_everyday_share(evidence, codec)))
    high = int(histogram[128:].sum())
    blanks = int(histogram[0xFF])
    # 0xFF is a non-breaking space in the DOS code pages and a rare letter (ÿ) in the Windows ones.
    if blanks * 2 > high:
        return ("cp850", "cp437")
    if any(histogram[hole] for hole in _C1_HOLES):
        return ("cp850", "cp437")
    return ("cp1252",)


def _east_asian_share(evidence: bytes, codec: str) -> float:
    """How much of the text beyond ASCII reads as East Asian script; 0 where it cannot be decoded."""
    try:
        text = evidence.decode(codec)
    except UnicodeDecodeError:
        return 0.0
    wide = [c for c in text if c > "\x7f"]
    if not wide:
        return 0.0
    return sum(_is_east_asian(c) for c in wide) / len(wide)


def _is_east_asian(c: str) -> bool:
    return (
        "\u3000" <= c <= "\u30ff" or "\u4e00" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7a3" or "\uff00" <= c <= "\uff9f"
    )


def _everyday_share(evidence: bytes, codec: str) -> float:
    """Kana, Hangul and the ideographs that a code's first level holds, by frequency of use."""
    text = evidence.decode(codec)
    wide = [c for c in text if c > "\x7f"]
    return sum("\u3000" <= c <= "\u30ff" or c in _COMMON for c in wide) / len(wide)


_COMMON = frozenset(
    "的一是不了人我在有他这中大来上国年月日名前小高山田本子木村東京都市区県部会社員数量金額合計数据省地区人口"
)
