#pragma once

/// Takes what copies of this process covered since the last call to be covered here. Before the first call
/// nothing of them is known.
void coverage_of_copies(void);
