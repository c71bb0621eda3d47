#!/usr/bin/env bash
# An event file says what metrics.csv says, while a run goes on and however it was stopped, and changes
# nothing else. TensorBoard's own reader agrees where there is one: TENSORBOARD_PYTHON may name a
# Python that has it.
set -euo pipefail
folder=$(mktemp -d)
process=
trap 'kill -9 $process 2>/dev/null || true; rm -rf "$folder"' EXIT
fail() { echo "tensorboard.sh: $*" >&2; exit 1; }
run=("$METARATE" run experiments/digits.yaml rates.time=constant rates.terms=base inner.steps=20
  outer.tasks=2 outer.validation.tasks=2 outer.validation.every=2 testRuns=3 checkpoint.every=1 --quiet)
name=events.out.tfevents.0.metarate

cat >"$folder/reader.py" <<'PYTHON'
"""Event files without TensorBoard, and what a run's folder has beside them."""
import csv, math, pathlib, struct, subprocess

TABLE = []
for byte in range(256):
    for _ in range(8):
        byte = byte >> 1 ^ 0x82F63B78 * (byte & 1)
    TABLE.append(byte)


def masked(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ TABLE[(crc ^ byte) & 255]
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def records(path):
    """Payloads; a record that is torn or damaged is an error."""
    data, position = path.read_bytes(), 0
    while position < len(data):
        length, check = struct.unpack_from("<QI", data, position)
        assert check == masked(data[position:position + 8]), f"length at byte {position}"
        payload = data[position + 12:position + 12 + length]
        (check,) = struct.unpack_from("<I", data, position + 12 + length)
        assert check == masked(payload), f"record at byte {position}"
        position += 16 + length
        yield payload


def fields(message):
    """Numbers of fields with their values, numbers or bytes."""
    position = 0

    def varint():
        nonlocal position
        value = shift = 0
        while True:
            byte = message[position]
            position += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value
    while position < len(message):
        key = varint()
        if key & 7 == 0:
            yield key >> 3, varint()
            continue
        size = {1: 8, 2: 0, 5: 4}[key & 7] or varint()
        value = message[position:position + size]
        assert len(value) == size
        position += size
        yield key >> 3, struct.unpack({1: "<d", 5: "<f"}[key & 7], value)[0] if key & 7 != 2 else value


def events(path):
    """Of each step its wall time and its scalars by tag, and of what the file begins with the time."""
    steps = {}
    first, *rest = map(list, map(fields, records(path)))
    assert [number for number, _ in first] == [1, 3] and first[1][1] == b"brain.Event:2", first
    for event in map(dict, rest):
        step = event.get(2, 0)
        assert step not in steps, f"step {step} is there twice"
        values = [dict(fields(value)) for number, value in fields(event[5]) if number == 1]
        steps[step] = event[1], {value[1].decode(): value[2] for value in values}
        assert len(steps[step][1]) == len(values), f"step {step} has a tag twice"
    return first[0][1], steps


def single(number):
    return struct.unpack("<f", struct.pack("<f", number))[0]


def quantiles(folder, tensor, count):
    """Rows of the quantiles of a tensor's rates in trajectory.h5, as h5dump prints them."""
    text = subprocess.run(
        ["h5dump", "-d", f"/rate_statistics/{tensor}/quantiles", "-y", "-w", "0", "-m", "%.17g",
         str(folder / "trajectory.h5")], check=True, capture_output=True, text=True).stdout
    data = [float(number) for number in
            text.split("DATA {", 1)[1].split("}", 1)[0].replace(",", " ").split()]
    assert len(data) == 5 * count, (len(data), count)
    return [data[5 * row:5 * row + 5] for row in range(count)]


LEVELS = ["quantile_05", "quantile_25", "median", "quantile_75", "quantile_95"]


def expected(folder):
    """Of each step of metrics.csv and trajectory.h5 the seconds and the scalars by tag."""
    with open(folder / "metrics.csv", newline="") as file:
        lines = list(csv.DictReader(file))
    steps = {}
    for line in lines:
        numbers = {tag: float(text) for tag, text in line.items() if tag != "outer_step" and text}
        steps[int(line["outer_step"])] = float(line["seconds"]), {
            tag: single(number) for tag, number in numbers.items() if not math.isnan(number)}
    for layer in ("000", "001", "002"):
        for parameter in ("weight", "bias"):
            tensor = f"{layer}_dense/{parameter}"
            for step, row in zip(steps, quantiles(folder, tensor, len(steps)), strict=True):
                for level, number in zip(LEVELS, row):
                    steps[step][1][f"rates/{tensor}/{level}"] = single(number)
    return steps
PYTHON

cat >"$folder/compare.py" <<'PYTHON'
import pathlib, sys, time
sys.dont_write_bytecode = True
from reader import events, expected

folder, name, last, begun = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
start, found = events(folder / name)
wanted = expected(folder)
assert list(found) == list(wanted), (list(found), list(wanted))
assert last < 0 or list(found) == list(range(last + 1)), list(found)
for step, (seconds, scalars) in wanted.items():
    at, tags = found[step]
    assert tags == scalars, (step, tags, scalars)
    assert abs(at - start - seconds) < 1e-5, (step, at, start, seconds)
    assert at <= time.time() + 1, (step, at, time.time())
times = [at for at, _ in found.values()]
assert times == sorted(times), times
# What a session adds has the time at which it was added: the last row is of the last session.
assert begun - 1 <= times[-1], (begun, times)
PYTHON

# compare RUN [LAST [BEGUN]]: the files say the same, steps are 0 to LAST, the last row is of a session
# that began no earlier than a time.
compare() {
  python3 "$folder/compare.py" "$folder/$1" "$name" "${2:--1}" "${3:-0}" \
    || fail "$1: the event file says something else than metrics.csv and trajectory.h5"
}
wait_for() { # RUN LINES: until metrics.csv has so many, or the process has ended.
  until [ "$(wc -l 2>/dev/null <"$folder/$1/metrics.csv")" -ge "$2" ] 2>/dev/null \
    || ! kill -0 "$process" 2>/dev/null; do sleep 0.01; done
}

begun=$(date +%s)
"${run[@]}" outer.steps=6 history.tensorboard=true --output "$folder/whole"
compare whole 6 "$begun"
"${run[@]}" outer.steps=6 --output "$folder/plain"
[ -z "$(find "$folder/plain" -name '*tfevents*')" ] || fail "an event file that nobody asked for"
bits() { cat "$folder/$1/summary.json" "$folder/$1/curves.csv"; cut -d, -f1-4,6- "$folder/$1/metrics.csv"; }
cmp <(bits whole) <(bits plain) || fail "the setting changes what a run comes to"
echo "an event file says what metrics.csv and trajectory.h5 say, and changes no other bits"

# Killed at any moment, and its last record torn as well: what is there afterwards is of the run.
for step in 1 3 5; do
  "${run[@]}" outer.steps=20 history.tensorboard=true --output "$folder/killed-$step" &
  process=$!
  # Line by line: the names, the start, the steps.
  wait_for "killed-$step" $((step + 2))
  size=$(wc -c <"$folder/killed-$step/$name")
  kill -9 "$process" 2>/dev/null || true
  wait "$process" 2>/dev/null || true
  [ "$size" -gt "$((500 * step))" ] || fail "the event file does not grow: $size bytes at step $step"
  [ "$step" = 1 ] || truncate -s "-$((100 * step))" "$folder/killed-$step/$name"
  [ "$step" != 5 ] || seq 1000 >>"$folder/killed-$step/$name"
  begun=$(date +%s)
  # It stays the same file: a TensorBoard that has it open reads on.
  file=$(stat -c %i "$folder/killed-$step/$name")
  "$METARATE" resume "$folder/killed-$step" --quiet
  [ "$file" = "$(stat -c %i "$folder/killed-$step/$name")" ] || fail "resuming makes another file"
  compare "killed-$step" 20 "$begun"
done
echo "runs that are killed and resumed have each row once"

"${run[@]}" outer.steps=1000 history.every=3 history.tensorboard=true --output "$folder/stopped" \
  2>"$folder/message" &
process=$!
wait_for stopped 6
kill -TERM "$process"
code=0
wait "$process" || code=$?
[ "$code" = 143 ] || fail "a stop: exit code $code: $(cat "$folder/message")"
compare stopped
echo "a run that is stopped has its rows"

# Where it cannot be written, what happens is what happens where metrics.csv cannot.
for file in "$name" metrics.csv; do
  cp -r "$folder/stopped" "$folder/refused"
  rm "$folder/refused/$file"
  mkdir "$folder/refused/$file"
  code=0
  "$METARATE" resume "$folder/refused" --quiet 2>"$folder/message" || code=$?
  codes="${codes:-$code}"
  [ "$code" = "$codes" ] && [ "$code" != 0 ] && grep -qF "$file" "$folder/message" \
    || fail "$file cannot be written: exit code $code, expected $codes: $(cat "$folder/message")"
  rm -r "$folder/refused"
done
echo "an event file that cannot be written ends a run as metrics.csv does"

for python in "${TENSORBOARD_PYTHON:-python3}" /usr/bin/python3 none; do
  [ "$python" != none ] || { echo "skipped: TensorBoard's own reader, which no Python here has"; exit 0; }
  "$python" -c 'import tensorboard.backend.event_processing.event_accumulator' 2>/dev/null && break
done
"$python" - "$folder" "$name" <<'PYTHON' || fail "TensorBoard reads something else"
import pathlib, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
from reader import events
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

count = 0
for path in sorted(pathlib.Path(sys.argv[1]).glob(f"*/{sys.argv[2]}")):
    start, steps = events(path)
    # The folder is what --logdir is given: TensorBoard finds the file in it.
    accumulator = EventAccumulator(str(path.parent), size_guidance={"scalars": 0}).Reload()
    tags = accumulator.Tags()
    assert tags.pop("scalars") and not any(tags.values()), tags
    assert accumulator.FirstEventTimestamp() == start
    read = {(tag, scalar.step, scalar.wall_time, scalar.value)
            for tag in accumulator.Tags()["scalars"] for scalar in accumulator.Scalars(tag)}
    assert read == {(tag, step, at, value) for step, (at, scalars) in steps.items()
                    for tag, value in scalars.items()}, path
    count += len(read)
print(f"TensorBoard reads the same {count} scalars")
PYTHON
