"""Place names in text: with a tagger's model (`model.py`) and without one (`plain.py`); both let `judge.py` decide."""
