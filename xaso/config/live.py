"""The live stream's process: reads the environment, serves on the port after the pages'."""

import argparse

import uvicorn

from xaso.config import environment
from xaso.kernel.live.server import LiveApp, Options


def origins(port: int) -> frozenset[str]:
    """Return the origins whose pages may listen: the installation's own hosts."""
    hosts = environment.text("XASO_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
    plain = {f"http://{host}:{port}" for host in hosts}
    return frozenset(
        plain | {f"{scheme}://{host}" for host in hosts for scheme in ("http", "https")}
    )


def build() -> LiveApp:
    """Return the application as the environment describes it."""
    home = environment.home()
    port = int(environment.text("XASO_PORT", "8000"))
    return LiveApp(
        Options(
            database=environment.text("DATABASE_URL", "dbname=xaso"),
            key=environment.secret("XASO_SECRET_KEY", home),
            origins=origins(port),
            health=home / "run" / "health" / "live.json",
        )
    )


def main() -> None:
    """Serve until told to stop; open streams do not delay the end."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--host", default="127.0.0.1")
    words.add_argument("--log-config", default=None)
    told = words.parse_args()
    uvicorn.run(
        build(),
        host=told.host,
        port=int(environment.text("XASO_PORT", "8000")) + 1,
        log_level="warning",
        log_config=told.log_config,
        access_log=False,
        timeout_graceful_shutdown=1,
    )


if __name__ == "__main__":
    main()
