"""A GIF is read by a decoder of the tests' own: its frames have the pixels that were given, and its times are kept."""

import base64
from collections.abc import Iterator

import numpy as np
import pytest

from tests.helpers.node import answers

MAKE = """
import { createGif } from "./along/gif.js";
const answer = async ({ width, height, seconds, frames }) => {
  const gif = createGif(width, height, seconds);
  for (const frame of frames) {
    const data = Uint8ClampedArray.from(Buffer.from(frame, "base64"));
    gif.add({ getContext: () => ({ getImageData: () => ({ data }) }) });
  }
  return Buffer.from(await gif.done().arrayBuffer()).toString("base64");
};
"""


def made(frames: list[np.ndarray], seconds: float = 0.2) -> bytes:
    """The GIF of frames, (height, width, 3) each."""
    height, width, _ = frames[0].shape
    opaque = [np.concatenate([each, np.full((height, width, 1), 255)], axis=2).astype(np.uint8) for each in frames]
    given = [base64.b64encode(each.tobytes()).decode() for each in opaque]
    (found,) = answers(MAKE, [{"width": width, "height": height, "seconds": seconds, "frames": given}])
    return base64.b64decode(found)


def decompressed(data: bytes) -> Iterator[int]:
    """The bytes of a GIF's LZW with eight bits a sign."""
    table: list[bytes] = []
    bits, held, place, wide, before = 0, 0, 0, 9, b""
    while True:
        while bits < wide:
            held |= data[place] << bits
            bits, place = bits + 8, place + 1
        code, held, bits = held & ((1 << wide) - 1), held >> wide, bits - wide
        if code == 257:
            return
        if code == 256:
            table, wide, before = [bytes([each]) for each in range(256)] + [b"", b""], 9, b""
            continue
        entry = table[code] if code < len(table) else before + before[:1]
        yield from entry
        if before and len(table) < 4096:
            table.append(before + entry[:1])
        before = entry
        if len(table) == 1 << wide and wide < 12:
            wide += 1


def blocks(data: bytes, place: int) -> tuple[bytes, int]:
    """What the blocks hold that begin at a place, and where they end."""
    found = b""
    while length := data[place]:
        found += data[place + 1 : place + 1 + length]
        place += 1 + length
    return found, place + 1


def decoded(data: bytes) -> tuple[list[np.ndarray], list[int]]:
    """The frames of a GIF, (height, width, 3) each, and their times in hundredths of a second."""
    assert data[:6] == b"GIF89a" and data[10] & 0x80 == 0  # no colours for all frames
    width, height = np.frombuffer(data[6:10], "<u2")
    place, frames, times = 13, list[np.ndarray](), list[int]()
    while data[place] != 0x3B:
        if data[place] == 0x21:
            control = data[place + 1] == 0xF9
            found, place = blocks(data, place + 2)
            times += [int.from_bytes(found[1:3], "little")] if control else []
        else:
            assert data[place] == 0x2C and data[place + 9] == 0x87  # 256 colours of its own
            colours = np.frombuffer(data[place + 10 : place + 778], np.uint8).reshape(256, 3)
            found, place = blocks(data, place + 779)
            places = np.frombuffer(bytes(decompressed(found)), np.uint8)
            frames.append(colours[places].reshape(height, width, 3))
    return frames, times


def picture(rng: np.random.Generator, height: int, width: int, colours: int) -> np.ndarray:
    """A picture of so many colours, no two of which are alike."""
    palette = rng.permutation(32**3)[:colours]
    levels = np.stack([palette // 1024, palette // 32 % 32, palette % 32], axis=1) * 8 + 3
    return levels[rng.integers(0, colours, (height, width))]


@pytest.mark.parametrize(
    ("height", "width", "colours"), [(1, 1, 1), (3, 5, 2), (40, 60, 256), (120, 90, 256), (200, 200, 3)]
)
def test_frames_of_few_colours_come_back_pixel_by_pixel(height, width, colours):
    rng = np.random.default_rng(height)
    given = [picture(rng, height, width, colours) for _ in range(2)]
    frames, times = decoded(made(given, 0.25))
    assert times == [25, 25]
    assert all(np.array_equal(*pair) for pair in zip(frames, given, strict=True))


def test_a_frame_of_many_colours_has_the_nearest_of_256():
    rng = np.random.default_rng(0)
    across = np.linspace(0, 255, 100)
    given = np.stack(np.broadcast_arrays(across[None, :], across[:, None], rng.uniform(0, 40, (100, 100))), axis=2)
    ((found,), _) = decoded(made([given.astype(int)]))
    off = np.abs(found.astype(float) - given.astype(int))
    assert len(np.unique(found.reshape(-1, 3), axis=0)) == 256
    assert off.mean() < 10 and np.quantile(off, 0.99) < 40
