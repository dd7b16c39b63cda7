"""JupyterHub, a server of notebooks for many: OpenAPI 3.0, limit and offset, tokens with scopes.

Its document is not in what pip installs, but in the source of the same version.
"""

from __future__ import annotations

import tarfile
from pathlib import Path

import requests

from tests.products.product import SECRET, Place, Product

VERSION = "6.1.1"
USERS = 230
GROUPS = 12
HEADERS = {"Authorization": f"token {SECRET}"}
CONFIGURATION = f"""
c.JupyterHub.hub_port = {{hub}}
c.JupyterHub.bind_url = "http://127.0.0.1:{{public}}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{{proxy}}"
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = "{SECRET}"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.JupyterHub.allow_named_servers = True
c.JupyterHub.services = [{{{{"name": "judge", "api_token": "{SECRET}", "admin": True}}}}]
"""


def _prepare(place: Place) -> None:
    text = CONFIGURATION.format(hub=place.port, public=place.port + 1, proxy=place.port + 2)
    (place.data / "jupyterhub_config.py").write_text(text, "utf-8")
    if not _proxy(place).exists():
        place.run("npm", "install", "--silent", "--prefix", str(place.folder), "configurable-http-proxy@5.1.0")


def _proxy(place: Place) -> Path:
    return place.folder / "node_modules" / ".bin"


def _environment(place: Place) -> dict[str, str]:
    return place.path(_proxy(place))


def _fill(place: Place) -> None:
    api, names = f"{place.base}/hub/api", [f"reader{number:03}" for number in range(USERS)]
    requests.post(f"{api}/users", json={"usernames": names}, headers=HEADERS, timeout=60).raise_for_status()
    for number in range(GROUPS):
        group = f"{api}/groups/circle{number:02}"
        requests.post(group, headers=HEADERS, timeout=60).raise_for_status()
        members = {"users": names[number * 3 : number * 5]}
        requests.post(f"{group}/users", json=members, headers=HEADERS, timeout=60).raise_for_status()
    for name in names[:3]:
        for number in range(4):
            note = {"note": f"for {number}"}
            requests.post(f"{api}/users/{name}/tokens", json=note, headers=HEADERS, timeout=60).raise_for_status()


def _document(place: Place) -> Path:
    file = place.folder / "rest-api.yml"
    if not file.exists():
        words = ("pip", "download", "--quiet", "--no-deps", "--no-binary", "jupyterhub", f"jupyterhub=={VERSION}")
        place.run(*words, "--dest", str(place.folder))
        with tarfile.open(place.folder / f"jupyterhub-{VERSION}.tar.gz") as source:
            member = source.extractfile(f"jupyterhub-{VERSION}/docs/source/_static/rest-api.yml")
            assert member is not None, "the source of JupyterHub holds its document"
            file.write_bytes(member.read())
    return file


PRODUCT = Product(
    name="jupyterhub",
    packages=(f"jupyterhub=={VERSION}",),
    prepare=_prepare,
    environment=_environment,
    command=lambda place: ["jupyterhub", "-f", "jupyterhub_config.py"],
    ready="/hub/api/",
    fill=_fill,
    document=_document,
    token=lambda place: SECRET,
)
