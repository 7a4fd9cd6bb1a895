"""The documents that are measured, and the orders in which their bytes arrive."""

import json
import random
import struct
from pathlib import Path

DATA = Path(__file__).resolve().parents[3] / "tests" / "data"
SEEDS = ("p2p", "group")
SHUFFLES = 8
RECORDS_END = 0xFFFF_FFFF


def seed(name):
    """The document as Microsoft prints it, made valid."""
    return (DATA / f"{name}.json").read_bytes()


def minified(document):
    """The same document without white space."""
    return _print(json.loads(document))


def shuffled(document):
    """The minified document with the members of every object in other orders: always the same ones."""
    return [_print(_shuffle(json.loads(document), random.Random(order))) for order in range(SHUFFLES)]


def deep():
    """A call whose members take the parser down its longest paths: escapes, dates, long texts, ignored nesting."""
    text = "\\u00e9\\ud83d\\ude00" * 8
    return (f'{{"subject":"{text}","transcription":{{"lastModifiedDateTime":"2026-01-31T23:59:59.9999999+14:00"}},'
            f'"resultInfo":{{"code":"-2147483648","message":"{text}"}},"toneInfo":{{"sequenceId":"9223372036854775807"}},'
            f'"unknown":{"[" * 24}-1.5e-10{"]" * 24},"state":"{"x" * 32}"}}').encode()


def record(document, piece=0, repetitions=4):
    """What the firmware reads: see measure/src/records.rs."""
    padding = bytes(-len(document) % 4)
    return struct.pack("<3I", len(document), piece, repetitions) + document + padding


def records_end():
    """Ends a series of records."""
    return struct.pack("<3I", RECORDS_END, 0, 0)


def _print(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _shuffle(value, order):
    if isinstance(value, dict):
        members = [(name, _shuffle(member, order)) for name, member in value.items()]
        order.shuffle(members)
        return dict(members)
    if isinstance(value, list):
        return [_shuffle(element, order) for element in value]
    return value
