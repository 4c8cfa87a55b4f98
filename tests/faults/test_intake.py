"""An intake killed at any instant loses no reading that its broker took, and keeps none twice."""

from __future__ import annotations

import json
import random
import threading
import time
from pathlib import Path

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from tests.core.sensing import mosquitto
from tests.faults.actor import SENSORS
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
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        self.over, self.said = threading.Event(), 0

    def run(self) -> None:
        while not self.over.is_set():
            body = {"device": f"s{self.said % SENSORS}", "sequence": self.said, "presence": True}
            body["time"] = round(time.time() * 1000)
            body["presence"] = self.said // SENSORS % 2 == 0
            self.client.publish(TOPIC, json.dumps(body), qos=1).wait_for_publish(PATIENCE)
            self.said += 1
            time.sleep(PACE)
        self.client.disconnect()
        self.client.loop_stop()


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
        until = time.monotonic() + PATIENCE
        while len((found := stage.found("sensed"))["kept"]) < speaker.said:
            assert time.monotonic() < until, f"{len(found['kept'])} of {speaker.said} kept"
            time.sleep(0.5)
        stage.kill(listener)
    print(f"\nintake killed {ROUNDS} times, {speaker.said} readings acknowledged, lost 0, twice 0")
    assert found["kept"] == list(range(speaker.said))
    assert found["counted"] == speaker.said
    assert found["newest"] == [
        max(range(number, speaker.said, SENSORS), default=0) for number in range(SENSORS)
    ]
