"""HDF5 files for the task `table` whose datasets are not what anybody should read: a name and a function that
writes the file, each."""
import math
import struct
import zlib

import h5py
import numpy as np

ROWS, FEATURES = 16, 3
GIB = 1 << 30
BLOCK = 1 << 24
TYPE, SPACE, FILTERS = h5py.h5t, h5py.h5s, h5py.h5z


def cases():
    """All of them, by name."""
    return {**shapes(), **chunks(), **bombs(), **numbers(), **types(), **storages(), **filters()}


def write(path, inputs=None, targets=None, version="earliest"):
    """A table whose datasets are arrays, or made by functions of the file; those not given are harmless."""
    with h5py.File(path, "w", libver=version) as file:
        for name, value, usual in (("inputs", inputs, np.ones((ROWS, FEATURES))),
                                   ("targets", targets, np.arange(ROWS) % 2)):
            if callable(value):
                value(file)
            else:
                file[name] = usual if value is None else value


def table(**datasets):
    return lambda path: write(path, **datasets)


def unwritten(shape, kind="u1", name="inputs", **options):
    """A dataset that takes no space in its file, however large it says that it is."""
    def make(file):
        file.create_dataset(name, shape, kind, **options)
    return make


def shapes():
    """Shapes that are huge, empty, or of a table that is none."""
    huge = {"2^26 features": (ROWS, 1 << 26), "2^40 rows": (1 << 40, 2), "2^59 rows": (1 << 59, 4),
            "2^26 by 2^26": (1 << 26, 1 << 26)}
    odd = {"no axes": (), "one axis": (ROWS,), "no rows": (0, FEATURES), "no features": (ROWS, 0),
           "three rows": (3, FEATURES), "32 axes": (ROWS,) + 31 * (1,), "five axes": (ROWS, 1, 1, 1, 1),
           "other rows": (ROWS + 1, FEATURES), "images of nothing": (ROWS, 4, 0),
           "2^20 by 2^20 images": (ROWS, 1 << 20, 1 << 20)}
    cases = {}
    for word, shape in huge.items():
        chunk = tuple(min(length, 1 << 10) for length in shape)
        cases[f"{word}, contiguous"] = table(inputs=unwritten(shape))
        cases[f"{word}, in chunks"] = table(inputs=unwritten(shape, "f8", chunks=chunk))
        cases[f"{word} of targets"] = table(targets=unwritten(shape[:1], "i4", "targets"))
    for word, shape in odd.items():
        cases[word] = table(inputs=unwritten(shape, "f4"))
    cases["2^62 rows"] = table(inputs=unwritten((1 << 62, 4), chunks=(1 << 10, 4)))
    cases["two axes of classes"] = table(targets=np.zeros((ROWS, 2)))
    cases["null dataspace"] = table(inputs=lambda file: file.create_dataset(
        "inputs", dtype="f4", data=h5py.Empty("f4")))
    cases["null targets"] = table(targets=lambda file: file.create_dataset(
        "targets", dtype="i4", data=h5py.Empty("i4")))
    cases["16 million features"] = table(inputs=unwritten((ROWS, 1 << 24), "u1"))
    cases["a million rows"] = table(inputs=unwritten((1 << 20, 2), "u1"),
                                    targets=unwritten((1 << 20,), "u1", "targets"))
    return cases


def chunks():
    """Chunks that are far larger than what they hold, or very many."""
    def large(file, **options):
        file.create_dataset("inputs", (ROWS, FEATURES), "u1", chunks=(ROWS, 1 << 27),
                            maxshape=(None, None), **options)

    def written(file):
        file["inputs"] = np.ones((4, 2))
        data = file.create_dataset("more", (4, 2), "u1", chunks=(1, 1), maxshape=(None, None))
        data[...] = 1

    def many(file):
        file.create_dataset("inputs", (1 << 16, 2), "u1", chunks=(1, 1))[...] = 1

    return {
        "chunks of 2 GiB": table(inputs=large),
        "chunks of 2 GiB, compressed": table(inputs=lambda file: large(file, compression=1)),
        "chunks of 2 GiB, latest format": table(inputs=large, version="latest"),
        "targets in chunks of 2 GiB": table(targets=lambda file: file.create_dataset(
            "targets", (ROWS,), "u1", chunks=(1 << 31,), maxshape=(None,))),
        "chunks of one element, growing": table(inputs=written, version="latest"),
        "131 072 chunks": table(inputs=many, targets=np.zeros(1 << 16)),
        "131 072 chunks, latest format": table(
            inputs=many, targets=np.zeros(1 << 16), version="latest"),
    }


def zeros(count, rounds=1):
    """So many zeros, compressed again and again: one block of them, repeated, in the frame of zlib."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(min(count, BLOCK))) + packer.flush(zlib.Z_FULL_FLUSH)
    check = struct.pack(">I", count % 65521 << 16 | 1)
    data = b"\x78\xda" + block * max(1, count // BLOCK) + b"\x03\x00" + check
    for _ in range(rounds - 1):
        data = zlib.compress(data, 9)
    return data


def bomb(path, size, declared, rounds=1, version="earliest"):
    """A chunk that is declared to have so many bytes and opens to `size`."""
    def make(file):
        space = SPACE.create_simple((ROWS, declared // ROWS), (SPACE.UNLIMITED, SPACE.UNLIMITED))
        settings = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        settings.set_chunk((ROWS, declared // ROWS))
        for _ in range(rounds):
            settings.set_deflate(9)
        data = h5py.h5d.create(file.id, b"inputs", TYPE.STD_U8LE, space, settings)
        data.write_direct_chunk((0, 0), zeros(size, rounds))
    write(path, inputs=make, version=version)


def bombs():
    """Little that is opened to much."""
    return {
        "2 GiB of zeros": lambda path: bomb(path, 2 * GIB, 2 * GIB),
        "2 GiB of zeros, latest format": lambda path: bomb(path, 2 * GIB, 2 * GIB, version="latest"),
        "2 GiB in a chunk of 4 KiB": lambda path: bomb(path, 2 * GIB, 1 << 12),
        "48 MiB in a chunk of 48 bytes": lambda path: bomb(path, 3 * BLOCK, ROWS * FEATURES),
        "512 MiB of zeros": lambda path: bomb(path, GIB // 2, GIB // 2),
        "512 MiB of zeros, compressed twice": lambda path: bomb(path, GIB // 2, GIB // 2, rounds=2),
        "48 bytes in a chunk of 512 MiB": lambda path: bomb(path, 48, GIB // 2),
    }


def numbers():
    """Values that no model learns from, or that ask for very much."""
    def classes(value, kind="i8"):
        labels = np.zeros(ROWS, kind)
        labels[-1] = value
        return table(targets=labels)

    cases = {f"class {value}": classes(value)
             for value in (-1, 10_000, 999_999, 1_000_000, 1_000_001, 1 << 31, (1 << 63) - 1, -1 << 63)}
    cases.update({f"class {value} as a real number": classes(value, "f8")
                  for value in (0.5, 1e308, -1e-320, math.nan, math.inf)})
    cases["class 2^63, unsigned"] = classes(1 << 63, "u8")
    cases["2^26 numbers to learn"] = table(targets=unwritten((ROWS, 1 << 26), "f4", "targets"))
    for value in (math.nan, math.inf, -math.inf, 1e308, 1e-320, 3.5e38):
        inputs = np.ones((ROWS, FEATURES))
        inputs[3, 1] = value
        cases[f"input {value}"] = table(inputs=inputs)
    cases["inputs of 1e38"] = table(inputs=np.full((ROWS, FEATURES), 1e38))
    return cases


def of_type(make, version="earliest"):
    """A table whose inputs have a type of the library's."""
    def dataset(file):
        space = SPACE.create_simple((ROWS, FEATURES))
        h5py.h5d.create(file.id, b"inputs", make(), space)
    return table(inputs=dataset, version=version)


def changed(base, **values):
    """A copy of a type of which some parts are others."""
    def make():
        kind = base.copy()
        for name, value in values.items():
            getattr(kind, f"set_{name}")(*value if isinstance(value, tuple) else (value,))
        return kind
    return make


def nested(depth, length=1):
    """Arrays in arrays."""
    kind = TYPE.STD_I8LE
    for _ in range(depth):
        kind = TYPE.array_create(kind, (length,))
    return kind


def record(members, depth=1):
    """Records in records."""
    kind = TYPE.STD_I8LE
    for _ in range(depth):
        outer = TYPE.create(TYPE.COMPOUND, kind.get_size() * members)
        for member in range(members):
            outer.insert(f"m{member}".encode(), member * kind.get_size(), kind)
        kind = outer
    return kind


def enumeration(base, count):
    kind = TYPE.enum_create(base)
    for value in range(count):
        kind.enum_insert(f"e{value}".encode(), value)
    return kind


def opaque(size):
    kind = TYPE.create(TYPE.OPAQUE, size)
    kind.set_tag(b"of nobody")
    return kind


def types():
    """Elements that are no usual numbers."""
    makers = {
        "bits of 1 byte": lambda: TYPE.STD_B8LE, "bits of 8 bytes": lambda: TYPE.STD_B64BE,
        "opaque elements": lambda: opaque(16), "opaque elements of 1 GiB": lambda: opaque(GIB),
        "times of 4 bytes": lambda: TYPE.UNIX_D32LE, "times of 8 bytes": lambda: TYPE.UNIX_D64BE,
        "integers of 16 bytes": changed(TYPE.STD_I64LE, size=16, precision=128),
        "integers of 1 KiB": changed(TYPE.STD_I64LE, size=1024),
        "integers of 12 bits": changed(TYPE.STD_I16LE, precision=12, offset=2),
        "integers of 1 bit": changed(TYPE.STD_U8LE, precision=1),
        "integers of 3 bytes": changed(TYPE.STD_I32LE, precision=20, size=3),
        "reals of 24 bits": changed(TYPE.IEEE_F32LE, fields=(23, 15, 8, 0, 15), precision=24, size=3),
        "reals with a bias of 0": changed(TYPE.IEEE_F64LE, ebias=0),
        "reals of 16 bytes": lambda: TYPE.NATIVE_LDOUBLE, "half precision": lambda: TYPE.IEEE_F16LE,
        "big-endian reals": lambda: TYPE.IEEE_F64BE, "big-endian integers": lambda: TYPE.STD_I16BE,
        "big-endian unsigned": lambda: TYPE.STD_U32BE, "unsigned of 8 bytes": lambda: TYPE.STD_U64LE,
        "strings of any length": lambda: TYPE.py_create(h5py.string_dtype(), logical=True),
        "strings of 2 GiB": changed(TYPE.C_S1, size=2 * GIB - 1), "strings": changed(TYPE.C_S1, size=8),
        "lists": lambda: TYPE.vlen_create(TYPE.STD_I32LE),
        "lists of lists": lambda: TYPE.vlen_create(TYPE.vlen_create(TYPE.STD_I32LE)),
        "arrays": lambda: nested(1, 4), "arrays of 1 GiB": lambda: nested(1, GIB),
        "arrays in arrays, 30 deep": lambda: nested(30), "arrays in arrays, 500 deep": lambda: nested(500),
        "records": lambda: record(2), "records of 1000 members": lambda: record(1000),
        "records in records, 100 deep": lambda: record(1, 100),
        "complex numbers": lambda: TYPE.py_create(np.dtype("c16")),
        "booleans": lambda: TYPE.py_create(np.dtype("bool"), logical=True),
        "an enumeration": lambda: enumeration(TYPE.STD_I8LE, 3),
        "an enumeration of 1000": lambda: enumeration(TYPE.STD_I32LE, 1000),
        "references to objects": lambda: TYPE.STD_REF_OBJ,
        "references to regions": lambda: TYPE.STD_REF_DSETREG,
    }
    cases = {word: of_type(make) for word, make in makers.items()}
    # In the latest format headers may be long.
    cases["arrays in arrays, 3000 deep"] = of_type(lambda: nested(3000), "latest")
    cases["strings of any length, written"] = table(inputs=np.array(
        [[b"a", b"b", b"c"]] * ROWS, h5py.string_dtype()))
    return cases


def storages():
    """Data that lie elsewhere, or nowhere."""
    def external(name, size=h5py.h5f.UNLIMITED):
        return unwritten((ROWS, FEATURES), external=[(name, 0, size)])

    def virtual(source, shape=(ROWS, FEATURES)):
        def make(file):
            layout = h5py.VirtualLayout(shape, "f8")
            layout[...] = h5py.VirtualSource(source, "inputs", shape)
            file.create_virtual_dataset("inputs", layout)
        return make

    def linked(link):
        def make(file):
            file["inputs"] = link
        return make

    def named(file):
        TYPE.IEEE_F32LE.copy().commit(file.id, b"inputs")

    def twice(file):
        file["inputs"] = np.ones((ROWS, FEATURES))
        file["again"] = file["inputs"]

    def of_named_type(file):
        file["kind"] = np.dtype("f4")
        file.create_dataset("inputs", (ROWS, FEATURES), file["kind"])

    def fill(value, when, **options):
        def make(file):
            settings = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
            settings.set_fill_value(np.array(value, options.get("kind", "f8")))
            settings.set_fill_time(when)
            h5py.h5d.create(file.id, b"inputs", TYPE.IEEE_F64LE,
                            SPACE.create_simple((ROWS, FEATURES)), settings)
        return make

    return {
        "external storage": table(inputs=external("/etc/passwd")),
        "external storage of few bytes": table(inputs=external("/etc/passwd", 8 * ROWS * FEATURES)),
        "external storage nowhere": table(inputs=external("/nowhere/at/all")),
        "virtual data of another file": table(inputs=virtual("/etc/passwd"), version="latest"),
        "virtual data of itself": table(inputs=virtual("."), version="latest"),
        "virtual data of 2^40 rows": table(inputs=virtual(".", (1 << 40, 2)), version="latest"),
        "a soft link": table(inputs=linked(h5py.SoftLink("/targets"))),
        "a soft link to nothing": table(inputs=linked(h5py.SoftLink("/nothing"))),
        "a soft link to itself": table(inputs=linked(h5py.SoftLink("/inputs"))),
        "a link to another file": table(inputs=linked(h5py.ExternalLink("/etc/passwd", "/inputs"))),
        "a link to its own file": table(inputs=linked(h5py.ExternalLink("table.h5", "/inputs"))),
        "a named type in its place": table(inputs=named),
        "a group in its place": table(inputs=lambda file: file.create_group("inputs")),
        "a group of targets": table(targets=lambda file: file.create_group("targets/inputs")),
        "elements of a named type": table(inputs=of_named_type),
        "a dataset of two names": table(inputs=twice),
        "nothing but fill values": table(inputs=fill(math.nan, h5py.h5d.FILL_TIME_ALLOC)),
        "fill values that are not written": table(inputs=fill(1, h5py.h5d.FILL_TIME_NEVER)),
        "targets that are inputs": table(targets=lambda file: file.__setitem__("targets", file["inputs"])),
        "no targets": table(targets=lambda file: None),
        "no datasets": table(inputs=lambda file: None, targets=lambda file: None),
    }


def filters():
    """Filters that nobody has, and known ones with odd parameters."""
    def filtered(code, values=(), flags=FILTERS.FLAG_OPTIONAL):
        def make(file):
            settings = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
            settings.set_chunk((ROWS, FEATURES))
            settings.set_filter(code, flags, values)
            data = h5py.h5d.create(file.id, b"inputs", TYPE.IEEE_F64LE,
                                   SPACE.create_simple((ROWS, FEATURES)), settings)
            data.write_direct_chunk((0, 0), np.ones((ROWS, FEATURES)).tobytes())
        return make

    def wrong_sum(file):
        settings = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        settings.set_chunk((ROWS, FEATURES))
        settings.set_fletcher32()
        data = h5py.h5d.create(file.id, b"inputs", TYPE.IEEE_F64LE,
                               SPACE.create_simple((ROWS, FEATURES)), settings)
        data.write_direct_chunk((0, 0), np.ones((ROWS, FEATURES)).tobytes() + bytes(4))

    def usual(**options):
        return table(inputs=lambda file: file.create_dataset(
            "inputs", data=np.ones((ROWS, FEATURES)), **options))

    return {
        "an unknown filter": table(inputs=filtered(32_015)),
        "an unknown filter of 60 000 values": table(inputs=filtered(511, tuple(range(10_000)))),
        "an unknown filter, latest format": table(inputs=filtered(65_535), version="latest"),
        "32 filters": table(inputs=lambda file: _deflated(file, 32)),
        "shuffled by 0 bytes": table(inputs=filtered(FILTERS.FILTER_SHUFFLE, (0,))),
        "bytes that do not inflate": table(inputs=filtered(FILTERS.FILTER_DEFLATE, (9,))),
        "checksums that are wrong": table(inputs=wrong_sum),
        "lzf": usual(compression="lzf"), "scale and offset": usual(scaleoffset=4),
        "deflate, shuffle and checksums": usual(compression=9, shuffle=True, fletcher32=True),
        "szip": table(inputs=filtered(FILTERS.FILTER_SZIP, (141, 4))),
    }


def _deflated(file, count):
    settings = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    settings.set_chunk((ROWS, FEATURES))
    for _ in range(count):
        settings.set_deflate(1)
    data = h5py.h5d.create(file.id, b"inputs", TYPE.IEEE_F64LE,
                           SPACE.create_simple((ROWS, FEATURES)), settings)
    data.write(SPACE.ALL, SPACE.ALL, np.ones((ROWS, FEATURES)))
