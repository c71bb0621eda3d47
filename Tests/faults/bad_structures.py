"""HDF5 files whose groups, links, attributes or bytes are not what anybody should read: a name and a function
that writes the file, each. All have a table that would be harmless."""
import random
import struct

import h5py
import numpy as np

import bad_tables

EVERYTHING = 2 ** 64 - 1
NAMES = {"escape characters": b"\x1b[2J\x1b[31mred\x07", "line feeds": b"a\nb\rc", "a tabulator": b"a\tb",
         "no UTF-8": b"\xff\xfe\xc3(", "surrogates": b"\xed\xa0\x80", "64 KiB of name": b"n" * 65_000,
         "a right-to-left mark": "a\u202eb\u200b".encode(), "blanks": b"   ", "é twice": "e\u0301".encode(),
         "C1 controls": "\x9b31m".encode(), "dots": b"...", "a replacement": "\ufffd".encode()}


def cases(many):
    """All of them, by name; `many` is how many links and attributes count as very many."""
    return {**groups(), **names(), **links(many), **attributes(many), **frames(), **edits(), **flips()}


def with_table(change, version="earliest"):
    """A file with a harmless table and what a function adds."""
    def make(path):
        bad_tables.write(path, version=version)
        with h5py.File(path, "r+", libver=version) as file:
            change(file)
    return make


def groups():
    """Groups in groups, and in themselves."""
    def deep(depth):
        def change(file):
            group = file.id
            for _ in range(depth):
                group = h5py.h5g.create(group, b"g")
        return change

    def loop(file):
        file.create_group("a/b")["root"] = file["/"]

    def ring(file):
        file["a"] = file.create_group("b/c")
        file["a"]["d"] = file["b"]

    def lattice(file):
        # As many paths as 2^40, of 41 groups.
        group = file
        for _ in range(40):
            below = group.create_group("left")
            group["right"] = below
            group = below

    return {
        **{f"{depth} groups in one another": with_table(deep(depth)) for depth in (32, 33, 1000)},
        "20 000 groups in one another": with_table(deep(20_000), "latest"),
        "the root in a group": with_table(loop), "groups in a ring": with_table(ring),
        "2^40 paths": with_table(lattice),
    }


def names():
    """Names that terminals, files or languages read as something else."""
    def member(name):
        return lambda file: h5py.h5g.create(file.id, name)

    def dataset(name):
        def change(file):
            space = h5py.h5s.create_simple((2,))
            h5py.h5d.create(file.id, name, h5py.h5t.STD_I32LE, space)
        return change

    def attribute(name):
        return lambda file: h5py.h5a.create(file["inputs"].id, name, h5py.h5t.STD_I32LE, h5py.h5s.create(
            h5py.h5s.SCALAR))

    def text(value):
        return lambda file: file.attrs.__setitem__("format", np.bytes_(value))

    short = {word: name for word, name in NAMES.items() if len(name) < 60_000}
    return {
        **{f"a group named by {word}": with_table(member(name)) for word, name in NAMES.items()},
        **{f"a dataset named by {word}": with_table(dataset(name)) for word, name in short.items()},
        **{f"an attribute named by {word}": with_table(attribute(name)) for word, name in short.items()},
        **{f"a format of {word}": with_table(text(name)) for word, name in short.items()},
        "two spellings of é": with_table(lambda file: [
            file.create_group("\u00e9"), file.create_group("e\u0301")]),
    }


def links(many):
    """Very many links, links that lead nowhere, and damaged lists of links."""
    def soft(count):
        def change(file):
            for index in range(count):
                file.id.links.create_soft(b"%07d" % index, b"/nowhere")
        return change

    def hard(count):
        def change(file):
            for index in range(count):
                file.id.links.create_hard(b"%07d" % index, file.id, b"inputs")
        return change

    def external(file):
        for index in range(100):
            file[f"x{index}"] = h5py.ExternalLink("/dev/zero", "/")

    return {
        **{f"{many} soft links, {version} format": with_table(soft(many), version)
           for version in ("earliest", "latest")},
        f"{many} hard links": with_table(hard(many)),
        f"{many} hard links, latest format": with_table(hard(many), "latest"),
        "links to devices": with_table(external),
        "soft links in a ring": with_table(lambda file: [
            file.__setitem__("a", h5py.SoftLink("/b")), file.__setitem__("b", h5py.SoftLink("/a"))]),
    }


def attributes(many):
    """Attributes that are large, many, or of what only other programs know."""
    def dense(count):
        def change(file):
            for index in range(count):
                h5py.h5a.create(file.id, b"%07d" % index, h5py.h5t.STD_I32LE,
                                h5py.h5s.create(h5py.h5s.SCALAR))
        return change

    def of(value, name="a", place="inputs"):
        return lambda file: file[place].attrs.__setitem__(name, value)

    def created(kind, shape=None, name=b"a"):
        def change(file):
            space = (h5py.h5s.create(h5py.h5s.SCALAR) if shape is None
                     else h5py.h5s.create_simple(shape))
            h5py.h5a.create(file["inputs"].id, name, kind(), space)
        return change

    def scale(file):
        file["inputs"].dims[0].attach_scale(file["targets"])

    def scale_of_strangers(count):
        kind = np.dtype([("dataset", h5py.ref_dtype), ("dimension", "i4")])

        def change(file):
            file["targets"].attrs["CLASS"] = np.bytes_("DIMENSION_SCALE")
            rows = np.zeros(count, kind)
            for row in rows:
                row["dataset"] = file["inputs"].ref
                row["dimension"] = 2 ** 31 - 1
            file["targets"].attrs.create("REFERENCE_LIST", rows)
        return change

    string = h5py.string_dtype()
    return {
        f"{many} attributes": with_table(dense(many), "latest"),
        "1001 attributes": with_table(dense(1001), "latest"),
        "1000 attributes": with_table(dense(1000)),
        "an attribute of 1 MiB": with_table(of(np.zeros(1 << 17)), "latest"),
        "an attribute of 64 KiB": with_table(of(np.zeros(8000))),
        "a text of 8 MiB": with_table(of(np.bytes_(b"t" * (8 << 20))), "latest"),
        "a text of any length": with_table(of("text", "format", "/")),
        "texts of any length": with_table(of(np.array(["a", "b"], string))),
        "a reference": with_table(lambda file: of(file["inputs"].ref)(file)),
        "a region": with_table(lambda file: of(file["inputs"].regionref[:2])(file)),
        "a record": with_table(of(np.zeros((), [("a", "i4"), ("b", "S4")]))),
        "bits": with_table(created(lambda: h5py.h5t.STD_B8LE)),
        "a time": with_table(created(lambda: h5py.h5t.UNIX_D64LE)),
        "an integer of 1 KiB": with_table(created(
            bad_tables.changed(h5py.h5t.STD_I64LE, size=1024))),
        "a list": with_table(created(lambda: h5py.h5t.vlen_create(h5py.h5t.STD_I8LE))),
        "an empty attribute": with_table(of(h5py.Empty("f4"))),
        "a scale": with_table(scale),
        "a scale of strangers": with_table(scale_of_strangers(1)),
        "a scale of 3000 strangers": with_table(scale_of_strangers(3000), "latest"),
        "a scale that is a number": with_table(of(7, "CLASS")),
        "a scale whose name is a number": with_table(lambda file: [
            of(np.bytes_("DIMENSION_SCALE"), "CLASS")(file), of(7, "NAME")(file)]),
        "a format that is a number": with_table(of(7, "format", "/")),
        "a version that is a text": with_table(lambda file: [
            of(np.bytes_("metarate-checkpoint"), "format", "/")(file),
            of(np.bytes_("two"), "format_version", "/")(file)]),
        "a version of 2^63": with_table(lambda file: [
            of(np.bytes_("metarate-checkpoint"), "format", "/")(file),
            of(np.uint64(2 ** 63), "format_version", "/")(file)]),
    }


def frames():
    """What stands around a file: user blocks, superblocks of every version, other bytes."""
    def block(size):
        def make(path):
            with h5py.File(path, "w", userblock_size=size) as file:
                table(file)
        return make

    def table(file):
        file["inputs"], file["targets"] = np.ones((16, 3)), np.arange(16) % 2

    def superblock(*bounds):
        def make(path):
            settings = h5py.h5p.create(h5py.h5p.FILE_CREATE)
            access = h5py.h5p.create(h5py.h5p.FILE_ACCESS)
            access.set_libver_bounds(*bounds)
            handle = h5py.h5f.create(str(path).encode(), h5py.h5f.ACC_TRUNC, settings, access)
            with h5py.File(handle) as file:
                table(file)
        return make

    def bytes_of(data):
        def make(path):
            with open(path, "wb") as file:
                file.write(data)
        return make

    signature = b"\x89HDF\r\n\x1a\n"
    early, older, latest = h5py.h5f.LIBVER_EARLIEST, h5py.h5f.LIBVER_V18, h5py.h5f.LIBVER_LATEST
    return {
        **{f"a user block of {size} bytes": block(size) for size in (512, 1 << 20)},
        "a superblock of version 0": superblock(early, latest),
        "a superblock of version 2": superblock(older, older),
        "a superblock of version 3": superblock(latest, latest),
        "a superblock that says version 1": edited([(b"start", 0, 8, "B", 1)]),
        "nothing": bytes_of(b""), "a signature": bytes_of(signature),
        "signatures": bytes_of(signature * 4096), "random bytes": bytes_of(random.Random(0).randbytes(9999)),
        "a signature before random bytes": bytes_of(signature + random.Random(1).randbytes(9999)),
        "zeros": bytes_of(bytes(1 << 20)), "text": bytes_of(b"name: a\n" * 999),
    }


def edited(changes, version="earliest", base=None):
    """A file in which bytes behind a signature are others: (signature, which one, offset, format, value);
    the signature `start` is the file's beginning, and values may be functions of the place."""
    def make(path):
        (base or rich)(path, version)
        with open(path, "rb") as file:
            data = bytearray(file.read())
        for signature, which, offset, form, value in changes:
            place = 0
            if signature != b"start":
                place = find(data, signature, which)
            number = value(place) if callable(value) else value
            struct.pack_into("<" + form, data, place + offset, number)
        if version == "latest":
            struct.pack_into("<I", data, 44, checksum(data[:44]))
        with open(path, "wb") as file:
            file.write(data)
    return make


def find(data, signature, which):
    """Where a signature stands for so many-eth time."""
    place = -1
    for _ in range(which + 1):
        place = data.index(signature, place + 1)
    return place


def rich(path, version="earliest"):
    """A table with everything that a format has a structure for."""
    with h5py.File(path, "w", libver=version) as file:
        file["inputs"] = np.ones((16, 3))
        file["inputs"].attrs["text"] = "of any length"
        file["inputs"].attrs["number"] = 7
        file.create_dataset("targets", data=np.arange(16) % 2, chunks=(4,), maxshape=(None,))
        file.create_dataset("filled", (4, 4), "f8", fillvalue=0.5, compression=1)
        file["texts"] = np.array(["a", "b"], h5py.string_dtype())
        group = file.create_group("group")
        for index in range(40):
            group.create_group(f"member{index}")
        group["soft"] = h5py.SoftLink("/inputs")


def edits():
    """Single numbers that are others, in every structure of the old format and in later superblocks."""
    u8, u16, u32, u64 = "B", "H", "I", "Q"
    large = {u8: 255, u16: 65_535, u32: 2 ** 32 - 1, u64: EVERYTHING}
    fields = {
        "superblock": (b"start", [(8, u8), (9, u8), (10, u8), (12, u8), (13, u8), (14, u8), (16, u16),
                                  (18, u16), (20, u32), (24, u64), (32, u64), (40, u64), (48, u64),
                                  (56, u64), (64, u64), (72, u32), (80, u64), (88, u64)]),
        "tree": (b"TREE", [(4, u8), (5, u8), (6, u16), (8, u64), (16, u64), (24, u64), (32, u64)]),
        "node of symbols": (b"SNOD", [(4, u8), (6, u16), (8, u64), (16, u64), (24, u32), (32, u64)]),
        "heap": (b"HEAP", [(4, u8), (8, u64), (16, u64), (24, u64)]),
        "heap of texts": (b"GCOL", [(4, u8), (8, u64), (16, u16), (18, u16), (24, u64)]),
    }
    cases = {}
    for word, (signature, places) in fields.items():
        for offset, form in places:
            for name, value in (("all bits", large[form]), ("zero", 0)):
                cases[f"{name} at {offset} of the {word}"] = edited([(signature, 0, offset, form, value)])
    here = {"left sibling": 8, "right sibling": 16, "first child": 32}
    for which, tree in enumerate(("root's tree", "second tree", "third tree")):
        for word, offset in here.items():
            cases[f"a {word} of the {tree} that is itself"] = edited(
                [(b"TREE", which, offset, u64, lambda place: place)])
        cases[f"a level of 255 of the {tree}"] = edited([(b"TREE", which, 5, u8, 255)])
        cases[f"65 535 entries of the {tree}"] = edited([(b"TREE", which, 6, u16, 65_535)])
    cases["a heap that is its own data"] = edited([(b"HEAP", 0, 24, u64, lambda place: place)])
    cases["a free block that follows itself"] = edited([(b"HEAP", 0, 16, u64, 0)])
    for offset, form in ((8, u8), (9, u8), (10, u8), (11, u8), (12, u64), (20, u64), (28, u64), (36, u64)):
        for name, value in (("all bits", large[form]), ("zero", 0)):
            cases[f"{name} at {offset} of a later superblock"] = edited(
                [(b"start", 0, offset, form, value)], "latest")
    return cases


def flips():
    """Bytes that are others at random, where no checksum tells."""
    def flipped(seed, version, signature, count, base):
        def make(path):
            base(path, version)
            with open(path, "rb") as file:
                data = bytearray(file.read())
            chance = random.Random(seed)
            starts = [0] if signature is None else [find(data, signature, 0)]
            for _ in range(count):
                place = starts[0] + chance.randrange(min(4096, len(data) - starts[0]))
                data[place] = chance.randrange(256)
            with open(path, "wb") as file:
                file.write(data)
        return make

    def dense_links(path, version):
        bad_tables.write(path, version=version)
        with h5py.File(path, "r+", libver=version) as file:
            for index in range(200):
                file.create_group(f"member-{index}")

    def dense_attributes(path, version):
        bad_tables.write(path, version=version)
        with h5py.File(path, "r+", libver=version) as file:
            for index in range(200):
                file["inputs"].attrs[f"attribute {index}"] = index

    return {
        **{f"old format, {count} bytes, {seed}": flipped(seed, "earliest", None, count, rich)
           for count in (1, 8) for seed in range(16)},
        **{f"texts, {seed}": flipped(seed, "earliest", b"GCOL", 4, rich) for seed in range(8)},
        **{f"dense links, {seed}": flipped(seed, "latest", b"FHDB", 8, dense_links)
           for seed in range(16)},
        **{f"dense attributes, {seed}": flipped(seed, "latest", b"FHDB", 8, dense_attributes)
           for seed in range(16)},
    }


def checksum(data):
    """Bob Jenkins's lookup3 hash from 0, HDF5's checksum of metadata."""
    def turned(value, count):
        return (value << count | value >> (32 - count)) & 0xffffffff

    a = b = c = (0xdeadbeef + len(data)) & 0xffffffff
    data = bytes(data) + bytes(-len(data) % 12)
    words = struct.unpack(f"<{len(data) // 4}I", data)
    for start in range(0, len(words), 3):
        a, b, c = (a + words[start], b + words[start + 1], c + words[start + 2])
        a, b, c = (value & 0xffffffff for value in (a, b, c))
        if start + 3 == len(words):
            break
        for count in (4, 6, 8, 16, 19, 4):
            a = (a - c & 0xffffffff) ^ turned(c, count)
            c = c + b & 0xffffffff
            a, b, c = b, c, a
    for count in (14, 11, 25, 16, 4, 14, 24):
        c = ((c ^ b) - turned(b, count)) & 0xffffffff
        a, b, c = b, c, a
    return b
