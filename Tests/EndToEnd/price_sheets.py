"""Price sheets as an operator writes them, and what something costs by them, in exact arithmetic."""

from decimal import Decimal
from fractions import Fraction

MILLION = 1_000_000

#: Dollars for a million tokens, or for one where the name says so. Digits are odd on purpose, so that sums end between
#: two nano-dollars; those of `halves` end in the very middle.
SHEETS = {
    "plain": {"input": "2.5", "output": "10"},
    "odd": {"input": "0.123456789", "output": "0.987654321"},
    "halves": {"input": "0.0005", "output": "0.0015"},
    "free": {"input": "0", "output": "0"},
    "free-output": {"input": "0.070000001", "output": "0"},
    "dear": {"input": "150.000000001", "output": "600.123456789"},
    "cached": {"input": "3.000000007", "output": "15", "cache_read": "0.300000001"},
    "cached-halves": {"input": "0.0035", "output": "0.0105", "cache_read": "0.0005", "cache_write": "0.0045",
                      "cache_write_1h": "0.0055", "per_search": "0.010000001"},
    "lifetimes": {"input": "3", "output": "15.000000003", "cache_read": "0.3", "cache_write": "3.750000001",
                  "cache_write_1h": "6.000000001", "per_search": "0.01"},
    "full": {"input": "1.234567891", "output": "9.876543211", "cache_read": "0.123456781", "cache_write": "1.543209863",
             "cache_write_1h": "2.469135781", "reasoning": "7.777777777", "audio_in": "32.111111111",
             "audio_out": "64.333333333", "image_in": "1.999999999", "per_request": "0.000000001",
             "per_search": "0.014000003"},
    "requests": {"input": "1", "output": "1.000000003", "cache_read": "0.25", "per_request": "0.005000001",
                 "audio_in": "8", "audio_out": "16"},
    "drawn": {"input": "5", "output": "10", "image_in": "10.000000001", "image_out": "40.000000003"},
}

#: Which price a kind has where the sheet gives none of its own, as docs/configuration.md says.
ABSENT = {
    "cache_read": "input", "cache_write": "input", "cache_write_1h": "input", "reasoning": "output",
    "audio_in": "input", "audio_out": "output", "image_in": "input", "image_out": "output",
}


class Unknown(Exception):
    """A price that is needed is not given, so that nobody knows the cost; the text says which."""


def price(sheet, name):
    """Dollars for one unit of `name`, or for a million tokens."""
    if name in sheet:
        return Decimal(sheet[name])
    writes = {"cache_write", "cache_write_1h"} & sheet.keys()
    if name == "cache_read" and writes or name == "cache_write" and writes == {"cache_write_1h"} or (
        name == "cache_write_1h" and "cache_write" in writes
    ):
        raise Unknown(name)
    if name == "per_search" and "per_request" in sheet:
        return Decimal(0)  # The request's price includes them.
    if name not in ABSENT:
        raise Unknown(name)
    return Decimal(sheet[ABSENT[name]])


def dollars(sheet, consumed):
    """What it costs, as a fraction, before any rounding."""
    tokens = {
        "input": consumed.text_in, "cache_read": consumed.cache_read, "cache_write": consumed.cache_write,
        "cache_write_1h": consumed.cache_write_1h, "audio_in": consumed.audio_in, "image_in": consumed.image_in,
        "output": consumed.text_out, "reasoning": consumed.reasoning, "audio_out": consumed.audio_out,
        "image_out": consumed.image_out,
    }
    if "image_out" in sheet and consumed.answer and not consumed.image_out:
        raise Unknown("whether the answer was a picture")
    if consumed.pictures_anywhere and price(sheet, "image_in") != price(sheet, "input"):
        raise Unknown("which of the cached tokens were pictures")
    total = sum((Fraction(price(sheet, name)) * count for name, count in tokens.items() if count), Fraction(0)) / MILLION
    if consumed.searches:
        total += Fraction(price(sheet, "per_search")) * consumed.searches
    if consumed.rankings and "per_request" not in sheet:
        raise Unknown("per_request")
    return total + Fraction(sheet.get("per_request", "0")) * (consumed.rankings or 1)


def nanos(sheet, consumed):
    """What it costs in whole nano-dollars, rounded once, half to even."""
    return round(dollars(sheet, consumed) * 10**9)


def is_tie(sheet, consumed):
    """Whether the exact cost lies in the very middle between two nano-dollars."""
    return (dollars(sheet, consumed) * 10**9 * 2) % 2 == 1
