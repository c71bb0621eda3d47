"""Turns the page that `metarate config reference` prints into the article of MetaLearning.docc.

The table is too wide for a page of the site: each of its rows becomes a term with what it means.

    metarate config reference | python3 Tests/checks/documentation/settings_page.py \\
      > Sources/MetaLearning/MetaLearning.docc/SettingsReference.md
"""

import sys

page = sys.stdin.read()
start = page.index("\n| ")
paragraphs = page[:start].strip().split("\n\n")[2:]
rows = [[cell.strip() for cell in line.strip("|").split("|")]
        for line in page[start:].strip().split("\n")]
assert rows[0] == ["key", "default", "values", "meaning"], rows[0]

print("# Settings reference\n")
print("Every key that a configuration may have, with its default, its values and its meaning.\n")
print("## Overview\n")
print("This page is generated from what `metarate config reference` prints.\n")
print("\n\n".join(paragraphs))
section = None
for key, default, values, meaning in rows[2:]:
    name = key.strip("`").split(".")[0].split("(")[0]
    if name != section:
        section = name
        print(f"\n## {name}\n")
    # A symbol such as β1 stays as it is.
    first = meaning[:1].upper() if meaning[:1].isascii() else meaning[:1]
    text = first + meaning[1:] + "."
    if values:
        text += f" *Values*: {values}."
    if default:
        text += f" *Default*: {default}." if default == "—" else f" *Default*: `{default}`."
    print(f"- term {key}: {text}")
