"""Words of the register: systems, tiers, types, classes, rights, states and dates' precision (2.1.1, 2.1.2, 2.3)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class System(TextChoices):
    """Which of the plan's systems (建设体系) an asset was bought for (2.1.2)."""

    PUBLIC_SERVICE = "PUBLIC_SERVICE", _("公共服务体系")
    LOGISTICS = "LOGISTICS", _("物流配送体系")
    TRACEABILITY = "TRACEABILITY", _("质量安全追溯体系")
    OTHER = "OTHER", _("其他")


class Tier(TextChoices):
    """The tier (层级) of the three-tier systems at which an asset serves (2.1.2)."""

    COUNTY = "COUNTY", _("县级")
    TOWN = "TOWN", _("乡级")
    VILLAGE = "VILLAGE", _("村级")


class AssetType(TextChoices):
    """The plan's types of assets (资产类型): 2.1.1 names three, 3.3 adds relocation."""

    INFRASTRUCTURE = "INFRASTRUCTURE", _("基础设施类")
    PUBLIC_SERVICE = "PUBLIC_SERVICE", _("公共服务类")
    INDUSTRY = "INDUSTRY", _("产业发展（资产收益）类")
    RELOCATION = "RELOCATION", _("易地扶贫搬迁类")


class SixClass(TextChoices):
    """The classes of the books for fixed assets (固定资产六大类), and intangible assets beside them."""

    BUILDING = "BUILDING", _("房屋及构筑物")
    GENERAL = "GENERAL", _("通用设备")
    SPECIAL = "SPECIAL", _("专用设备")
    RELIC = "RELIC", _("文物和陈列品")
    BOOK = "BOOK", _("图书、档案")
    FURNITURE = "FURNITURE", _("家具、用具、装具及动植物")
    INTANGIBLE = "INTANGIBLE", _("无形资产")


class RightKind(TextChoices):
    """Kinds of rights over an asset (权利种类), each held by somebody from a day on (2.3)."""

    OWNERSHIP = "OWNERSHIP", _("所有权")
    USE = "USE", _("使用权")
    OPERATION = "OPERATION", _("经营权")
    INCOME = "INCOME", _("收益权")
    SUPERVISION = "SUPERVISION", _("监管权")
    CUSTODY = "CUSTODY", _("管护责任")


class Status(TextChoices):
    """Whether a card counts (卡片状态): a split lot, a withdrawn and a disposed card stay, and count no more."""

    ACTIVE = "ACTIVE", _("在册")
    SPLIT = "SPLIT", _("已拆分")
    WITHDRAWN = "WITHDRAWN", _("已撤回")
    DISPOSED = "DISPOSED", _("已处置")


class Precision(TextChoices):
    """How much of a date the source gives (日期精度)."""

    DAY = "D", _("日")
    MONTH = "M", _("月")
    YEAR = "Y", _("年")


class Cover(TextChoices):
    """Whether the shares of a kind of right over an asset make one whole (权利是否完整), a filter of lists (2.3)."""

    WHOLE = "WHOLE", _("完整")
    PARTIAL = "PARTIAL", _("份额不足")
    NONE = "NONE", _("悬空")


class Problem(TextChoices):
    """What a card lacks or suffers from (数据问题), as the list filters by it (1.2, 2.6.1b)."""

    NO_KEEPER = "NO_KEEPER", _("无管护责任人")
    NO_OWNER = "NO_OWNER", _("无所有权人")
    NO_OPERATOR = "NO_OPERATOR", _("无经营者")
    NO_USER = "NO_USER", _("无使用权人")
    NO_INCOME = "NO_INCOME", _("无收益权人")
    NO_SUPERVISION = "NO_SUPERVISION", _("无监管权人")
    NO_CLASS = "NO_CLASS", _("未分类")
    NO_DATE = "NO_DATE", _("无取得日期")
    COARSE_DATE = "COARSE_DATE", _("取得日期不到日")
    NO_PLACE = "NO_PLACE", _("无站点和存放地点")
    DAMAGED = "DAMAGED", _("丢失或损坏")
    IDLE = "IDLE", _("闲置或停用")


MIXED = "MIXED"
"""The funding word (资金来源) of a card paid for by more than one source; its shares are rows of FundingShare."""


class Fault(TextChoices):
    """Why a card can't be registered, corrected or split (不能登记的原因), in the user's words."""

    NO_NAME = "NO_NAME", _("缺少资产名称")
    NO_SYSTEM = "NO_SYSTEM", _("建设体系不在方案所列范围内")
    NO_TIER = "NO_TIER", _("层级应为县级、乡级或村级")
    BAD_QUANTITY = "BAD_QUANTITY", _("数量应大于零")
    PART_OF_ONE = "PART_OF_ONE", _("按件计量的资产数量应为整数")
    BAD_COST = "BAD_COST", _("原值不能为负数，也不能超出可准确表示的范围")
    PRICE_DIFFERS = "PRICE_DIFFERS", _("单价乘以数量不等于原值")
    SHARES_DIFFER = "SHARES_DIFFER", _("各资金来源金额之和不等于原值")
    FUTURE_DATE = "FUTURE_DATE", _("取得日期晚于登记日期")
    SERVICE_EARLY = "SERVICE_EARLY", _("投用日期早于取得日期")
    PARTS_DIFFER = "PARTS_DIFFER", _("各部分数量之和不等于原数量")
    TOO_LONG = "TOO_LONG", _("文字过长")
    ONE_PART = "ONE_PART", _("至少拆分为两部分")
    MANY_PARTS = "MANY_PARTS", _("一次最多拆分为 1000 张卡片")
    SERIAL_OF_MANY = "SERIAL_OF_MANY", _("有序列号的部分数量应为 1：一个序列号只属于一件资产")
    BAD_CLASS = (
        "BAD_CLASS",
        _("分类代码应为字母 A 加 8 位数字（GB/T 14885-2022），或从本县常用代码中选取；不确定时请留空，留空为未分类"),
    )
    BAD_KIND = "BAD_KIND", _("没有这种权利")
    BAD_SHARE = "BAD_SHARE", _("同一权利的份额应为正数，并使用同一分母")
    HOLDER_TWICE = "HOLDER_TWICE", _("同一权利人只能填写一次")
    NOT_WHOLE = "NOT_WHOLE", _("各权利人份额之和应等于整体（1）")
    TERM_OF_OTHER = "TERM_OF_OTHER", _("只有管护责任可以填写管护主体和任期")
    CUSTODY_SHARED = "CUSTODY_SHARED", _("管护责任应落实到一名责任人，不能按份共有")
