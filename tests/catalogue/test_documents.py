"""The papers of a store: what they are is read from their content."""

from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.catalogue import commands, queries
from marketplace.catalogue.errors import BadDocumentError, BadWordsError
from marketplace.kernel.errors import NotFoundError
from tests.conftest import NOON
from tests.factories import Make

PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


def put(session: Session, owner: Actor, content: bytes, title: str = "Our terms") -> None:
    commands.add_document(
        session, document_id=uuid4(), content=content, title=title, by=owner, at=NOON
    )


class TestDocument:
    @pytest.mark.parametrize(
        ("content", "media_type"),
        [
            (PDF, "application/pdf"),
            ("Wir kommen um 9 – oder später.\r\n".encode(), "text/plain"),
            (b"<script>alert(1)</script>", "text/plain"),
        ],
    )
    def test_is_kept_as_it_was_sent(
        self, session: Session, make: Make, content: bytes, media_type: str
    ) -> None:
        owner = make.provider()

        put(session, owner, content)

        (card,) = queries.storefront(session, provider_id=owner.works_for).documents
        kept = queries.document(session, document_id=card.id)
        assert (kept.content, kept.media_type) == (content, media_type)
        assert (card.title, card.kilobytes, card.is_pdf) == ("Our terms", 1, content == PDF)

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "Choose a file"),
            (b"x" * (2 * 1024 * 1024 + 1), "bigger than 2 MB"),
            (b"MZ\x90\x00\x03", "We cannot open that"),
            (b"\x00hidden", "We cannot open that"),
            (b"PK\x03\x04 a zip file \xff", "We cannot open that"),
            (PDF[:20], "Part of that PDF file is missing"),
            (PDF.replace(b"<<>>", b"<</S /JavaScript>>", 1), "a program"),
        ],
    )
    def test_that_is_neither_pdf_nor_text_is_refused(
        self, session: Session, make: Make, content: bytes, sentence: str
    ) -> None:
        with pytest.raises(BadDocumentError, match=sentence):
            put(session, make.provider(), content)

    def test_needs_a_title(self, session: Session, make: Make) -> None:
        with pytest.raises(BadWordsError):
            put(session, make.provider(), PDF, title="  ")

    def test_sent_twice_is_one_and_never_somebody_elses(self, session: Session, make: Make) -> None:
        owner, document_id = make.provider(), uuid4()
        for _ in range(2):
            commands.add_document(
                session, document_id=document_id, content=PDF, title="Terms", by=owner, at=NOON
            )

        assert len(queries.storefront(session, provider_id=owner.works_for).documents) == 1
        with pytest.raises(NotFoundError):
            commands.add_document(
                session,
                document_id=document_id,
                content=PDF,
                title="Terms",
                by=make.provider(),
                at=NOON,
            )

    def test_taken_away_is_gone(self, session: Session, make: Make) -> None:
        owner = make.provider()
        put(session, owner, PDF)
        (card,) = queries.storefront(session, provider_id=owner.works_for).documents
        with pytest.raises(NotFoundError):
            commands.remove_document(session, document_id=card.id, by=make.provider(), at=NOON)

        for _ in range(2):
            commands.remove_document(session, document_id=card.id, by=owner, at=NOON)

        assert queries.storefront(session, provider_id=owner.works_for).documents == ()
        with pytest.raises(NotFoundError):
            queries.document(session, document_id=card.id)

    def test_beyond_the_twelfth_is_refused(self, session: Session, make: Make) -> None:
        owner = make.provider()
        for _ in range(12):
            put(session, owner, b"words")

        with pytest.raises(BadDocumentError, match="12 documents"):
            put(session, owner, b"words")
