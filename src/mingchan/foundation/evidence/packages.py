"""Evidence packages (证据包): records of a matter with proofs, their details and files, checked without the database.

`tools/verify_package.py` reads one and shares no code with this. The layout, in this order:

    说明.txt        what it is and how it is checked
    records.jsonl   one record a line: exact bytes, inclusion proof, salt and detail (absent when erased)
    事项.csv        the same records as sentences, for people
    files/…         files attached to what the package is about
    manifest.json   scope, maker, tree head, digest and size of everything above
    seal.txt        county, tree head and digest of the manifest, with the public key of the seal
    seal.sig        Ed25519 signature over seal.txt, in hex
"""

import csv
import hashlib
import io
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO

import orjson
from django.db.models import Q
from django.utils.translation import gettext as _

from mingchan.foundation.evidence import proofs, queries, reports, storing, tree
from mingchan.foundation.evidence.models import Attachment, Detail, Head, Record
from mingchan.foundation.evidence.packing import Archive, TooLarge
from mingchan.kernel import canonical, crypto, database
from mingchan.kernel.errors import Refusal

FORMAT = "mingchan-evidence-package/1"
MOST_RECORDS = 50_000
BATCH = 500
CLAUSES = ("3.4.2",)


@dataclass(frozen=True, slots=True)
class Packed:
    """What a package holds: counts, the tree head it is proven under, and the digest of the whole file."""

    records: int
    files: int
    erased: int
    missing: int
    size: int
    root: str
    checkpoint: str
    sha256: str
    key: str


def seqs_of(objects: Sequence[str]) -> list[int]:
    """Records about the objects and about the files attached to them, ascending."""
    found: set[int] = set()
    for start in range(0, len(objects), BATCH):
        part = list(objects[start : start + BATCH])
        files = Attachment.objects.filter(owner__in=part).values_list("pk", flat=True)
        part += [f"attachment:{pk}" for pk in files]
        for at in range(0, len(part), BATCH):
            found.update(Record.objects.filter(obj__in=part[at : at + BATCH]).values_list("seq", flat=True))
        if len(found) > MOST_RECORDS:
            raise too_many(len(found))
    return sorted(found)


def too_many(count: int) -> Refusal:
    """What is said when the scope holds more records than a package takes."""
    words = _("范围内的记录超过 %(most)s 条，请缩小范围后再制作证据包。")
    return Refusal(words % {"most": f"{MOST_RECORDS:,}"}, clauses=CLAUSES)


def write(
    target: BinaryIO, seqs: Iterable[int], *, county: str, scope: Mapping[str, str], made_by: str, on: date
) -> Packed:
    """Write the package of the records to a file opened for writing and reading.

    `scope` says in words what the package is about. The tree head is read first; what is below it never changes, so
    nobody waits for a package. Raises Refusal without a record, for too many, or when files pass 4 GB.
    """
    wanted = sorted(set(seqs))
    if not wanted:
        raise Refusal(_("范围内没有留痕记录，无从制作证据包。"), clauses=CLAUSES)
    if len(wanted) > MOST_RECORDS:
        raise too_many(len(wanted))
    head = Head.objects.get(id=1)
    wanted = [seq for seq in wanted if seq < head.size]
    root = tree.root_of(tree.split_frontier(bytes(head.sha256)))
    archive = Archive(target)
    try:
        return _written(archive, wanted, head.size, root, county, scope, made_by, on)
    except TooLarge:
        raise Refusal(_("证据包超过 4 GB，请缩小范围。"), clauses=CLAUSES) from None


def _written(
    archive: Archive, wanted: Sequence[int], size: int, root: bytes, county: str, scope: Mapping[str, str],
    made_by: str, on: date,
) -> Packed:  # fmt: skip
    listed: list[dict[str, Any]] = []
    checkpoint = reports.checkpoint_text(size, root)
    with tempfile.TemporaryFile() as records, tempfile.TemporaryFile() as sentences:
        erased, attachments = _records(records, sentences, wanted, size)
        about = _about(scope, len(wanted), checkpoint, made_by, on)
        _add(archive, listed, "说明.txt", io.BytesIO(about.encode()))
        _add(archive, listed, "records.jsonl", records)
        _add(archive, listed, "事项.csv", sentences)
    files, missing = _files(archive, attachments)
    manifest = canonical.encode(
        {
            "county": county,
            "files": files,
            "format": FORMAT,
            "made_by": made_by,
            "made_on": on.isoformat(),
            "missing": missing,
            "others": listed,
            "records": len(wanted),
            "root": root.hex(),
            "scope": dict(scope),
            "size": size,
        }
    )
    key = crypto.seal_key().hex()
    lines = [FORMAT, county, str(size), root.hex(), hashlib.sha256(manifest).hexdigest(), key]
    seal = ("\n".join(lines) + "\n").encode()
    archive.add("manifest.json", manifest)
    archive.add("seal.txt", seal)
    archive.add("seal.sig", (crypto.seal(seal).hex() + "\n").encode())
    archive.close()
    archive.target.flush()
    archive.target.seek(0)
    digest = hashlib.file_digest(archive.target, "sha256").hexdigest()
    return Packed(len(wanted), len(files), erased, len(missing), size, root.hex(), checkpoint, digest, key)


def _add(archive: Archive, listed: list[dict[str, Any]], path: str, source: BinaryIO) -> None:
    source.seek(0)
    sha256 = hashlib.file_digest(source, "sha256").hexdigest()
    listed.append({"path": path, "sha256": sha256, "size": source.seek(0, io.SEEK_END)})
    archive.add_file(path, source)


def _records(
    target: BinaryIO, sentences: BinaryIO, wanted: Sequence[int], size: int
) -> tuple[int, dict[int, tuple[int, str]]]:
    """Write the lines; how many details are erased, and the attachments that records speak of: id → (seq, sha256)."""
    erased = 0
    attachments: dict[int, tuple[int, str]] = {}
    text = io.TextIOWrapper(sentences, "utf-8-sig", newline="", write_through=True)
    table = csv.writer(text)
    table.writerow([_("序号"), _("业务日期"), _("记录时间"), _("经办人"), _("事项"), _("对象"), _("理由")])
    proven = proofs.inclusion_proofs(wanted, size)
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        rows = {row[0]: row for row in _rows(Record, "seq", part, queries.ENTRY_COLUMNS)}
        details = {row[0]: row[1:] for row in _rows(Detail, "id", part, ("id", "salt", "body"))}
        for seq in part:
            found_seq, proof = next(proven)
            row, (salt, detail) = rows[seq], details.get(seq, (b"", b""))
            line: dict[str, Any] = {"body": bytes(row[1]).decode(), "proof": [node.hex() for node in proof], "seq": seq}
            if found_seq != seq:
                raise ValueError("proofs out of order")
            if detail:
                line |= {"detail": bytes(detail).decode(), "salt": bytes(salt).hex()}
            else:
                erased += 1
            target.write(canonical.encode(line) + b"\n")
            known = orjson.loads(bytes(detail)) if detail else {}
            entry = queries.entry_of(row, known)
            cells = (str(seq), entry.on.isoformat(), row[6], entry.actor, entry.sentence, entry.obj, entry.reason)
            table.writerow([_inert(cell) for cell in cells])
            kind, _colon, key = entry.obj.partition(":")
            after = known.get("after") or {}
            if kind == "attachment" and "sha256" in after:
                attachments[int(key)] = (seq, str(after["sha256"]))
    text.detach()
    return erased, attachments


def _rows(model: Any, key: str, keys: Sequence[int], columns: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    found = model.objects.filter(Q(**{f"{key}__in": database.one_of(keys, "bigint")}))
    return found.values_list(*columns)  # type: ignore[no-any-return]


def _inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + cell if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _files(
    archive: Archive, attachments: Mapping[int, tuple[int, str]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Copy the files; those whose content is gone or not what the record says are named as missing."""
    names = dict(
        Attachment.objects.filter(pk__in=database.one_of(list(attachments), "bigint")).values_list("pk", "name")
    )
    files: list[dict[str, Any]] = []
    missing: list[dict[str, Any]] = []
    for key, (seq, sha256) in sorted(attachments.items()):
        named = {"attachment": key, "name": names.get(key, ""), "seq": seq, "sha256": sha256}
        try:
            with storing.path_of(sha256).open("rb") as source:
                if hashlib.file_digest(source, "sha256").hexdigest() != sha256:
                    raise ValueError(sha256)
                path = f"files/{key}-{sha256[:12]}{_ending(named['name'])}"
                archive.add_file(path, source)
                files.append({**named, "path": path, "size": source.seek(0, io.SEEK_END)})
        except (OSError, ValueError):
            missing.append(named)
    return files, missing


def _ending(name: Any) -> str:
    ending = str(name).rpartition(".")[2].lower()
    return f".{ending}" if ending.isascii() and ending.isalnum() and len(ending) <= 5 else ""


def _about(scope: Mapping[str, str], records: int, checkpoint: str, made_by: str, on: date) -> str:
    words = "；".join(f"{name}：{value}" for name, value in scope.items())
    lines = (
        _("资产管理留痕证据包"),
        "",
        _("范围：%(words)s") % {"words": words},
        _("制作：%(who)s，%(day)s；留痕记录 %(count)s 条；%(checkpoint)s")
        % {"who": made_by, "day": on.isoformat(), "count": f"{records:,}", "checkpoint": checkpoint},
        "",
        _("核验方法：用核验程序 verify_package.py（只需 Python，不连数据库、不联网）执行"),
        "    python3 verify_package.py PACKAGE.zip --key PUBLIC_KEY",
        _('公钥由制作单位书面交付；也可用公示、报告上印的校验点代替：--checkpoint "校验点 …"。'),
        _("包内任何一个字节被改动，核验都不会通过。"),
        _("records.jsonl 是留痕原文和归入校验点的证明；事项.csv 是同一些记录的说明，供阅读；files 是附件。"),
        _("包内可能有个人信息，请按规定保管、使用。"),
        "",
    )
    return "\n".join(lines)
