"""Which law catches which defect of the bookshop, and on which operation; measured, not guessed."""

from __future__ import annotations

from tests.frameworks.judging import check, served

AUTHORS, AUTHOR = "list_authors_authors_get", "read_author_authors__author_id__get"
BOOKS, BOOK = "list_books_books_get", "read_book_books__book_id__get"
BOOKS_OF = "list_author_books_authors__author_id__books_get"
SALES = "list_sales_sales_get"
SHELVES, SHELF = "list_shelves_shelves_get", "read_shelf_shelves__shelf_id__get"
NOTES = "list_notes_shelves__shelf_id__notes_get"
SANDBOX = ("--sandbox", "shelf_id=1")

CAUGHT: dict[str, tuple[str, str]] = {
    "unknown-id-answers-200": ("not-found", BOOK),
    "filter-ignored": ("filter", BOOKS),
    "search-ignored": ("search", BOOKS),
    "filter-after-slicing": ("filter", BOOKS),
    "nested-list-shows-all": ("filter", BOOKS_OF),
    "detail-shows-another": ("read-agrees-with-list", BOOKS),
    "delete-does-nothing": ("state", NOTES),
    "offset-skips-one": ("partition", BOOKS),
    "page-repeats-the-border": ("partition", BOOKS),
    "total-is-of-the-page": ("count", BOOKS),
    "total-ignores-filters": ("filter", BOOKS),
    "pages-rounded-down": ("page-members", AUTHORS),
    "limit-ignored": ("page-size", BOOKS),
    "last-row-missing": ("count", BOOKS),
    "one-row-too-many": ("page-size", BOOKS),
    "past-the-end-is-the-last-page": ("past-the-end", BOOKS),
    "random-order": ("partition", BOOKS),
    "ties-in-random-order": ("ties", BOOKS),
    "cursor-repeats-the-border": ("partition", SALES),
    "cursor-skips-a-row": ("partition", SALES),
    "cursor-never-ends": ("partition", SALES),
    "cursor-ends-early": ("partition", SALES),
    "cursor-loses-the-filter": ("filter", SALES),
    "page-counts-from-zero": ("count", AUTHORS),
    "page-says-another-number": ("page-members", AUTHORS),
    "maximum-is-fifty": ("page-size", BOOKS),
    "empty-is-null": ("past-the-end", BOOKS),
    "total-is-text": ("schema", BOOKS),
    "empty-page-fails": ("past-the-end", BOOKS),
    "sort-ignored": ("sort", BOOKS),
    "minus-ignored": ("sort", BOOKS),
    "each-page-sorted-by-itself": ("sort", BOOKS),
    "price-excludes-its-ends": ("filter", BOOKS),
    "false-is-no-filter": ("filter", AUTHORS),
    "filters-are-joined-by-or": ("filters-intersect", BOOKS),
    "no-token-needed": ("token-required", SHELVES),
    "any-token-is-good": ("bad-token", SHELVES),
    "beginning-is-enough": ("bad-token", SHELVES),
    "rest-is-not-looked-at": ("bad-token", SHELVES),
    "case-of-a-token-is-ignored": ("bad-token", SHELVES),
    "no-token-fails": ("token-required", SHELVES),
    "details-are-open": ("token-required", SHELF),
    "head-of-the-shop-is-open": ("token-required", SHELVES),
    "good-token-is-refused-on-details": ("read-agrees-with-list", SHELVES),
    "refusal-is-200": ("bad-token", SHELVES),
    "refusal-shows-the-token": ("not-echoed", SHELVES),
    "refusal-fails": ("bad-token", SHELVES),
    "update-does-nothing": ("state", NOTES),
    "create-is-not-kept": ("state", NOTES),
    "delete-takes-the-oldest": ("state", NOTES),
}
"""The law and the operation by which each is caught first."""

NOT_CAUGHT: dict[str, str] = {
    "create-loses-a-member": "a number that may be left out is not sent: it may have to name a thing that is there",
    "any-scheme-is-good": "the document says that a token is read behind Bearer, and not that this is all",
    "token-of-a-cookie-is-good": "the document says that a token is read from a header, and not that this is all",
}
"""Defects that are not found, and why: the document says nothing against them, or no such request is sent."""


def caught(name: str) -> tuple[str, str]:
    """Judge the bookshop with a defect by the law of the table; return the outcome and the reason."""
    if name not in CAUGHT:
        return "not looked for", NOT_CAUGHT[name]
    law, operation = CAUGHT[name]
    with served("bookshop", "--defect", name) as said:
        report = check(said, "--law", law, "--operation", operation, *(SANDBOX if law == "state" else ()))
    verdict = report.verdicts[0]
    return str(verdict["outcome"]), str(verdict["reason"] or "")
