"""What the directory records (组织事件), each with its sentence and the clauses it serves."""

from django.utils.translation import gettext_lazy as _

from mingchan.kernel.events import EventKind

DIVISION_LOADED = EventKind(
    "directory.division.loaded", _("载入行政区划“%(name)s”等 %(count)s 条"), ("2.1.2",), "system"
)
DIVISION_CHANGED = EventKind("directory.division.changed", _("更新行政区划 %(count)s 条"), ("2.1.2",), "system")
PARTY_ADDED = EventKind("directory.party.added", _("登记主体“%(name)s”"), ("2.3", "2.6.1b"))
PARTIES_PROPOSED = EventKind("directory.party.proposed", _("从%(source)s新增待核实主体 %(count)s 个"), ("2.2", "2.3"))
PARTY_CORRECTED = EventKind("directory.party.corrected", _("更正主体“%(name)s”：%(fields)s"), ("2.3", "2.6.1b"))
PERSONAL_REVEALED = EventKind("directory.personal.revealed", _("查看“%(name)s”的完整%(field)s"), ("1.2b",), "personal")
ACCOUNT_OPENED = EventKind("directory.account.opened", _("为“%(name)s”开设账号 %(username)s"), ("4.1",))
ACCOUNT_DISABLED = EventKind("directory.account.disabled", _("停用账号 %(username)s"), ("4.1",))
ACCOUNT_ENABLED = EventKind("directory.account.enabled", _("重新启用账号 %(username)s"), ("4.1",))
ACCOUNT_PERSON = EventKind("directory.account.person", _("账号 %(username)s 的本人登记为%(person)s"), ("4.1", "2.6.1b"))
PASSWORD_CHANGED = EventKind("directory.account.password_changed", _("账号 %(username)s 修改口令"), ("4.1",), "system")
PASSWORD_RESET = EventKind("directory.account.password_reset", _("重置账号 %(username)s 的口令"), ("4.1",), "system")
GRANT_GIVEN = EventKind(
    "directory.grant.given", _("授予账号 %(username)s “%(role)s”，范围 %(scope)s"), ("4.1", "2.6.1b")
)
GRANT_ENDED = EventKind(
    "directory.grant.ended", _("收回账号 %(username)s 的“%(role)s”，范围 %(scope)s"), ("4.1", "2.6.1b")
)
LOGGED_IN = EventKind("directory.login.accepted", _("账号 %(username)s 登录"), ("4.1",), "system")
LOGIN_REFUSED = EventKind("directory.login.refused", _("登录被拒绝：%(why)s"), ("4.1",), "system")
LOGGED_OUT = EventKind("directory.login.ended", _("账号 %(username)s 退出"), ("4.1",), "system")
ACCESS_REFUSED = EventKind("directory.access.refused", _("没有权限：%(what)s"), ("4.1",), "system")
