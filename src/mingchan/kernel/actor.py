"""Who acts (经办人): the account behind an act, with the rights it holds and where (reliability of every door).

An actor is built once per request, job or command by the directory and passed to every service. Rights are words
`noun.verb`; a scope is a prefix of a division code, so `140932` covers the county and `140932101` one town.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held over a scope (授权): its rights, a division prefix, and optionally only one party's things."""

    role: str
    scope: str
    rights: frozenset[str]
    party_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """The account that acts, as text for the record and as rights for checks. `account_id` is None for the system."""

    account_id: int | None
    name: str
    county: str
    grants: tuple[Grant, ...] = ()
    session: str = ""
    source: str = ""
    request: str = ""
    roles: tuple[str, ...] = field(default=())

    def scopes(self, right: str) -> tuple[str, ...]:
        """Division prefixes over which the right is held without a party limit, broadest first, none inside another."""
        found = sorted({g.scope for g in self.grants if right in g.rights and g.party_id is None}, key=len)
        kept: list[str] = []
        for scope in found:
            if not any(scope.startswith(outer) for outer in kept):
                kept.append(scope)
        return tuple(kept)

    def everywhere(self, right: str) -> bool:
        """Whether the right is held over the actor's whole county."""
        return any(self.county.startswith(scope) for scope in self.scopes(right))

    def parties(self, right: str) -> tuple[int, ...]:
        """Parties whose own things the actor may reach with the right (an operator sees its own only)."""
        return tuple(sorted({g.party_id for g in self.grants if right in g.rights and g.party_id is not None}))

    def may(self, right: str, division: str | None = None) -> bool:
        """Whether the actor holds the right, over the given division code when one is named."""
        if division is None:
            return any(right in g.rights for g in self.grants)
        return any(division.startswith(scope) for scope in self.scopes(right))

    @property
    def role(self) -> str:
        """The roles as one word for the record."""
        return ",".join(self.roles or tuple(dict.fromkeys(g.role for g in self.grants)))
