"""What strangers say controls nothing: terminals, logs and CI systems."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apitwin.contracts.printable import one_line, printable

DANGEROUS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]")
ORDER = re.compile(r"^\s*::|##\[|##vso\[|##teamcity\[|^\s*section_(start|end):", re.MULTILINE)


@pytest.mark.parametrize(
    "text, shown",
    [
        ("plain é \U0001f600 text", "plain é \U0001f600 text"),
        ("\x1b]0;title\x07\x1b[31mred\x1b[0m", "\\x1b]0;title\\x07\\x1b[31mred\\x1b[0m"),
        ("one\rtwo\x08", "one\\rtwo\\x08"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\U000e0041", "\\U000e0041"),
        ("\ud800", "\\ud800"),
        ("::error::no", ": :error::no"),
        ("a\n  ::set-output name=x::y", "a\n  : :set-output name=x::y"),
        ("std::string", "std::string"),
        ("a ##[error]b ##vso[task.complete]", "a # #[error]b # #vso[task.complete]"),
        ("##teamcity[testFailed]", "# #teamcity[testFailed]"),
        ("## heading", "## heading"),
        ("section_start:1:x", "|section_start:1:x"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
    ],
)
def test_what_is_seen(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_one_line_is_one_line() -> None:
    assert one_line("a\n::error::b\tc\r\n") == "a\\n::error::b\\tc\\r\\n"
    assert one_line("::error::b") == ": :error::b"


@given(st.text(st.characters() | st.sampled_from("\n:#[\x1b\ud800 "), max_size=60), st.sampled_from(["", "::", "##["]))
def test_nothing_is_an_order(text: str, begin: str) -> None:
    for shown in (printable(begin + text), one_line(text + begin + text)):
        assert not DANGEROUS.search(shown) and not ORDER.search(shown)
        assert printable(shown) == shown
    assert "\n" not in one_line(text)
