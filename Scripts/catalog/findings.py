"""What a build has to tell besides its result: what the sources disagree on, and what was left out."""
import collections

report = collections.defaultdict(list)
skipped = collections.Counter()
