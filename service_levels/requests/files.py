"""附件: what a family sends along, checked before it is kept (K43c): pictures are drawn anew, so that what a camera or a stranger has
put beside them is gone; PDFs are only ever handed out for saving. All of it rests sealed in the request's own school.
"""
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from service_levels.models import Attachment, RequestEvent, ServiceRequest
from tenancy.refusals import Refused

Kind = Attachment.Kind
AT_ONCE, IN_ALL = 3, 12       # files in one message, and in a request
LARGEST = 8 * 1024 * 1024     # bytes of one file
SIDE = 2000                   # pixels of the longer side that is kept
FORMATS = {"JPEG": Kind.JPEG, "MPO": Kind.JPEG, "PNG": Kind.PNG, "WEBP": Kind.PNG, "GIF": Kind.PNG}  # what each is kept as
OPENED = ("JPEG", "PNG", "WEBP", "GIF")  # what is looked for; a telephone's portrait (MPO) is a JPEG with more behind it
PIXELS = {Kind.JPEG: 200_000_000, Kind.PNG: 25_000_000}  # of the largest picture that is opened; more is a bomb
ACCEPTS = "image/jpeg,image/png,image/webp,image/gif,application/pdf"  # a telephone turns its own formats into the first of these
PDF = b"%PDF-"


@dataclass(frozen=True)
class File:
    """A file that may be kept."""

    name: str
    kind: str
    content: bytes


def checked(uploads: Sequence[Any]) -> tuple[File, ...]:
    """What may be kept of uploaded files. Raises Refused, at the field, for the first that may not."""
    if len(uploads) > AT_ONCE:
        raise Refused(_("一次最多 %(n)s 个文件，其余的可以再补充一次。") % {"n": AT_ONCE}, "files")
    return tuple(_checked(upload) for upload in uploads)


def _checked(upload: Any) -> File:
    name = _plain(upload.name)
    if upload.size > LARGEST:
        raise Refused(_("“%(name)s”太大了，一个文件最多 %(n)s MB。") % {"name": name, "n": LARGEST // 1024 // 1024}, "files")
    content = upload.read()
    if content.startswith(PDF):
        return File(name, Kind.PDF, content)
    return _drawn_anew(name, content)


def _plain(name: str) -> str:
    """A file's name without folders and without what no name shows; its end stays, however long it is."""
    said = "".join(letter for letter in PurePath(name.replace("\\", "/")).name if letter.isprintable())
    path = PurePath(said or _("附件"))
    return path.stem[:80 - len(path.suffix[:10])] + path.suffix[:10]


def _drawn_anew(name: str, content: bytes) -> File:
    try:
        return _redrawn(name, content)
    except Refused:
        raise
    except Exception as error:  # of a broken picture the decoders raise what they like
        raise Refused(_("“%(name)s”打不开。可以发照片（JPG、PNG）或 PDF。") % {"name": name}, "files") from error


def _redrawn(name: str, content: bytes) -> File:
    picture: Any = Image.open(io.BytesIO(content), formats=OPENED)
    kind, out = FORMATS[picture.format], io.BytesIO()
    if picture.width * picture.height > PIXELS[kind]:
        raise Refused(_("“%(name)s”的尺寸太大了，先缩小再发。") % {"name": name}, "files")
    picture.draft("RGB", (SIDE, SIDE))  # a large photograph is never opened at its full size
    picture = ImageOps.exif_transpose(picture)
    picture.thumbnail((SIDE, SIDE))
    if kind == Kind.JPEG:
        picture.convert("RGB").save(out, "JPEG", quality=85, optimize=True)
    else:
        picture.convert("RGBA" if picture.has_transparency_data else "RGB").save(out, "PNG", optimize=True)
    return File(name, kind, out.getvalue())


def attach(event: RequestEvent, files: Iterable[File]) -> None:
    """Keep files with what happened. Raises Refused where the request would hold too many."""
    kept = list(files)
    if kept and of(event.request).count() + len(kept) > IN_ALL:
        raise Refused(_("一件事最多 %(n)s 个文件。还有要给的，可以约时间当面看。") % {"n": IN_ALL}, "files")
    for file in kept:
        row = Attachment(event=event, name=file.name, kind=file.kind, size=len(file.content))
        row.content = file.content
        row.save(force_insert=True)


def of(request: ServiceRequest) -> Any:
    """The files of a request, without what is in them."""
    return Attachment.objects.filter(event__request=request).defer("content_sealed")


def served(row: Attachment) -> HttpResponse:
    """The file, as nothing but what it is: no guessing, no scripts, a PDF for saving only."""
    answer = HttpResponse(row.content, content_type=row.kind)
    answer["Content-Disposition"] = content_disposition_header(not row.is_picture, row.name) or "attachment"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
