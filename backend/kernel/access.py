"""Who is acting, and what they may do where."""

from dataclasses import dataclass, field
from uuid import UUID

from backend.kernel.errors import Forbidden


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it, as the trace keeps it. `kind` is person, staff, system or public."""

    kind: str
    id: UUID | None = None
    name: str = ""
    role: str = ""


SYSTEM = Actor("system", None, "系统")
PUBLIC = Actor("public", None, "访客")


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held within a scope: `scope_kind` is hall, department, community, street, district.

    A grant at the district reaches everything below it; `scope_id` is then None.
    """

    role: str
    permissions: frozenset[str]
    scope_kind: str = "district"
    scope_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Principal:
    """The person or member of staff behind a session."""

    actor: Actor
    session_id: UUID | None = None
    channel: str = ""
    grants: tuple[Grant, ...] = ()
    verified: bool = False
    extra: dict[str, object] = field(default_factory=dict)

    @property
    def permissions(self) -> frozenset[str]:
        """Everything permitted in at least one scope."""
        return frozenset().union(*(grant.permissions for grant in self.grants))

    def may(
        self,
        permission: str,
        *,
        hall: UUID | None = None,
        department: UUID | None = None,
        community: UUID | None = None,
        street: UUID | None = None,
    ) -> bool:
        """Whether `permission` is held, and if a scope is named, held in that scope.

        Of several scopes named, one is enough: a community and the street it lies in.
        """
        wanted = {
            "hall": hall, "department": department, "community": community, "street": street,
        }  # fmt: skip
        named = {kind: value for kind, value in wanted.items() if value is not None}
        for grant in self.grants:
            if permission not in grant.permissions:
                continue
            if not named or grant.scope_kind == "district":
                return True
            if named.get(grant.scope_kind) == grant.scope_id is not None:
                return True
        return False

    def require(self, permission: str, **scope: UUID | None) -> None:
        """Raise `Forbidden` unless `may(permission, **scope)`."""
        if not self.may(permission, **scope):
            raise Forbidden(detail="这项操作不在您的岗位权限内", action="需要时请联系系统管理员")

    def scope_ids(self, permission: str, scope_kind: str) -> set[UUID] | None:
        """The scopes of this kind in which `permission` is held; None means all of them."""
        found: set[UUID] = set()
        for grant in self.grants:
            if permission in grant.permissions:
                if grant.scope_kind == "district":
                    return None
                if grant.scope_kind == scope_kind and grant.scope_id:
                    found.add(grant.scope_id)
        return found


ANONYMOUS = Principal(PUBLIC)
