"""What is set for one provider: its proxy, its keys and the header fields that it is given."""

import signal

import pytest

from connect_proxy import ConnectProxy
from gateway import Gateway, free_port, provider, wait_until
from http1 import call, chat, connect, read, request

CHAT = "/v1/chat/completions"


@pytest.fixture
def last_fields(upstream):
    """The header fields of the last request that the provider was sent, as a list of names and values."""

    def last_fields():
        lines = upstream.heads[-1].strip().split("\r\n")[1:]
        return [tuple(line.split(": ", 1)) for line in lines]

    return last_fields


def credentials(upstream, count):
    """The keys that came with the last requests."""
    return [
        line.split(" ")[2]
        for head in upstream.heads[-count:]
        for line in head.split("\r\n")
        if line.startswith("authorization: Bearer ")
    ]


# MARK: proxies

@pytest.fixture
def behind(start, upstream):
    """Starts a gateway that reaches its provider through a proxy."""

    def behind(proxy):
        return start({"providers": {"fake": provider(upstream.port, proxy=proxy)}})

    return behind


def test_a_provider_behind_a_proxy(behind, upstream):
    with ConnectProxy() as proxy:
        gateway = behind(f"http://user:secret@127.0.0.1:{proxy.port}")
        answer = call(gateway.port, CHAT, chat(text="say 2", stream=True), gateway.text)
        assert answer.status == 200 and "data: [DONE]" in answer.body.decode()
        assert proxy.targets == [f"CONNECT 127.0.0.1:{upstream.port} HTTP/1.1"]
        assert proxy.credentials == ["Basic dXNlcjpzZWNyZXQ="]
        assert "secret" not in gateway.log()


def test_a_proxy_that_refuses(behind):
    with ConnectProxy(refuses=True) as proxy:
        gateway = behind(f"http://127.0.0.1:{proxy.port}")
        answer = call(gateway.port, CHAT, chat(), gateway.text)
        assert (answer.status, answer.code) == (502, "upstream_unreachable"), answer.body
        assert "the proxy refused the tunnel with status 407" in answer.body.decode()


def test_a_proxy_that_is_not_there(behind):
    gateway = behind(f"http://127.0.0.1:{free_port()}")
    answer = call(gateway.port, CHAT, chat(), gateway.text)
    assert (answer.status, answer.code) == (502, "upstream_unreachable"), answer.body
    assert "behind a proxy" in answer.body.decode()


def test_ways_to_the_same_place_share_no_connection(start, upstream):
    with ConnectProxy() as one, ConnectProxy() as two:
        ways = {
            "direct": None,
            "one": f"http://127.0.0.1:{one.port}",
            "two": f"http://127.0.0.1:{two.port}",
            "other-user": f"http://someone@127.0.0.1:{two.port}",
        }
        providers = {
            name: provider(upstream.port, models=["fake"], **({"proxy": proxy} if proxy else {}))
            for name, proxy in ways.items()
        }
        gateway = start({"server": {"lanes": 1}, "providers": providers, "models": {}})
        for _ in range(3):
            for name in ways:
                answer = call(gateway.port, CHAT, chat(model=f"{name}/fake"), gateway.text)
                assert answer.status == 200, answer.body
        assert len(one.targets) == 1, "each way keeps its connection"
        assert len(two.targets) == 2, "one for each user"
        assert two.credentials == ["Basic c29tZW9uZQ=="]


def test_a_changed_proxy_is_used_from_the_next_request_on(start, upstream):
    with ConnectProxy() as one, ConnectProxy() as two:
        settings = {
            "providers": {
                "fake": provider(upstream.port, proxy=f"http://127.0.0.1:{one.port}"),
                "other": provider(free_port()),
            },
            "models": {"fake": {"provider": "fake"}},
        }
        gateway = start(settings)
        assert call(gateway.port, CHAT, chat(), gateway.text).status == 200
        settings["providers"]["fake"]["proxy"] = f"http://127.0.0.1:{two.port}"
        gateway.configure(settings)
        gateway.signal(signal.SIGHUP)

        def moved():
            assert call(gateway.port, CHAT, chat(), gateway.text).status == 200
            return two.targets

        wait_until(moved, "the change of the proxy")
        count = len(one.targets)
        assert call(gateway.port, CHAT, chat(), gateway.text).status == 200
        assert len(one.targets) == count


# MARK: keys

def test_keys_are_used_in_turn(start, upstream):
    providers = {
        "fake": provider(upstream.port, api_key="k1", keys=["k2", "k3"]),
        "pair": provider(upstream.port, api_key="p1", keys=["p2"], models=["m"]),
    }
    gateway = start({"server": {"lanes": 1}, "providers": providers})
    for model in ("fake", "pair/m") * 6:
        assert call(gateway.port, CHAT, chat(model=model), gateway.text).status == 200
    used = credentials(upstream, 12)
    assert used[0::2] == ["k1", "k2", "k3"] * 2
    assert used[1::2] == ["p1", "p2"] * 3, "each provider has a turn of its own"
    assert "of which the first is used" not in gateway.log()


# MARK: header fields

SENT = {
    "X-My-Trace": "t-1", "X-Team-A": "a", "X-Other": "o", "Anthropic-Beta": "b", "X-Fixed": "the client's",
    "Cookie": "secret=1", "X-Sira-Cost-Comment": "off",
}


@pytest.fixture(scope="module")
def choosing(tmp_path_factory, upstream):
    config = {
        "server": {"forward_headers": ["x-other"]},
        "providers": {
            "choosy": provider(
                upstream.port, models=["m"], forward_headers=["X-My-Trace", "x-team-*", "x-fixed"],
                headers={"x-fixed": "the operator's"},
            ),
            "usual": provider(upstream.port, models=["m"]),
            "silent": provider(upstream.port, models=["m"], forward_headers=[]),
            "agent": provider(upstream.port, models=["m"], headers={"user-agent": "mine"}),
        },
    }
    gateway = Gateway(tmp_path_factory.mktemp("sira"), config)
    gateway.text = gateway.key()
    with gateway:
        yield gateway


@pytest.mark.parametrize("name, forwarded", [
    ("choosy", {"x-my-trace", "x-team-a", "anthropic-beta"}),
    ("usual", {"x-other", "anthropic-beta"}),
    ("silent", {"anthropic-beta"}),
])
def test_a_provider_is_given_the_fields_on_its_list(choosing, last_fields, name, forwarded):
    assert call(choosing.port, CHAT, chat(model=f"{name}/m"), choosing.text, SENT).status == 200
    fields = last_fields()
    names = [field for field, _ in fields]
    own = {"host", "content-type", "content-length", "user-agent", "authorization"}
    assert set(names) - own - {"x-fixed"} == forwarded
    assert len(names) == len(set(names)), "no field twice"
    assert dict(fields)["authorization"] == "Bearer sk-local"
    assert dict(fields).get("x-fixed") == ("the operator's" if name == "choosy" else None)


def test_a_field_that_comes_twice_is_passed_on_twice(choosing, last_fields):
    raw = request("POST", CHAT, chat(model="choosy/m"), choosing.text, {"X-My-Trace": "1\r\nx-my-trace: 2"})
    with connect(choosing.port) as connection:
        connection.sendall(raw)
        assert read(connection).status == 200
    assert [value for field, value in last_fields() if field == "x-my-trace"] == ["1", "2"]


def test_the_operators_user_agent_takes_the_place_of_ours(choosing, last_fields):
    assert call(choosing.port, CHAT, chat(model="agent/m"), choosing.text).status == 200
    assert [value for field, value in last_fields() if field == "user-agent"] == ["mine"]
