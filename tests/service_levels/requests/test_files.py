"""What a family sends along: pictures drawn anew, PDFs kept as they are, everything else refused in words."""
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, ProgrammingError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from service_levels.models import Attachment
from service_levels.requests import files, working
from service_levels.requests.working import Wish
from tenancy.refusals import Refused
from tests.service_levels.requests.test_working import TEN, at

PDF = b"%PDF-1.7\n1 0 obj\n"
GPS = 0x8825


def picture(form: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", exif: bool = False) -> bytes:
    made, out = Image.new(mode, size, 0 if mode != "RGB" else (200, 30, 30)), io.BytesIO()
    tags = Image.Exif()
    if exif:
        tags[0x0110], tags[0x0112] = "Phone of Mother", 6
        tags.get_ifd(GPS)[1] = "N"
    made.save(out, form, exif=tags) if exif else made.save(out, form)
    return out.getvalue()


def upload(content: bytes, name: str = "照片.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def opened(file: files.File) -> Image.Image:
    return Image.open(io.BytesIO(file.content))


@pytest.fixture
def row(miao, head):
    return working.open_request(Wish("service", "换一床被子"), by=head, at=TEN)


# -- checked -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("form", "mode", "kind"), [
    ("JPEG", "RGB", "image/jpeg"),
    ("JPEG", "L", "image/jpeg"),
    ("JPEG", "CMYK", "image/jpeg"),
    ("PNG", "RGB", "image/png"),
    ("PNG", "RGBA", "image/png"),
    ("PNG", "P", "image/png"),
    ("PNG", "I;16", "image/png"),
    ("WEBP", "RGB", "image/png"),
    ("GIF", "P", "image/png"),
])
def test_a_picture_is_kept_as_one_of_two_kinds(form, mode, kind):
    file, = files.checked([upload(picture(form, mode=mode))])

    assert (file.kind, opened(file).size, opened(file).format) == (kind, (60, 40), "JPEG" if kind.endswith("jpeg") else "PNG")


def test_where_a_picture_was_taken_and_by_which_camera_is_gone():
    content = picture(exif=True)
    assert Image.open(io.BytesIO(content)).getexif().get_ifd(GPS) == {1: "N"}  # the control

    file, = files.checked([upload(content)])

    assert dict(opened(file).getexif()) == {}
    assert b"Phone of Mother" not in file.content
    assert opened(file).size == (40, 60)  # turned as it was meant to be seen


def test_a_script_behind_a_picture_is_gone():
    file, = files.checked([upload(picture() + b"<script>alert(1)</script>")])

    assert b"script" not in file.content


@pytest.mark.parametrize("size", [(4000, 3000), (3000, 4000), (9000, 12)])
def test_a_large_picture_is_kept_at_a_size_for_reading(size):
    file, = files.checked([upload(picture(size=size))])

    assert max(opened(file).size) == files.SIDE


def test_a_pdf_is_kept_as_it_is():
    file, = files.checked([upload(PDF, "检查单.pdf")])

    assert (file.name, file.kind, file.content) == ("检查单.pdf", "application/pdf", PDF)


@pytest.mark.parametrize("content", [
    b"",
    b"MZ\x90\x00",
    b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    b"<html><script>alert(1)</script>",
    b"PK\x03\x04",
    picture()[:200],
    picture("PNG")[:40],
    b"\xff\xd8\xff\xe0" + b"\x00" * 50,
    b"GIF89a" + b"\xff" * 20,
    b"II*\x00" + b"\x00" * 40,
])
def test_what_is_no_picture_and_no_pdf_is_refused_by_its_name(content):
    with pytest.raises(Refused, match="“x.jpg”打不开") as refused:
        files.checked([upload(content, "x.jpg")])

    assert refused.value.field == "files"


@given(st.binary(max_size=400), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\x00\x00\x00\x00WEBP", b"GIF87a"]))
def test_no_bytes_do_more_than_be_refused(tail, head):
    try:
        files.checked([upload(head + tail, "x")])
    except Refused as refused:
        assert refused.field == "files"


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_bomb_is_refused_before_it_is_opened(monkeypatch, form):
    monkeypatch.setattr(files, "PIXELS", dict.fromkeys(files.PIXELS, 2399))

    with pytest.raises(Refused, match="尺寸太大"):
        files.checked([upload(picture(form))])


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(files, "LARGEST", 1024 * 1024)

    with pytest.raises(Refused, match="最多 1 MB"):
        files.checked([upload(PDF + b"x" * 1024 * 1024)])


def test_no_more_than_three_at_once():
    with pytest.raises(Refused, match="一次最多 3 个"):
        files.checked([upload(PDF)] * 4)


@pytest.mark.parametrize(("name", "kept"), [
    ("检查单.pdf", "检查单.pdf"),
    ("../../etc/passwd", "passwd"),
    ("C:\\Users\\x\\照片.jpg", "照片.jpg"),
    ("a\r\nb.pdf", "ab.pdf"),
    ("x" * 200 + ".pdf", "x" * 76 + ".pdf"),
    ("\u202egpj.exe", "gpj.exe"),
])
def test_a_name_is_kept_without_folders_and_without_what_no_name_shows(name, kept):
    made = upload(PDF)
    made._name = name  # a browser's word: Django would take the folders off first

    assert files.checked([made])[0].name == kept


# -- kept ------------------------------------------------------------------------------------------------------------------
def test_a_file_rests_sealed_with_what_was_said(row):
    working.heard(row, text="见附件", channel="online", by=None, at=at(1), files=files.checked([upload(PDF, "检查单.pdf")]))

    kept = Attachment.objects.get()
    assert (kept.name, kept.size, kept.content, kept.is_picture, str(kept)) == ("检查单.pdf", len(PDF), PDF, False, "检查单.pdf")
    assert (kept.event.verb, kept.event.request) == ("heard", row)
    assert PDF not in bytes(kept.content_sealed)


def test_a_request_holds_so_many_and_no_more_and_then_keeps_nothing_of_the_message(row, monkeypatch):
    monkeypatch.setattr(files, "IN_ALL", 3)
    two = files.checked([upload(PDF), upload(PDF)])
    working.heard(row, text="一", channel="online", by=None, at=at(1), files=two)

    with pytest.raises(Refused, match="最多 3 个"):
        working.heard(row, text="二", channel="online", by=None, at=at(2), files=two)

    assert (Attachment.objects.count(), row.events.filter(verb="heard").count()) == (2, 1)


def test_a_list_of_files_does_not_read_what_is_in_them(row):
    working.heard(row, text="一", channel="online", by=None, at=at(1), files=files.checked([upload(PDF)]))

    assert files.of(row).get().get_deferred_fields() == {"content_sealed"}


def test_what_was_sent_is_never_changed(row):
    working.heard(row, text="一", channel="online", by=None, at=at(1), files=files.checked([upload(PDF)]))

    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE service_levels_attachment SET name = 'x'")


def test_a_file_belongs_to_something_that_was_said(row):
    with pytest.raises(IntegrityError), transaction.atomic():
        made = Attachment(event_id=10**12, name="x", kind="image/png", size=1)
        made.content = b"x"
        made.save(force_insert=True)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# -- handed out --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("content", "name", "kind", "way"), [
    (PDF, "检查单.pdf", "application/pdf", "attachment"),
    (picture(), "照片.jpg", "image/jpeg", "inline"),
])
def test_it_is_handed_out_as_nothing_but_what_it_is(row, content, name, kind, way):
    working.heard(row, text="一", channel="online", by=None, at=at(1), files=files.checked([upload(content, name)]))

    answer = files.served(Attachment.objects.get())

    assert (answer["Content-Type"], answer["X-Content-Type-Options"], answer["Cache-Control"]) == (kind, "nosniff", "private, no-store")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Content-Disposition"].startswith(f"{way}; filename*=utf-8''%")
