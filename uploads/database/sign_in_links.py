"""By whom else an account signs in: rows of another package's table, which a site has from the day that it used it."""

from django.db import connection

TABLE = "socialaccount_socialaccount"


def forget_links(user_id: int) -> None:
    """Of an account that is deleted. Where the package is off Django does not know of them, and by their foreign key
    nobody who ever signed in so could be deleted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [TABLE])
        if cursor.fetchone() != (None,):
            cursor.execute(f"DELETE FROM {TABLE} WHERE user_id = %s", [user_id])  # noqa: S608 - a name of ours
