"""Which hosts are on the public internet."""

import pytest

from briefing.network.public_hosts import is_private_name, is_public

NOT_PUBLIC = [
    "127.0.0.1",
    "0.0.0.0",  # noqa: S104  # bound nowhere
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001::1",
    "2001:db8::1",
    "3fff::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd12::1",
    "ff02::1",
    "100::1",
]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_private_reserved_and_disguised_addresses_are_not_public(
    address: str,
) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["93.184.215.14", "8.8.8.8", "100.128.0.1", "2606:2800:21f::1", "2a00::1"],
)
def test_others_are_public(address: str) -> None:
    assert is_public(address)


def test_a_name_is_not_an_address() -> None:
    with pytest.raises(ValueError, match=r"example\.org"):
        is_public("example.org")


@pytest.mark.parametrize(
    "host",
    [
        *(
            "printer",
            "localhost",
            "a.localhost",
            "printer.local",
            "nas.lan",
            "wiki.intranet",
            "vault.corp",
        ),
        *(
            "metadata.google.internal",
            "router.home.arpa",
            "home.arpa",
            "127.1",
            "0177.0.0.1",
            "0x7f.1",
            "1.0x7f",
        ),
    ],
)
def test_names_that_only_a_private_network_can_resolve_are_private(
    host: str,
) -> None:
    assert is_private_name(host)


@pytest.mark.parametrize(
    "host",
    [
        "example.org",
        "local.example.org",
        "athome.arpa",
        "a.0xyz",
        "1.example",
        "x.locals",
        f"{'a' * 56}.onion",
    ],
)
def test_others_are_not(host: str) -> None:
    assert not is_private_name(host)
