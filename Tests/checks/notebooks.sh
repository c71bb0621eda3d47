#!/usr/bin/env bash
# Notebooks of a run, of a checkpoint and of ablations: they are of nbformat 4.5, their cells run, and what
# they compute again in NumPy is what Metarate says.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "notebooks.sh: $*" >&2; exit 1; }
python=/usr/bin/python3
"$python" -c 'import h5py, matplotlib' 2>/dev/null || {
  echo "skipped: $python lacks h5py or matplotlib, which python3-h5py and python3-matplotlib bring"; exit 0; }

# A quote, a space and a brace in a path are no part of a program.
run="$folder/a \"run\" {{PATH}}"
"$METARATE" run experiments/digits.yaml inner.steps=5 outer.tasks=2 outer.validation.tasks=2 outer.steps=3 \
  checkpoint.every=1 testRuns=3 model.hidden='[6]' --quiet --output "$run"
"$METARATE" ablate experiments/ablation-digits.yaml inner.steps=5 outer.tasks=2 outer.validation.tasks=2 \
  outer.steps=2 model.hidden='[6]' ablation.repetitions=3 ablation.seeds=3 ablation.horizons='[5, 7]' \
  'ablation.tuning={ seeds: 2, rates: 3, pairs: 3 }' \
  'ablation.arms=[tunedUniform, { kind: learned, with: { rates.granularity: tensor } }, learned]' \
  --output "$folder/ablation" >"$folder/report" 2>&1
mkdir "$folder/notebooks"
"$METARATE" notebook "$run" --python "$python" >"$folder/said"
grep -q "page         .*notebook.html" "$folder/said" || fail "no page is named: $(cat "$folder/said")"
"$METARATE" notebook "$run/checkpoints/best.h5" --python "$python" --output "$folder/notebooks/rates.ipynb"
"$METARATE" notebook "$folder/ablation" --python "$python" --output "$folder/notebooks/one.ipynb"
"$METARATE" notebook "$folder/ablation" "$folder/ablation" --python "$python" --title "Twice" \
  --output "$folder/notebooks/two.ipynb" >"$folder/said"
cp "$folder/notebooks/two.ipynb" "$folder/before"
"$METARATE" notebook "$folder/ablation" "$folder/ablation" --python "$python" --title "Twice" \
  --output "$folder/notebooks/two.ipynb" >"$folder/said"
cmp -s "$folder/before" "$folder/notebooks/two.ipynb" || fail "the same notebook has other bytes"
"$METARATE" analyze "$run" >"$folder/analysis"

"$python" - "$folder" "$run" <<'PYTHON'
import json, pathlib, re, sys
folder, run = map(pathlib.Path, sys.argv[1:])


def outputs(path):
    """The text that a notebook's cells printed; its form is looked at."""
    notebook = json.loads(path.read_text())
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    cells = notebook["cells"]
    ids = [cell["id"] for cell in cells]
    assert len(set(ids)) == len(ids) and all(re.fullmatch("[a-zA-Z0-9_-]{1,64}", i) for i in ids)
    printed, pictures = "", 0
    for number, cell in enumerate([c for c in cells if c["cell_type"] == "code"], 1):
        assert cell["execution_count"] == number, cell["id"]
        for output in cell["outputs"]:
            pictures += output["output_type"] == "display_data"
            printed += "".join(output.get("text", []))
    for cell in cells:
        assert set(cell) == {"cell_type", "id", "metadata", "source"} | (
            {"outputs", "execution_count"} if cell["cell_type"] == "code" else set()), cell["id"]
        assert "{{" not in "".join(cell["source"]).replace("{{PATH}}", ""), cell["source"]
    page = path.with_suffix(".html").read_text()
    assert page.count("data:image/png") == pictures > 0 and "http" not in re.sub("http-equiv", "", page)
    return printed


# Shares of variance: those of `metarate analyze`.
analysis = (folder / "analysis").read_text()
words = {"layerFactor by layer": "layer factor by layer", "layerFactor by tensor": "layer factor by tensor",
         "layer": "layer", "tensor": "tensor", "inputUnit": "input unit", "outputUnit": "output unit"}
for path in (run / "notebook.ipynb", folder / "notebooks/rates.ipynb"):
    printed = outputs(path)
    for theirs, ours in words.items():
        expected = re.search(rf"^{theirs} +(\d+) +([\d.]+) % +([\d.]+) %", analysis, re.M).groups()
        found = re.search(rf"^{ours} +(\d+) +([\d.]+) % +([\d.]+) %", printed, re.M).groups()
        assert found == expected, (ours, found, expected)

# Means, intervals, verdicts and p: those of ablation.md, for each horizon.
rows = [[cell.strip() for cell in line.strip("|").split(" | ")]
        for line in (folder / "ablation/ablation.md").read_text().splitlines() if line.startswith("| ")]
printed = outputs(folder / "notebooks/one.ipynb").replace("-", "−")
differences = [row for row in rows if " − " in row[0] and row[2].startswith("[")]
assert len(differences) == 4, len(differences)


def number(text):
    return f"{float(text.strip('[],').replace('−', '-')):+.3g}"


found = {(arm, number(mean), number(low), number(high), verdict, p)
         for arm, mean, low, high, verdict, p in re.findall(
             r"^− (.+?) +([+−]\S+) +(\[\S+) (\S+\]) +(\w+) +(< [\d.]+|[\d.]+) +\d of", printed, re.M)}
for name, mean, interval, verdict, p, *_ in differences:
    low, high = interval.split(", ")
    expected = (name.split(" − ")[1], number(mean), number(low), number(high), verdict, p)
    assert expected in found, (expected, found)
assert outputs(folder / "notebooks/two.ipynb").count("3 repetitions") == 4
print("notebooks agree with `metarate analyze` and with ablation.md")
PYTHON

# Bad input: one line, the exit code, and no file.
refused() {  # code words arguments…
  local code=0 expected=$1 words=$2
  shift 2
  "$METARATE" notebook "$@" >"$folder/said" 2>&1 || code=$?
  [ "$code" = "$expected" ] && grep -q "$words" "$folder/said" && [ "$(wc -l <"$folder/said")" = 1 ] \
    || fail "notebook $*: exit code $code, expected $expected and \"$words\": $(cat "$folder/said")"
}
cp "$run/checkpoints/best.h5" "$folder/damaged.h5"
printf 'x' | dd of="$folder/damaged.h5" bs=1 seek=9000 conv=notrunc status=none
refused 3 "damaged.h5" "$folder/damaged.h5" --output "$folder/none.ipynb"
refused 2 "ends in .ipynb" "$run" --output "$folder/none.html"
refused 2 "nothing that a notebook is made of" "$folder/notebooks" --output "$folder/none.ipynb"
refused 2 "as several paths are given" "$folder/ablation" "$run" --output "$folder/none.ipynb"
refused 4 "found no Python" "$run" --python "$folder/no-python" --output "$folder/none.ipynb"
rm "$run/summary.json"
refused 3 "is not finished" "$run" --output "$folder/none.ipynb"
dd if=/dev/zero of="$folder/ablation/curves.h5" bs=1 seek=3000 count=20 conv=notrunc status=none
refused 3 "curves.h5" "$folder/ablation" --python "$python" --output "$folder/none.ipynb"
ls "$folder"/none.* >/dev/null 2>&1 && fail "something was written all the same"
"$METARATE" notebook "$run/checkpoints/best.h5" --no-outputs --output "$folder/none.ipynb" >/dev/null
grep -q '"outputs" : \[' "$folder/none.ipynb" || fail "no notebook without outputs"
echo "bad input is refused"
