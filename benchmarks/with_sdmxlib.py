"""Serve a structure message with sdmxlib-rest: python with_sdmxlib.py MESSAGE PORT, in an environment of Python 3.14 with
sdmxlib-rest and uvicorn."""

import sys
from pathlib import Path

import uvicorn
from sdmxlib import LocalRegistry
from sdmxlib.formats import parse
from sdmxlib_rest.app import RestSettings, create_app, library_routers
from sdmxlib_rest.provider import OpenedCatalog
from sdmxlib_rest.runtime import CatalogRuntime


class Provider:
    """A registry in memory, of everything in a message."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def open(self) -> OpenedCatalog:
        registry = LocalRegistry(":memory:").open()
        parse(self._path.read_bytes(), registry=registry)
        return OpenedCatalog(registry=registry, meta_conn=registry.connection)


def main() -> None:
    settings = RestSettings(title="benchmark", version="1.0.0")
    app = create_app(CatalogRuntime(Provider(Path(sys.argv[1]))), settings, routers=list(library_routers()))
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")


if __name__ == "__main__":
    main()
