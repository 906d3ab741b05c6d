"""Files that come with messages are what their names say, or are refused in a sentence."""

from io import BytesIO

import pytest
from PIL import Image

from marketplace.talk.adapters.files import clean_file
from marketplace.talk.errors import BadWordsError

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def picture(kind: str = "JPEG") -> bytes:
    """Return a small picture that says where it was taken."""
    written = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "At 4 Amber Lane"
    Image.new("RGB", (40, 30), "green").save(written, kind, exif=exif)
    return written.getvalue()


class TestCleanFile:
    @pytest.mark.parametrize(
        ("kind", "name", "kept"),
        [
            ("JPEG", "hall.JPG", "hall.jpg"),
            ("JPEG", "hall.jpeg", "hall.jpg"),
            ("PNG", "hall.png", "hall.jpg"),
            ("WEBP", "hall.webp", "hall.jpg"),
        ],
    )
    def test_writes_pictures_anew_without_where_they_were_taken(
        self, kind: str, name: str, kept: str
    ) -> None:
        sent = picture(kind)
        assert b"Amber Lane" in sent

        found = clean_file(name, sent)

        assert (found.name, found.media_type) == (kept, "image/jpeg")
        assert b"Amber Lane" not in found.content

    @pytest.mark.parametrize(
        ("name", "content", "media_type"),
        [
            ("list.pdf", PDF, "application/pdf"),
            ("list.txt", "Milk, crème".encode(), "text/plain"),
            ("shop.txt", b"BM is our shop", "text/plain"),
        ],
    )
    def test_keeps_papers_as_they_are(self, name: str, content: bytes, media_type: str) -> None:
        found = clean_file(name, content)

        assert (found.name, found.media_type, found.content) == (name, media_type, content)

    @pytest.mark.parametrize(
        ("name", "content", "sentence"),
        [
            (
                "photo.jpg",
                PDF,
                "The name of that file ends in .jpg, but it is a PDF file inside. Send a JPEG",
            ),
            ("photo.jpg", picture("PNG"), "but it is a PNG picture inside"),
            ("terms.pdf", picture(), "but it is a JPEG picture inside"),
            ("terms.pdf", b"MZ\x90\x00\x03", "but it is something else inside"),
            ("terms.txt", b"<html><script>alert(1)</script>", "but it is a web page inside"),
            ("terms.txt", b"\x00\x01\x02", "but it is something else inside"),
            ("photo.png", b"Hello", "but it is plain text inside"),
            ("photo.jpg", picture()[:200], "We cannot open that as a picture"),
            ("half.pdf", PDF[:30], "Part of that PDF file is missing"),
            ("bad.pdf", PDF.replace(b"<<>>", b"<</JavaScript 1>>"), "has a program"),
            ("run.exe", b"MZ", "Choose a picture (JPEG, PNG or WebP), a PDF file"),
            ("list", b"Milk", "Choose a picture (JPEG, PNG or WebP), a PDF file"),
            ("list.txt", b"", "That file is empty."),
            ("list.txt", b"x" * (5 * 1024 * 1024 + 1), "That file is bigger than 5 MB."),
        ],
    )
    def test_refuses_what_lies_or_is_no_use(self, name: str, content: bytes, sentence: str) -> None:
        with pytest.raises(BadWordsError) as refusal:
            clean_file(name, content)

        assert sentence in str(refusal.value)
        assert refusal.value.field == "attachment"

    @pytest.mark.parametrize(
        "name", ['../../etc/a"b\r\nX.txt', "C:\\docs\\list.txt", "Ω.txt", f"{'x' * 300}.txt"]
    )
    def test_gives_names_that_harm_nobody(self, name: str) -> None:
        found = clean_file(name, b"Milk").name

        assert found.endswith(".txt")
        assert not set(found) & set('/\\"\r\n')
        assert len(found) <= 84
