"""Commands about drafts and releases: approve, publish, correct, withdraw, show to somebody before, thin out."""

from __future__ import annotations

from typing import Annotated

import typer

from hub.access import LOCAL_ADMINISTRATOR
from hub.cli_common import Json, find_dataflow, headings, moment, open_hub, read_time, released_line
from hub.console import errors, say, table, tell
from hub.retention import SPANS, Keep, Thinned
from registry.text import Names

Id = Annotated[str, typer.Argument(help="The id as `hub releases` lists it.")]
Vietnamese = Annotated[str, typer.Option(help="Why, in Vietnamese; readers see it.")]
English = Annotated[str, typer.Option(help="Why, in English; readers see it.")]
Organisation = Annotated[str, typer.Option(help="As `hub token list` shows it.")]
Name = Annotated[str, typer.Option(help="As `hub token list` shows it.")]

previews = typer.Typer(no_args_is_help=True, help="Who may see a release before its moment. / Quyền xem trước.")


def approve(draft: Id, json: Json = False) -> None:
    """Say that a draft may be published. / Duyệt một bản thảo."""
    with errors(json):
        found = open_hub().releases.approve(draft, LOCAL_ADMINISTRATOR)
        tell(json, found, say("approved", id=found.id, dataflow=found.dataflow))


def release(
    draft: Id,
    embargo: Annotated[str | None, typer.Option(help="Visible from this time on; Viet Nam time without a zone.")] = None,
    plan: Annotated[str | None, typer.Option(help="The calendar entry whose moment it waits for.")] = None,
    correction_vi: Vietnamese = "",
    correction_en: English = "",
    json: Json = False,
) -> None:
    """Publish an approved draft, all at once. / Công bố một bản thảo đã duyệt."""
    with errors(json):
        correction: Names | None = {"vi": correction_vi, "en": correction_en} if correction_vi or correction_en else None
        at = read_time(embargo) if embargo else None
        found = open_hub().releases.release(draft, LOCAL_ADMINISTRATOR, at, plan=plan, correction=correction)
        tell(json, found, released_line(found))


def withdraw(release: Id, reason_vi: Vietnamese, reason_en: English, json: Json = False) -> None:
    """Take the newest figures back; those before stand again. / Rút số liệu mới nhất; số liệu trước đó có hiệu lực trở lại."""
    with errors(json):
        said = {"vi": reason_vi, "en": reason_en}
        found = open_hub().ports.desk.withdraw(release, LOCAL_ADMINISTRATOR, said)
        tell(json, found, say("withdrawn", id=found.id, release=release, dataflow=found.dataflow))


def discard(draft: Id, json: Json = False) -> None:
    """Throw a draft away, or a release still under embargo. / Hủy bản thảo hoặc bản công bố còn đang chờ."""
    with errors(json):
        found = open_hub().releases.discard(draft, LOCAL_ADMINISTRATOR)
        tell(json, found, say("discarded", id=found.id, dataflow=found.dataflow))


def releases(json: Json = False) -> None:
    """List drafts and releases, newest first. / Liệt kê bản thảo và bản công bố."""
    with errors(json):
        found = open_hub().releases.history(LOCAL_ADMINISTRATOR)
        if json:
            tell(True, found)
            return
        rows = [
            (each.id, each.dataflow, each.state, each.kind, each.number, moment(each.released_at), each.observations, each.note)
            for each in found
        ]
        table(headings("id", "dataflow", "state", "kind", "number", "released_at", "observations", "note"), rows)


def thin(
    dataflow: Annotated[str, typer.Argument(help="For example NSO:VAT(1.0), or just VAT.")],
    keep: Annotated[str, typer.Option(help="Which are kept: " + ", ".join(SPANS) + ".")],
    days: Annotated[int, typer.Option(min=0, help="All of the last so many days are kept too.")] = 0,
    also: Annotated[list[str] | None, typer.Option(help="The id of a release to be kept; may be repeated.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    json: Json = False,
) -> None:
    """Thin old vintages out by rule; they stay listed. / Lược bớt phiên bản số liệu cũ theo quy tắc; danh sách vẫn giữ."""
    with errors(json):
        hub = open_hub()
        rule = Keep(keep, days, frozenset(also or ()))
        found = hub.retention.thin(find_dataflow(hub, dataflow), rule, LOCAL_ADMINISTRATOR, dry_run)
        tell(json, found, _thinned_line(found))
        if not json and found.releases:
            rows = [(each.id, each.number, moment(each.released_at), each.observations) for each in found.releases]
            table(headings("id", "number", "released_at", "observations"), rows)


def _thinned_line(found: Thinned) -> str:
    facts = {"dataflow": found.dataflow, "count": len(found.releases), "kept": found.kept}
    return say("would_thin", **facts) if found.dry_run else say("thinned", **facts, rows=found.rows)


@previews.command("grant")
def preview_grant(release: Id, org: Organisation, name: Name, json: Json = False) -> None:
    """Let the holder of a token see one waiting release. / Cho người giữ mã truy cập xem trước một bản công bố."""
    with errors(json):
        found = open_hub().ports.desk.grant_preview(release, org, name, LOCAL_ADMINISTRATOR)
        tell(json, found, say("preview_granted", release=release, holder=f"{org} {name}"))


@previews.command("revoke")
def preview_revoke(release: Id, org: Organisation, name: Name, json: Json = False) -> None:
    """End such a permission at once. / Thu hồi quyền xem trước."""
    with errors(json):
        found = open_hub().ports.desk.revoke_preview(release, org, name, LOCAL_ADMINISTRATOR)
        tell(json, found, say("preview_revoked", release=release, holder=f"{org} {name}"))


@previews.command("list")
def preview_list(json: Json = False) -> None:
    """List who may look at what before its moment. / Liệt kê quyền xem trước."""
    with errors(json):
        found = open_hub().ports.desk.previews(LOCAL_ADMINISTRATOR)
        if json:
            tell(True, found)
            return
        rows = [(each.release, each.dataflow, each.organisation, each.name, moment(each.granted_at)) for each in found]
        table(headings("id", "dataflow", "organisation", "name", "granted"), rows)
