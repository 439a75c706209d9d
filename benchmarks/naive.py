"""What one writes first: a Strawberry schema with a type for each table, filled row by row through SQLAlchemy."""

from __future__ import annotations

import os
from decimal import Decimal

import strawberry
from sqlalchemy import case, create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload
from sqlalchemy.schema import ForeignKey
from strawberry.asgi import GraphQL

engine = create_engine(os.environ["DATABASE"])


class Base(DeclarativeBase):
    pass


class IndicatorRow(Base):
    __tablename__ = "indicator"
    id: Mapped[str] = mapped_column(primary_key=True)
    name_vi: Mapped[str]


class RegionRow(Base):
    __tablename__ = "region"
    id: Mapped[str] = mapped_column(primary_key=True)
    name_vi: Mapped[str]


class ProductRow(Base):
    __tablename__ = "product"
    id: Mapped[str] = mapped_column(primary_key=True)
    name_vi: Mapped[str]


class LineRow(Base):
    __tablename__ = "trade_line"
    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[str] = mapped_column("indicator", ForeignKey("indicator.id"))
    region_id: Mapped[str] = mapped_column("region", ForeignKey("region.id"))
    product_id: Mapped[str] = mapped_column("product", ForeignKey("product.id"))
    indicator: Mapped[IndicatorRow] = relationship(lazy="joined")
    region: Mapped[RegionRow] = relationship(lazy="joined")
    product: Mapped[ProductRow] = relationship(lazy="joined")
    observations: Mapped[list[ObservationRow]] = relationship(order_by="ObservationRow.period")


class ObservationRow(Base):
    __tablename__ = "observation"
    line: Mapped[int] = mapped_column(ForeignKey("trade_line.id"), primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Decimal | None]
    status: Mapped[str]


@strawberry.type
class Code:
    id: str
    name_vi: str


@strawberry.type
class Observation:
    period: str
    value: Decimal | None
    status: str


@strawberry.type
class Line:
    indicator: Code
    region: Code
    product: Code
    observations: list[Observation]


@strawberry.type
class MonthlySum:
    region: str
    period: str
    total: Decimal | None


def _line(row: LineRow) -> Line:
    return Line(
        indicator=Code(id=row.indicator.id, name_vi=row.indicator.name_vi),
        region=Code(id=row.region.id, name_vi=row.region.name_vi),
        product=Code(id=row.product.id, name_vi=row.product.name_vi),
        observations=[Observation(period=each.period, value=each.value, status=each.status) for each in row.observations],
    )


_TOTAL = case((func.count() == func.count(ObservationRow.value), func.sum(ObservationRow.value)))
"""A sum of which a part is missing is missing."""


@strawberry.type
class Query:
    @strawberry.field
    def lines(self, indicator: str, regions: list[str], products: list[str]) -> list[Line]:
        query = select(LineRow).options(selectinload(LineRow.observations))
        wanted = (LineRow.indicator_id == indicator, LineRow.region_id.in_(regions), LineRow.product_id.in_(products))
        with Session(engine) as session:
            return [_line(row) for row in session.scalars(query.where(*wanted))]

    @strawberry.field
    def monthly_sums(self, indicator: str, without: list[str]) -> list[MonthlySum]:
        query = select(LineRow.region_id, ObservationRow.period, _TOTAL)
        query = query.join(ObservationRow, ObservationRow.line == LineRow.id)
        query = query.where(LineRow.indicator_id == indicator, LineRow.product_id.not_in(without))
        with Session(engine) as session:
            found = session.execute(query.group_by(LineRow.region_id, ObservationRow.period))
            return [MonthlySum(region=region, period=period, total=total) for region, period, total in found]


app = GraphQL(strawberry.Schema(Query))
