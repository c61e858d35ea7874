"""Evidence packages (证据包) for a thing, a case or a part of the log (3.4.2)."""

from collections.abc import Mapping
from datetime import date
from typing import BinaryIO

from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.packages import Packed
from mingchan.kernel.actor import Actor
from mingchan.kernel.refs import Ref
from mingchan.oversight.jointwork import permissions
from mingchan.oversight.jointwork.queries import packing
from mingchan.oversight.jointwork.queries.packing import LogPart


def make_package(
    target: BinaryIO, *, about: str, part: LogPart, words: Mapping[str, str], reason: str, actor: Actor, on: date
) -> Packed:
    """Write a package about a thing (`about`, a reference) or, when that is empty, of a part of the log.

    `words` say the scope for people. Not to be called inside a transaction. Raises NotAllowed without `package.make`
    and `log.view` over the county; NotFound for a thing the log doesn't know; Refusal without a reason, a bound or a
    record, or for too much. Serves 3.4.2.
    """
    permissions.require(actor, permissions.PACKAGE)
    permissions.require(actor, permissions.LOG)
    if about:
        ref = packing.known(about, actor)
        seqs = packing.seqs_about(packing.objects_of([str(ref)]))
    else:
        ref, seqs = Ref("log", "part"), packing.seqs_in(part, actor)
    scope = dict(words) or {_("范围"): about or _("留痕")}
    return evidence.package(target, seqs, about=ref, scope=scope, reason=reason, actor=actor, on=on)
