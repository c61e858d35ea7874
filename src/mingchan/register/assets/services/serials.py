"""Serial numbers (序列号): one thing bears one, so no two cards of a county that count may bear the same (2.2).

The database refuses it too (`asset_serial_once`); here it is said which number stands on which card.
"""

from collections.abc import Iterable

from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from mingchan.kernel.database import one_of
from mingchan.kernel.errors import Refusal
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset

SHOWN = 5


def standing(serials: Iterable[str], county: str) -> QuerySet[Asset]:
    """Cards of the county that count and bear one of the numbers."""
    cards = Asset.objects.filter(county=county, status=Status.ACTIVE).exclude(serial_no="")
    return cards.filter(serial_no__in=one_of(serials))


def are_free(serials: Iterable[str], county: str, *, but: int | None = None) -> None:
    """Nothing when no card of the county that counts bears any of the numbers, and none is given twice.

    Blank ones are passed over; `but` is the card they are given to. Raises Refusal naming the number and its card.
    """
    given = [serial for serial in serials if serial]
    asked = set(given)
    if len(asked) < len(given):
        twice = next(serial for serial in given if given.count(serial) > 1)
        raise Refusal(_("序列号“%(serial)s”填了两次") % {"serial": twice}, clauses=("2.2",), field="serial_no")
    if not asked:
        return
    found = standing(asked, county).exclude(pk=but or 0).order_by("pk").values_list("serial_no", "code").first()
    if found is not None:
        serial, code = found
        raise Refusal(
            _("序列号“%(serial)s”已在资产卡片 %(code)s 上") % {"serial": serial, "code": code},
            clauses=("2.2",),
            field="serial_no",
        )


def refuse_taken(error: IntegrityError, serials: Iterable[str], county: str) -> None:
    """Raise the Refusal that a unique key of the cards means; nothing when the error is another one.

    Of serial numbers, those that are on cards already are named, the first few: call it when the failed writing is
    undone.
    """
    text = str(error)
    if "serial" in text:
        numbers = list(standing(set(serials) - {""}, county).values_list("serial_no", flat=True)[:SHOWN])
        raise Refusal(
            _("序列号已在台账中：%(numbers)s。请重新读取后改正。") % {"numbers": "、".join(numbers)},
            clauses=("2.2",),
            field="serial_no",
        ) from error
    if "asset_code" in text or "assets_asset.code" in text:
        raise Refusal(_("资产编号已被占用"), clauses=("2.2",), field="code") from error
