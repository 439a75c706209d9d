"""The command line. It acts as the local administrator of its database: who can open the file can do everything anyway."""

from __future__ import annotations

import errno
import os
import socket
import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from adapters.sources import adapter_for
from hub import cli_calendar, cli_classification, cli_registry, cli_releases, console, migrations
from hub.access import LOCAL_ADMINISTRATOR
from hub.cli_common import Json, find_dataflow, headings, moment, open_hub, released_line
from hub.cli_import import import_
from hub.console import errors, progress, say, table, tell
from hub.demo import STEPS, prepare
from hub.memory import one_heap
from hub.settings import Settings
from hub.wiring import Hub
from registry.answers import Release
from registry.errors import Conflict
from registry.ports import Viewer
from registry.receipt import Delivery
from registry.ref import Ref
from registry.text import pick

HOST, PORT = "127.0.0.1", 8000

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
tokens = typer.Typer(no_args_is_help=True, help="Bearer tokens of ministries and staff. / Mã truy cập.")
app.add_typer(tokens, name="token")
app.add_typer(cli_calendar.calendar, name="calendar")
app.add_typer(cli_releases.previews, name="preview")
app.add_typer(cli_registry.registry, name="registry")
app.add_typer(cli_classification.classification, name="classification")
app.command("import")(import_)
app.command()(cli_releases.approve)
app.command()(cli_releases.release)
app.command()(cli_releases.withdraw)
app.command()(cli_releases.discard)
app.command()(cli_releases.releases)
app.command()(cli_releases.thin)

Port = Annotated[int, typer.Option(min=1, max=65_535)]
Processes = Annotated[int, typer.Option(min=1, max=64, help="Processes that answer side by side; one a processor is enough.")]


@app.command()
def init(json: Json = False) -> None:
    """Create or upgrade the database and load the registry. / Tạo hoặc nâng cấp cơ sở dữ liệu, nạp danh mục."""
    with errors(json):
        counts = Hub.build(Settings.load()).initialise()
        tell(json, counts, say("initialised", **counts))


@app.command()
def sample(
    source: Annotated[str, typer.Argument(help="tax or customs")],
    records: Annotated[int, typer.Option(min=1)] = 10_000,
    seed: Annotated[int, typer.Option(min=0)] = 1,
    out: Path = Path("data/samples"),
    json: Json = False,
) -> None:
    """Write a synthetic delivery in the source's real formats. / Ghi dữ liệu giả lập theo định dạng thật của nguồn."""
    with errors(json):
        adapter = adapter_for(source)
        with progress(json, "writing", records) as advance:
            files = adapter.sample(records, seed, out, advance)
        tell(json, {"files": [str(path) for path in files]}, say("sampled", count=len(files), out=out))


@app.command()
def deliver(
    source: Annotated[str, typer.Argument(help="tax or customs")],
    paths: Annotated[list[Path], typer.Argument(help="Files or folders of one delivery.")],
    org: Annotated[str, typer.Option(help="On whose behalf; default: the source's own organisation.")] = "",
    json: Json = False,
) -> None:
    """Take a delivery in: copy, digest, checks, microdata. / Tiếp nhận một lần giao nộp."""
    with errors(json):
        hub = open_hub()
        viewer = _on_behalf(org or adapter_for(source).source.organisation)
        with progress(json, "reading") as advance:
            receipt = hub.deliveries.deliver(source, paths, viewer, advance)
        tell(json, receipt, _delivered(receipt))
        if not json and not receipt.repeated:
            _print_rules(receipt)


@app.command(name="compile")
def compile_(
    dataflow: Annotated[str, typer.Argument(help="For example NSO:VAT(1.0), or just VAT.")],
    period: Annotated[str | None, typer.Option(help="Replace the observations of this period only.")] = None,
    json: Json = False,
) -> None:
    """Turn microdata into a draft of observations. / Tổng hợp vi dữ liệu thành bản thảo."""
    with errors(json):
        hub = open_hub()
        flow = find_dataflow(hub, dataflow)
        with progress(json, "compiling") as advance:
            draft = hub.compiler.compile(flow, period, LOCAL_ADMINISTRATOR, advance)
        tell(json, draft, _draft_line(flow, draft))


@app.command()
def deliveries(json: Json = False) -> None:
    """List deliveries, newest first. / Liệt kê các lần giao nộp."""
    with errors(json):
        found = open_hub().deliveries.seen_by(LOCAL_ADMINISTRATOR)
        if json:
            tell(True, found)
            return
        rows = [(each.id, each.source, each.organisation, each.state, each.records, each.rejected) for each in found]
        table(headings("id", "source", "organisation", "state", "records", "rejected"), rows)


@app.command()
def rejects(
    delivery: Annotated[str, typer.Argument(help="The id as `hub deliveries` lists it.")],
    limit: int = 100,
    json: Json = False,
) -> None:
    """List the refused records of a delivery. / Liệt kê bản ghi bị loại."""
    with errors(json):
        found = open_hub().deliveries.rejects(delivery, LOCAL_ADMINISTRATOR, limit)
        if json:
            tell(True, found)
            return
        advice = f"advice_{console.spoken()}"
        rows = [(each.file, each.place, each.rule, each.column, each.facts[advice]) for each in found]
        table(headings("file", "place", "rule", "column", "advice"), rows)


@tokens.command("create")
def token_create(
    role: Annotated[str, typer.Option(help="ministry, statistician, publisher or administrator")],
    org: Annotated[str, typer.Option(help="Code of the ministry or office.")],
    name: Annotated[str, typer.Option(help="Who or what uses it.")] = "",
    days: Annotated[int | None, typer.Option(min=1, help="Ends after so many days.")] = None,
    json: Json = False,
) -> None:
    """Make a token; it is shown once. / Tạo mã truy cập, chỉ hiện một lần."""
    with errors(json):
        id, text = open_hub().tokens.create(role, org, name, days, LOCAL_ADMINISTRATOR)
        tell(json, {"id": id, "token": text}, say("token", id=id), text)


@tokens.command("list")
def token_list(json: Json = False) -> None:
    """List tokens, without their secrets. / Liệt kê mã truy cập."""
    with errors(json):
        found = open_hub().tokens.list(LOCAL_ADMINISTRATOR)
        if json:
            tell(True, found)
            return
        ends = [(moment(each.expires_at), moment(each.revoked_at)) for each in found]
        rows = [(each.id, each.role, each.organisation, each.name, *end) for each, end in zip(found, ends, strict=True)]
        table(headings("id", "role", "organisation", "name", "expires", "revoked"), rows)


@tokens.command("revoke")
def token_revoke(id: Annotated[str, typer.Argument()], json: Json = False) -> None:
    """End a token at once. / Thu hồi mã truy cập."""
    with errors(json):
        open_hub().tokens.revoke(id, LOCAL_ADMINISTRATOR)
        tell(json, {"revoked": id}, say("revoked", id=id))


@app.command()
def notify(json: Json = False) -> None:
    """Tell subscribers what changed in the registry; the server does it by itself. / Báo thay đổi cho bên đăng ký nhận tin."""
    with errors(json):
        count = open_hub().notifier.run()
        tell(json, {"told": count}, say("told", count=count))


@app.command()
def serve(host: str = HOST, port: Port = PORT, processes: Processes = 1, json: Json = False) -> None:
    """Serve GraphQL, SDMX and the portal. / Chạy GraphQL, SDMX và cổng thông tin."""
    with errors(json):
        serve_hub(Settings.load(), host, port, json, processes)


@app.command()
def demo(
    host: str = HOST,
    port: Port = PORT,
    serve: Annotated[bool, typer.Option(help="Serve at the end.")] = True,
    json: Json = False,
) -> None:
    """Everything with sample data, then serve. / Chạy toàn bộ với dữ liệu mẫu rồi mở cổng thông tin."""
    with errors(json):
        if serve:
            check_port(host, port)
        started, settings, steps = time.monotonic(), Settings.load(), []
        with progress(json, "demo", STEPS) as advance:
            for result in prepare(Hub.build(settings)):
                advance(1)
                steps.append(result)
                _tell_step(json, result)
        seconds = round(time.monotonic() - started, 1)
        tell(json, {"steps": steps, "seconds": seconds}, say("took", seconds=seconds))
        if serve:
            serve_hub(settings, host, port, json)


def _tell_step(json: bool, result: object) -> None:
    """One line for people as each step of the demo is done; machines get all steps at the end."""
    if json:
        return
    if isinstance(result, Delivery):
        tell(False, result, _delivered(result))
    elif isinstance(result, Release):
        tell(False, result, released_line(result))
    elif isinstance(result, dict):
        tell(False, result, say("initialised", **result))


def serve_hub(settings: Settings, host: str, port: int, json: bool, processes: int = 1) -> None:
    """Say which addresses to open, then serve until stopped. Links lead here unless HUB_PUBLIC_URL says otherwise."""
    check_port(host, port)
    base = f"http://{host}:{port}"
    settings = replace(settings, public_url=settings.public_url or base)
    hub = Hub.build(settings)
    migrations.check(hub.engine)
    addresses = {"portal": f"{base}/", "graphql": f"{base}/graphql", "sdmx": f"{base}/sdmx/v2/structure/dataflow"}
    tell(json, {"addresses": addresses}, say("open"), *(f"  {name:8} {url}" for name, url in addresses.items()), say("stop"))
    # Imported here: only serving needs the web floors, and every other command should start at once.
    import uvicorn

    from hub.app import application

    how: dict[str, Any] = {"host": host, "port": port, "log_level": "warning", "access_log": False, "server_header": False}
    if processes == 1:
        one_heap()
        uvicorn.run(application(hub), **how)
        return
    # Each process reads the settings itself: what the database says keeps them together, and nothing else need.
    hub.engine.dispose()
    os.environ["HUB_PUBLIC_URL"] = settings.public_url
    uvicorn.run("hub.app:served", factory=True, workers=processes, **how)


def check_port(host: str, port: int) -> None:
    """:class:`Conflict` PORT_TAKEN or ADDRESS_UNUSABLE before anything long is done for nothing."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Conflict("PORT_TAKEN", host=host, port=port, other=port + 1) from error
            raise Conflict("ADDRESS_UNUSABLE", host=host, port=port, reason=error.strerror) from error


def _on_behalf(organisation: str) -> Viewer:
    return Viewer(LOCAL_ADMINISTRATOR.role, organisation, LOCAL_ADMINISTRATOR.name)


def _delivered(receipt: Delivery) -> str:
    counts = {"records": receipt.records, "accepted": receipt.accepted, "rejected": receipt.rejected}
    return say("repeated" if receipt.repeated else "delivered", id=receipt.id, source=receipt.source, **counts)


def _print_rules(receipt: Delivery) -> None:
    source = adapter_for(receipt.source).source
    rules = [(source.rule(code), count) for code, count in receipt.rules.items()]
    rows = [(rule.code, count, say(rule.severity), pick(rule.names, console.spoken())) for rule, count in rules]
    if rows:
        table(headings("rule", "count", "effect", "meaning"), rows)
    if receipt.rejected:
        tell(False, None, say("see_rejects", id=receipt.id))


def _draft_line(flow: Ref, draft: Release | None) -> str:
    if draft is None:
        return say("unchanged", dataflow=flow)
    return say("compiled", id=draft.id, dataflow=flow, series=draft.series, observations=draft.observations)


def explain() -> None:
    """Let every command explain itself in the language spoken: the docstrings say it in English and in Vietnamese."""
    half = ("en", "vi").index(console.spoken())
    groups = [group.typer_instance for group in app.registered_groups]
    for command in (each for group in (app, *groups) if group for each in group.registered_commands):
        command.help = (command.callback.__doc__ or "").split(" / ")[half]
    for group in groups:
        if group:
            group.info.help = str(group.info.help).split(" / ")[half]


def main() -> None:
    """The entry point: UTF-8 whatever the terminal thinks, so that Vietnamese names can be printed."""
    os.environ.setdefault("PYTHONIOENCODING", "utf-8")
    explain()
    app()
