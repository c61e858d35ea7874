"""Words of the directory: levels of divisions and kinds of parties."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Level(TextChoices):
    """Level of a division (行政区划级别), by the length of the part of its code that is not zero."""

    COUNTY = "COUNTY", _("县级")
    TOWN = "TOWN", _("乡级")
    VILLAGE = "VILLAGE", _("村级")


class PartyKind(TextChoices):
    """What a party is (主体类别), after the LADM party types."""

    OFFICE = "OFFICE", _("县直单位")
    TOWN_GOVERNMENT = "TOWN_GOVERNMENT", _("乡镇人民政府")
    VILLAGE_COMMITTEE = "VILLAGE_COMMITTEE", _("村民委员会")
    COLLECTIVE = "COLLECTIVE", _("农村集体经济组织")
    STATION = "STATION", _("电商站点")
    COMPANY = "COMPANY", _("企业")
    PERSON = "PERSON", _("个人")
    OTHER = "OTHER", _("其他")
