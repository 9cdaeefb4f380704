"""Every English word of the page of the online geocoder, in one file beside words.py, so that it can be translated."""

from __future__ import annotations

from typing import Final

PAGE: Final = "Online geocoder"
TITLE: Final = "Online geocoder"
INTRO: Final = (
    "Places come from the gazetteer on this machine. A service on the network can be asked as well; it is off until "
    "you switch it on here."
)

# How it stands
STATE: Final = "How it stands"
OFF: Final = "Off. Nothing leaves this machine."
ON: Final = "On: {service} at {host} is asked for {ask}."
UNASKED: Final = "It has not been asked yet."
REACHABLE: Final = "Reachable, since {since}. Last answer {answered}."
AWAY: Final = "Not reachable since {since} ({why}). Last answer {answered}. Places come from the embedded gazetteer."
FAILURES: Final = "It is tried again at the next name."
PAUSED: Final = "Left alone until {until}, so that it is not asked in vain."
NEVER: Final = "never"
KEPT: Final = "Answers kept on this disk: {n}, from {first} to {last}."
KEPT_NONE: Final = "No answer is kept on this disk."
WRONG: Final = "The settings make no sense, so no service is asked: {why}"
AGAIN: Final = "Try again now"
AGAIN_HELP: Final = "Ends a pause and asks the service for one name, “Paris”."
WAIT: Final = "The service told us how long to wait, and that is not shortened."
FORGET: Final = "Forget the kept answers"
FORGET_HELP: Final = "They hold the names that were looked up. Events that rest on them stay."
FORGOTTEN: Final = "Answers removed: {n}."
INSTANT: Final = "%Y-%m-%d %H:%M UTC"

# What is set
CHOOSE: Final = "Which service"
SERVICE: Final = "Service"
ENDPOINT: Final = "Endpoint"
ENDPOINT_HELP: Final = "The address of the server that is asked, with https:// or http://."
PRIVATE: Final = "It is a server of our own, and may stand on this machine or network"
AGENT: Final = "User-Agent: who asks, with a way to reach you"
AGENT_HELP: Final = "Such as our-newsroom-map/1.0 (maps@newsroom.example). The public Nominatim demands it."
KEY: Final = "Key"
KEY_HELP: Final = "Of services that want one (GeoNames: the user name). Kept in settings.toml, shown to nobody."
KEY_KEPT: Final = "A key is kept; leave this empty to keep it."
KEY_DROP: Final = "Remove the kept key"
ASK: Final = "Ask for"
ASKS: Final = {
    "unknown": "names that the gazetteer does not know",
    "doubt": "those, and names that may mean places far apart",
    "always": "every name",
}
KEEP: Final = "Keep answers for (days)"
LEAVES: Final = "What leaves this machine"
POLICY: Final = "What the service asks of us"
POLICY_LINK: Final = "Its policy: {url}"
THANKS: Final = "The map then names: {words}"
AGREE: Final = "I have read this: place names may go to {host}"
SWITCH_ON: Final = "Switch on"
CHANGE: Final = "Save changes"
SWITCH_OFF: Final = "Switch off"
AGREE_FIRST: Final = "Read what leaves this machine, and tick the box, before it is switched on."
REFUSED: Final = "Nothing was changed: {why}"
SAVED: Final = "It is on from the next name."
SAVED_OFF: Final = "It is off. Nothing leaves this machine."
OTHER_LOGIN: Final = (
    "What other services want (such as ArcGIS' username, password, referer) goes into [online.login] in {file}."
)
