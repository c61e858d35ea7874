"""Divisions, parties, accounts and grants (区划、主体、账号、授权)."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from mingchan.foundation.directory.choices import Level, PartyKind


class Division(models.Model):
    """A division (行政区划) by its 12-digit code, with the vintages in which it stood and where it went."""

    code = models.CharField(_("区划代码"), max_length=12, primary_key=True)
    name = models.CharField(_("名称"), max_length=60)
    level = models.CharField(_("级别"), max_length=8, choices=Level)
    parent_code = models.CharField(_("上级代码"), max_length=12)
    first_vintage = models.DateField(_("最早见于"))
    last_vintage = models.DateField(_("最后见于"))
    is_current = models.BooleanField(_("现行"), default=True)
    successor_code = models.CharField(_("现区划代码"), max_length=12, blank=True, default="")

    class Meta:
        verbose_name = _("行政区划")
        indexes = [
            models.Index(fields=["parent_code", "code"], name="division_parent"),
            models.Index(fields=["name"], name="division_name"),
        ]

    def __str__(self) -> str:
        return self.name


class DivisionName(models.Model):
    """A name a division's code stood for between two vintages (曾用名): a code can change its name and meaning."""

    code = models.CharField(_("区划代码"), max_length=12)
    name = models.CharField(_("名称"), max_length=60)
    level = models.CharField(_("级别"), max_length=8, choices=Level)
    parent_code = models.CharField(_("上级代码"), max_length=12)
    first_vintage = models.DateField(_("最早见于"))
    last_vintage = models.DateField(_("最后见于"))

    class Meta:
        verbose_name = _("区划曾用名")
        constraints = [models.UniqueConstraint(fields=["code", "name", "first_vintage"], name="division_name_once")]

    def __str__(self) -> str:
        return self.name


class Party(models.Model):
    """A party (主体, LADM LA_Party): an organisation or a person that may hold rights, keep or run things.

    Phone and identity number are stored encrypted; the masks beside them are what is shown.
    """

    county = models.CharField(_("县"), max_length=6)
    kind = models.CharField(_("主体类别"), max_length=20, choices=PartyKind)
    name = models.CharField(_("名称"), max_length=120)
    initials = models.CharField(_("拼音首字母"), max_length=120, blank=True, default="")
    division_code = models.CharField(_("所在区划"), max_length=12)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True, default="")
    phone_cipher = models.BinaryField(_("联系电话（加密）"), null=True, blank=True)
    phone_mask = models.CharField(_("联系电话（掩码）"), max_length=20, blank=True, default="")
    id_cipher = models.BinaryField(_("身份证号（加密）"), null=True, blank=True)
    id_mask = models.CharField(_("身份证号（掩码）"), max_length=18, blank=True, default="")
    is_confirmed = models.BooleanField(_("已核实"), default=False)
    is_sample = models.BooleanField(_("示例"), default=False)
    source = models.CharField(_("来源"), max_length=60, blank=True, default="")
    created_on = models.DateField(_("登记日期"))
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("主体")
        indexes = [
            models.Index(fields=["county", "name"], name="party_name"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "kind", "name", "division_code", "phone_mask"], name="party_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AccountManager(BaseUserManager["Account"]):
    """Reads accounts by login name. Accounts are made by services only."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=username)


class Account(AbstractBaseUser):
    """A login (账号) of one person in one office. No shared accounts, no superuser.

    `person` is the party of the directory that the holder is: what they keep, sign for or have an interest in.
    """

    username = models.CharField(_("登录名"), max_length=40, unique=True)
    county = models.CharField(_("县"), max_length=6)
    name = models.CharField(_("姓名"), max_length=50)
    office = models.ForeignKey(Party, verbose_name=_("所在单位"), on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("职务"), max_length=40, blank=True, default="")
    person = models.ForeignKey(
        Party, verbose_name=_("本人"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_active = models.BooleanField(_("启用"), default=True)
    is_sample = models.BooleanField(_("示例"), default=False)
    may_log_in = models.BooleanField(_("可登录"), default=True)
    must_change_password = models.BooleanField(_("须修改密码"), default=True)
    password_set_on = models.DateField(_("密码设定日期"), null=True, blank=True)
    password_seal = models.CharField(_("密码封印"), max_length=64, blank=True, default="")
    session_epoch = models.PositiveIntegerField(_("会话序号"), default=1)
    created_on = models.DateField(_("开户日期"))
    version = models.PositiveIntegerField(_("版本"), default=1)
    last_login = None  # logins stand in the log; a protected row doesn't change

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    class Meta:
        verbose_name = _("账号")
        indexes = [models.Index(fields=["county", "username"], name="account_county")]


class Grant(models.Model):
    """A role given to an account over a scope for a time (授权), on a stated basis.

    It counts from `valid_from` until the day before `valid_to`, so one that ends the day it began never counted.
    """

    account = models.ForeignKey(Account, verbose_name=_("账号"), on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(_("角色"), max_length=40)
    scope = models.CharField(_("区划范围"), max_length=12)
    party = models.ForeignKey(
        Party, verbose_name=_("仅限主体"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("失效日"), null=True, blank=True)
    basis = models.CharField(_("依据"), max_length=200)
    given_by = models.CharField(_("授权人"), max_length=50)

    class Meta:
        verbose_name = _("授权")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="grant_period_in_order",
            ),
            models.UniqueConstraint(
                fields=["account", "role", "scope"],
                condition=models.Q(valid_to__isnull=True, party__isnull=True),
                name="grant_open_once",
            ),
            models.UniqueConstraint(
                fields=["account", "role", "scope", "party"],
                condition=models.Q(valid_to__isnull=True, party__isnull=False),
                name="grant_open_once_for_party",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}@{self.scope}"


class PasswordRecord(models.Model):
    """A former password's hash (曾用密码), so that the last five can't be used again."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    password = models.CharField(_("密码散列"), max_length=200)
    set_on = models.DateField(_("设定日期"))

    class Meta:
        verbose_name = _("曾用密码")

    def __str__(self) -> str:
        return f"{self.account_id}@{self.set_on}"


class LoginAttempt(models.Model):
    """A failed login (登录失败), counted per account name and per address for the lock-out."""

    username = models.CharField(_("登录名"), max_length=40)
    address = models.CharField(_("来源地址"), max_length=60)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("登录失败")
        indexes = [
            models.Index(fields=["username", "at"], name="attempt_username"),
            models.Index(fields=["address", "at"], name="attempt_address"),
        ]

    def __str__(self) -> str:
        return f"{self.username}@{self.at}"
