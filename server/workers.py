"""Several processes that serve at the same address. None holds anything that another needs: a page's runs live in the
process that its line leads to, and where that has ended the page begins them anew in another.
"""

import os
import signal
import socket
import sys
import tempfile
from contextlib import suppress
from dataclasses import replace
from multiprocessing import connection, get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType

import uvicorn

from engine.base.threads import one_thread
from server.app import create_app
from server.limits import MESSAGE_BYTES
from server.settings import Settings
from server.stream import House
from server.telemetry.log import event, log_to_stderr

PATIENCE = 1.5  # seconds for the workers to end
SWITCH_SECONDS = 0.0003  # for which a thread that trains holds up one that has an answer to send
SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


class Server(uvicorn.Server):
    """A server that lets its pages go as soon as it is told to end."""

    def __init__(self, config: uvicorn.Config, house: House) -> None:
        super().__init__(config)
        self._house = house

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let the pages go, then end as uvicorn does."""
        event("info", "ends")
        self._house.closing.set()
        self._house.desk.end()
        await super().shutdown(sockets)


def serve(settings: Settings, listener: socket.socket) -> None:
    """Serve in this process until a signal ends it."""
    log_to_stderr(settings.log_level)
    one_thread()
    sys.setswitchinterval(SWITCH_SECONDS)
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        ws_max_size=MESSAGE_BYTES,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=1,
        proxy_headers=False,
    )
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))
    event("info", "serves", process=os.getpid())
    with suppress(KeyboardInterrupt):
        Server(config, app.state.house).run(sockets=[listener])


def serve_by_workers(settings: Settings, listener: socket.socket) -> None:
    """Serve by as many processes as the settings say, until a signal ends them; one that dies is begun anew."""
    with tempfile.TemporaryDirectory(prefix="backscope-") as folder:
        shared, counted = Path(folder, "opened"), Path(folder, "metrics")
        shared.mkdir()
        counted.mkdir()
        os.environ[METRICS_FOLDER] = str(counted)
        told = replace(settings, shared=str(shared))
        context, ending = get_context("spawn"), Ending()

        def begun() -> BaseProcess:
            process = context.Process(target=serve, args=(told, listener))
            process.start()
            return process

        workers = [begun() for _ in range(settings.workers)]
        while not ending.told:
            gone = connection.wait([ending.heard, *(worker.sentinel for worker in workers)])
            for place, worker in enumerate(workers):
                if worker.sentinel in gone and not ending.told:
                    event("error", "a worker has ended", status=worker.exitcode)
                    workers[place] = begun()
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.join(PATIENCE)
            worker.kill()
            worker.join()


class Ending:
    """Whether a signal has told this process to end; ``heard`` can be waited for."""

    def __init__(self) -> None:
        self.told = False
        self.heard, self._say = connection.Pipe(duplex=False)
        for number in SIGNALS:
            signal.signal(number, self._tell)

    def _tell(self, _signal: int, _frame: FrameType | None) -> None:
        self.told = True
        self._say.send(True)
