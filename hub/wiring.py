"""The hub put together from its settings: one place that knows which class implements which port."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from hub import migrations
from hub.access import LOCAL_ADMINISTRATOR, Rules
from hub.calendar_reading import ReleaseCalendar
from hub.clock import SystemClock
from hub.compile import Compiler
from hub.database import connect, writing
from hub.deliveries import Deliveries
from hub.desk import FrontDesk
from hub.drafts import Drafts
from hub.links import Addresses
from hub.maintenance import Registrar
from hub.notifying import Notifier
from hub.observations import Observed
from hub.previews import Previews
from hub.proposals import ProposedChanges
from hub.received_data import ReceivedData
from hub.registered import RegisteredSources
from hub.releases import Releases
from hub.retention import Retention
from hub.service import service
from hub.settings import Settings
from hub.subscriptions import Subscriptions
from hub.tokens import Tokens
from hub.withdrawing import Withdrawals
from registry.actions import put
from registry.attribution import Act
from registry.content import shipped
from registry.model import Artefact
from registry.ports import Clock, Ports
from registry.store import Store


@dataclass(frozen=True)
class Hub:
    """Everything that is one per running hub."""

    settings: Settings
    engine: Engine
    clock: Clock
    catalogue: Store
    releases: Releases
    cube: Observed
    drafts: Drafts
    tokens: Tokens
    deliveries: Deliveries
    compiler: Compiler
    retention: Retention
    subscriptions: Subscriptions
    notifier: Notifier
    ports: Ports

    @classmethod
    def build(cls, settings: Settings, clock: Clock | None = None) -> Hub:
        """Put the hub together; does not touch the database."""
        now = clock or SystemClock()
        engine, rules = connect(settings.database_url), Rules()
        catalogue = Store(engine)
        releases = Releases(engine, now, rules, settings.four_eyes)
        cube = Observed(engine, now, catalogue, releases)
        deliveries = Deliveries(settings, engine, now, rules, catalogue)
        desk = FrontDesk(deliveries, releases, Withdrawals(engine, now, rules), Previews(engine, now, rules))
        calendar = ReleaseCalendar(engine, now, rules, catalogue)
        proposals = ProposedChanges(engine, now, rules, catalogue, cube, four_eyes=settings.four_eyes)
        drafts = Drafts(engine, now)
        received = ReceivedData(catalogue, drafts, cube, rules)
        sources = RegisteredSources(engine, now, rules, catalogue)
        registrar = Registrar(engine, now, rules, catalogue, settings.spill, four_eyes=settings.four_eyes)
        ports = Ports(
            catalogue,
            cube,
            desk,
            Addresses(settings.public_url),
            now,
            service(),
            calendar,
            registrar,
            received,
            sources,
            proposals,
        )
        tokens = Tokens(engine, now, rules)
        compiler = Compiler(settings, catalogue, deliveries, drafts, rules)
        retention = Retention(engine, now, rules, catalogue)
        subscriptions = Subscriptions(engine, now, rules, settings.webhooks)
        return cls(
            settings=settings,
            engine=engine,
            clock=now,
            catalogue=catalogue,
            releases=releases,
            cube=cube,
            drafts=drafts,
            tokens=tokens,
            deliveries=deliveries,
            compiler=compiler,
            retention=retention,
            subscriptions=subscriptions,
            notifier=Notifier(engine, now, settings.webhooks),
            ports=ports,
        )

    def initialise(self, content: bool = True) -> dict[str, int]:
        """Create or upgrade the database and load the shipped registry content; counts of what changed."""
        steps = migrations.upgrade(self.engine, self.clock.now())
        if not content:
            return {"migrations": steps, "artefacts": 0}
        with writing(self.engine) as connection:
            changed = put(connection, self._missing(), Act(self.clock.now(), LOCAL_ADMINISTRATOR.name, "hub init"))
        return {"migrations": steps, "artefacts": len(changed)}

    def _missing(self) -> list[Artefact]:
        """Shipped artefacts the registry does not have. One the office has changed since stays as the office wants it."""
        return [
            made for made in shipped() if not self.catalogue.find(made.ref.kind, made.ref.agency, made.ref.id, made.ref.version)
        ]
