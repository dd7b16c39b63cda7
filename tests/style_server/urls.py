"""Paths of the API; each ends in a slash."""

from django.urls import path

from . import cursors, page_numbers

urlpatterns = [
    path("books/", page_numbers.BookList.as_view()),
    path("books/<str:id>/", page_numbers.BookRead.as_view()),
    path("loans/", page_numbers.LoanList.as_view()),
    path("readers/", page_numbers.ReaderList.as_view()),
    path("rooms/", page_numbers.RoomList.as_view()),
    path("paintings/", cursors.PaintingList.as_view()),
    path("drawings/", cursors.DrawingList.as_view()),
    path("prints/", cursors.PrintList.as_view()),
    path("letters/", cursors.LetterList.as_view()),
]
