"""Words of tracing: how a link between a payment and an asset came about, and how sure it is."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Way(TextChoices):
    """How a link came about (关联依据)."""

    MANUAL = "MANUAL", _("人工关联")
    WHOLE = "WHOLE", _("同一子项目、同一来源的支出合计与资产合计相等")
    ONE = "ONE", _("金额与一项资产相等")
    NAMED = "NAMED", _("支出内容写明的资产合计与金额相等")
    BATCH = "BATCH", _("同一天取得的一批资产合计与金额相等")
    ORDER = "ORDER", _("同一子项目、同一来源，按取得日期依次分摊")
    SPLIT = "SPLIT", _("随资产拆分")


CONFIDENCE = {
    Way.WHOLE.value: 95,
    Way.ONE.value: 90,
    Way.NAMED.value: 85,
    Way.BATCH.value: 80,
    Way.ORDER.value: 40,
}
"""How sure a proposal is, in per cent. From 80 on every amount fits to the fen; 40 says only that it may be so."""
EXACT = 80
