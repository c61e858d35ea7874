"""Taking photographs in (收回照片): in pieces by digest, or whole out of a result file; each kept once."""

import hashlib
from datetime import date
from typing import BinaryIO

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import services as evidence
from mingchan.foundation.evidence.choices import AttachmentKind
from mingchan.interfaces.field import permissions, spool
from mingchan.interfaces.field.drafts import Progress
from mingchan.interfaces.field.models import Capsule, Photo
from mingchan.kernel import fieldwork
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import Refusal
from mingchan.kernel.refs import Ref


def progress(kind: str, key: str, digest: str, *, actor: Actor, on: date) -> Progress:
    """How much of a photograph is here. Raises NotFound for an errand that isn't the actor's."""
    permissions.require_errand(kind, key, actor=actor, on=on)
    owner = f"{kind}:{key}"
    if Photo.objects.filter(owner=owner, sha256=digest).exists():
        return Progress(0, True)
    return Progress(spool.received(owner, digest), False)


def keep_piece(
    kind: str, key: str, digest: str, offset: int, size: int, piece: bytes, *, actor: Actor, on: date
) -> Progress:
    """Take a piece of a photograph of `size` bytes in; with the last one it is attached to the errand (3.4.2).

    A piece that doesn't begin where the last one ended changes nothing: the answer says from where to go on. Raises
    Refusal for too large a photograph or piece, a wrong digest and a damaged picture, NotAllowed without
    `paper.attach` there.
    """
    permissions.require_errand(kind, key, actor=actor, on=on)
    if not 0 < size <= spool.LARGEST_PHOTO or len(piece) > spool.LARGEST_PIECE:
        raise Refusal(_("照片太大，最多 %(limit)s MB。") % {"limit": spool.LARGEST_PHOTO // 1024 // 1024})
    owner = f"{kind}:{key}"
    if Photo.objects.filter(owner=owner, sha256=digest).exists():
        spool.forget(owner, digest)
        return Progress(size, True)
    try:
        with spool.opened(owner, digest) as file:
            return _add(file, kind, key, digest, offset, size, piece, actor=actor, on=on)
    except spool.Full:
        raise Refusal(_("暂存的照片太多，请稍后再传。")) from None


def _add(
    file: BinaryIO, kind: str, key: str, digest: str, offset: int, size: int, piece: bytes, *, actor: Actor, on: date
) -> Progress:
    owner, here = f"{kind}:{key}", file.tell()
    if here != offset or here + len(piece) > size:
        if here <= size and here + len(piece) <= size:
            return Progress(here, False)
        file.truncate(0)
        return Progress(0, False)
    file.write(piece)
    file.flush()
    if here + len(piece) < size:
        return Progress(here + len(piece), False)
    file.seek(0)
    try:
        keep_photo(kind, key, digest, file.read(), actor=actor, on=on)
    except Refusal:
        file.truncate(0)
        raise
    spool.forget(owner, digest)
    return Progress(size, True)


def keep_photo(kind: str, key: str, digest: str, content: bytes, *, actor: Actor, on: date) -> bool:
    """Attach a whole photograph to its errand, once; False when it was there.

    `digest` is of the bytes that the phone sent: the picture is encoded anew as every attachment is, and its file name
    carries the digest that events name (`fieldwork.photo_name`). Raises as `keep_piece`.
    """
    owner = Ref.parse(f"{kind}:{key}")
    if hashlib.sha256(content).hexdigest() != digest:
        raise Refusal(_("照片传输有误，请重新上传。"))
    if Photo.objects.filter(owner=str(owner), sha256=digest).exists():
        return False
    try:
        with transaction.atomic():
            _attach(kind, key, digest, content, actor=actor, on=on)
    except IntegrityError:
        # The same photograph came by another way at the same moment; its attachment is the one that stays.
        if Photo.objects.filter(owner=str(owner), sha256=digest).exists():
            return False
        raise
    return True


def _attach(kind: str, key: str, digest: str, content: bytes, *, actor: Actor, on: date) -> None:
    owner = Ref.parse(f"{kind}:{key}")
    last = Capsule.objects.filter(county=actor.county, kind=kind, key=key).order_by("-pk").first()
    own = actor.parties(permissions.ATTACH)
    attachment = evidence.attach(
        content,
        name=fieldwork.photo_name(digest),
        owner=owner,
        division=last.division_code if last else actor.county,
        kind=AttachmentKind.PHOTO,
        party=own[0] if own else None,
        actor=actor,
        on=on,
    )
    Photo.objects.create(county=actor.county, owner=str(owner), sha256=digest, attachment=attachment)
