"""How a server is served: what the command line says, in a form that a worker process can be given."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """The settings of an application.

    Attributes:
        hosts: names that it is served under, beside its own.
        origins: other origins whose pages may use it.
        proxies: addresses or networks of proxies whose X-Forwarded headers count.
        token: what a visitor has to know; empty for nothing.
        embedders: sites that may frame it.
        root_path: the path that a proxy serves it under.
        metrics: whether it answers /metrics.
        workers: how many processes serve, of which this is one.
        shared: the folder in which several workers keep what pages open; empty for memory alone.
        ray: the address of the cluster that computes maps of larger networks; empty for this machine's cores.
        lessons: the folder of lessons that are offered beside those that come along; empty for none.
        log_level: the least level of the events that are logged.
    """

    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    token: str = ""
    embedders: tuple[str, ...] = ()
    root_path: str = ""
    metrics: bool = False
    workers: int = 1
    shared: str = ""
    ray: str = ""
    lessons: str = ""
    log_level: str = "warning"
