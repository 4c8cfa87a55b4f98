"""An intake killed at any instant loses no reading that its broker took, and keeps none twice."""

from __future__ import annotations

import json
import os
import random
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from tests.core.sensing import mosquitto
from tests.faults.actor import SENSORS
from tests.faults.stage import Stage
from tests.faults.test_faults import ROUNDS, Begin, begin

__all__ = ["begin"]
pytestmark = pytest.mark.faults
TOPIC = "communs/metropole/rue/s"
PACE = 0.002  # seconds between two messages
PATIENCE = 120.0


class Speaker(threading.Thread):
    """Says one thing after the other; counts what its broker has acknowledged."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.client = Client(CallbackAPIVersion.VERSION2)
        self.client.reconnect_delay_set(1, 1)
        self.acked = threading.Event()
        self.client.on_publish = lambda *_told: self.acked.set()
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        self.over, self.said = threading.Event(), 0

    def run(self) -> None:
        while not self.over.is_set():
            body = {"device": f"s{self.said % SENSORS}", "sequence": self.said, "presence": True}
            body["time"] = round(time.time() * 1000)
            body["presence"] = self.said // SENSORS % 2 == 0
            self.acked.clear()
            self.client.publish(TOPIC, json.dumps(body), qos=1)
            if not self.acked.wait(PATIENCE):
                break
            self.said += 1
            time.sleep(PACE)
        self.client.disconnect()
        self.client.loop_stop()


def wait_for(stage: Stage, count: int) -> dict[str, Any]:
    """Wait until so many readings are kept; give what there is."""
    until = time.monotonic() + PATIENCE
    while len((found := stage.found("sensed"))["kept"]) < count:
        assert time.monotonic() < until, f"{len(found['kept'])} of {count} kept"
        time.sleep(0.5)
    return found


def newest(said: int) -> list[int]:
    """The number of what each sensor said last, when so much was said."""
    return [max(range(number, said, SENSORS), default=0) for number in range(SENSORS)]


def test_a_killed_intake_loses_nothing_and_keeps_nothing_twice(
    begin: Begin, tmp_path: Path
) -> None:
    stage, chance = begin(), random.Random(ROUNDS)
    stage.done("prepare")
    stage.done("sense")
    with mosquitto.running(tmp_path / "broker") as port:
        listener = stage.order("listen", port)
        time.sleep(2)  # it has subscribed: from now on its broker keeps what it does not hear
        speaker = Speaker(port)
        speaker.start()
        for _turn in range(ROUNDS):
            time.sleep(chance.uniform(0.05, 0.4))
            stage.kill(listener)
            listener = stage.order("listen", port)
        speaker.over.set()
        speaker.join()
        found = wait_for(stage, speaker.said)
        stage.kill(listener)
    print(f"\nintake killed {ROUNDS} times, {speaker.said} readings acknowledged, lost 0, twice 0")
    assert found["kept"] == list(range(speaker.said))
    assert found["counted"] == speaker.said
    assert found["newest"] == newest(speaker.said)


RESTARTS = 5


def test_a_broker_that_restarts_under_load_loses_nothing_and_nothing_is_kept_twice(
    begin: Begin, tmp_path: Path
) -> None:
    stage, folder = begin(), tmp_path / "broker"
    stage.done("prepare")
    stage.done("sense")
    with mosquitto.running(folder) as port:
        listener = stage.order("listen", port)
        time.sleep(2)
        speaker = Speaker(port)
        speaker.start()
        time.sleep(1)
    for turn in range(RESTARTS):
        with mosquitto.running(folder, port):
            time.sleep(2.5)  # both are back, and have spoken
            if turn == RESTARTS - 1:
                speaker.over.set()
                speaker.join()
                found = wait_for(stage, speaker.said)
                os.kill(listener, 0)  # the same process went on
    stage.kill(listener)
    print(f"\nbroker restarted {RESTARTS} times, {speaker.said} acknowledged, lost 0, twice 0")
    assert speaker.said > 10 * RESTARTS
    assert found["kept"] == list(range(speaker.said))
    assert found["counted"] == speaker.said
    assert found["newest"] == newest(speaker.said)
