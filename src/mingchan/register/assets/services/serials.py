"""Serial numbers (序列号): one thing bears one, so no two cards of a county that count may bear the same (2.2)."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from mingchan.kernel.errors import Refusal
from mingchan.register.assets.choices import Status
from mingchan.register.assets.models import Asset


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
    bearing = Asset.objects.filter(county=county, serial_no__in=asked, status=Status.ACTIVE).exclude(serial_no="")
    found = bearing.exclude(pk=but or 0).order_by("pk").values_list("serial_no", "code").first()
    if found is not None:
        serial, code = found
        raise Refusal(
            _("序列号“%(serial)s”已在资产卡片 %(code)s 上") % {"serial": serial, "code": code},
            clauses=("2.2",),
            field="serial_no",
        )
