"""How a participant's name sounds: what is compared to find one that is registered already under another character."""

import re

from pypinyin import lazy_pinyin

_NOISE = re.compile(r"[\s（）()·.,，。]")
_FORM = re.compile(r"(股份)?(有限)?(责任)?公司$|集团$")
MAX_KEY = 600
"""200 characters of a name, cut where they sound longer than any would."""


def name_key(name: str) -> str:
    """A name in pinyin without tones, but for its legal form, spaces and brackets: 南京绿园（集团） → nanjinglvyuan."""
    core = name.lower()
    for _ in range(2):  # 集团有限公司
        core = _FORM.sub("", _NOISE.sub("", core))
    return "".join(lazy_pinyin(core))[:MAX_KEY]
