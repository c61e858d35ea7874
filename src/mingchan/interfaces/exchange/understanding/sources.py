"""Where money came from, which system an asset belongs to, and its tier, read from a county's own words.

The plan's money is two things only: the central service-industry fund (中央服务业专项发展资金) and the county's pooled
fiscal money (统筹整合县财政资金); clause 二(一)1. Systems and tiers follow clause 二(一)2.
"""

from __future__ import annotations

import re

IN_SCOPE = frozenset({"central", "county"})
_SOURCE_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("enterprise", ("企业自筹", "企业投资", "企业资金", "公司自筹", "承办单位自筹")),
    ("social", ("社会帮扶", "社会资金", "社会捐", "捐赠", "帮扶资金", "东西协作", "对口帮扶", "定点帮扶")),
    ("self", ("自筹", "自有资金", "单位自有", "村集体")),
    ("loan", ("贷款", "银行", "借款", "债券")),
    ("central", ("中央", "国家级", "商务部", "服务业发展专项", "服务业专项", "服务业发展资金")),
    ("province", ("省级", "省财政", "省配套", "省专项", "省商务", "省资金", "山西省")),
    ("city", ("市级", "市财政", "市配套", "忻州市", "市专项", "市资金")),
    (
        "county",
        ("统筹整合", "县统筹", "县级", "县财政", "整合资金", "涉农整合", "县配套", "县本级", "本级财政", "县资金"),
    ),
)
_SYSTEM_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("TRACEABILITY", ("追溯", "溯源", "质量安全")),
    ("PUBLIC_SERVICE", ("公共服务",)),
    ("LOGISTICS", ("物流", "配送", "快递", "分拨", "冷链", "仓储")),
    (
        "PUBLIC_SERVICE",
        ("服务站", "服务中心", "服务点", "电商中心", "电商站", "站点", "培训", "孵化", "体验店", "体验馆"),
    ),
)
_THREE_TIERS = re.compile("县乡村三级|县乡村|农村")
_VILLAGE_SITE = re.compile("村|社区")
_COUNTY_SITE = re.compile("^.{0,4}县(?!.*[乡镇村])|县级")
_TOWN_SITE = re.compile(r"[乡镇]|街道")
_TOWN_AND_VILLAGE = re.compile(r"(.{1,8}?(?:乡|镇|街道))(.*)")
_GROUP_NUMBER = re.compile(r"^(?:[(（]?[一二三四五六七八九十]{1,3}[)）]?[、.．]?|[0-9]{1,2}[、.．)])\s*")


def source_of(text: str) -> str:
    """A funding source's code, or "" when the words name none.

    Codes: central, county (the plan's two), province, city, social, enterprise, self, loan (known, out of scope).
    """
    for code, words in _SOURCE_WORDS:
        if any(word in text for word in words):
            return code
    return ""


def system_of(text: str) -> str:
    """The system a sheet, group line, site or project names: PUBLIC_SERVICE, LOGISTICS, TRACEABILITY or ""."""
    for code, words in _SYSTEM_WORDS:
        if any(word in text for word in words):
            return code
    return ""


def tier_of(site: str, town: str, village: str, sheet: str) -> str:
    """COUNTY, TOWN, VILLAGE or "": by village, then the site's own name, then the sheet, then the township."""
    if village:
        return "VILLAGE"
    if site:
        site = _THREE_TIERS.sub("", site)
        if _COUNTY_SITE.search(site):
            return "COUNTY"
        if _VILLAGE_SITE.search(site):
            return "VILLAGE"
        if _TOWN_SITE.search(site):
            return "TOWN"
    if "县级" in sheet:
        return "COUNTY"
    if "村级" in sheet and "乡镇" not in sheet:
        return "VILLAGE"
    return "TOWN" if town else ""


def tier_word(text: str) -> str:
    """A tier written in a column of its own: 县级, 乡镇, 村级."""
    for code, letters in (("VILLAGE", "村"), ("TOWN", "乡镇"), ("COUNTY", "县")):
        if any(letter in text for letter in letters):
            return code
    return ""


def town_and_village(text: str) -> tuple[str, str]:
    """ "新关镇南关村" to its two names; a text without a township is taken as a village."""
    found = _TOWN_AND_VILLAGE.fullmatch(text)
    if found is None:
        return "", text
    village = "" if found[2] in ("全镇", "全乡", "全街道") else found[2]
    return found[1], village


def group_label(text: str) -> str:
    """A group line without its number: "一、公共服务体系" to "公共服务体系"."""
    return _GROUP_NUMBER.sub("", text).strip("：: ")
