"""Words of the books: accounting systems, elements, sides, kinds of vouchers and states of periods."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class System(TextChoices):
    """The accounting system a book is kept under (会计制度)."""

    GOVERNMENT = "GOVERNMENT", _("政府会计制度")
    VILLAGE = "VILLAGE", _("村集体经济组织会计制度")


class Element(TextChoices):
    """What an account counts (会计要素). Elements beginning with BUDGET are the budget side (预算会计)."""

    ASSET = "ASSET", _("资产")
    LIABILITY = "LIABILITY", _("负债")
    NET_ASSET = "NET_ASSET", _("净资产")
    EQUITY = "EQUITY", _("所有者权益")
    INCOME = "INCOME", _("收入")
    EXPENSE = "EXPENSE", _("费用")
    COST = "COST", _("成本")
    BUDGET_INCOME = "BUDGET_INCOME", _("预算收入")
    BUDGET_EXPENSE = "BUDGET_EXPENSE", _("预算支出")
    BUDGET_BALANCE = "BUDGET_BALANCE", _("预算结余")


class Side(TextChoices):
    """The side on which an account grows (余额方向)."""

    DEBIT = "DEBIT", _("借")
    CREDIT = "CREDIT", _("贷")


class VoucherKind(TextChoices):
    """Kind of a voucher (凭证字). One kind serves all facts: 记账凭证."""

    GENERAL = "JI", _("记")


class PeriodState(TextChoices):
    """State of an accounting month (期间状态)."""

    OPEN = "OPEN", _("未结账")
    CLOSED = "CLOSED", _("已结账")
    REOPENED = "REOPENED", _("反结账中")


class Seal(IntegerChoices):
    """Whether a voucher is complete (封存). Only 0 → 1 is possible, and only for a balanced voucher."""

    BEING_WRITTEN = 0, _("未完成")
    SEALED = 1, _("已记账")
