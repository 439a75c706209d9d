"""What every source of microdata promises, whatever its files look like. A source joins with a subclass of a few lines."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.base import FILE, PLACE, Adapter, RawBatch, raw_table
from adapters.reading import MANIFEST
from adapters.sources import adapter_for
from registry.classification import families
from registry.errors import Invalid
from registry.model import Codelist, DataStructure
from registry.ref import Kind, Ref
from tests.intake import Batches, Intake, Shelf, deliver, opened

RECORDS, SEED = 2_000, 11


class Contract:
    """``source``: its id. ``identifying``: raw fields whose values may not be found anywhere in the microdata."""

    source: str
    identifying: tuple[str, ...]

    @pytest.fixture(scope="class")
    @classmethod
    def adapter(cls) -> Adapter:
        return adapter_for(cls.source)

    @pytest.fixture(scope="class")
    @classmethod
    def sampled(cls, adapter: Adapter, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
        return adapter.sample(RECORDS, SEED, tmp_path_factory.mktemp("sample"), lambda count: None)

    @pytest.fixture(scope="class")
    @classmethod
    def intake(cls, adapter: Adapter, sampled: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Intake:
        return deliver(adapter, sampled, tmp_path_factory.mktemp("intake"))

    @pytest.fixture(scope="class")
    @classmethod
    def batches(cls, adapter: Adapter, sampled: list[Path], tmp_path_factory: pytest.TempPathFactory) -> list[RawBatch]:
        return list(adapter.read(sampled, tmp_path_factory.mktemp("spill")))

    def test_its_page_and_its_rules_speak_both_languages(self, adapter: Adapter) -> None:
        rules = adapter.source.rules
        texts = [
            adapter.source.names,
            adapter.source.description,
            *(each.names for each in rules),
            *(each.help for each in rules),
        ]
        assert all(set(text) == {"vi", "en"} and all(text.values()) for text in texts)
        assert len({rule.code for rule in rules}) == len(rules)
        assert {rule.severity for rule in rules} == {"reject", "warn"}
        assert {rule.column for rule in rules} <= set(adapter.source.fields)

    def test_its_tables_and_dataflows_are_in_the_shipped_registry(self, adapter: Adapter) -> None:
        lists = families(made for made in Shelf.artefacts().values() if isinstance(made, Codelist))
        known = {str(ref) for ref in Shelf.artefacts()} | {f"{agency}:{id}" for agency, id in lists}
        tables = [page.split(" ", 1)[1] for page in adapter.source.tables.values() if not page.startswith("file ")]
        assert {*tables, *adapter.source.dataflows.values()} <= known

    def test_a_sample_has_as_many_records_as_were_asked_for(self, batches: list[RawBatch]) -> None:
        assert sum(batch.table.num_rows + len(batch.rejects) for batch in batches) == RECORDS

    def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(
        self, adapter: Adapter, sampled: list[Path], tmp_path: Path
    ) -> None:
        def bytes_of(paths: list[Path]) -> dict[str, bytes]:
            return {path.name: path.read_bytes() for path in paths}

        again = adapter.sample(RECORDS, SEED, tmp_path / "again", lambda count: None)
        other = adapter.sample(RECORDS, SEED + 1, tmp_path / "other", lambda count: None)
        assert bytes_of(again) == bytes_of(sampled)
        assert bytes_of(other) != bytes_of(sampled)

    def test_a_sample_says_it_is_synthetic_wherever_it_is_read(self, batches: list[RawBatch], sampled: list[Path]) -> None:
        assert all(batch.synthetic for batch in batches if batch.table.num_rows)
        assert json.loads((sampled[0].parent / MANIFEST).read_text(encoding="utf-8"))["synthetic"] is True

    def test_progress_counts_every_record(self, adapter: Adapter, tmp_path: Path) -> None:
        told: list[int] = []
        adapter.sample(300, SEED, tmp_path, told.append)
        assert sum(told) == 300

    def test_raw_batches_are_text_in_the_columns_of_the_page(self, adapter: Adapter, batches: list[RawBatch]) -> None:
        columns = [FILE, PLACE, *adapter.source.fields]
        assert all(batch.table.column_names == columns for batch in batches)
        assert all(kind == pa.string() for batch in batches for kind in batch.table.schema.types)

    def test_every_record_can_be_found_again_by_file_and_place(self, batches: list[RawBatch]) -> None:
        places = [
            place
            for batch in batches
            for place in zip(batch.table[FILE].to_pylist(), batch.table[PLACE].to_pylist(), strict=True)
        ]
        assert all(file and place for file, place in places)
        assert len(set(places)) == len(places)

    def test_the_rules_find_every_fault_that_was_put_in(self, intake: Intake, sampled: list[Path]) -> None:
        expected = json.loads((sampled[0].parent / MANIFEST).read_text(encoding="utf-8"))["rules_expected"]
        assert expected
        assert {rule: intake.taken.rules.get(rule, 0) for rule in expected} == expected

    def test_every_record_is_accepted_or_rejected(self, intake: Intake) -> None:
        assert intake.taken.records == RECORDS
        assert intake.taken.accepted + intake.taken.rejected == RECORDS
        assert len(intake.microdata()) == intake.taken.accepted

    def test_microdata_holds_no_identity(self, intake: Intake, batches: list[RawBatch]) -> None:
        secret = {value for batch in batches for name in self.identifying for value in batch.table[name].to_pylist() if value}
        assert secret
        kept = {str(value) for row in intake.microdata() for value in row.values() if isinstance(value, str)}
        assert not secret & kept

    def test_microdata_lies_by_the_first_day_of_its_period(self, intake: Intake) -> None:
        periods = {row["period"] for row in intake.microdata()}
        assert periods
        assert all(isinstance(period, date) and period.day == 1 for period in periods)

    def test_compilations_have_the_shape_of_their_structure(self, adapter: Adapter, intake: Intake) -> None:
        for name, ref in adapter.source.dataflows.items():
            dsd = Shelf.artefacts()[Ref.parse(ref, Kind.DATA_STRUCTURE)]
            assert isinstance(dsd, DataStructure)
            rows = intake.compiled(name)
            assert rows
            required = {*dsd.key, "TIME_PERIOD", "OBS_VALUE", "CONTRIBUTORS"} | {a.id for a in dsd.attributes if a.mandatory}
            assert required <= set(rows[0]) <= set(dsd.components) | {"CONTRIBUTORS"}
            for part in dsd.components.values():
                if part.codelist and part.id in rows[0]:
                    codes = Shelf.artefacts()[part.codelist]
                    assert isinstance(codes, Codelist)
                    assert {row[part.id] for row in rows} - {None} <= set(codes.by_id), part.id

    def test_compilations_come_in_order_with_exact_numbers(self, adapter: Adapter, intake: Intake) -> None:
        for name, ref in adapter.source.dataflows.items():
            dsd = Shelf.artefacts()[Ref.parse(ref, Kind.DATA_STRUCTURE)]
            assert isinstance(dsd, DataStructure)
            rows = intake.compiled(name)
            keys = [(*(row[part] for part in dsd.key), row["TIME_PERIOD"]) for row in rows]
            assert keys == sorted(set(keys))
            assert all(str(Decimal(row["OBS_VALUE"])) == row["OBS_VALUE"] for row in rows)
            assert all(row["CONTRIBUTORS"] >= 0 for row in rows)

    def test_the_order_of_the_files_does_not_matter(
        self, adapter: Adapter, sampled: list[Path], intake: Intake, tmp_path: Path
    ) -> None:
        backwards = deliver(adapter, sampled[::-1], tmp_path)
        for name in adapter.source.dataflows:
            assert backwards.compiled(name) == intake.compiled(name)

    def test_rules_and_normalisation_stand_any_text(
        self, adapter: Adapter, batches: list[RawBatch], tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        """Whatever stands in some fields of a sound record, it ends as accepted or rejected: nothing raises or gets lost."""
        sound = next(batch for batch in batches if batch.table.num_rows).table.slice(0, 1).to_pylist()[0]
        odd = ["", " ", "0", "-1", "1e400", "1,5", "9" * 40, "12/2025", "13/2025", "99/99/9999", "0000-00-00", "ệ\u0000", "'"]
        value = st.one_of(st.none(), st.sampled_from(odd), st.text(max_size=12))
        changes = st.dictionaries(st.sampled_from(adapter.source.fields), value, max_size=3)

        @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
        @given(st.lists(changes, min_size=1, max_size=40))
        def check(changed: list[dict[str, str | None]]) -> None:
            raw = raw_table(adapter.source, [{**sound, **change} for change in changed])
            intake = deliver(Batches(adapter.source, [RawBatch(raw)]), [], tmp_path_factory.mktemp("odd"))
            assert intake.taken.accepted + intake.taken.rejected == len(changed)

        check()

    def test_an_empty_record_is_rejected(self, adapter: Adapter, tmp_path: Path) -> None:
        nothing = Batches(adapter.source, [RawBatch(raw_table(adapter.source, [{FILE: "f", PLACE: "p"}]))])
        assert deliver(nothing, [], tmp_path).taken.rejected == 1

    @pytest.mark.parametrize(
        "write",
        [
            lambda path: path.write_text("ghi chú của cuộc họp\n", encoding="utf-8"),
            lambda path: path.write_bytes(bytes(range(256)) * 8),
            lambda path: path.write_text("<html><body>404</body></html>", encoding="utf-8"),
            lambda path: path.write_text("a;b;c\n1;2;3\n", encoding="utf-8"),
            lambda path: path.write_bytes(b""),
            lambda path: path.write_bytes(b"\x1f\x8b cut off"),
            lambda path: path.write_bytes(b"PK\x03\x04 cut off"),
        ],
        ids=["prose", "bytes", "html", "another table", "empty", "gzip cut off", "zip cut off"],
    )
    def test_a_file_of_another_kind_is_refused_in_words(
        self, adapter: Adapter, tmp_path: Path, write: Callable[[Path], Any]
    ) -> None:
        path = tmp_path / "la.dat"
        write(path)
        spill = tmp_path / "spill"
        spill.mkdir()
        with pytest.raises(Invalid) as refused:
            list(adapter.read([path], spill))
        assert all(
            refused.value.title(lang) and refused.value.detail(lang) and refused.value.help(lang) for lang in ("vi", "en")
        )

    def test_pseudonyms_differ_between_installations(self, adapter: Adapter, tmp_path: Path) -> None:
        def pseudonym(folder: Path) -> object:
            with opened(adapter.source, folder) as connection:
                return connection.execute("SELECT pseudonym('0100000000')").fetchone()

        assert pseudonym(tmp_path / "a") == pseudonym(tmp_path / "a")
        assert pseudonym(tmp_path / "a") != pseudonym(tmp_path / "b")


class TestTax(Contract):
    source = "tax"
    identifying = ("mst",)


class TestCustoms(Contract):
    source = "customs"
    identifying = ("trader", "declaration", "first_declaration")
