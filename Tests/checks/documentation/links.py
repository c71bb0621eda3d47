"""Checks that links between the repository's pages lead to files and headings that exist."""

import pathlib
import re
import sys

PACKAGE = pathlib.Path(__file__).resolve().parents[3]


def headings(path):
    """A page's headings as they are linked to."""
    for line in path.read_text().split("\n"):
        if line.startswith("#"):
            text = line.lstrip("#").strip().lower()
            yield re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


faults = 0
count = 0
pages = [p for p in PACKAGE.rglob("*.md")
         if not any(part.startswith(".build") for part in p.relative_to(PACKAGE).parts)]
for page in sorted(pages):
    text = re.sub(r"```.*?```|`[^`\n]*`(?!\])", "", page.read_text(), flags=re.S)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"\w+:", target):
            continue
        count += 1
        path, _, heading = target.partition("#")
        file = (page.parent / path) if path else page
        if page.parent.suffix == ".docc" and not heading:
            # A catalog's pictures are named without their folder and extension.
            file = next((f for f in page.parent.rglob("*") if path in (f.name, f.stem)), file)
        if not file.exists() or heading and heading not in headings(file):
            print(f"{page.relative_to(PACKAGE)}: {target} leads nowhere", file=sys.stderr)
            faults += 1
if faults:
    sys.exit(1)
print(f"{count} links between pages lead somewhere")
