"""Judge a real product: `python -m tests.products NAME [--folder FOLDER] [--port PORT] [OPTION OF CHECK ...]`.

It is installed below the folder at the first time, and its report and its log stay there.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from pathlib import Path

from tests.products.product import Place
from tests.products.running import installed, judged, started
from tests.products.table import PRODUCTS


def main() -> int:
    """Judge the product that the command line names, and print what came of it. Returns the exit code of the check."""
    parser = argparse.ArgumentParser(prog="python -m tests.products", description=__doc__)
    parser.add_argument("name", choices=PRODUCTS)
    parser.add_argument("--folder", type=Path, help="where it lives; a folder of the system's temporary ones")
    parser.add_argument("--port", type=int, default=18400, help="it takes this one, and may take the two after it")
    parser.add_argument("--serve", action="store_true", help="only run it, until a line comes on standard input")
    ours, options = parser.parse_known_args()
    product = PRODUCTS[ours.name]
    folder = ours.folder or Path(tempfile.gettempdir()) / "apitwin-products" / product.name
    place = Place(folder.resolve(), ours.port)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # so that the product is stopped too
    installed(product, place)
    with started(product, place):
        document = product.document(place)
        if ours.serve:
            print(f"{place.base}{product.address}  {document}  {product.token(place)}", flush=True)
            sys.stdin.readline()
            return 0
        result = judged(product, place, document, options)
    print(result.notes, file=sys.stderr)
    print(result.report)
    lines = len(result.report.splitlines())
    print(f"{', '.join(product.packages)}: exit code {result.code}, {lines} lines, {result.seconds:.0f} s")
    return result.code


if __name__ == "__main__":
    sys.exit(main())
