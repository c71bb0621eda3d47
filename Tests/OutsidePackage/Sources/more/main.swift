// A command with an estimator and a layer of its own, which keeps something beside weights.
import Commands
import Experiments
import MetaLearning
import Settings

var laboratory = Laboratory.standard
laboratory.estimators.add(RandomSigns())
laboratory.layers.add(RunningScaleLayer())
Metarate.main(in: laboratory)
