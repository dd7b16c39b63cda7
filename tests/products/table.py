"""The products by their names: one line for each."""

from __future__ import annotations

from collections.abc import Mapping

from tests.products import airflow, chroma, jupyterhub, pygeoapi
from tests.products.product import Product

PRODUCTS: Mapping[str, Product] = {
    "airflow": airflow.PRODUCT,
    "chroma": chroma.PRODUCT,
    "jupyterhub": jupyterhub.PRODUCT,
    "pygeoapi": pygeoapi.PRODUCT,
}
