"""What is in the tables. They end in a part of a page, in a whole page, and after one item."""

from django.db import connection, models

from .models import Book, Drawing, Letter, Loan, Painting, Print, Reader, Room

TITLES = ("Ångström", "Zee & Zon", "100% Wind", "a+b=c?", "海鷗", "zeemeeuw", 'O\'Brien "the" Book')


def create_tables() -> None:
    """Makes the tables of all models."""
    with connection.schema_editor() as editor:
        for model in (Book, Loan, Reader, Room, Painting, Drawing, Print, Letter):
            editor.create_model(model)


def fill() -> None:
    """Puts everything into its table."""
    books = [Book(title=title, language="nl & be") for title in TITLES]
    books += [Book(title=f"Title {number}", language="nl", year=1999) for number in range(1, 61)]
    books += [Book(title="Same", language="日本語", year=2001) for _ in range(63)]
    save(books)
    save([Loan(book=1, overdue=True) for _ in range(40)] + [Loan(book=2, overdue=False) for _ in range(43)])
    readers = [Reader(name=f"Reader {number}", town="Nieuwpoort") for number in range(1, 61)]
    save(readers + [Reader(name=f"Lezer {number}", town="Oost & West") for number in range(1, 31)])
    save([Room(code=f"room {number}", seats=4) for number in range(1, 46)])
    paintings = [Painting(title=f"Painting {number}", century=17) for number in range(1, 61)]
    save(paintings + [Painting(title="A & B", century=19) for _ in range(43)])
    drawings = [Drawing(id=f"d&{number}", title=f"Drawing {number}", century=17) for number in range(1, 41)]
    save(drawings + [Drawing(id=f"é {number}", title=f"Drawing {number}", century=18) for number in range(1, 41)])
    prints = [Print(title=f"Print {number}", century=17) for number in range(1, 51)]
    save(prints + [Print(title=f"Print {number}", century=20) for number in range(1, 48)])
    save([Letter(writer=writer) for writer in ("Vincent", "Theo & Jo") for _ in range(30)])


def save(rows: list[models.Model]) -> None:
    """Writes rows of one table."""
    type(rows[0]).objects.bulk_create(rows)
