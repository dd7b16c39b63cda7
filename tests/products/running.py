"""Installing a product, starting it, filling it, and judging it by its own document."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.products.product import Place, Product
from tests.servers import ROOT

LONGEST_START_S = 240.0
LONGEST_STOP_S = 20.0
BETWEEN_LOOKS_S = 0.5
TOKEN = "PRODUCT_TOKEN"
LOG = "product.log"


@dataclass(frozen=True)
class Judged:
    """What came of it. code: the exit code of the check; seconds: how long it took."""

    report: str
    notes: str
    code: int
    seconds: float


def installed(product: Product, place: Place) -> None:
    """Make the environment of a product and install it, where that was not done before."""
    done = place.folder / "installed.txt"
    wanted = "\n".join(product.packages)
    if done.exists() and done.read_text("utf-8") == wanted:
        return
    place.folder.mkdir(parents=True, exist_ok=True)
    if not place.bin.exists():
        venv.create(place.folder / "venv", with_pip=True)
    subprocess.run([str(place.bin / "python"), "-m", "pip", "install", "--quiet", *product.packages], check=True)
    done.write_text(wanted, "utf-8")


@contextmanager
def started(product: Product, place: Place) -> Iterator[None]:
    """Run a product, filled, for the length of a `with` block. Raises RuntimeError where it does not come up."""
    shutil.rmtree(place.data, ignore_errors=True)
    place.data.mkdir()
    product.prepare(place)
    environment = {**os.environ, **place.path(), **product.environment(place)}
    log = place.folder / LOG
    with log.open("wb") as out:
        # A session of its own: whatever the product starts is stopped with it.
        process = subprocess.Popen(
            product.command(place), cwd=place.data, env=environment, stdout=out, stderr=out, start_new_session=True
        )
    try:
        _wait(product, place, process)
        product.fill(place)
        yield
    finally:
        _stop(process)


def _wait(product: Product, place: Place, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + LONGEST_START_S
    while time.monotonic() < until and process.poll() is None:
        with suppress(requests.RequestException):
            if requests.get(f"{place.base}{product.ready}", timeout=5).ok:
                return
        time.sleep(BETWEEN_LOOKS_S)
    raise RuntimeError(f"{product.name} does not answer at {place.base}{product.ready}; see {place.folder / LOG}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, 15)
    with suppress(subprocess.TimeoutExpired):
        process.wait(LONGEST_STOP_S)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, 9)
    process.wait()


def judged(product: Product, place: Place, document: Path, options: Sequence[str]) -> Judged:
    """Return what `apitwin check` says of a product that runs. options: of the command, beside those of the product."""
    token = product.token(place)
    words = [sys.executable, "-m", "apitwin", "check", str(document), "--target", place.base + product.address]
    words += [] if token is None else ["--token-env", TOKEN]
    words += [*product.options, *options, "--json", str(place.folder / "report.json")]
    environment = os.environ if token is None else {**os.environ, TOKEN: token}
    begun = time.monotonic()
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True)
    return Judged(done.stdout, done.stderr, done.returncode, time.monotonic() - begun)
