"""What silent and slow connections cost a good client: `python -m benchmarks.held`.

100 connections that say nothing and 100 that say a byte a second (in a head, in a body, and half a handshake where
there is TLS) are held at a twin in another process. A client on one connection that is kept takes its times without
them, with them, and so on in turn; what counts is the ratio.
"""

from __future__ import annotations

import contextlib
import http.client
import statistics
import time

from tests.hostile_requests.attack import Attacked, attacked
from tests.hostile_requests.generator import TOKEN
from tests.hostile_requests.held import held

ROUNDS = 7
TIMES = 400
DRIP_S = 1.0


def main() -> None:
    """Print the ratios."""
    for tls in (False, True):
        with attacked(tls) as twin:
            pairs = [(_times(twin), _times_beside_others(twin)) for _ in range(ROUNDS)]
        print(f"a good client beside 200 that are not done, {'TLS' if tls else 'plain'}")
        for name, place in (("median", 50), ("p99", 99)):
            alone = [_percentile(times, place) for times, _ in pairs]
            beside = [_percentile(times, place) for _, times in pairs]
            ratio = statistics.median(after / before for before, after in zip(alone, beside, strict=True))
            shown = f"{statistics.median(beside) * 1e6:,.0f} us against {statistics.median(alone) * 1e6:,.0f} us"
            print(f"  {name:<8} {ratio:6.2f}x   ({shown})")


def _times_beside_others(twin: Attacked) -> list[float]:
    with held(twin, silent=100, slow=100, drip_s=DRIP_S) as dripping:
        dripping.wait()
        return _times(twin)


def _times(twin: Attacked) -> list[float]:
    times: list[float] = []
    with contextlib.closing(http.client.HTTPConnection("localhost")) as connection:
        connection.sock = twin.connect()
        for _ in range(TIMES):
            begun = time.perf_counter()
            connection.request("GET", "/api/workspaces/?limit=5", headers={"Authorization": f"Bearer {TOKEN.decode()}"})
            connection.getresponse().read()
            times.append(time.perf_counter() - begun)
    return times


def _percentile(times: list[float], place: int) -> float:
    return sorted(times)[len(times) * place // 100 - 1]


if __name__ == "__main__":
    main()
