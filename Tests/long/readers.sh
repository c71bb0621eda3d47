#!/usr/bin/env bash
# Everything that Metarate writes for other programs, read by them: HDF5 files by h5dump, h5py and xarray,
# notebooks by Jupyter, pages by Chromium, event files by TensorBoard. Installs what it needs (Chromium by apt,
# the rest into .venv/); some minutes. Its last output is in readers.txt.
#
#   Tests/long/readers.sh [FOLDER]     screenshots of pages go to FOLDER
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
fail() { echo "readers.sh: $*" >&2; exit 1; }
metarate=$(realpath "${METARATE:-$(swift build -c release --show-bin-path)/metarate}")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
shots=${1:-$folder/screenshots}
mkdir -p "$shots"
shots=$(realpath "$shots")

sudo=()
[ "$(id -u)" = 0 ] || sudo=(sudo)
install() {
  "${sudo[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}
command -v chromium >/dev/null || install chromium fonts-dejavu-core
[ -x .venv/bin/python ] || python3 -m venv .venv 2>/dev/null || { install python3-venv; python3 -m venv .venv; }
python=$root/.venv/bin/python
"$python" -c 'import h5netcdf, h5py, matplotlib, nbconvert, ipykernel, tensorboard, xarray' 2>/dev/null \
  || "$python" -m pip install -q h5netcdf h5py matplotlib nbconvert ipykernel tensorboard xarray

# What a day's work leaves: a run with all that a file can hold, a sweep, a training, an ablation.
short=(inner.steps=5 outer.tasks=2 outer.validation.tasks=2 checkpoint.every=1 'model.hidden=[6]')
quietly() { "$@" >"$folder/said" 2>&1 || fail "$*: $(cat "$folder/said")"; }
quietly "$metarate" run experiments/digits.yaml "${short[@]}" outer.steps=4 outer.validation.every=2 \
  testRuns=3 'outer.learn=[rates, initialWeights, optimizerScalars]' outer.average.decay=0.5 \
  outer.shrink=signal history.tensorboard=true outer.validation.exchange=true --output "$folder/results/run"
quietly "$metarate" run experiments/digits.yaml "${short[@]}" outer.steps=2 outer.validation.every=1 testRuns=2 \
  rates.time=constant rates.terms=base outer.cadence=carried --output "$folder/results/carried"
quietly "$metarate" sweep experiments/digits.yaml "${short[@]/hidden=*/hidden=[[6]]}" outer.steps=2 testRuns=2 \
  'outer.optimizer.rate=[0.02, 0.06]' --seeds 2 --output "$folder/results/sweep"
quietly "$metarate" train experiments/digits.yaml "${short[@]}" --output "$folder/results/train"
quietly "$metarate" ablate experiments/ablation-digits.yaml "${short[@]}" outer.steps=2 \
  ablation.repetitions=2 ablation.seeds=3 'ablation.tuning={ seeds: 2, rates: 3, pairs: 3 }' \
  --output "$folder/results/ablation"

echo "== HDF5 files"
"$python" - "$folder/results" results <<'PYTHON'
import pathlib, subprocess, sys
import h5py, numpy, xarray
files = sorted(file for root in sys.argv[1:] for file in pathlib.Path(root).rglob("*.h5"))
counts, named = {}, 0
for path in files:
    subprocess.run(["h5dump", "-H", str(path)], check=True, stdout=subprocess.DEVNULL)
    groups = {"/"}
    with h5py.File(path) as file:
        kind = file.attrs["format"].decode()
        counts[kind] = counts.get(kind, 0) + 1

        def visit(name, item):
            if isinstance(item, h5py.Group):
                groups.add("/" + name)
            else:
                numpy.asarray(item[()])
        file.visititems(visit)
    for group in sorted(groups):
        with xarray.open_dataset(path, group=group, engine="h5netcdf", phony_dims="sort") as data:
            data.load()
            phony = [name for name in data.dims if str(name).startswith("phony_dim")]
            if kind != "metarate-checkpoint":
                assert not phony, f"{path}{group}: {phony}"
                named += len(data.dims)
print(", ".join(f"{count} of {kind}" for kind, count in sorted(counts.items()))
      + f": read by h5dump, h5py and xarray; {named} axes of histories and curves, all with names")
PYTHON

echo "== notebooks"
mkdir -p "$folder/notebooks"
"$metarate" notebook "$folder/results/run" --output "$folder/notebooks/run.ipynb" --python "$python" >/dev/null
"$metarate" notebook "$folder/results/ablation" --output "$folder/notebooks/ablation.ipynb" \
  --python "$python" >/dev/null
for notebook in notebooks-export/*.ipynb "$folder"/notebooks/*.ipynb; do
  # Executed where it lies, as its paths start there.
  executed=$folder/executed.ipynb
  quietly "$python" -m nbconvert --log-level ERROR --to notebook --execute --output "$executed" "$notebook"
  "$python" - "$notebook" "$executed" <<'PYTHON'
import json, pathlib, sys
import nbformat
written, executed = (nbformat.read(path, as_version=4) for path in sys.argv[1:])
nbformat.validate(json.loads(pathlib.Path(sys.argv[1]).read_text()), version=4, version_minor=5)


def outputs(notebook):
    text, pictures = [], 0
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error"
            if output.output_type == "stream":
                text.append(output.text)
            pictures += "image/png" in output.get("data", {})
    return "".join(text), pictures


assert outputs(written) == outputs(executed), "Jupyter says something else"
text, pictures = outputs(executed)
print(f"{pathlib.Path(sys.argv[1]).name}: valid; Jupyter prints the same {len(text.splitlines())} lines and draws "
      f"{pictures} pictures")
PYTHON
done

echo "== pages"
cp -r results "$folder/committed"
cp -r notebooks-export "$folder/exported"
"$metarate" report "$folder/results" >/dev/null
browse() { chromium --headless --no-sandbox --disable-gpu --hide-scrollbars "$@" 2>"$folder/log" || fail "$(cat "$folder/log")"; }
count=0
while read -r page; do
  grep -qE '(src|href)="?(https?:)?//|@import|url\((https?:)?//' "$page" && fail "$page asks somebody else"
  case $page in
    *index.html | "$folder/results/run/report.html" | "$folder/results/sweep/report.html" \
      | "$folder/committed/ablation-digits/report.html" | */exported/checkpoint-digits.html) ;;
    *) continue ;;
  esac
  name=$(realpath --relative-to="$folder" "$page" | tr / -)
  for width in 390 1280; do
    for theme in light:1 dark:0; do
      browse --enable-logging=stderr --v=0 --window-size=$width,2400 \
        --blink-settings=preferredColorScheme="${theme#*:}" \
        --screenshot="$shots/${name%.html}-$width-${theme%:*}.png" "file://$page"
      grep -E 'CONSOLE' "$folder/log" && fail "$page writes to the console"
      [ -s "$shots/${name%.html}-$width-${theme%:*}.png" ] || fail "no picture of $page"
      count=$((count + 1))
    done
  done
done < <(find "$folder/results" "$folder/committed" "$folder/exported" -name '*.html' | sort)
echo "$(find "$folder"/{results,committed,exported} -name '*.html' | wc -l) pages ask nobody for anything;" \
  "$count screenshots at two widths, light and dark, without a word on the console"
# Sorting and filtering, as a keyboard does it: buttons and a field that have the focus in turn.
sed 's|</body>|<script>\
const say = [], buttons = [...document.querySelectorAll("th button")];\
buttons[0].focus(); say.push(document.activeElement === buttons[0]);\
const column = 6, losses = () => [...document.querySelectorAll("tbody tr")].map(r => r.cells[column].textContent);\
const known = rows => rows.map(parseFloat).filter(x => !isNaN(x));\
buttons[column].click(); const up = known(losses()); say.push(up.every((x, i) => !i \|\| up[i - 1] <= x));\
buttons[column].click(); const down = known(losses()); say.push(down.every((x, i) => !i \|\| down[i - 1] >= x));\
const field = document.getElementById("filter"); field.value = "mnist fixed"; field.dispatchEvent(new Event("input"));\
say.push([...document.querySelectorAll("tbody tr")].filter(r => !r.hidden).length);\
document.title = "SAID " + say.join(" ");</script></body>|' "$folder/committed/index.html" >"$folder/committed/test.html"
browse --dump-dom "file://$folder/committed/test.html" >"$folder/dom"
grep -q "<title>SAID true true true 1</title>" "$folder/dom" \
  || fail "the index sorts or filters wrongly: $(grep -o '<title>.*</title>' "$folder/dom")"
echo "the index sorts up and down and filters"

echo "== event files"
METARATE=$metarate TENSORBOARD_PYTHON=$python bash Tests/checks/tensorboard.sh | tail -1
