"""Compares every ```swift block of the documentation with Swift files that are compiled.

A block must stand in one of them line by line, whatever its indentation. A line that is `…` alone
stands for any number of lines. With --write, a block whose first line stands in one compiled file
alone is replaced by that file's lines, up to the next line that equals the block's last one.
"""

import pathlib
import re
import sys

PACKAGE = pathlib.Path(__file__).resolve().parents[3]
# Programs come first: what a sample compiles is a better place to look than a test.
COMPILED = ["Tests/OutsidePackage/Sources", "Sources", "Tests"]


def files(pattern):
    paths = (p for p in PACKAGE.rglob(pattern) if not any(
        part.startswith(".build") for part in p.relative_to(PACKAGE).parts))
    return sorted(paths)


def compiled_files():
    seen = {}
    for folder in COMPILED:
        for path in sorted((PACKAGE / folder).rglob("*.swift")):
            if path not in seen and ".build" not in str(path.relative_to(PACKAGE)):
                seen[path] = path.read_text().split("\n")
    return seen


def dedented(lines):
    """The lines without what all of them are indented by."""
    margin = min((len(x) - len(x.lstrip()) for x in lines if x.strip()), default=0)
    return [x[margin:].rstrip() for x in lines]


def blocks(lines, comment):
    """Ranges of lines inside ```swift fences; in a Swift file, inside its documentation comments."""
    prefix = r"\s*///? ?" if comment else r"\s*"
    start = None
    for number, line in enumerate(lines):
        if start is None and re.fullmatch(prefix + r"```swift\s*", line):
            start = number + 1
        elif start is not None and re.fullmatch(prefix + r"```\s*", line):
            yield start, number
            start = None


def matches(block, lines, start):
    """Whether a block stands in a file from a line on."""
    margin = lines[start][: len(lines[start]) - len(lines[start].lstrip())]
    inside = len(block[0]) - len(block[0].lstrip())
    margin = margin[: len(margin) - inside] if inside else margin
    row, skipping = start, False
    for wanted in block:
        if wanted.strip() == "…":
            skipping = True
            continue
        while True:
            if row >= len(lines):
                return False
            found = lines[row].rstrip()
            row += 1
            if found == (margin + wanted if wanted else ""):
                break
            if not skipping:
                return False
        skipping = False
    return True


def place(block, compiled):
    """Where a block stands; None if nowhere."""
    first = block[0].strip()
    for path, lines in compiled.items():
        for row, line in enumerate(lines):
            if line.strip() == first and matches(block, lines, row):
                return path, row + 1
    return None


def renewed(block, compiled):
    """What the block's place has become, from its first line to its last; None if that is unclear."""
    first, last = block[0].strip(), block[-1].strip()
    starts = [(path, row) for path, lines in compiled.items()
              for row, line in enumerate(lines) if line.strip() == first]
    if len(starts) != 1 or any(line.strip() == "…" for line in block):
        return None
    path, start = starts[0]
    lines = compiled[path]
    margin = len(lines[start]) - len(lines[start].lstrip())
    wanted = " " * margin + block[-1]
    for end in range(start, len(lines)):
        if lines[end].rstrip() == wanted and (end > start or len(block) == 1):
            return dedented(lines[start : end + 1])
    return None


def main():
    writes = "--write" in sys.argv[1:]
    compiled = compiled_files()
    documents = [(p, False) for p in files("*.md")] + [
        (p, True) for p in files("*.swift") if p.relative_to(PACKAGE).parts[0] == "Sources"]
    count, faults = 0, 0
    for path, comment in documents:
        lines = path.read_text().split("\n")
        changes = []
        for start, end in blocks(lines, comment):
            count += 1
            text = lines[start:end]
            if comment:
                text = [re.sub(r"^\s*///? ?", "", line) for line in text]
            block = dedented(text)
            name = f"{path.relative_to(PACKAGE)}:{start}"
            if not block:
                print(f"{name}: an empty sample", file=sys.stderr)
                faults += 1
            elif place(block, compiled) is None:
                now = renewed(block, compiled) if writes else None
                if now is None:
                    print(f"{name}: no compiled file has this sample, which begins with\n"
                          f"  {block[0]}", file=sys.stderr)
                    faults += 1
                else:
                    margin = re.match(r"\s*(///? ?)?" if comment else r"\s*", lines[start]).group()
                    changes.append((start, end, [(margin + x).rstrip() for x in now]))
                    print(f"{name}: written anew")
        for start, end, now in reversed(changes):
            lines[start:end] = now
        if changes:
            path.write_text("\n".join(lines))
    if faults:
        print("change the sample, or the file in Tests/OutsidePackage/Sources that it is an excerpt "
              "of; `python3 Tests/checks/documentation/excerpts.py --write` copies from files to "
              "documents", file=sys.stderr)
        sys.exit(1)
    print(f"{count} Swift samples are excerpts of compiled files")


main()
