"""One check for all SDKs: what an SDK reads of any provider's answer is what the recording of it says."""

import pytest

from replay import PROVIDERS
from said import conversations

#: Parameters of a test of all providers, whole and streamed.
crossings = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
providers = pytest.mark.parametrize("name", PROVIDERS)


def check(replay, name, stream, ask, most=40, least=1):
    """Asks by `ask(model, stream)` once for each recorded answer of a provider and compares what is said."""
    pairs = conversations(name, stream, most)
    faults = []
    for record, said in pairs:
        replay.reset()
        replay.next(record)
        try:
            heard = ask(f"{name}-model", stream)
        except Exception as error:  # An SDK's own errors are of many kinds; each is a fault here.
            faults.append(f"{record['id']}: {type(error).__name__}: {error!s:.300}")
            continue
        if difference := said.differs(heard):
            faults.append(f"{record['id']}: {difference}")
    assert len(pairs) >= least, f"only {len(pairs)} recordings"
    assert not faults, f"{len(faults)} of {len(pairs)}:\n" + "\n".join(faults[:4])
