// The command over the project's own kinds. A user's package has such a file over a laboratory to
// which it has added its own.
import Commands
import Experiments
import Settings

Metarate.main(in: .standard)
