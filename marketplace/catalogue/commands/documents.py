"""The papers of a store: terms, leaflets, a statement of purpose."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.catalogue.adapters.documents import clean_document
from marketplace.catalogue.commands.keeping import note, own_store
from marketplace.catalogue.errors import BadDocumentError
from marketplace.catalogue.models import Document
from marketplace.catalogue.rules import checked_text
from marketplace.kernel.errors import NotFoundError

DOCUMENTS_MAX = 12
TITLE_LENGTH_MAX = 120


def add_document(
    session: Session, *, document_id: UUID, content: bytes, title: str, by: Actor, at: datetime
) -> UUID:
    """Let people take a paper away from the store; sent twice it is one paper.

    Raises:
        NotFoundError: the one who asks looks after no store.
        BadDocumentError: it is not a paper we can hand on, or there are enough.
        BadWordsError: it has no title.
    """
    provider = own_store(session, by)
    words = checked_text(title, what="title", longest=TITLE_LENGTH_MAX, needed=True, one_line=True)
    earlier = session.get(Document, document_id)
    if earlier is not None:
        if earlier.provider_id != provider.id:
            raise NotFoundError
        return earlier.id
    count = select(func.count()).where(Document.provider_id == provider.id)
    if (session.scalar(count) or 0) >= DOCUMENTS_MAX:
        raise BadDocumentError(
            f"A store can have {DOCUMENTS_MAX} documents. Take one away, then add this."
        )
    clean = clean_document(content)
    session.add(
        Document(
            id=document_id,
            provider_id=provider.id,
            title=words,
            content=clean.content,
            media_type=clean.media_type,
            size_bytes=len(clean.content),
            added_at=at,
        )
    )
    note(session, "document-added", provider_id=provider.id, subject_id=document_id, by=by, at=at)
    return document_id


def remove_document(session: Session, *, document_id: UUID, by: Actor, at: datetime) -> None:
    """Take a paper away for good; one that is gone already stays gone.

    Raises:
        NotFoundError: it is a paper of another store.
    """
    provider = own_store(session, by)
    document = session.get(Document, document_id)
    if document is None:
        return
    if document.provider_id != provider.id:
        raise NotFoundError
    session.delete(document)
    note(session, "document-removed", provider_id=provider.id, subject_id=document_id, by=by, at=at)
