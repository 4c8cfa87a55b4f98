"""CPU of reading what sensors say, beside a bare `json.loads` of the same bytes.

Reads our own JSON as a batch of 1,000 readings and as one object, with and without what makes it
be read one object after another, and one message of each other protocol; turn about with
`json.loads` in the same run, best of many turns. Prints readings a CPU-second and the ratio of the
CPU to that of `json.loads`, which says nothing of codes, times or numbers and makes no reading.

    python benchmarks/decoding.py [--smoke]

Exit status 1 if a ratio passes its bound.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from communs.core.sensing.engine.decoding import decoder  # noqa: E402 -- after the path

RECEIVED = 1_772_452_800_000
SLACK = 1.5  # what other work on the machine may add to a ratio


class Case(NamedTuple):
    """A body, how many readings it has, and the most CPU it may cost, in `json.loads` of it."""

    name: str
    protocol: str
    body: bytes
    readings: int
    most: float
    mapping: dict


def told(index: int, **more: object) -> dict[str, object]:
    clock = f"2026-03-02T{index // 60 % 24:02}:{index % 60:02}:07Z"
    device = f"70b3d5{index:010x}"
    return {"device": device, "time": clock, "sequence": index, "presence": index % 2 == 0} | more


def uplink() -> dict[str, object]:
    info = {"tenantName": "Levallois", "deviceName": "place-1", "devEui": "70b3d50000000001"}
    heard = [{"gatewayId": "0016c001f153a14c", "rssi": -57, "snr": 9.5}]
    return {
        "deduplicationId": "3ac7e3c4-4401-4b8d-9386-a5c902f92001", "time": "2026-01-05T08:00:02Z",
        "deviceInfo": info, "devAddr": "00189440", "dr": 5, "fCnt": 12, "fPort": 2,
        "data": "AQ==", "object": {"battery": 93, "occupied": True}, "rxInfo": heard,
    }  # fmt: skip


def ttn() -> dict[str, object]:
    message = {
        "f_port": 2,
        "f_cnt": 12,
        "frm_payload": "AQ==",
        "decoded_payload": {"occupied": True},
    }
    ids = {"device_id": "place-1", "dev_eui": "70B3D50000000001"}
    return {"end_device_ids": ids, "received_at": "2026-01-05T08:00:02Z", "uplink_message": message}


def ngsi() -> dict[str, object]:
    status = {"type": "Property", "value": "free", "observedAt": "2026-01-05T08:00:02Z"}
    spots = [
        {"id": f"urn:ngsi-ld:ParkingSpot:{n}", "type": "ParkingSpot", "status": status}
        for n in range(50)
    ]
    return {"id": "urn:ngsi-ld:Notification:1", "type": "Notification", "data": spots}


def sensorthings() -> list[object]:
    rows = [[f"2026-01-05T08:{n:02}:02Z", n % 2] for n in range(50)]
    block = {"Datastream": {"@iot.id": 12}, "components": ["phenomenonTime", "result"]}
    return [block | {"dataArray@iot.count": 50, "dataArray": rows}]


def cases() -> list[Case]:
    def case(name: str, protocol: str, body: object, readings: int, most: float) -> Case:
        mapping = {"properties": {"presence": "occupied", "battery": "battery"}}
        given = mapping if protocol in {"chirpstack", "ttn"} else {}
        return Case(name, protocol, json.dumps(body).encode(), readings, most, given)

    batch = [told(index) for index in range(1000)]
    some = [told(index) if index % 3 else told(index, battery=93) for index in range(1000)]
    values = [told(index, values={"temperature": 12.5}) for index in range(1000)]
    lines = "\n".join(
        f"place-{n},2026-03-02T12:{n % 60:02}:07Z,presence,{n % 2}" for n in range(1000)
    )
    csv = f"device,time,property,value\n{lines}\n".encode()
    return [
        case("plain, 1,000 readings", "plain", batch, 1000, 2.0),
        case("plain, some with battery", "plain", some, 1000, 2.5),
        case("plain, 2 properties each", "plain", values, 2000, 14.0),
        case("plain, one object", "plain", told(1), 1, 1.5),
        case("ChirpStack, one uplink", "chirpstack", uplink(), 1, 7.0),
        case("The Things Stack, one uplink", "ttn", ttn(), 1, 9.0),
        case("NGSI-LD, 50 spots", "ngsi", ngsi(), 50, 11.0),
        case("SensorThings, 50 in an array", "sensorthings", sensorthings(), 50, 31.0),
        Case("CSV, 1,000 lines", "csv_file", csv, 1000, 0, {}),
    ]


def cpu(work: Callable[[], object], times: int) -> float:
    start = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - start) / times


def measure(case: Case, turns: int) -> tuple[float, float]:
    """Give the least CPU seconds of reading a body, and of `json.loads` of it, turn about."""
    read = partial(decoder(case.protocol), case.body, received=RECEIVED, mapping=case.mapping)
    bare = partial(json.loads, case.body if case.most else json.dumps([told(1)] * 1000))
    found = read()
    assert len(found) == case.readings
    assert not any(isinstance(one, ValueError) for one in found)
    times = max(1, int(0.02 / max(cpu(read, 3), 1e-6)))
    pairs = [(cpu(read, times), cpu(bare, times)) for _ in range(turns)]
    return min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="few turns")
    turns = 5 if parser.parse_args().smoke else 25
    print(f"{'':30} {'readings/CPU-s':>15} {'json.loads':>11} {'ratio':>6} {'most':>5}")
    slow = 0
    for case in cases():
        took, bare = measure(case, turns)
        ratio = took / bare
        slow += bool(case.most) and ratio > case.most * SLACK
        most = f"{case.most:.1f}" if case.most else "none"
        speed, reference = case.readings / took, case.readings / bare
        print(f"{case.name:30} {speed:15,.0f} {reference:11,.0f} {ratio:6.2f} {most:>5}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
