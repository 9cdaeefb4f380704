"""How fast place names are found and placed, beside the bare model: CPU seconds of one process, and memory.

Run as `python benchmarks/places.py ../shared/corpora/trnews.jsonl [--model en_core_web_sm]`. Each line is printed with
its ratio to bare `nlp.pipe` of the same model with all its components, measured in the same run on the same texts.
"""

from __future__ import annotations

import argparse
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
    chosen = parser.parse_args()
    reports = [d.report for d in corpus(chosen.corpus).documents]
    gazetteer = LocalGazetteer.open()
    plain, model = PlainRecogniser(gazetteer), ModelRecogniser(gazetteer, chosen.model)
    whole = spacy.load(STAND_INS.get(chosen.model, chosen.model))
    texts = [r.text for r in reports]

    def through(recogniser: PlainRecogniser | ModelRecogniser) -> None:
        for some in batched(reports, BATCH):
            resolve(some, recogniser.find(some), gazetteer)

    measured = {
        "bare nlp.pipe, all components": rate(len(texts), lambda: drain(whole.pipe(texts))),
        "bare nlp.pipe, what finds names": rate(len(texts), lambda: drain(model.nlp.pipe(texts))),
        "recognise and resolve, with the model": rate(len(texts), lambda: through(model)),
        "recognise and resolve, without": rate(len(texts), lambda: through(plain)),
        "recognise alone, without": rate(len(texts), lambda: [plain.find(some) for some in batched(reports, BATCH)]),
    }
    bare, names = list(measured.values())[:2]
    print(f"{'':40}{'reports/s':>10}{'to all':>9}{'to names':>10}")
    for what, speed in measured.items():
        print(f"{what:40}{speed:10.1f}{speed / bare:9.2f}{speed / names:10.2f}")
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"largest memory {megabytes:.0f} MB (with the whole model beside ours)")


if __name__ == "__main__":
    main()
