"""What every Geocoder must do, whatever is behind it; each implementation's tests call this."""

from __future__ import annotations

from geo.interfaces import Geocoder
from geo.records import Query


def keeps_the_contract(geocoder: Geocoder, *, known: str, country: str) -> None:
    """A batch in, a batch out, in order: best prior first, no place twice, no more than asked for, always the same."""
    unknown = Query(name="Qxzvwkjq")
    queries = [Query(name=known), unknown, Query(name=known, country=country), Query(name=known, limit=1)]
    batch = geocoder.candidates(queries)
    assert len(batch) == len(queries)
    anywhere, nowhere, inside, one = batch
    assert nowhere == []
    assert anywhere
    assert inside[0].place.country == country
    assert len(one) == 1
    for found in batch:
        scores = [candidate.score for candidate in found]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)
        assert len({candidate.place.place_id for candidate in found}) == len(found)
        assert all(candidate.reason for candidate in found)
    assert geocoder.candidates(queries) == batch
    assert [geocoder.candidates([query])[0] for query in queries] == batch
    assert geocoder.candidates([]) == []
