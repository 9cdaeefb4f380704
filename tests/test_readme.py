"""The README is held true: what programs write into it is what they would write now."""

import re

from geo.evaluate import readme


def test_where_things_are_is_what_the_files_say():
    assert readme.get("where things are") == readme.where_things_are(), "run: python -m geo.evaluate.readme"


def test_the_columns_of_the_events_table_are_those_of_the_schema():
    assert readme.get("columns") == readme.columns(), "run: python -m geo.evaluate.readme"


def test_every_file_it_names_is_there():
    text = readme.README.read_text(encoding="utf-8")
    links = [t for t in re.findall(r"\]\(([^)#]+)\)", text) if not t.startswith("http")]
    paths = re.findall(r"`((?:geo|data|tests|benchmarks|tools|docs)/[\w./-]*)`", text)
    missing = [p for p in links + paths if not (readme.ROOT / p).exists()]
    assert missing == []


def test_a_section_is_replaced_and_the_rest_kept(tmp_path):
    page = tmp_path / "README.md"
    page.write_text("a\n<!-- x -->\nold\n<!-- /x -->\nb\n")
    readme.put("x", "new", readme=page)
    assert page.read_text() == "a\n<!-- x -->\nnew\n<!-- /x -->\nb\n"
    assert readme.get("x", readme=page) == "new"
