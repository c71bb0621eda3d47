"""Writes the fixtures of the tests of array files, with the formats' own libraries: NumPy 2.4, safetensors 0.8,
Pillow 9.4 for PNG.

    python3 Tests/ArrayFilesTests/Fixtures/make_fixtures.py
"""
import gzip
import pathlib
import struct
import zipfile
import zlib

import numpy as np
from PIL import Image
from safetensors.numpy import save_file

folder = pathlib.Path(__file__).parent
counts = np.arange(6).reshape(2, 3)
arrays = {
    "bool": counts % 2 == 0, "uint8": counts.astype("u1") + 250, "int8": counts.astype("i1") - 3,
    "uint16": counts.astype("u2") + 65530, "int16": counts.astype("i2") - 3,
    "uint32": counts.astype("u4") + 4294967290, "int32": counts.astype("i4") - 3,
    "uint64": counts.astype("u8") + 2**53 - 8, "int64": counts.astype("i8") - 2**40,
    "float16": np.array([[0, -0.5, 65504], [6e-8, np.inf, 1 / 3]], "f2"),
    "float32": counts.astype("f4") / 3, "float64": counts / 3,
}
save_file(arrays, folder / "numpy.safetensors", metadata={"format": "np", "note": 'a "b"\\\n\u00e9\U0001F600'})
extra = {
    "big": (counts / 3).astype(">f8"), "big16": counts.astype(">i2"), "fortran": np.asfortranarray(counts / 3),
    "cube": np.asfortranarray(np.arange(24, dtype="i4").reshape(2, 3, 4)), "scalar": np.float64(2.5),
    "empty": np.zeros((0, 3), "f4"), "text": np.array(["cat", "d\u00f6g", ""]), "bigtext": np.array(["ab"], ">U3"),
    "bytes": np.array([b"cat", b"no"]),
}
np.savez(folder / "stored.npz", **arrays, **extra)
np.savez_compressed(folder / "deflated.npz", **arrays, **extra)
np.savez(folder / "objects.npz", fine=counts, objects=np.array([{}, 1], dtype=object))
for version in (1, 2, 3):
    with open(folder / f"version{version}.npy", "wb") as file:
        np.lib.format.write_array(file, counts / 3, version=(version, 0))
np.save(folder / "records.npy", np.zeros(2, [("a", "f4"), ("b", "i4")]))
np.save(folder / "complex.npy", np.zeros(2, "c8"))


def idx(array, kind):
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, kind, array.ndim, *array.shape)
    return header + array.astype(array.dtype.newbyteorder(">")).tobytes()


images = (np.arange(4 * 3 * 2) * 10).astype("u1").reshape(4, 3, 2)
(folder / "images.idx").write_bytes(idx(images, 8))
(folder / "images.idx.gz").write_bytes(gzip.compress(idx(images, 8), mtime=0))
(folder / "floats.idx").write_bytes(idx((counts / 3).astype("f4"), 0x0D))
(folder / "shorts.idx").write_bytes(idx(counts.astype("i2") - 3, 0x0B))


def png(pixels, depth, interlaced=0):
    """A file of grey pixels whose rows have the filters 0 to 4 in turn, in two IDAT chunks, with a time between
    header and pixels."""
    height, width = pixels.shape
    bits = (pixels[..., None] >> np.arange(depth)[::-1] & 1).reshape(height, -1).astype("u1")
    rows = np.packbits(bits, axis=1).astype(int)
    data = b""
    for y, row in enumerate(rows):
        above = rows[y - 1] if y else 0 * row
        left, corner = np.r_[0, row[:-1]], np.r_[0, above[:-1]]
        guess = left + above - corner
        near = np.stack([abs(guess - left), abs(guess - above), abs(guess - corner)]).argmin(0)
        paeth = np.choose(near, [left, above, corner])
        taken = [0, left, above, (left + above) // 2, paeth][y % 5]
        data += bytes([y % 5]) + ((row - taken) % 256).astype("u1").tobytes()
    packed = zlib.compress(data)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    header = struct.pack(">2I5B", width, height, depth, 0, 0, 0, interlaced)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"tIME", bytes(7)) + chunk(b"IDAT", packed[:9])
            + chunk(b"IDAT", packed[9:]) + chunk(b"IEND", b""))


grey = np.fromfunction(lambda y, x: (37 * y + 11 * x + y * x) % 256, (11, 13)).astype("u1")
for depth in (1, 2, 4, 8):
    (folder / f"filters{depth}.png").write_bytes(png(grey >> 8 - depth, depth))
(folder / "interlaced.png").write_bytes(png(grey, 8, interlaced=1))
Image.fromarray(grey).save(folder / "grey.png")
Image.fromarray(grey > 127).save(folder / "bits.png")
Image.fromarray(np.stack([grey] * 3, -1)).save(folder / "colours.png")
Image.fromarray(grey).convert("P").save(folder / "palette.png")
with zipfile.ZipFile(folder / "letters.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr("readme.txt", "not an image")
    for name in ("b/2.png", "a/1.png", "b/1.PNG", "__MACOSX/a/1.png"):
        archive.writestr(zipfile.ZipInfo("letters/" + name), png(grey >> 7 if "a" in name else grey >> 7 ^ 1, 1))
