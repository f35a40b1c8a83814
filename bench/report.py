"""The results as a Markdown table: the measured number, its target, and whether that is reached."""

import os
import platform
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import torch
from threadpoolctl import threadpool_info

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
BEGIN, END = "<!-- measured -->", "<!-- end -->"


@dataclass(frozen=True)
class Row:
    """One measurement.

    Attributes:
        what: its description.
        measured: the measured number.
        target: the target; None where there is none.
        most: whether the target is an upper bound; else it is a lower bound.
        form: the format of the numbers.
        note: the text of the last column.
    """

    what: str
    measured: float
    target: float | None = None
    most: bool = False
    form: str = "{:.2f}"
    note: str = ""

    @property
    def reached(self) -> str:
        """Whether the target is reached: "yes", "no", or empty without a target."""
        if self.target is None:
            return ""
        good = self.measured <= self.target if self.most else self.measured >= self.target
        return "yes" if good else "no"

    @property
    def line(self) -> str:
        """The row of the table."""
        sign = "≤" if self.most else "≥"
        target = "" if self.target is None else f"{sign} {self.form.format(self.target)}"
        return f"| {self.what} | {self.form.format(self.measured)} | {target} | {self.reached} | {self.note} |"


def table(rows: Iterable[Row]) -> str:
    """The table of all rows."""
    head = ("| what | measured | target | reached | median times |", "|---|---|---|---|---|")
    return "\n".join([*head, *(row.line for row in rows)])


def write(measured: str) -> None:
    """Write the measurements into the page of benchmarks, between its two marks."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    PAGE.write_text(f"{before}{BEGIN}\n{measured}\n{END}{after}", encoding="utf-8")


def machine() -> str:
    """The date, the processor and the versions that the measurements belong to."""
    kernels = {info["architecture"] for info in threadpool_info() if info["internal_api"] == "openblas"}
    return (
        f"{date.today()}, {_processor()}, {_cores()} cores, {platform.system()}, "
        f"Python {platform.python_version()}, NumPy {np.__version__} "
        f"(OpenBLAS, {'/'.join(sorted(kernels)) or 'unknown'} kernels), PyTorch {torch.__version__}"
    )


def _cores() -> int:
    return os.cpu_count() or 1


def _processor() -> str:
    """The processor's name, with family and model where the name says little."""
    if sys.platform != "linux":
        return platform.processor()
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    found = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    family = f"family {found['cpu family']}, model {found['model']}" if "cpu family" in found else ""
    return f"{found.get('model name', platform.machine())} ({family})" if family else platform.machine()
