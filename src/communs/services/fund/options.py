"""What a metropolis may set in its fund."""

from __future__ import annotations

from pydantic import Field

from communs.core.registry.service import STAYS_HOME, Options, noop


class FundOptions(Options):
    """Settings of the public register."""

    page_size: int = Field(
        default=50,
        ge=10,
        le=200,
        title=noop("Grants on a page of the register"),
        description=noop("Between 10 and 200."),
    )
    contact_email: str = Field(
        default="",
        max_length=254,
        pattern=r"^$|^[^@\s]+@[^@\s]+\.[^@\s]+$",
        json_schema_extra=STAYS_HOME,
        title=noop("E-mail address for questions about the fund"),
        description=noop("Shown on the register’s pages. Leave empty to show none."),
    )
    show_map: bool = Field(
        default=True,
        title=noop("Show the map on the register"),
        description=noop("The list stays in any case."),
    )
