"""The people's door: the ``greenledger`` command.

``factory``     check · receive · template
``commission``  run · demo · progress · explain · verify · late · export · dev
``restating``   restate
``steward``     held rows and decisions
``factors``     the data folders checked, factors resolved and looked up
``factor_releases``  factors pin · releases · activate · diff · rehearse
``measuring``   units of the SQL models

Every command exits 0 on success, 1 on refused data, 2 on wrong usage and 75 when another run is busy;
with ``--json`` it prints one machine-readable object. Heavy rooms are imported inside the commands, so that
``--help`` is quick.
"""

from __future__ import annotations

import sys

import typer

from pipelines.cli import commission, factor_releases, factors, factory, measuring, restating, steward
from pipelines.cli.console import complain
from pipelines.errors import LedgerError

app = typer.Typer(
    name="greenledger",
    help="绿账：绿色制造与碳核算流水线。 Green Ledger: from factories' energy files to the plan's green goals.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
factory.join(app)
commission.join(app)
restating.join(app)
steward.join(app)
factors.join(app)
measuring.join(app)
factor_releases.join(factors.group)


def main() -> None:
    """Run the command line; errors of our family become their text and exit code, never a traceback."""
    try:
        app()
    except LedgerError as error:
        complain(error)
        sys.exit(error.exit_code)
