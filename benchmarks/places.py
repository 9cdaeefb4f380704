"""How fast place names are found and placed, beside the bare model: CPU seconds of one process, and memory.

Run as `python benchmarks/places.py ../shared/corpora/trnews.jsonl [--model en_core_web_sm] [--json]`. Each line has
its ratio to bare `nlp.pipe` of the same model with all its components, measured in the same run on the same texts.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

import spacy

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from geo.batched import batched
from geo.evaluate.places import corpus
from geo.gazetteer.local import LocalGazetteer
from geo.recognise.model import STAND_INS, ModelRecogniser
from geo.recognise.plain import PlainRecogniser
from geo.resolve import resolve

BATCH = 64


def rate(count: int, work: Callable[[], object]) -> float:
    """Reports a CPU second, the better of two runs after one to warm up."""
    work()
    best = float("inf")
    for _ in range(2):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return count / best


def drain(docs: Iterable[object]) -> None:
    """Go through documents and keep none, so that the memory printed is not theirs."""
    deque(docs, maxlen=0)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--model", default="en_core_web_sm")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    chosen = parser.parse_args()
    reports = [d.report for d in corpus(chosen.corpus).documents]
    gazetteer = LocalGazetteer.open()
    plain, model = PlainRecogniser(gazetteer), ModelRecogniser(gazetteer, chosen.model)
    texts = [r.text for r in reports]

    def through(recogniser: PlainRecogniser | ModelRecogniser) -> None:
        for some in batched(reports, BATCH):
            resolve(some, recogniser.find(some), gazetteer)

    ours = {
        "recognise and resolve, with the model": rate(len(texts), lambda: through(model)),
        "recognise and resolve, without": rate(len(texts), lambda: through(plain)),
        "recognise alone, without": rate(len(texts), lambda: [plain.find(some) for some in batched(reports, BATCH)]),
    }
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    whole = spacy.load(STAND_INS.get(chosen.model, chosen.model))  # only now, or its memory would count as ours
    bare = rate(len(texts), lambda: drain(whole.pipe(texts)))
    names = rate(len(texts), lambda: drain(model.nlp.pipe(texts)))
    measured = {"bare nlp.pipe, all components": bare, "bare nlp.pipe, what finds names": names, **ours}
    if not chosen.json:
        print(f"{'':40}{'reports/s':>10}{'to all':>9}{'to names':>10}")
    for what, speed in measured.items():
        told = {"what": what, "reports_s": round(speed, 2), "to_all": speed / bare, "to_names": speed / names}
        print(json.dumps(told) if chosen.json else f"{what:40}{speed:10.1f}{speed / bare:9.2f}{speed / names:10.2f}")
    told = {"what": "largest memory, both recognisers and resolving", "mb": round(megabytes)}
    print(json.dumps(told) if chosen.json else f"largest memory {megabytes:.0f} MB (both recognisers and resolving)")


if __name__ == "__main__":
    main()
