"""Folium carries code and numbers only, the map never changes, and the layer's bytes say what the index holds."""

import json
import re
import struct
from dataclasses import replace

import numpy as np
import pytest
from crowds import crowd
from streamlit_folium import _get_feature_group_string, generate_leaflet_string

from geo import maps
from geo.filters import Filter
from geo.index import Index

WORLD = (0, 0, 2**32 - 1, 2**32 - 1)
STATE = maps.MapState(number=2**48 - 1, version=3, days=(19000, 19010), selected=(1, 2), view=(31.5, 48.2, 6, 1))


def columns(data, n, types):
    at, out = 32, []
    for kind in types:
        size = np.dtype(kind).itemsize * n
        out.append(np.frombuffer(data[at : at + size], kind))
        at += size
    return out, data[at:]


def test_the_map_is_the_same_whatever_is_looked_at():
    def script(state):
        made = maps.base_map(height=600)
        group = _get_feature_group_string(maps.shown(state), made)
        return generate_leaflet_string(made), group

    one, other = script(STATE), script(replace(STATE, number=5, days=None, selected=None))
    assert one[0].partition("dateline.setState")[0] == other[0].partition("dateline.setState")[0]
    assert one[1] != other[1]


def test_only_numbers_reach_folium():
    made = maps.shown(STATE)
    script = _get_feature_group_string(made, maps.base_map(height=600))
    [told] = re.findall(r"dateline\.setState\((.*?)\);", script)
    assert set(re.findall(r'"(\w+)"', told)) == {
        "filter", "version", "dark", "selected", "days", "ring", "view", "against", "follow", "then", "at",
    }  # fmt: skip
    assert '"' not in re.sub(r'"\w+":', "", told)
    assert json.loads(told)["filter"] == 2**48 - 1


@pytest.mark.parametrize("field", ["number", "version", "selected", "days", "view"])
def test_a_string_where_a_number_belongs_is_refused(field):
    hostile = "{{ cycler.__init__.__globals__ }}"
    value = hostile if field in ("number", "version") else (hostile,) * 4
    with pytest.raises(ValueError, match=r"invalid literal|could not convert"):
        maps.ShowState(replace(STATE, **{field: value}))


def test_nothing_of_the_map_comes_from_elsewhere():
    made = maps.base_map(height=600)
    links = [url for element in (made, *made._children.values()) for _, url in
             [*getattr(element, "default_js", []), *getattr(element, "default_css", [])]]  # fmt: skip
    assert len(links) == 4  # Leaflet and ours, script and style
    assert all(url.startswith(maps.ASSETS) for url in links)


def test_a_comparison_is_packed_as_the_layer_reads_it():
    index = Index.of(crowd(300))
    rows = index.rows(Filter())
    change = index.compare(rows[:100], rows[50:], 3, WORLD)
    data = maps.packed(index, change)
    head = struct.unpack("<8I", data[:32])
    assert head[:5] == (maps.MAGIC, 2, len(change.x), change.inside, change.matched)
    (_, _, now, then), rest = columns(data, head[2], ["<u4"] * 4)
    assert (now.sum(), then.sum()) == (len(index.placed(rows[:100])), len(index.placed(rows[50:])))
    assert rest == b""


def test_single_events_are_packed_as_the_layer_reads_them():
    index = Index.of(crowd(300))
    view = index.view(index.rows(Filter()), 3, WORLD)
    data = maps.packed(index, view)
    head = struct.unpack("<8I", data[:32])
    assert head[:5] == (maps.MAGIC, 0, view.inside, view.inside, view.matched)
    kinds = ["<u4", "<u4", "<u4", "<u4", "<i4", "<u2", "<u2", "<u2", "u1", "u1", "u1", "u1"]
    (x, _, lo, hi, first, span, radius, area, kind, level, _, reports), tail = columns(data, head[2], kinds)
    places = json.loads(tail[: head[5]])
    assert (x == index.told("x", view.rows)).all()
    assert (((hi.astype(np.uint64) << np.uint64(32)) | lo) == index.keys[view.rows]).all()
    assert (first == index["first"][view.rows]).all()
    assert (radius == (index.told("radius", view.rows) * 10).astype(int)).all()
    assert (kind == index.told("type", view.rows)).all()
    assert span.max() <= 30
    assert (reports >= 1).all()
    assert ((area != maps.NO_AREA) == np.isin(level, [1, 2, 3])).all()
    named = index.vocabulary.places
    wide = np.flatnonzero(area != maps.NO_AREA)
    assert all(places[area[i]] == named[index.told("place", view.rows[i])] for i in wide)


def test_cells_are_packed_as_the_layer_reads_them_and_stay_small():
    index = Index.of(crowd(20_000, places=9000))
    view = index.view(index.rows(Filter()), 4, WORLD)
    data = maps.packed(index, view)
    head = struct.unpack("<8I", data[:32])
    assert head[1] == 1
    (_, _, count, *_), tail = columns(data, head[2], ["<u4", "<u4", "<u4", "<i4", "<i4", "u1", "u1"])
    assert int(count.sum()) == head[3] == view.inside
    assert tail == b""
    assert len(data) <= 60_000


def test_the_fullest_answer_of_single_events_stays_under_sixty_kilobytes_packed():
    import gzip

    index = Index.of(crowd(2080, places=300))
    view = index.view(index.rows(Filter()), 3, WORLD)
    assert 1900 < view.inside <= 2000
    assert len(gzip.compress(maps.packed(index, view), 6)) <= 60_000
