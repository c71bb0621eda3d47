#!/usr/bin/env python3
"""Writes MNIST's images and labels, as their archives have them, into an HDF5 file: each image as a row
of 784 pixels, or with --pooled as 14 × 14 means of 2 × 2 pixels, for convolutional networks. Needs numpy
and h5py.

    python3 experiments/mnist.py t10k-images-idx3-ubyte.gz t10k-labels-idx1-ubyte.gz mnist-10k.h5
"""
import argparse
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
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("images")
    parser.add_argument("labels")
    parser.add_argument("file")
    parser.add_argument("--pooled", action="store_true", help="14 × 14 means of 2 × 2 pixels")
    arguments = parser.parse_args()
    images, labels = read_idx(arguments.images), read_idx(arguments.labels)
    inputs = images.astype(np.float32) / 255
    if arguments.pooled:
        inputs = inputs.reshape(-1, 14, 2, 14, 2).mean((2, 4))
    else:
        inputs = inputs.reshape(len(images), -1)
    with h5py.File(arguments.file, "w") as file:
        file["inputs"] = inputs
        file["targets"] = labels.astype(np.int32)
    print(f"{arguments.file}: {len(images)} images of {' × '.join(map(str, inputs.shape[1:]))}")


if __name__ == "__main__":
    main()
