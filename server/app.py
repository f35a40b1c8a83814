"""The web application: the page, its files, the websocket and a health check."""

import asyncio
from dataclasses import asdict, fields
from functools import cache
from pathlib import Path
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

import plotly
from fastapi import FastAPI, HTTPException, Request, WebSocket
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response
from fastapi.templating import Jinja2Templates
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from engine import Experiment
from engine.data import DATASETS, DatasetRecord
from engine.data.digits import FILE as DIGITS_FILE
from engine.experiment.layers import LAYERS, UNITS
from engine.experiment.presets import HIDDEN_LAYER
from engine.experiment.training import LEARNING_RATE
from engine.health.scenarios import SCENARIOS
from engine.methods.activations import ACTIVATIONS, UNIT, WITHOUT_SLOPE
from engine.methods.augmentation import AUGMENTATIONS
from engine.methods.initializers import INITIALIZERS
from engine.methods.losses import LOSSES, loss_of
from engine.methods.optimizers import OPTIMIZERS
from engine.methods.schedules import SCHEDULES, STEADY
from server.access.origin import OwnPages
from server.access.policy import NONCE, Policy
from server.access.root_path import RootPath
from server.access.token import Token
from server.assets import Assets, Packed
from server.capacity import Capacity
from server.checkpoints.store import Checkpoints
from server.checkpoints.upload import read_weights, upload
from server.gallery import presets
from server.glossary.reader import told
from server.lessons.desk import lesson_of, offered
from server.lessons.reader import BYTES as LESSON_BYTES
from server.lessons.shelf import Shelf
from server.limits import CHECKPOINT_BYTES, LANDMARK_BYTES, MESSAGE_BYTES, SESSIONS, TABLE_BYTES, TOTAL_BYTES, UPLOADS
from server.maps.crew import Cores, Crew
from server.maps.desk import Desk
from server.opened import Several
from server.recordings.store import Recordings
from server.settings import Settings
from server.stream import House, stream
from server.tables.store import Tables
from server.tables.upload import describe
from server.tables.upload import upload as upload_table
from server.telemetry.observer import Unobserved
from server.trained.shipped import SHIPPED, described
from server.words import FALLBACK, at_start, catalogue, languages, preferred

if TYPE_CHECKING:
    from server.telemetry.metrics import Metrics

UNAVAILABLE = 503
ALONE = Settings()
HOME = Path(__file__).resolve().parent.parent
STATIC = HOME / "static"
PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"


def _whole(plain: dict[str, Any]) -> dict[str, Any]:
    """An experiment's plain form with every field in use, as a page has that of its run, so that the two compare."""
    return Experiment.from_dict(plain, SHIPPED).to_dict()


@cache
def choices() -> dict[str, Any]:
    """All that the page offers: methods and data sets with their settings, and experiments with every field in use."""
    return {
        "datasets": {name: _told(source) for name, source in DATASETS.items()},
        "activations": {
            name: {
                "output_only": item.output_only,
                "fractions": item.range == UNIT,
                "loss": loss_of(name),
            }
            for name, item in ACTIVATIONS.items()
        },
        "without_slope": WITHOUT_SLOPE,
        "losses": {
            name: {"activations": item.activations, "classifies": item.classifies} for name, item in LOSSES.items()
        },
        "initializers": list(INITIALIZERS),
        "languages": list(languages()),
        "optimizers": {
            name: {
                "learning_rate": item.learning_rate,
                "settings": [asdict(each) for each in item.settings],
                "divides": bool(item.squares),
            }
            for name, item in OPTIMIZERS.items()
        },
        "for_pictures": {setting.name: each.pictures for each in AUGMENTATIONS for setting in each.settings},
        "schedules": {name: {"settings": [asdict(each) for each in item.settings]} for name, item in SCHEDULES.items()},
        "steady": STEADY,
        "hidden_layer": HIDDEN_LAYER,
        "limits": {
            "layers": LAYERS,
            "units": UNITS,
            "learning_rate": LEARNING_RATE,
            "checkpoint": CHECKPOINT_BYTES,
            "table": TABLE_BYTES,
            "message": MESSAGE_BYTES,
            "kept": LANDMARK_BYTES,
            "lesson": LESSON_BYTES,
        },
        "presets": {name: _whole(plain) for name, plain in presets().items()},
        "trained": {name: asdict(described(name)) for name in SHIPPED},
        "scenarios": {name: {**item, "experiment": _whole(item["experiment"])} for name, item in SCENARIOS.items()},
    }


def _told(source: DatasetRecord) -> dict[str, Any]:
    """The facts of a data set that are not for the engine alone."""
    return {each.name: getattr(source, each.name) for each in fields(source) if each.name not in ("make", "recipe")}


def create_app(settings: Settings = ALONE) -> FastAPI:
    """The application of one process, with its own count of sessions."""
    app = FastAPI(title="Backscope", docs_url=None, redoc_url=None, openapi_url=None)
    templates = Jinja2Templates(HOME / "templates")
    plain = {"sort_keys": False, "ensure_ascii": False, "separators": (",", ":")}  # the presets come in their own order
    templates.env.policies["json.dumps_kwargs"] = plain
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(Token, token=settings.token)
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(settings.proxies))
    app.add_middleware(RootPath, root_path=settings.root_path)
    app.add_middleware(OwnPages, hosts=settings.hosts, origins=settings.origins, proxies=settings.proxies)
    app.add_middleware(Policy, embedders=settings.embedders)
    capacity = Capacity(-(-SESSIONS // settings.workers), TOTAL_BYTES // settings.workers)
    tables = Tables(folder=_shared(settings, "tables"))
    recordings = Recordings(folder=_shared(settings, "recordings"))
    checkpoints = Checkpoints(SHIPPED, folder=_shared(settings, "checkpoints"), tables=Several(tables, recordings))
    metrics = _metrics(capacity) if settings.metrics else None
    house = app.state.house = House(
        capacity, checkpoints, tables, recordings, metrics or Unobserved(), Desk(_crew(settings)), asyncio.Event()
    )
    shelf = Shelf(Path(settings.lessons) if settings.lessons else None)
    uploads = asyncio.Semaphore(UPLOADS)
    assets = Assets(STATIC)
    app.mount("/static", assets, name="static")

    @app.get("/", response_class=HTMLResponse)
    async def page(request: Request, lang: str = "") -> HTMLResponse:
        chosen = lang if lang in languages() else preferred(request.headers.get("accept-language", ""))
        beginning = at_start(chosen)
        context = {
            "language": chosen,
            "languages": languages(),
            "words": beginning,
            "static": f"static/v-{assets.version}",
            "page": {"words": beginning, "choices": choices()},
            "nonce": (nonce := token_urlsafe(16)),
        }
        headers = {"Cache-Control": "no-cache", NONCE: nonce}
        return templates.TemplateResponse(request, "page.html", context, headers=headers)

    @app.get("/notes", response_class=HTMLResponse)
    async def notes(request: Request) -> HTMLResponse:
        words = catalogue(preferred(request.headers.get("accept-language", "")))
        context = {"words": words, "static": f"static/v-{assets.version}"}
        return templates.TemplateResponse(request, "notes.html", context, headers={"Cache-Control": "no-cache"})

    script = Packed(PLOTLY)

    @app.get("/plotly.min.js")
    async def plotly_script(request: Request) -> Response:
        return await script.response(request)

    @app.get("/words/{language}.json")
    async def words(language: str) -> Response:
        if language not in languages():
            raise HTTPException(404)
        return JSONResponse(catalogue(language), headers={"Cache-Control": "no-cache"})

    @app.get(f"/{DIGITS_FILE.name}")
    async def digits() -> FileResponse:
        return FileResponse(DIGITS_FILE)

    @app.get("/favicon.ico")
    async def favicon() -> FileResponse:
        return FileResponse(STATIC / "favicon.svg", media_type="image/svg+xml")

    @app.get("/healthz")
    async def healthz() -> dict[str, Any]:
        return {"status": "ok", "sessions": capacity.sessions}

    @app.get("/readyz")
    async def readyz() -> Response:
        ready = capacity.has_room and not house.closing.is_set()
        return JSONResponse({"status": "ready" if ready else "full"}, 200 if ready else UNAVAILABLE)

    if metrics:
        app.add_api_route("/metrics", lambda: Response(metrics.text(), media_type=metrics.media_type))

    @app.post("/checkpoints")
    async def open_checkpoint(request: Request) -> Response:
        async with uploads:
            return await upload(request, checkpoints, recordings)

    @app.post("/tables")
    async def open_table(request: Request) -> Response:
        async with uploads:
            return await upload_table(request, tables)

    @app.post("/tables/described")
    async def describe_table(request: Request) -> Response:
        return await describe(request, tables)

    @app.post("/weights")
    async def open_weights(request: Request) -> Response:
        async with uploads:
            return await read_weights(request, tables)

    @app.get("/lessons.json")
    def lessons(lang: str = FALLBACK) -> Response:
        return JSONResponse({"lessons": shelf.listed(lang)}, headers={"Cache-Control": "no-cache"})

    @app.get("/lessons/{name}.json")
    def lesson(name: str, lang: str = FALLBACK) -> Response:
        return JSONResponse(shelf.lesson(name, lang), headers={"Cache-Control": "no-cache"})

    @app.get("/lessons/{name}/source.json")
    def source(name: str, lang: str = FALLBACK) -> Response:
        return JSONResponse(shelf.source(name, lang), headers={"Cache-Control": "no-cache"})

    @app.get("/writing.json")
    async def writing() -> Response:
        return JSONResponse(offered())

    @app.post("/lessons")
    async def open_lesson(request: Request) -> Response:
        return await lesson_of(request)

    @app.get("/glossary.json")
    def glossary(lang: str = FALLBACK) -> Response:
        known = lang if lang in languages() else FALLBACK
        return JSONResponse({"entries": told(known)}, headers={"Cache-Control": "no-cache"})

    @app.websocket("/ws")
    async def websocket(socket: WebSocket) -> None:
        await stream(socket, house)

    return app


def _crew(settings: Settings) -> Crew:
    """Who computes the maps of larger networks; Ray need not be there where nobody asks for it."""
    if not settings.ray:
        return Cores(settings.workers)
    from server.maps.on_ray import Cluster

    return Cluster(settings.ray)


def _shared(settings: Settings, name: str) -> Path | None:
    """The folder in which several processes keep files of this kind; None where there is one process."""
    if not settings.shared:
        return None
    folder = Path(settings.shared, name)
    folder.mkdir(exist_ok=True)
    return folder


def _metrics(capacity: Capacity) -> "Metrics":
    """What counts for Prometheus, whose client need not be there where nobody asks for it."""
    from server.telemetry.metrics import Metrics

    return Metrics(capacity)
