// A command with an arm, an estimator and a layer of its own, which keeps something beside weights.
import Arms
import Commands
import Experiments
import MetaLearning
import Settings

var laboratory = Laboratory.standard
laboratory.arms.add(FixedRateArm())
laboratory.estimators.add(RandomSigns())
laboratory.layers.add(RunningScaleLayer())
Metarate.main(in: laboratory)
