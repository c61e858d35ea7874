"""Taking a result file in (收回结果文件): what a phone without a signal wrote; again is harmless."""

import zipfile
import zlib
from datetime import date
from typing import BinaryIO

from django.utils.translation import gettext as _

from mingchan.interfaces.field import permissions, reading, spool
from mingchan.interfaces.field.choices import Way
from mingchan.interfaces.field.drafts import Batch, Outcome
from mingchan.interfaces.field.models import Capsule
from mingchan.interfaces.field.services.photos import keep_photo
from mingchan.interfaces.field.services.receiving import deliver
from mingchan.kernel import crypto
from mingchan.kernel.actor import Actor
from mingchan.kernel.errors import NotAllowed, NotFound, Refusal

RESULT_FORMAT = "mingchan-result-1"
LARGEST_TEXT = 30 * 1024 * 1024
LARGEST_FILE = 1024 * 1024 * 1024
MOST_MEMBERS = 20_000
AT_ONCE = 200
_DAMAGE = (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, ValueError, RuntimeError, EOFError)


def take_file(content: BinaryIO, *, actor: Actor, on: date) -> Outcome:
    """Take the events and photographs of a result file in, by the same services as from the phone (3.4.2).

    Raises Refusal for a file that is no result, is damaged or was changed; NotFound and NotAllowed as the errand's
    provider does. Photographs that can't be kept are told one by one and spoil nothing else.
    """
    try:
        archive = zipfile.ZipFile(content)
    except _DAMAGE as error:
        raise _no_result() from error
    with archive:
        return _take(archive, actor, on)


def _no_result() -> Refusal:
    return Refusal(_("这不是外业结果文件，或文件已损坏。请在手机上重新导出。"), field="file")


def _member(archive: zipfile.ZipFile, name: str, largest: int) -> bytes:
    try:
        info = archive.getinfo(name)
        if info.file_size > largest:
            raise Refusal(_("结果文件中有一项太大。"), field="file")
        with archive.open(info) as member:
            found = member.read(largest + 1)
    except (KeyError, *_DAMAGE) as error:
        raise _no_result() from error
    if len(found) > largest:
        raise Refusal(_("结果文件中有一项太大。"), field="file")
    return found


def _take(archive: zipfile.ZipFile, actor: Actor, on: date) -> Outcome:
    if len(archive.namelist()) > MOST_MEMBERS or sum(info.file_size for info in archive.infolist()) > LARGEST_FILE:
        raise Refusal(_("结果文件太大。"), field="file")
    manifest = reading.document(_member(archive, "manifest.json", 100_000))
    text = _member(archive, "result.json", LARGEST_TEXT)
    if manifest.get("sha256") != crypto.sha256(text).hex():
        raise Refusal(_("结果文件被改动过，或没有传完整。请在手机上重新导出。"), field="file")
    result = reading.document(text)
    errand, events = result.get("errand"), result.get("events")
    if result.get("format") != RESULT_FORMAT or not isinstance(errand, dict) or not isinstance(events, list):
        raise _no_result()
    kind, key = str(errand.get("kind", ""))[:40], str(errand.get("key", ""))[:40]
    permissions.require_errand(kind, key, actor=actor, on=on)
    outcome = Outcome(str(errand.get("title", ""))[:200], "")
    for start in range(0, max(len(events), 1), AT_ONCE):
        batch = reading.batch({**result, "format": reading.BATCH_FORMAT, "events": events[start : start + AT_ONCE]})
        outcome.worked_by = batch.worked_by
        _hand_in(kind, key, batch, outcome, actor, on)
    found = Capsule.objects.filter(digest=str(result.get("capsule", "")), kind=kind, key=key).select_related("account")
    capsule = found.first()
    outcome.worked_by = capsule.account.name if capsule else outcome.worked_by
    _keep_photos(archive, kind, key, outcome, actor, on)
    return outcome


def _hand_in(kind: str, key: str, batch: Batch, outcome: Outcome, actor: Actor, on: date) -> None:
    if not batch.events and not batch.faulty:
        return
    provider = permissions.require_provider(kind)
    known = provider.known(key, [event.id for event in batch.events], actor=actor)
    answers = deliver(kind, key, batch, way=Way.FILE, actor=actor, on=on)
    outcome.known += len(known)
    outcome.taken += sum(answer.taken for answer in answers) - len(known)
    outcome.refused += [answer for answer in answers if not answer.taken]


def _keep_photos(archive: zipfile.ZipFile, kind: str, key: str, outcome: Outcome, actor: Actor, on: date) -> None:
    for name in archive.namelist():
        digest = name.removeprefix("photos/").removesuffix(".jpg")
        if not name.startswith("photos/") or not reading.is_digest(digest):
            continue
        try:
            fresh = keep_photo(kind, key, digest, _member(archive, name, spool.LARGEST_PHOTO), actor=actor, on=on)
        except (NotAllowed, NotFound):
            raise
        except Refusal as refusal:
            outcome.photos_refused.append(str(refusal))
        else:
            outcome.photos += fresh
            outcome.photos_known += not fresh
