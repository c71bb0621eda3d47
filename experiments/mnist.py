#!/usr/bin/env python3
"""Writes MNIST's images and labels, as their archives have them, into the HDF5 file of
ablation-mnist.yaml. Needs numpy and h5py.

    python3 experiments/mnist.py t10k-images-idx3-ubyte.gz t10k-labels-idx1-ubyte.gz mnist-10k.h5
"""
import gzip
import sys

import h5py
import numpy as np


def read_idx(path):
    """The array of an IDX file: two zero bytes, a type (8 is unsigned bytes), a rank, extents."""
    with gzip.open(path) as file:
        data = file.read()
    if data[:3] != b"\0\0\x08":
        sys.exit(f"{path}: found {data[:3]!r}, expected an IDX file of unsigned bytes")
    extents = np.frombuffer(data, ">i4", count=data[3], offset=4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(extents)


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    images, labels = read_idx(sys.argv[1]), read_idx(sys.argv[2])
    with h5py.File(sys.argv[3], "w") as file:
        file["inputs"] = images.reshape(len(images), -1).astype(np.float32) / 255
        file["targets"] = labels.astype(np.int32)
    print(f"{sys.argv[3]}: {len(images)} images")


if __name__ == "__main__":
    main()
