"""Settings come from the environment, and a wrong one says what is right."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import inspect

from hub import migrations
from hub.database import connect
from hub.microdata import pseudonym_key
from hub.settings import Settings
from hub.tables import metadata, migration
from hub.wiring import Hub
from registry.errors import Conflict, Invalid, Unavailable
from tests.conftest import Hands


def test_the_embedded_default_is_one_folder(tmp_path: Path) -> None:
    found = Settings.load({"HUB_DATA_DIR": str(tmp_path)})
    assert found.database_url == f"sqlite:///{tmp_path / 'hub.sqlite'}"
    assert not found.four_eyes, "one person alone with a file cannot ask a second"
    assert Settings.load({"HUB_DATABASE_URL": "postgresql://nso@db/hub"}).four_eyes


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "oracle://x", ""])
def test_another_database_is_refused_without_showing_its_password(url: str) -> None:
    with pytest.raises(Invalid, match="Database address not understood"):
        connect(url)


def test_a_switch_that_is_not_one_is_refused() -> None:
    with pytest.raises(Invalid, match="HUB_FOUR_EYES"):
        Settings.load({"HUB_FOUR_EYES": "maybe"})


def test_origins_of_subscribers_are_such_as_an_address_can_have() -> None:
    told = Settings.load({"HUB_WEBHOOKS": " https://bnn.example/ , http://10.0.0.7:8080,http://[::1]:9"}).webhooks
    assert told == ("https://bnn.example", "http://10.0.0.7:8080", "http://[::1]:9")
    for strange in ("http://a.example http://b.example", "bnn.example", "https://bnn.example/hook", "https://BNN.example", "*"):
        with pytest.raises(Invalid, match="HUB_WEBHOOKS"):
            Settings.load({"HUB_WEBHOOKS": f"https://bnn.example,{strange}"})


def test_setting_up_twice_changes_nothing(empty_hub: Hub) -> None:
    assert empty_hub.initialise(content=False) == {"migrations": 0, "artefacts": 0}


def test_the_migrations_make_the_tables_the_program_knows(empty_hub: Hub) -> None:
    with empty_hub.engine.connect() as connection:
        there = {name: {column["name"] for column in inspect(connection).get_columns(name)} for name in metadata.tables}
    assert there == {name: set(table.columns.keys()) for name, table in metadata.tables.items()}


def test_a_database_that_is_not_ready_or_too_new_is_not_touched(settings: Settings, clock: Hands) -> None:
    hub = Hub.build(settings, clock)
    with pytest.raises(Conflict, match="hub init"):
        migrations.check(hub.engine)
    hub.initialise(content=False)
    with hub.engine.begin() as connection:
        connection.execute(migration.insert().values(number=99, at=clock.now()))
    with pytest.raises(Conflict, match="newer than this program"):
        migrations.check(hub.engine)
    hub.engine.dispose()


@pytest.mark.parametrize(
    ("change", "lacking"),
    [
        ("ALTER TABLE notice DROP COLUMN attempts", "notice.attempts"),
        ("ALTER TABLE artefact DROP COLUMN trees", "artefact.trees"),
        ("DROP TABLE notice", "notice"),
    ],
)
def test_a_database_of_an_earlier_version_is_told_before_anything_is_done(empty_hub: Hub, change: str, lacking: str) -> None:
    """It had been met in the middle, and then told that the database could not be reached."""
    with empty_hub.engine.begin() as connection:
        connection.exec_driver_sql(change)
    for act in (lambda: migrations.check(empty_hub.engine), empty_hub.initialise):
        with pytest.raises(Conflict, match=f"lacks {lacking};") as refused:
            act()
        assert refused.value.code == "DATABASE_OUTDATED"


def test_tables_that_a_program_of_old_left_are_not_taken_for_its_own(settings: Settings, clock: Hands) -> None:
    hub = Hub.build(settings, clock)
    with hub.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE artefact (id INTEGER PRIMARY KEY)")
    with pytest.raises(Conflict, match="artefact"):
        hub.initialise()
    with hub.engine.begin() as connection:
        assert inspect(connection).get_table_names() == ["artefact"], "nothing was changed"
    hub.engine.dispose()


def test_a_database_that_cannot_be_reached_says_so(settings: Settings, clock: Hands) -> None:
    hub = Hub.build(replace(settings, database_url="postgresql+psycopg://nobody@127.0.0.1:1/none"), clock)
    for act in (hub.initialise, lambda: migrations.check(hub.engine)):
        with pytest.raises(Unavailable, match="cannot be reached"):
            act()


def test_a_file_that_is_no_database_is_told_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "hub.sqlite").write_bytes(b"not a database" * 100)
    hub = Hub.build(Settings.load({"HUB_DATA_DIR": str(tmp_path)}))
    with pytest.raises(Unavailable, match="cannot be reached"):
        migrations.check(hub.engine)
    assert (tmp_path / "hub.sqlite").read_bytes().startswith(b"not a database")


def test_the_key_of_the_pseudonyms_is_made_once_and_for_the_owner_only(settings: Settings) -> None:
    key = pseudonym_key(settings)
    assert pseudonym_key(settings) == key and len(key) == 32
    assert stat.S_IMODE((settings.data_dir / "pseudonym.key").stat().st_mode) == 0o600
