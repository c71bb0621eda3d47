#!/usr/bin/env bash
# The commands of the documentation's pages on pretrained weights and on rates in other frameworks work as they
# stand there, on the files that their Python makes.
set -euo pipefail
pages=$PWD/Sources/MetaLearning/MetaLearning.docc
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "weights-pages.sh: $*" >&2; exit 1; }
. Tests/checks/documentation/page.sh
run_page "$pages/PretrainedWeights.md" 5
grep -q "taken from PyTorch's layout" ../all || fail "nothing is said of the layout: $(cat ../all)"
grep -q 'drawn afresh.*001_dense/weight, 001_dense/bias' ../all || fail "nothing is said of fresh weights"
run_page "$pages/RatesInOtherFrameworks.md" 7
/usr/bin/python3 - <<'P'
import json
import numpy as np
export = np.load("export.npz")
metadata = json.loads(export["metadata.json"])
assert export["rates/000_dense/weight"].shape[-2:] == (1, 16) and metadata["granularity"] == "outputUnit"
kept = np.load("run.npz")
assert kept["steps/0"].shape[0] == 20 and kept["final/000_dense/weight"].shape == (64, 16)
P

# A head of other classes is drawn afresh, and said.
cd "$folder/PretrainedWeights"
/usr/bin/python3 - <<'P'
import numpy as np
other = dict(np.load("torch.npz"))
other["fc2.weight"], other["fc2.bias"] = np.zeros((7, 16), "f4"), np.zeros(7, "f4")
np.savez("head.npz", **other)
P
metarate train own.yaml 'model.hidden=[16]' inner.steps=5 testRuns=2 --output head 'outer.initialWeights={ kind: file, file: head.npz, missing: fresh, rename: [{ from: fc1, to: 000_dense }, { from: fc2, to: 001_dense }] }' >out 2>err \
  || fail "another head: $(cat err)"
grep -q 'fc2.weight of shape \[7, 16\] for 001_dense/weight' err || fail "another head: $(cat err)"

# Bad input: one line each, before anything is trained.
cd "$folder/PretrainedWeights"
# refused CODE WORDS SETTINGS…
refused() {
  local code=$1 words=$2 found=0
  shift 2
  metarate run own.yaml 'model.hidden=[16]' "$@" --output refused >out 2>err || found=$?
  [ "$found" = "$code" ] || fail "exit code $found, not $code, of $*: $(cat err)"
  [ "$(grep -vc '^note: ' err)" = 1 ] && grep -q -- "$words" err || fail "of $*: $(cat err)"
  [ ! -e refused ] || [ -z "$(ls -A refused)" ] || fail "$* left something: $(ls -A refused)"
}
weights() { echo "outer.initialWeights={ kind: file, file: $1${2:+, $2} }"; }
both='rename: [{ from: fc1, to: 000_dense }, { from: fc2, to: 001_dense }]'
refused 4 'No such file' "$(weights nothing.npz "$both")"
refused 2 'no tensors for 000_dense/weight.*rename' "$(weights torch.npz)"
refused 2 'missing: fresh draws' "$(weights body.npz 'rename: [{ from: body.0, to: 000_dense }]')"
refused 2 'found fc1.weight of shape \[16, 64\], expected \[64, 16\]' "$(weights torch.npz "$both, layout: metarate")"
refused 2 'found fc1.weight of shape \[16, 64\], expected \[8, 64\]' "$(weights torch.npz "$both, layout: pytorch")" \
  'model.hidden=[8]'
refused 2 'nothing called fc3' "$(weights torch.npz 'rename: [{ from: fc1, to: 000_dense }, { from: fc3, to: 001_dense }], missing: fresh')"
refused 2 'fc1.weight and fc2.weight for 000_dense/weight' \
  "$(weights torch.npz 'rename: [{ from: fc1, to: 000_dense }, { from: fc2, to: 000_dense }]')"
refused 2 'outer.initialWeights.*file' 'outer.initialWeights={ kind: file }'
/usr/bin/python3 - <<'P'
import pickle, zipfile
import numpy as np
square = {"000_dense.weight": np.eye(64), "000_dense.bias": np.zeros(64)}
np.savez("square.npz", **square)
np.savez("nan.npz", **{"fc1.weight": np.full((16, 64), np.nan), "fc1.bias": np.zeros(16),
                       "fc2.weight": np.zeros((10, 16)), "fc2.bias": np.zeros(10)})
with zipfile.ZipFile("model.pth", "w") as file:
    file.writestr("archive/data.pkl", pickle.dumps({}))
open("damaged.safetensors", "wb").write(b"\x40\0\0\0\0\0\0\0{}")
P
refused 2 'same in both layouts.*layout' "$(weights square.npz 'missing: fresh')" 'model.hidden=[64]'
refused 2 'nan in fc1.weight' "$(weights nan.npz "$both")"
refused 3 'torch.save.*safetensors.torch.save_file' "$(weights model.pth)"
refused 3 'damaged.safetensors' "$(weights damaged.safetensors)"
echo "ok: files that are not the model's are refused in one line"
