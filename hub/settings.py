"""Where the hub keeps things and how it behaves, from the environment; read once, handed on, never global."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from registry.errors import Invalid

LARGEST_UPLOAD = 4 * 1024**3
"""Bytes of one file handed in over HTTP."""


@dataclass(frozen=True)
class Settings:
    """``four_eyes``: a draft must be approved by somebody other than its maker; off only in the embedded default.

    ``public_url``: where others reach the hub; empty means wherever it serves. ``trusted_only``: the public may only use the
    GraphQL documents of the hub's own clients. ``webhooks``: the only origins, such as ``https://bnn.example``, at
    which subscribers may be told.
    """

    data_dir: Path
    database_url: str
    public_url: str
    four_eyes: bool
    trusted_only: bool = False
    webhooks: tuple[str, ...] = ()

    @classmethod
    def load(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read HUB_DATA_DIR, HUB_DATABASE_URL, HUB_PUBLIC_URL, HUB_FOUR_EYES, HUB_TRUSTED_ONLY and HUB_WEBHOOKS."""
        env = os.environ if environment is None else environment
        data_dir = Path(env.get("HUB_DATA_DIR", "data")).absolute()
        embedded = f"sqlite:///{data_dir / 'hub.sqlite'}"
        url = _psycopg(env.get("HUB_DATABASE_URL", embedded))
        return cls(
            data_dir=data_dir,
            database_url=url,
            public_url=env.get("HUB_PUBLIC_URL", "").rstrip("/"),
            four_eyes=_switch(env, "HUB_FOUR_EYES", default=url != embedded),
            trusted_only=_switch(env, "HUB_TRUSTED_ONLY", default=False),
            webhooks=_origins(env, "HUB_WEBHOOKS"),
        )

    @property
    def deliveries(self) -> Path:
        """Untouched copies of what was handed in."""
        return self.data_dir / "deliveries"

    @property
    def microdata(self) -> Path:
        """Normalised records as Parquet; confidential, never served."""
        return self.data_dir / "microdata"

    @property
    def spill(self) -> Path:
        """Temporary files of readers and compilations."""
        return self.data_dir / "spill"


def _psycopg(url: str) -> str:
    """``postgresql://`` as people write it, with the driver the hub ships."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _switch(env: Mapping[str, str], name: str, default: bool) -> bool:
    text = env.get(name)
    if text is None:
        return default
    if text.lower() not in ("1", "0", "true", "false", "on", "off"):
        raise Invalid("BAD_SETTING", name=name, found=text[:20], expected="1, 0, true, false, on, off")
    return text.lower() in ("1", "true", "on")


_ORIGIN = re.compile(r"https?://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?")
"""As a URL has it before its path. In lower case: it is compared letter by letter."""


def _origins(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Origins with commas. One that no address can have would allow nothing, and nobody would know why."""
    found = tuple(each.strip().rstrip("/") for each in env.get(name, "").split(",") if each.strip())
    for strange in (each for each in found if not _ORIGIN.fullmatch(each)):
        raise Invalid("BAD_ORIGIN", name=name, found=strange[:120])
    return found
