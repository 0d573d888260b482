"""``manage.py make_reader``: a role of PostgreSQL for somebody who reads datasets by SQL."""

import json
from typing import Any

from django.core.management.base import CommandParser

from uploads.management.base import OperatorCommand
from uploads.management.exit_status import refusing
from uploads.services.querying.readers import Reader, ReaderAudience, make_reader, remove_reader
from uploads.tabular.errors import BadOption

NO_NETWORK = (
    "The server is reached by no network yet. Set DATABASE_LISTEN=127.0.0.1:5433 (in .env) and start the site again:\n"
    "the page of each dataset has the lines under Connect then."
)


class Command(OperatorCommand):
    help = """\
Make a role of PostgreSQL that signs in with a password and reads the tables of public datasets, those to come too: for
psql, pandas, a BI tool. It sees active rows, changes nothing, and reads nothing else. The password is shown once.
Others are read by one that is made with --signed-in, --group or --all.

examples:
  manage.py make_reader ana
  manage.py make_reader metabase --seconds 60 --group Sales
  manage.py make_reader ana --new-password
  manage.py make_reader ana --remove

exit status: 0 done, 1 refused, 2 wrong usage."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="of the role: small letters, digits and _")
        parser.add_argument(
            "--seconds", type=float, default=300, help="a statement takes at most; 0: as long as it likes"
        )
        whose = parser.add_mutually_exclusive_group()
        whose.add_argument("--signed-in", action="store_true", help="reads what people who are signed in read")
        whose.add_argument("--group", action="append", default=[], metavar="NAME", help="reads what this group reads")
        whose.add_argument("--all", action="store_true", help="reads every dataset")
        act = parser.add_mutually_exclusive_group()
        act.add_argument("--new-password", action="store_true", help="for a reader that is there")
        act.add_argument("--remove", action="store_true", help="take it away; its sessions end")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *, name: str, **said: Any) -> None:
        with refusing(wrong=BadOption):
            if said["remove"]:
                remove_reader(name=name)
                self._tell_removed(name, as_json=said["json"])
                return
            reader = make_reader(
                name=name, seconds=said["seconds"], new_password=said["new_password"], audience=_audience(said)
            )
        self._tell(reader, as_json=said["json"])

    def _tell_removed(self, name: str, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"name": name, "removed": True}))
        else:
            self.stdout.write(self.style.SUCCESS(f"The role {name} is gone."))

    def _tell(self, reader: Reader, *, as_json: bool) -> None:
        urls = _urls(reader)
        if as_json:
            said = {"name": reader.name, "password": reader.password, **{key: url or None for key, url in urls.items()}}
            self.stdout.write(json.dumps(said))
            return
        self.stdout.write(self.style.SUCCESS(f"{reader.name} can sign in and read. Its password, shown only now:"))
        self.stdout.write(f"  {reader.password}\n")
        if reader.address is None:
            self.stdout.write(NO_NETWORK)
            return
        self.stdout.write(f"psql        psql '{urls['url']}'")
        self.stdout.write(f"SQLAlchemy  sqlalchemy.create_engine({urls['sqlalchemy_url']!r})")
        self.stdout.write(f"pandas      pandas.read_sql('TABLE data.…', {urls['sqlalchemy_url']!r})")


def _audience(said: dict[str, Any]) -> ReaderAudience | None:
    found = ReaderAudience(is_signed_in=said["signed_in"], groups=tuple(said["group"]), sees_all=said["all"])
    return None if found == ReaderAudience() else found


def _urls(reader: Reader) -> dict[str, str]:
    if reader.address is None:
        return {"url": "", "sqlalchemy_url": ""}
    of = {"name": reader.name, "password": reader.password}
    return {"url": reader.address.url(**of), "sqlalchemy_url": reader.address.url(**of, driver="postgresql+psycopg")}
