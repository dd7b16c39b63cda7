"""Real products, really started, and judged by the documents that they publish: `python -m tests.products NAME`.

None of it belongs to the suite: each product is hundreds of megabytes. What a product needs is a file here and a line
in `table.py`; how it is installed, started, filled and judged is in `running.py`, the same for all.
"""
