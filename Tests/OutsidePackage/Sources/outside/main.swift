// A command with a model, a task and an optimizer of its own, beside all of the project's.
import Commands
import Experiments
import Settings

var laboratory = Laboratory.standard
laboratory.models.add(Residual())
laboratory.tasks.add(Waves())
laboratory.optimizers.add(SoftSign())
Metarate.main(in: laboratory)
