"""Serve a structure message with dsss: python with_dsss.py MESSAGE PORT, in an environment of its own with dsss and uvicorn."""

import sys
from pathlib import Path

import sdmx
import uvicorn
from dsss.starlette import build_app
from dsss.store import DictStore


def main() -> None:
    store = DictStore()
    store.update_from(sdmx.read_sdmx(Path(sys.argv[1])))
    uvicorn.run(build_app(store=store, debug=False), host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")


if __name__ == "__main__":
    main()
