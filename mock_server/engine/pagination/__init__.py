"""Cutting a page out of a list: the window that a request asks for, and a file for each style of asking."""
