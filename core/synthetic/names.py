"""Names of people who do not exist, drawn from the commonest parts of real ones.

They hold what a register's names hold and a careless program breaks: compound surnames, names
written with a middle dot, and characters outside GBK. No name here is taken from a person.
"""

from __future__ import annotations

from random import Random

MIDDLE_DOT = "·"
_COMPOUND = ("欧阳", "司马", "上官", "诸葛", "尉迟")
# Repeated by frequency, so that one choice draws a common surname more often than a rare one.
_SURNAMES = (
    "王王王王王李李李李李张张张张张刘刘刘刘陈陈陈杨杨赵赵孙孙马马周徐胡朱高林何郭罗"
    "梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石"
    "姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤尹黎易常武乔贺赖龚文"
)
_GIVEN = {
    "1": "伟强磊军勇杰涛明超刚平辉鹏飞斌波宇浩凯健俊帆帅旭宁龙林峰成志建国华德福贵文武东亮海山",
    "2": "芳娜敏静丽艳娟霞秀英玲燕红梅兰桂香珍凤洁琳玉萍雪慧莉倩婷欣颖琴云莲翠爱月巧淑华荣霜",
}
_RARE = {"1": "䶮", "2": "㛃"}
_DOTTED = {
    "1": ("买买提", "阿吉", "艾力", "吐尔逊", "库尔班", "玉素甫", "阿卜杜拉", "热合曼"),
    "2": ("阿依古丽", "古丽娜尔", "帕提曼", "热依汗", "阿孜古丽", "玛依拉", "吐尔逊古丽"),
}


def personal_name(rng: Random, sex: str, father: str = "") -> str:
    """A name for a sex of GB/T 2261.1; with a father's name, a child's beside it."""
    if MIDDLE_DOT in father or (not father and rng.random() < 0.012):
        own = father.split(MIDDLE_DOT)[0] or rng.choice(_DOTTED["1"])
        return f"{rng.choice(_DOTTED[sex])}{MIDDLE_DOT}{own}"
    return (_surname_of(father) or _surname(rng)) + _given_name(rng, sex)


def fathers_name(rng: Random, child: str) -> str:
    """A name for the father of somebody with a name."""
    if MIDDLE_DOT in child:
        return f"{child.split(MIDDLE_DOT)[1]}{MIDDLE_DOT}{rng.choice(_DOTTED['1'])}"
    return personal_name(rng, "1", child)


def another_name(rng: Random, name: str) -> str:
    """A name that a careless entry could make of a name: one character of it differs."""
    wrong = rng.choice([c for c in _GIVEN["1"] + _GIVEN["2"] if c != name[-1]])
    return name[:-1] + wrong


def _surname(rng: Random) -> str:
    """A common surname, now and then a compound one."""
    return rng.choice(_COMPOUND) if rng.random() < 0.015 else rng.choice(_SURNAMES)


def _surname_of(name: str) -> str:
    """The surname in a name without a middle dot, or nothing for nothing."""
    return name[:2] if name[:2] in _COMPOUND else name[:1]


def _given_name(rng: Random, sex: str) -> str:
    """One or two characters of a sex, now and then one outside GBK."""
    if rng.random() < 0.012:
        return _RARE[sex]
    return "".join(rng.choice(_GIVEN[sex]) for _ in range(1 if rng.random() < 0.35 else 2))
