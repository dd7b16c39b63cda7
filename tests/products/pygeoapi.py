"""pygeoapi, the reference server of OGC API: OpenAPI 3.0 made from its configuration, limit and offset, no token."""

from __future__ import annotations

import json

from tests.products.fetching import fetched
from tests.products.product import Place, Product

STATIONS = 137
COLUMNS = ("id", "stn_id", "datetime", "value", "lat", "long")


def _configuration(place: Place) -> dict[str, object]:
    """Return its configuration: JSON is YAML. Two collections of features, of one table and of one file."""
    extents = {"spatial": {"bbox": [-180, -90, 180, 90], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}}
    described = {
        "type": "collection",
        "keywords": ["weather"],
        "links": [],
        "extents": extents,
    }
    table = {
        "type": "feature",
        "name": "CSV",
        "data": str(place.data / "stations.csv"),
        "id_field": "id",
        "geometry": {"x_field": "long", "y_field": "lat"},
    }
    places = {"type": "feature", "name": "GeoJSON", "data": str(place.data / "places.geojson"), "id_field": "id"}
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": place.port},
            "url": place.base,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "gzip": False,
            "languages": ["en-US"],
            "limits": {"default_items": 10, "max_items": 50},
            "map": {"url": "https://tile.example.org/{z}/{x}/{y}.png", "attribution": "none"},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": "Stations",
                "description": "Stations of the weather",
                "keywords": ["weather"],
                "keywords_type": "theme",
                "terms_of_service": "https://example.org/terms",
                "url": "https://example.org",
            },
            "license": {"name": "CC-BY 4.0", "url": "https://example.org/licence"},
            "provider": {"name": "Nobody", "url": "https://example.org"},
            "contact": {"name": "Nobody", "email": "nobody@example.org", "url": "https://example.org"},
        },
        "resources": {
            "stations": {**described, "title": "Stations", "description": "Stations", "providers": [table]},
            "places": {**described, "title": "Places", "description": "Places", "providers": [places]},
        },
    }


def _prepare(place: Place) -> None:
    rows = [",".join(COLUMNS)]
    features = []
    for number in range(1, STATIONS + 1):
        where = (round(number / 3 - 20, 2), round(number / 2 - 30, 2))
        rows.append(f"{number},{number % 9},2001-10-30T14:{number % 60:02}:00Z,{number / 4},{where[0]},{where[1]}")
        features.append(
            {
                "type": "Feature",
                "id": number,
                "geometry": {"type": "Point", "coordinates": [where[1], where[0]]},
                "properties": {"id": number, "name": f"Place {number}", "kind": ("town", "village")[number % 2]},
            }
        )
    (place.data / "stations.csv").write_text("\n".join(rows) + "\n", "utf-8")
    collection = {"type": "FeatureCollection", "features": features}
    (place.data / "places.geojson").write_text(json.dumps(collection), "utf-8")
    (place.data / "configuration.yml").write_text(json.dumps(_configuration(place)), "utf-8")
    place.run(
        "pygeoapi", "openapi", "generate", "configuration.yml", "--output-file", "made.yml", env=_environment(place)
    )


def _environment(place: Place) -> dict[str, str]:
    return {
        "PYGEOAPI_CONFIG": str(place.data / "configuration.yml"),
        "PYGEOAPI_OPENAPI": str(place.data / "made.yml"),
    }


PRODUCT = Product(
    name="pygeoapi",
    packages=("pygeoapi==0.21.0",),
    prepare=_prepare,
    environment=_environment,
    command=lambda place: ["pygeoapi", "serve"],
    ready="/conformance",
    document=lambda place: fetched(place, "/openapi?f=json"),
)
