#!/usr/bin/env bash
# Every configuration that ships runs, shortened, to results that are finite; so do the scripts of
# experiments/ that run them with settings of their own, and the commands that pages and comments tell
# to type are read.
set -euo pipefail
folder=$(mktemp -d)
trap 'wait; rm -rf "$folder"' EXIT
fail() { echo "shipped-configurations.sh: $*" >&2; exit 1; }

# shortened run|ablate CONFIG [ARGUMENT...]: the command with what makes it short behind all else. A
# configuration that is not among the cases gets what all get.
shortened() {
  local config=$2
  local short=(inner.steps=5 outer.tasks=2 outer.steps=2 outer.validation.tasks=2 testRuns=3
    checkpoint.every=1)
  [ "$1" = run ] || short+=(ablation.repetitions=2 ablation.seeds=3
    'ablation.tuning={ seeds: 2, rates: 3, pairs: 3 }')
  case ${config##*/} in
    sinusoid.yaml | omniglot.yaml) short+=(inner.steps=1) ;;
    tracking.yaml) short+=(outer.validation.steps=20) ;;
    ablation-scheduler.yaml) short+=(outer.validation.steps=5) ;;
    ablation-mnist.yaml) short+=('ablation.horizons=[5, 10]') ;;
  esac
  "$METARATE" "$@" "${short[@]}"
}

# finite FOLDER: the results that a run or an ablation wrote are all there, and no number is missing.
finite() {
  /usr/bin/python3 - "$1" <<'PYTHON' || fail "$1: $(ls "$1")"
import csv, json, math, pathlib, sys
folder = pathlib.Path(sys.argv[1])

def finite(value):
    return isinstance(value, (int, float)) and math.isfinite(value)

if (folder / "summary.json").exists():
    summary = json.loads((folder / "summary.json").read_text())
    assert finite(summary["validation"]), summary
    for rates in ("initial", "learned"):
        losses = summary[rates]["losses"]
        assert losses and all(map(finite, losses)), summary
    assert (folder / "checkpoints" / "best.h5").exists(), "no best state"
else:
    table = (folder / "ablation.md").read_text()
    rows = list(csv.DictReader((folder / "runs.csv").open()))
    cells = len(list((folder / "cells").glob("*.json")))
    assert cells and len(rows) % cells == 0 and len(rows) >= 3 * cells, (cells, len(rows))
    assert all(finite(float(row["test_loss"])) for row in rows), rows
    for arm in {row["arm"] for row in rows}:
        assert f"| {arm} " in table, f"{arm} is not in ablation.md"
    for word in ("diverged", "not a number", "nan", "∞"):
        assert f" {word} " not in table, table
PYTHON
}

# tried CONFIG COMMAND [ARGUMENT...]: exit code 0, and finite results.
tried() {
  local config=$1 command=$2 output
  output=$folder/$command-$(basename "$config" .yaml)
  [ ! -e "$output" ] || fail "two configurations are called $(basename "$config")"
  shortened "$command" "$config" --output "$output" >"$folder/report" 2>&1 \
    || fail "$command $config: exit code $?: $(tail -3 "$folder/report")"
  finite "$output"
}

# Everything runs in a copy, where data files have the names that configurations give them and results
# replace nobody's.
mapfile -t configs < <(git ls-files --cached --others --exclude-standard '*.yaml' 2>/dev/null \
  || find experiments Tests/OutsidePackage -name '*.yaml')
[ ${#configs[@]} -ge 10 ] || fail "found ${#configs[@]} configurations"
cp --parents -r experiments README.md Tests/OutsidePackage/check.sh "${configs[@]}" "$folder"
cd "$folder"

# Random drawings in the form of Omniglot's archives.
/usr/bin/python3 - <<'PYTHON'
import random, struct, zipfile, zlib
draw = random.Random(0)
def png(side):
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = zlib.compress(b"".join(b"\0" + draw.randbytes(side // 8) for _ in range(side)))
    header = struct.pack(">2I5B", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
for archive, alphabets in (("small1", "ABCD"), ("small2", "EFGH")):
    with zipfile.ZipFile(f"images_background_{archive}.zip", "w") as file:
        for name in (f"{alphabet}/character{letter}/{number}.png" for alphabet in alphabets
                     for letter in range(12) for number in range(6)):
            file.writestr(f"images_background_{archive}/{name}", png(32))
PYTHON

# Random images in the form of MNIST's archives, and the arrays that experiments/mnist.py makes of them.
hasData=true
if /usr/bin/python3 -c 'import h5py, numpy' 2>/dev/null; then
  /usr/bin/python3 - <<'PYTHON'
import gzip, random, struct
draw, count = random.Random(0), 600
def write(name, extents, data):
    with gzip.open(name, "wb") as file:
        file.write(struct.pack(f">4B{len(extents)}i", 0, 0, 8, len(extents), *extents) + data)
write("images.gz", (count, 28, 28), draw.randbytes(count * 28 * 28))
write("labels.gz", (count,), bytes(draw.randrange(10) for _ in range(count)))
PYTHON
  /usr/bin/python3 experiments/mnist.py images.gz labels.gz mnist-10k.h5 >/dev/null
  /usr/bin/python3 experiments/mnist.py --pooled images.gz labels.gz mnist-pooled.h5 >/dev/null
  cp mnist-10k.h5 my-data.h5
else
  hasData=false
  echo "skipped: what needs data files, as /usr/bin/python3 has no h5py, which python3-h5py brings"
fi
isRunnable() { $hasData || ! grep -q 'kind: table\|\.h5' <<<"$1"; }

# The scripts that run configurations with settings of their own, to the tables that they print and write.
# They take as long as all the rest, which runs beside them.
export METARATE
export -f shortened
scripts() {
  local script page data
  # A file, as the scripts go by METARATE alone, and in a folder without the results that ship.
  mkdir -p scripts/results
  cp -r experiments scripts
  cd scripts
  # What it says is kept, as scripts may keep it to themselves.
  printf '#!/usr/bin/env bash\nMETARATE=%q\nshortened "$@" 2>>%q\n' "$METARATE" "$PWD/messages" >short
  chmod +x short
  # durations.sh and publish.sh call what this check calls, and write what is committed.
  for script in $(grep -l 'METARATE' experiments/*.sh | xargs grep -l '\.yaml' \
    | grep -vE 'durations|publish'); do
    data=()
    case $script in
      */horizons.sh) ! $hasData || data=("$folder/mnist-10k.h5") ;;
      */terms.sh) ! $hasData || data=("$folder/mnist-pooled.h5") ;;
    esac
    page=results/$(basename "$script").md
    METARATE=$PWD/short bash "$script" "${data[@]}" >"$page" 2>>messages \
      || fail "$script: exit code $?: $(tail -3 messages)"
  done
  for page in results/*.md results/*/README.md; do
    grep -q '^| [a-z].*[0-9]' "$page" || fail "$page has no numbers: $(cat "$page")"
    ! grep -qiw 'nan\|inf\|diverged\|not a number' "$page" || fail "$page: $(cat "$page")"
  done
  echo "scripts run and write" results/*.md results/*/README.md
}
scripts &
beside=$!

count=0
for config in "${configs[@]}"; do
  isRunnable "$(cat "$config")" || continue
  case $config in
    # Of an earlier release, resumed by golden-runs.sh.
    Tests/golden-runs/*) ;;
    # Of kinds that this command does not know.
    Tests/OutsidePackage/*)
      grep -qF "$config" Tests/OutsidePackage/check.sh || fail "nothing runs $config" ;;
    # Those of experiments/, as results were computed from them; to be computed again.
    results/*)
      command=run
      ! grep -q '^ablation:' "$config" || command=ablate
      "$METARATE" $command "$config" --dry-run >report 2>&1 || fail "$config: $(cat report)" ;;
    *)
      tried "$config" run
      ! grep -q '^ablation:' "$config" || tried "$config" ablate
      ((++count)) ;;
  esac
done
echo "$count configurations run, of ${#configs[@]} files"

# Commands that comments of configurations and pages tell to type: lines of their own, which a comment
# or two spaces end, what stands in backquotes, and a configuration with settings in the table.
told() {
  sed -n 's/^ *# *//p' experiments/*.yaml | sed ':more; /\\$/ { N; s/ *\\\n */ /; b more }' \
    | grep -oE '^metarate (run|ablate) .*' | sed 's/   *.*//'
  cat README.md experiments/README.md | grep -oE '^metarate (run|ablate) .*' | sed 's/  *#.*//; s/   *.*//'
  tr '\n' ' ' <README.md | cat - experiments/README.md \
    | grep -oE '`metarate (run|ablate) experiments/[a-z-]*\.yaml[^`]*`' | tr -d '`'
  sed -n "s,^| .\([a-z-]*\.yaml '[^\`]*\).*,metarate run experiments/\1,p" experiments/README.md
}
read=0
while read -r line; do
  isRunnable "$(cat "$(grep -o 'experiments/[a-z-]*\.yaml' <<<"$line")")" || continue
  # Words as a shell takes them, without its patterns.
  set -f
  eval "words=($line)"
  set +f
  "$METARATE" "${words[@]:1}" --dry-run >report 2>&1 || fail "$line: exit code $?: $(cat report)"
  ((++read))
done < <(told | sort -u)
[ "$read" -ge 10 ] || fail "pages and comments tell $read commands"
echo "$read commands of pages and comments are read"

wait $beside || exit 1
