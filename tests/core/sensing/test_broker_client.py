"""Messages read ahead are those that paho would have given, and nothing else is touched."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from communs.core.sensing.broker_client import Message, ReadAhead


class Network:
    """A socket that gives what it was given, in pieces."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = list(pieces)

    def recv(self, _size: int) -> bytes:
        if not self.pieces:
            raise BlockingIOError
        return self.pieces.pop(0)


def length(number: int) -> bytes:
    """Write a length as MQTT does: seven bits a byte, the least first (section 1.5.5)."""
    told = bytearray()
    while True:
        number, seven = divmod(number, 128)
        told.append(seven | (0x80 if number else 0))
        if not number:
            return bytes(told)


def packet(message: Message, *, properties: bytes | None, flags: int = 0) -> bytes:
    topic = message.topic.encode()
    head = len(topic).to_bytes(2, "big") + topic
    head += message.mid.to_bytes(2, "big") if message.qos else b""
    head += length(len(properties)) + properties if properties is not None else b""
    body = head + message.body
    return bytes([0x30 | message.qos << 1 | flags]) + length(len(body)) + body


def ahead(*pieces: bytes) -> ReadAhead:
    """Give a socket that has read its first piece ahead, as paho's first look makes it."""
    socket = ReadAhead(Network(*pieces))
    socket.recv(0)
    return socket


MESSAGES = st.builds(
    lambda topic, body, qos, mid: Message(topic, body, mid if qos else 0, qos),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1),
    st.binary(max_size=300),
    st.sampled_from([0, 1]),
    st.integers(1, 65_535),
)
OTHERS = st.sampled_from([b"\xd0\x00", b"\x90\x03\x00\x01\x00", b"\xe0\x00", b""])


@given(st.lists(MESSAGES, max_size=8), OTHERS, st.booleans(), st.integers(0, 9))
def test_whole_messages_are_given_up_to_what_is_something_else(
    messages: list[Message], other: bytes, is_new: bool, flag: int
) -> None:
    properties = b"\x02\x00\x00\x00\x3c" if is_new else None
    told = [packet(m, properties=properties, flags=flag & 9) for m in messages]
    socket = ahead(b"".join(told) + other)
    assert socket.published(100, has_properties=is_new) == messages
    assert socket.pending() == len(other)


@given(MESSAGES, MESSAGES, st.data())
def test_a_message_that_is_not_whole_waits_for_the_rest(
    first: Message, second: Message, data: st.DataObject
) -> None:
    whole, cut = packet(first, properties=None), packet(second, properties=None)
    place = data.draw(st.integers(1, len(cut) - 1))
    socket = ahead(whole + cut[:place])
    assert socket.published(100, has_properties=False) == [first]
    assert socket.pending() == place
    assert socket.recv(place) == cut[:place]


@given(st.lists(MESSAGES, min_size=3, max_size=6), st.integers(0, 3))
def test_no_more_is_taken_than_asked_for(messages: list[Message], most: int) -> None:
    socket = ahead(b"".join(packet(m, properties=None) for m in messages))
    assert socket.published(most, has_properties=False) == messages[:most]
    assert socket.published(100, has_properties=False) == messages[most:]


ODD = {
    "quality of service 2 is paho's": b"\x34\x06\x00\x01a\x00\x01b",
    "no such quality": b"\x36\x06\x00\x01a\x00\x01b",
    "no number": b"\x32\x06\x00\x01a\x00\x00b",
    "no topic": b"\x30\x03\x00\x00b",
    "a topic longer than the packet": b"\x30\x03\x00\x09b",
    "a topic that is not UTF-8": b"\x30\x04\x00\x01\xffb",
    "a length of five bytes": b"\x30\xff\xff\xff\xff\x7f",
    "nothing in it": b"\x30\x00",
}


def test_what_is_odd_is_left_to_paho_whole() -> None:
    for why, told in ODD.items():
        socket = ahead(told + packet(Message("a", b"b", 0, 0), properties=None))
        assert socket.published(9, has_properties=False) == [], why
        assert socket.recv(len(told)) == told, why


def test_properties_longer_than_the_packet_are_left_to_paho() -> None:
    told = b"\x30\x05\x00\x01a\x09b"
    socket = ahead(told + b"\x00" * 20)
    assert socket.published(9, has_properties=True) == []
    assert socket.recv(len(told)) == told


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_end_in_messages_or_are_left(told: bytes, is_new: bool) -> None:
    socket = ahead(told or b"\0")
    taken = socket.published(100, has_properties=is_new)
    assert all(m.topic and m.qos in (0, 1) for m in taken)
