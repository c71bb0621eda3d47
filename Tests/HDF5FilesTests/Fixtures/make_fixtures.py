"""Makes the files beside it with h5py: each holds one thing that HDF5Files must refuse or convert.

    python make_fixtures.py
"""

import os

import h5py
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def file(name, libver=("v108", "v110")):
    return h5py.File(os.path.join(HERE, name + ".h5"), "w", libver=libver)


with file("soft-link") as f:
    f.create_group("a")
    f["link"] = h5py.SoftLink("/a")
with file("external-link") as f:
    f["link"] = h5py.ExternalLink("other.h5", "/a")
with file("group-loop") as f:
    group = f.create_group("g")
    group["again"] = group
with file("external-storage") as f:
    f.create_dataset("x", shape=(4,), dtype="u1", external=[("/etc/hostname", 0, 4)])
with file("virtual-dataset", ("v110", "v110")) as f:
    layout = h5py.VirtualLayout(shape=(4,), dtype="u1")
    layout[:] = h5py.VirtualSource("other.h5", "a", shape=(4,))
    f.create_virtual_dataset("x", layout)
with file("lzf-filter") as f:
    f.create_dataset("x", data=np.zeros(4, "u1"), compression="lzf")
with file("strings") as f:
    f.create_dataset("names", data=["a", "b"])
    f["inputs"] = np.float32([1, 2])
with file("named-type") as f:
    f["t"] = np.dtype("f4")
with file("huge") as f:
    f.create_dataset("x", shape=(1 << 40,), dtype="f8", chunks=(1024,))
for name, libver in [("user-new", ("v108", "v110")), ("user-old", "earliest")]:
    with file(name, libver) as f:
        for dtype in ["i1", "i2", "u2", "u4", "f2"]:
            f[dtype] = np.array([1, 2, 3], dtype)
        f["boolean"] = np.array([True, False, True])
        f["big_endian"] = np.array([1.5, -2], ">f8")
        f.create_dataset(
            "compressed", data=np.arange(24, dtype="i8").reshape(4, 6), chunks=(2, 3),
            compression="gzip", shuffle=True, fletcher32=True, maxshape=(None, 6))
        f["scalar"] = np.float64(2.5)
        f["null"] = h5py.Empty("f4")
        f.attrs["text"] = "wörd"
        f.attrs["fixed"] = np.bytes_("abc")
        f.attrs["integer"] = 7
        f.attrs["real"] = 0.5
        f.attrs["boolean"] = True
        f.attrs["one"] = np.array([3])
        f.attrs["list"] = [1, 2]
with file("scales") as f:
    f["time"] = np.arange(3, dtype="f8")
    f["time"].make_scale("time")
    f["x"] = np.zeros((3,), "f4")
    f["x"].dims[0].attach_scale(f["time"])
