"""Foreign words stay words in HTML, and only whole http and https addresses become links."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.escape import escaped, link, plain

PAYLOADS = [
    "<img src=x onerror=alert(1)>", "</script><script>alert(1)</script>", "`+alert(1)+`", "${alert(1)}",
    '"><svg onload=alert(1)>', "{{7*7}}", "{% raw %}", "{# x", "'; alert(1) //", "\\u003cb\\u003e", "a\u2028b",
]  # fmt: skip


class Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.text = [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def read(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_shows_as_the_text_it_is(payload):
    told = read(f'<p title="{escaped(payload)}">{escaped(payload)}</p>')
    assert told.tags == [("p", {"title": payload})]
    assert told.text == payload
    assert not set(escaped(payload)) & set("<>`${}\\\"'")


@given(st.text())
def test_any_text_comes_back_but_for_controls_and_turns(text):
    told = read(f"<p>{escaped(text)}</p>")
    assert len(told.tags) == 1
    assert told.text.replace("\r", "") == plain(text).replace("\r", "") or "\ud800" <= max(text, default="") <= "\udfff"


def test_marks_that_turn_the_direction_of_text_are_left_out():
    assert plain("abc\u202edef\u2066\u200f") == "abcdef"


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:x", "java\tscript:x", "data:text/html,x", "//evil.org",
     "https:", "https:///x", "ftp://example.org/", "http://[::1", "vbscript:x", "", None, "https://a b.org/"],
)  # fmt: skip
def test_what_is_no_web_address_is_no_link(url):
    assert link(url) is None


def test_a_web_address_is_a_link_that_cannot_leave_its_quotes():
    assert link("https://example.org/?a=1&b='\"><x") == "https://example.org/?a=1&amp;b=&#x27;&quot;&gt;&lt;x"
