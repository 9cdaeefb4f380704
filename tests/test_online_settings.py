"""The [online] table: nothing is asked by default, and what the policies forbid cannot be set."""

from __future__ import annotations

from typing import Any

import pytest

from geo.errors import GeocoderError, PolicyError
from geo.gazetteer.online_settings import Online, inside, online_settings, public_address

PUBLIC = {
    "service": "Nominatim",
    "endpoint": "https://nominatim.openstreetmap.org",
    "user_agent": "our-newsroom-map/1.0 (maps@newsroom.example)",
}


def test_without_a_table_no_service_is_on() -> None:
    assert not online_settings({}, {}).on


def test_the_public_nominatim_with_a_user_agent_of_ones_own_is_asked_every_1_1_seconds_at_most() -> None:
    online = online_settings(PUBLIC, {})
    assert online.on
    assert online.community
    assert online.gap_s == 1.1


@pytest.mark.parametrize(
    "agent",
    ["", " ", "geopy/2.5.0", "python-requests/2.32", "Mozilla/5.0 (a@b.org)", "my-application", "my_app/1", "Dateline",
     "curl/8", "newsroom map without a contact"],
)  # fmt: skip
@pytest.mark.parametrize("host", ["nominatim.openstreetmap.org", "NOMINATIM.openstreetmap.org.", "nominatim.osm.org"])
def test_the_public_nominatim_refuses_a_user_agent_that_says_nothing_of_who_asks(agent: str, host: str) -> None:
    with pytest.raises(PolicyError, match="does not say who asks"):
        online_settings({**PUBLIC, "endpoint": f"https://{host}", "user_agent": agent}, {})


def test_the_public_nominatim_cannot_be_asked_faster_than_its_policy_allows() -> None:
    with pytest.raises(PolicyError, match="too fast"):
        online_settings({**PUBLIC, "interval_s": 0.5}, {})
    assert online_settings({**PUBLIC, "interval_s": 15}, {}).gap_s == 15


def test_a_public_service_is_not_private_and_not_asked_unencrypted() -> None:
    for change in ({"private": True}, {"endpoint": "http://nominatim.openstreetmap.org"}):
        with pytest.raises(PolicyError, match="public service"):
            online_settings({**PUBLIC, **change}, {})


def test_a_server_of_ones_own_may_go_as_fast_as_it_likes() -> None:
    own = {"service": "Nominatim", "endpoint": "http://127.0.0.1:8088/nominatim/", "private": True}
    online = online_settings(own, {})
    assert online.gap_s == 0
    assert online.domain == "127.0.0.1:8088/nominatim"
    assert online_settings({**own, "interval_s": 0.2}, {}).gap_s == 0.2


@pytest.mark.parametrize(
    "endpoint",
    ["http://127.0.0.1:8088", "http://localhost", "http://127.1", "http://2130706433", "http://0x7f000001",
     "http://0.0.0.0", "http://[::1]:80", "http://[::ffff:127.0.0.1]", "http://10.0.0.5", "http://192.168.1.1",
     "http://169.254.169.254", "http://[64:ff9b::7f00:1]", "http://nas.local", "http://[fd00::1]"],
)  # fmt: skip
def test_an_endpoint_on_this_machine_or_network_is_refused_unless_said_to_be_ones_own(endpoint: str) -> None:
    with pytest.raises(PolicyError, match="private = true"):
        online_settings({"service": "Photon", "endpoint": endpoint}, {})


@pytest.mark.parametrize(
    "endpoint",
    ["file:///etc/hosts", "ftp://example.org", "nominatim.example.org", "https://", "https://user:word@example.org",
     "https://example.org/?key=1", "https://example.org:99999", "https://exa mple.org", "gopher://127.0.0.1"],
)  # fmt: skip
def test_an_endpoint_that_is_no_web_address_is_refused_without_repeating_a_password(endpoint: str) -> None:
    with pytest.raises(GeocoderError) as error:
        online_settings({"service": "Photon", "endpoint": endpoint}, {})
    assert "word@" not in str(error.value)


def test_a_service_without_an_endpoint_is_refused() -> None:
    with pytest.raises(GeocoderError, match="no endpoint"):
        online_settings({"service": "Nominatim"}, {})


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"servcie": "Nominatim"}, "unknown setting"),
        ({"service": 3}, "must be words"),
        ({"retries": "two"}, "whole number"),
        ({"retries": 50}, "from 0 to 10"),
        ({"timeout_s": 0}, "more than 0|above 0"),
        ({"keep_days": -1}, "keep_days"),
        ({"private": "yes"}, "true or false"),
        ({"ask": "sometimes"}, "unknown, doubt, always"),
        ({**PUBLIC, "user_agent": "a\r\nHost: b"}, "ASCII"),
        ({**PUBLIC, "interval_s": float("nan")}, "interval_s"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_wanted(table: dict[str, Any], words: str) -> None:
    with pytest.raises(GeocoderError, match=words):
        online_settings(table, {})


def test_the_key_may_stand_in_the_environment_and_is_never_shown() -> None:
    online = online_settings({**PUBLIC, "key": "from-file"}, {"DATELINE_ONLINE_KEY": "canary-key"})
    assert online.key == "canary-key"
    assert "canary-key" not in repr(online)
    with pytest.raises(GeocoderError) as error:
        online_settings({"key": ["canary-key"]}, {})
    assert "canary-key" not in str(error.value)


def test_every_setting_is_told_in_the_docstring() -> None:
    from dataclasses import fields

    assert [one.name for one in fields(Online) if f"`{one.name}`" not in (Online.__doc__ or "")] == []


def test_addresses_inside_and_outside_are_told_apart() -> None:
    assert not any(public_address(one) for one in ("127.0.0.1", "::1", "224.0.0.1", "100.64.0.1", "2002:7f00:1::"))
    assert all(public_address(one) for one in ("8.8.8.8", "2001:4860:4860::8888"))
    assert not inside("nominatim.example.org")
