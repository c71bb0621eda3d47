# Makes what the checks of exports compare: rates that an optimizer learned, exported, and a run of 100 steps
# that they train, kept. To be sourced; $metarate is the command, $PWD a scratch folder.

# learn NAME SETTINGS…: learns rates for two outer steps, into NAME/run.
learn() {
  local name=$1
  shift
  quietly "$metarate" run "$digits" inner.steps=100 inner.batch=16 'model.hidden=[8, 6]' outer.steps=2 \
    outer.tasks=2 outer.validation.tasks=2 testRuns=2 rates.time=constant rates.terms=base \
    rates.granularity=parameter outer.optimizer.rate=0.3 seed=3 "$@" --output "$name/run"
}

# keep NAME SETTINGS…: trains a run with them, into NAME/run.npz; LAST stands for the last state.
keep() {
  local name=$1 last="{kind: checkpoint, file: $PWD/$1/run/checkpoints/checkpoint-00000002.h5, state: last}"
  shift
  quietly "$metarate" train "$name/run/configuration.yaml" "rates.initial=$last" "${@//LAST/$last}" testRuns=2 \
    --output "$name/train" --keep-run "$name/run.npz"
}

# The inner optimizers, whose rates have very different sizes.
optimizers=(
  'sgd 0.2'
  'momentum 0.05'
  'nesterov 0.05'
  'rmsprop 0.01'
  'adagrad 0.05'
  'adam 0.02'
  'adamw 0.02 weightDecay:0.1'
  'lamb 0.02 weightDecay:0.1'
  'nadam 0.02'
  'adabelief 0.02'
  'lion 0.005 weightDecay:0.1'
  'muon 0.02 weightDecay:0.1'
)

# optimizer LINE: the settings of a line of `optimizers`.
optimizer() {
  local word rate more
  read -r word rate more <<<"$1"
  echo "inner.optimizer={kind: $word${more:+, ${more/:/: }}}" "rates.initial={kind: uniform, rate: $rate}"
}
