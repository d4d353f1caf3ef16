"""Tables of the register: places, owners, who lives where.

Transfers and proxies are in `paper_model`. Names, phones and identity numbers are sealed; beside
them stand keyed hashes of purposes of their own, so that no table joins another by them.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from backend.domains.community import rules
from backend.kernel.database import Base
from backend.kernel.ids import new_id


def one_of(column: str, values: object) -> str:
    """A CHECK on a closed list of codes."""
    assert isinstance(values, dict | tuple)
    listed = ",".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"


class HousingCommunity(Base):
    """An estate (小区) or a village. `area_id` is the grid's community that it lies in."""

    __tablename__ = "housing_community"
    __table_args__ = (
        UniqueConstraint("area_id", "name"),
        CheckConstraint(one_of("kind", rules.COMMUNITY_KINDS), name="kind"),
        CheckConstraint("room_count_declared >= 0", name="room_count"),
        CheckConstraint("area_declared_centi > 0", name="area"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    area_id: Mapped[UUID] = mapped_column(ForeignKey("area.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(10))
    address: Mapped[str] = mapped_column(String(200))
    room_count_declared: Mapped[int] = mapped_column(default=0, server_default="0")
    area_declared_centi: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class HousingBuilding(Base):
    """A building (栋)."""

    __tablename__ = "housing_building"
    __table_args__ = (
        UniqueConstraint("community_id", "name"),
        UniqueConstraint("id", "community_id"),
        CheckConstraint("storeys BETWEEN 1 AND 200", name="storeys"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    community_id: Mapped[UUID] = mapped_column(ForeignKey("housing_community.id"))
    name: Mapped[str] = mapped_column(String(40))
    storeys: Mapped[int]
    has_lift: Mapped[bool] = mapped_column(default=False, server_default="false")
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class HousingEntrance(Base):
    """An entrance (单元) of a building; a building without any has one named ''."""

    __tablename__ = "housing_entrance"
    __table_args__ = (
        UniqueConstraint("building_id", "name"),
        UniqueConstraint("id", "community_id"),
        ForeignKeyConstraint(
            ["building_id", "community_id"],
            ["housing_building.id", "housing_building.community_id"],
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    building_id: Mapped[UUID]
    community_id: Mapped[UUID] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(40))


class HousingRoom(Base):
    """An exclusive part: a flat, a shop, a parking space, a village house.

    `area_centi` is in hundredths of a square metre. `in_roll` says whether the part counts when
    owners decide: a parking space only where it is registered as a part of its own (解释第二条).
    Rooms that were split or joined stay, with `active` false.
    """

    __tablename__ = "housing_room"
    __table_args__ = (
        UniqueConstraint("community_id", "label"),
        ForeignKeyConstraint(
            ["entrance_id", "community_id"],
            ["housing_entrance.id", "housing_entrance.community_id"],
        ),
        CheckConstraint(f"area_centi > 0 AND area_centi <= {rules.AREA_MOST_CENTI}", name="area"),
        CheckConstraint(one_of("use", rules.USES), name="use"),
        Index("ix_housing_room_entrance_id", "entrance_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entrance_id: Mapped[UUID]
    community_id: Mapped[UUID]
    label: Mapped[str] = mapped_column(String(40))
    storey: Mapped[int]
    area_centi: Mapped[int]
    use: Mapped[str] = mapped_column(String(10))
    in_roll: Mapped[bool] = mapped_column(default=True, server_default="true")
    active: Mapped[bool] = mapped_column(default=True, server_default="true")
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class OwnerRecord(Base):
    """Somebody in a community's register: an owner, or a member of a village household.

    One for each identity number and community. `person_id` is the account of that person once
    staff have confirmed it: whoever it is empty for cannot vote online.
    """

    __tablename__ = "owner_record"
    __table_args__ = (
        UniqueConstraint("community_id", "number_fingerprint"),
        CheckConstraint(one_of("kind", rules.OWNER_KINDS), name="kind"),
        CheckConstraint("kind = 'person' OR person_id IS NULL", name="companies_have_no_account"),
        CheckConstraint(
            "(phone_sealed IS NULL) = (phone_fingerprint IS NULL)", name="phone"
        ),
        Index("uq_owner_record_person", "community_id", "person_id", unique=True,
              postgresql_where=text("person_id IS NOT NULL")),
        Index("ix_owner_record_person_id", "person_id",
              postgresql_where=text("person_id IS NOT NULL")),
        Index("ix_owner_record_phone", "community_id", "phone_fingerprint",
              postgresql_where=text("phone_fingerprint IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    community_id: Mapped[UUID] = mapped_column(ForeignKey("housing_community.id"))
    kind: Mapped[str] = mapped_column(String(10))
    name_sealed: Mapped[bytes]
    phone_sealed: Mapped[bytes | None]
    phone_fingerprint: Mapped[bytes | None]
    number_sealed: Mapped[bytes]
    number_fingerprint: Mapped[bytes]
    party_member: Mapped[bool] = mapped_column(default=False, server_default="false")
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    bound_at: Mapped[datetime | None]


class HousingParty(Base):
    """An owner party: the exact set of those who own a room together. One head.

    `key_hash` is `rules.key_of` the members' ids, so that the same set is one party.
    """

    __tablename__ = "housing_party"
    __table_args__ = (UniqueConstraint("community_id", "key_hash"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    community_id: Mapped[UUID] = mapped_column(ForeignKey("housing_community.id"))
    key_hash: Mapped[bytes]


class PartyMember(Base):
    """One owner of a party. A party's members never change: another set is another party."""

    __tablename__ = "party_member"

    party_id: Mapped[UUID] = mapped_column(ForeignKey("housing_party.id"), primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(
        ForeignKey("owner_record.id"), primary_key=True, index=True
    )


class RoomOwnership(Base):
    """Who owns a room, from when to when. Exactly one row of a room may have no end."""

    __tablename__ = "room_ownership"
    __table_args__ = (
        CheckConstraint("source IN ('import','transfer')", name="source"),
        CheckConstraint("until >= since", name="until"),
        Index("uq_room_ownership_live", "room_id", unique=True,
              postgresql_where=text("until IS NULL")),
        Index("ix_room_ownership_room_id", "room_id", "since"),
        Index("ix_room_ownership_party", "party_id", postgresql_where=text("until IS NULL")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("housing_room.id"))
    party_id: Mapped[UUID] = mapped_column(ForeignKey("housing_party.id"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    source: Mapped[str] = mapped_column(String(10))


class HouseholdMember(Base):
    """Somebody whose household register (户籍) is at this village house."""

    __tablename__ = "household_member"

    room_id: Mapped[UUID] = mapped_column(ForeignKey("housing_room.id"), primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(
        ForeignKey("owner_record.id"), primary_key=True, index=True
    )


class Residence(Base):
    """A person belongs to a home: claimed by the person, confirmed by the community's staff.

    `person_id` is emptied when the account is closed.
    """

    __tablename__ = "residence"
    __table_args__ = (
        CheckConstraint(one_of("state", rules.RESIDENCE_STATES), name="state"),
        CheckConstraint(one_of("relation", rules.RELATIONS), name="relation"),
        CheckConstraint(
            "state NOT IN ('claimed','confirmed') OR person_id IS NOT NULL", name="live_person"
        ),
        CheckConstraint("state <> 'confirmed' OR decided_by IS NOT NULL", name="decided"),
        Index("uq_residence_live", "person_id", "room_id", unique=True,
              postgresql_where=text("state IN ('claimed','confirmed')")),
        Index("ix_residence_room_id", "room_id", "state"),
        Index("ix_residence_claims", "claimed_at", "id",
              postgresql_where=text("state = 'claimed'")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    room_id: Mapped[UUID] = mapped_column(ForeignKey("housing_room.id"))
    relation: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(String(200), default="", server_default="")
    reason: Mapped[str] = mapped_column(String(200), default="", server_default="")
    claimed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
