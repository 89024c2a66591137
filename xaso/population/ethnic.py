"""The 54 peoples of Vietnam by the codes of statistics, with names people and papers use.

Codes follow the list of the statistics office (decision 121-TCTK/PPCĐ of 1979, its date not
checked); 55 and 99 stand for foreigners and for nobody knows. Other names are for *reading* what
somebody typed or an old paper says: they are never shown and never offered.
Which people somebody belongs to is sensitive: see `permissions` and `suppression`.
"""

from dataclasses import dataclass
from functools import cache

from xaso.kernel.text import fold_tight

FOREIGN, UNKNOWN = "55", "99"
_ROWS = """
01 Kinh = Việt
02 Tày = Thổ, Ngạn, Phén, Thù Lao, Pa Dí, Tày Khao
03 Thái = Tày Đăm, Tày Mười, Tày Thanh, Mán Thanh, Hàng Bông, Tày Mường, Pa Thay, Thổ Đà Bắc
04 Hoa = Hán, Triều Châu, Phúc Kiến, Quảng Đông, Hải Nam, Hạ, Xạ Phạng
05 Khơ-me = Khmer
06 Mường = Mol, Mual, Mọi Bi, Ao Tá, Ậu Tá
07 Nùng = Xuồng, Giang, Nùng An, Phàn Sinh, Nùng Cháo, Nùng Lòi, Quý Rim, Khèn Lài
08 Mông = H'Mông, HMông, Hmông, Mèo, Mông Trắng, Mông Hoa, Mông Đỏ, Mông Đen, Ná Mẻo
09 Dao = Mán, Động, Xá, Dìu, Miên, Kiềm, Miền, Quần Trắng, Dao Đỏ, Quần Chẹt, Lô Giang,
   Dao Tiền, Thanh Y, Lan Tẻn, Đại Bản, Tiểu Bản, Cóc Ngáng, Cóc Mùn, Sơn Đầu
10 Gia-rai = Giơ-rai
11 Ngái = Xín, Lê, Đản, Khách Gia
12 Ê-đê = Ra-đê
13 Ba-na = Ba Na
14 Xơ-đăng = Xơ-teng
15 Sán Chay = Cao Lan, Sán Chỉ
16 Cơ-ho = K'Ho
17 Chăm = Chàm
18 Sán Dìu = Sán Dẻo, Trại
19 Hrê
20 Mnông = M'Nông
21 Ra-glai
22 Xtiêng = X'Tiêng
23 Bru-Vân Kiều = Bru, Vân Kiều
24 Thổ = Kẹo, Mọn, Cuối, Họ, Đan Lai, Ly Hà, Tày Pọng
25 Giáy = Nhắng, Dẩng, Pầu Thìn, Pu Nà, Cùi Chu, Xa
26 Cơ-tu
27 Gié-Triêng
28 Mạ
29 Khơ-mú = Khơ Mú, Xá Cẩu, Mứn Xen, Pu Thênh, Tềnh, Tày Hay
30 Co = Cor
31 Tà-ôi
32 Chơ-ro
33 Kháng = Xá Khao, Xá Súa, Xá Dón, Xá Dẩng, Xá Hốc, Xá Ái, Xá Bung, Quảng Lâm
34 Xinh-mun = Puộc, Pụa
35 Hà Nhì = U Ni, Xá U Ni
36 Chu-ru
37 Lào = Là Bốc, Lào Nọi
38 La Chí = Cù Tê, La Quả
39 La Ha = Xá Khao, Khlá Phlạo
40 Phù Lá = Bồ Khô Pạ, Mu Di Pạ Xá, Phó, Phổ, Va Xơ
41 La Hủ = Pu Đang, Khù Xung, Cò Xung, Khả Quy
42 Lự = Lừ, Nhuồn, Duôn
43 Lô Lô = Mun Di
44 Chứt
45 Mảng = Mảng Ư, Xá Lá Vàng
46 Pà Thẻn = Pà Hưng, Tống
47 Cơ Lao = Cờ Lao
48 Cống = Xắm Khống, Mấng Nhé, Xá Xeng
49 Bố Y = Chủng Chá, Trọng Gia, Tu Dí
50 Si La = Cù Dề Xừ, Khả Pẻ
51 Pu Péo = Ka Pèo
52 Brâu = Brao
53 Ơ-đu = Tày Hạt
54 Rơ-măm
55 Người nước ngoài
99 Không rõ
"""


@dataclass(frozen=True)
class Group:
    """One people: code, name, other names for reading."""

    code: str
    name: str
    also: tuple[str, ...]


@dataclass(frozen=True)
class Read:
    """What a typed name means: one code, or several to ask about; `is_warned`: look again."""

    codes: tuple[str, ...]
    is_warned: bool = False


@cache
def groups() -> tuple[Group, ...]:
    """Return every group by code."""
    found: list[str] = []
    for line in _ROWS.strip().splitlines():
        if line.startswith(" "):
            found[-1] += f" {line.strip()}"
        else:
            found.append(line)
    return tuple(_group(line) for line in found)


def name(code: str) -> str:
    """Return the name of a code; an empty text for one nobody knows."""
    return _names().get(code, "")


def choices() -> list[tuple[str, str]]:
    """Return codes and names as they are offered."""
    return [(group.code, group.name) for group in groups()]


def read(text: str) -> Read:
    """Return what a typed or old name means.

    An official name wins over another people's other name, with a warning (Thổ); a name that only
    several peoples are called by is to be asked about (Xá).
    """
    key = fold_tight(text)
    if text.strip() in _names():
        return Read((text.strip(),))
    official = [g.code for g in groups() if fold_tight(g.name) == key]
    also = [g.code for g in groups() if key in {fold_tight(other) for other in g.also}]
    if official:
        return Read((official[0],), bool(set(also) - set(official)))
    return Read(tuple(dict.fromkeys(also)), len(set(also)) > 1) if key else Read(())


@cache
def _names() -> dict[str, str]:
    return {group.code: group.name for group in groups()}


def _group(line: str) -> Group:
    head, _, also = line.partition(" = ")
    return Group(head[:2], head[3:], tuple(a.strip() for a in also.split(",") if a.strip()))
