"""Runs the code cells of a notebook one after another, as Jupyter would, and puts what they print and draw
behind them.

    python3 execute.py IN OUT

IN and OUT are notebooks of nbformat 4; beside IN lies the metarate_files.py that cells import. Needs NumPy,
h5py and matplotlib, not Jupyter. Where a cell fails, OUT is not written, and one line says why; the exit
status is 3 where a file is not what it should be, and otherwise 1.
"""
import base64
import contextlib
import io
import json
import os
import sys
import traceback

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt


def figures():
    """The open figures as outputs; closes them."""
    found = []
    for number in plt.get_fignums():
        data = io.BytesIO()
        figure = plt.figure(number)
        # No version of the library: equal pictures are equal bytes.
        figure.savefig(data, format="png", bbox_inches="tight", metadata={"Software": None})
        found.append({
            "output_type": "display_data", "metadata": {},
            "data": {"image/png": base64.b64encode(data.getvalue()).decode() + "\n",
                     "text/plain": [str(figure)]}})
    plt.close("all")
    return found


def main(source, target):
    # Once imported it is the one that cells get, whatever lies where they run.
    sys.path.insert(0, os.path.dirname(source))
    import metarate_files  # noqa: F401
    with open(source, encoding="utf-8") as file:
        notebook = json.load(file)
    names, count = {"__name__": "__main__"}, 0
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        count += 1
        printed = io.StringIO()
        code = "".join(cell["source"])
        try:
            with contextlib.redirect_stdout(printed):
                exec(compile(code, f"cell {cell['id']}", "exec"), names)
        except Exception as error:
            if any(kind.__name__ == "MetarateError" for kind in type(error).__mro__):
                print(error, file=sys.stderr)
                return 3
            line = traceback.extract_tb(error.__traceback__)[1].lineno
            print(f"cell {cell['id']}, line {line}: {code.splitlines()[line - 1].strip()}: "
                  f"{type(error).__name__}: {error}", file=sys.stderr)
            return 1
        text = printed.getvalue()
        cell["execution_count"] = count
        cell["outputs"] = [
            {"output_type": "stream", "name": "stdout", "text": text.splitlines(keepends=True)}
        ] * bool(text) + figures()
    with open(target, "w", encoding="utf-8") as file:
        json.dump(notebook, file, ensure_ascii=False, indent=1)
        file.write("\n")
    return 0


sys.exit(main(*sys.argv[1:]))
