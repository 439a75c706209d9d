"""Serve an application just as `hub serve` does: python -m benchmarks.serve MODULE:NAME PORT."""

from __future__ import annotations

import sys
from importlib import import_module

import uvicorn


def main() -> None:
    module, name = sys.argv[1].split(":")
    app = getattr(import_module(module), name)
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning", access_log=False, server_header=False)


if __name__ == "__main__":
    main()
